"""The README cannot rot: its output, its commands and its queries are run on the sample deliveries."""

import json
import re
import shutil
from pathlib import Path

import pytest
from a_root import run

from flows.cli.main import COMMANDS
from flows.root.project import CHECKOUT, Project
from flows.warehouse.reading import open_read_only

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the sample deliveries of the checkout, its first week written."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(CHECKOUT / "data/raw", folder / "data/raw", ignore=shutil.ignore_patterns("receipts.jsonl"))
    return folder


def print_week(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--root", str(root))
    assert said.exit_code == 0, said.err
    return (said.out).splitlines()


def test_the_sample_gives_the_paragraph_at_one_to_a_thousand(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_week(root, capsys)
    report = json.loads((root / "reports/2022-07-22/statistics.json").read_text())
    assert report["text"] == (
        "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级行政许可事项受理465件，办结461件；"
        "公共服务事项受理18703件，办结6476件，其它九类行权事项受理41件，办结42件。"
    )
    assert report["as_of"] == {"cut_off": "2022-07-22", "received_on": "2022-07-25", "deliveries": 3}
    assert [week["start"] for week in (report["week"], report["year_to_date"], report["since_previous"])] == [
        "2022-07-18",
        "2022-01-01",
        "2022-07-16",
    ]


def test_the_run_prints_what_the_readme_shows_in_at_most_sixteen_lines(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shown,) = blocks("text")[:1]
    printed = print_week(root, capsys)
    assert len(printed) <= 16 - 2  # two lines of progress go to standard error
    seconds = re.compile(r"[\d.]+ s$")
    expected = [seconds.sub("… s", line) for line in shown.splitlines()]
    answered = [seconds.sub("… s", line) for line in printed]
    next_lines = expected.index("next:")
    assert answered[: next_lines - 1] == expected[: next_lines - 1]
    assert [line.split()[1:2] for line in answered[next_lines + 1 :]] == [["weekly"], ["status"], ["init"]]


def test_every_command_stands_in_the_readme_and_every_command_of_the_readme_exists() -> None:
    table = re.findall(r"^\| `([a-z]+)[ `]", README.split("## Your own data")[1].split("Each takes `--root")[0], re.M)
    assert table == sorted(table, key=[c.name for c in COMMANDS].index)
    assert set(table) == {command.name for command in COMMANDS}
    for word in re.findall(r"\.venv/bin/bulletin (\w+)", README):
        assert word in table


def test_the_commands_for_your_own_data_run_as_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = [text for text in blocks("sh") if "bulletin init" in text]
    files = sorted(str(path) for path in (CHECKOUT / "data/raw").glob("2022-07-*/*办件明细*"))
    for line in block.splitlines():
        words = line.split("#")[0].split()[1:]
        words = [str(tmp_path / "bulletin") if word == "~/bulletin" else word for word in words]
        if words[0] == "receive":
            words = ["receive", *files, *words[words.index("--root") :]]
        if words[0] == "weekly":
            words += ["--week-ending", "2022-07-22"]
        assert run(capsys, *words).exit_code == 0, words


def test_the_queries_for_analysts_run_as_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_week(root, capsys)
    (block,) = blocks("sql")
    queries = [query.strip() for query in re.sub(r"--.*", "", block).split(";") if query.strip()]
    assert len(queries) == 8
    with open_read_only(Project(root)) as engine:
        for query in queries:
            assert engine.ask(query).dicts(), query


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:`|^)make ([\w-]+)", README, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_modules_of_the_readme_exist() -> None:
    for path in re.findall(r"`((?:flows|sql|tests)/[\w./]*)`", README):
        assert (CHECKOUT / path).exists(), path


def test_the_rows_that_cases_name_are_the_rows_of_their_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Explainable to the single case: the place a case names holds its number, in every form of file."""
    import csv

    import openpyxl

    print_week(root, capsys)
    with open_read_only(Project(root)) as engine:
        cases = engine.ask("select file, row_no, case_no from cases order by file, row_no").dicts()
    for file in {case["file"] for case in cases}:
        path = root / "data/raw" / file
        if path.suffix == ".xlsx":
            grid = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
        else:
            encoding = "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "gb18030"
            with path.open(encoding=encoding, newline="") as text:
                grid = [tuple(row) for row in csv.reader(text)]
        for case in (case for case in cases if case["file"] == file):
            assert case["case_no"] in grid[case["row_no"] - 1]
