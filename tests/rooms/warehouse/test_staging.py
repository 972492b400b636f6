"""Large texts: descriptions that a sample shows to be frequent are staged as numbers, and nothing that is counted shows it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from a_root import HEADER, run, write_raw
from drawing import build_warehouse

from flows.cli.terminal import Silence
from flows.domain.profile import load_profile
from flows.root.project import Project, open_project
from flows.sources.delimited import sample_rows
from flows.sources.export import read_export
from flows.sources.table import ArrowSource
from flows.warehouse.copies import build_aside, load_deliveries
from flows.warehouse.plan import plan_run
from flows.warehouse.reading import open_read_only

TYPES = ("行政许可", "公共服务", "行政确认", "公共服务")
ROWS = 60_000
COUNTS = "select * from year_to_date('2022-07-22')"
PADDING = "某" * 100  # in a personal column, so that a file grows large
RARE = f"rare,{PADDING},  行政许可 ,510000,2022-07-02 10:00:00,2022-07-03 10:00:00,出证"


def write_rows(numbers: Iterable[int], types: tuple[str, ...] = TYPES) -> list[str]:
    return [
        f"{i},{PADDING},{types[i % len(types)]},510000,2022-07-01 10:00:{i % 60:02},{'2022-07-04 09:00:00' if i % 3 else ''},"
        for i in numbers
    ]


def write_file(rows: list[str]) -> str:
    return "\n".join([HEADER, *rows, ""])


def fold(root: Path, files: dict[str, str], encoding: str = "utf-8") -> tuple[Project, list[dict[str, object]]]:
    """The staged rows whose descriptions stand there as text, of a fold of `files` that is then the warehouse."""
    project = open_project(
        write_raw(root, {f"2022-07-22/{name}": text.encode(encoding) for name, text in files.items()})
    )
    plan = plan_run(project, Silence())
    with build_aside(project, plan) as build:
        load_deliveries(build, Silence())
        texts = build.engine.ask(
            "select case_no, description from staged_rows where description is not null order by case_no"
        ).dicts()
    build_warehouse(project, plan)
    return project, texts


def hash_content(project: Project) -> object:
    with open_read_only(project) as engine:
        return engine.read("look/content_hash").dicts()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_large_file_gives_what_its_rows_give_in_small_ones(tmp_path: Path, encoding: str) -> None:
    one = [*write_rows(range(ROWS)), RARE, *write_rows(range(ROWS, 2 * ROWS))]
    other = write_rows(range(2 * ROWS, 4 * ROWS), ("行政检查", "公共服务"))
    large, texts = fold(tmp_path / "large", {"一.csv": write_file(one), "二.csv": write_file(other)}, encoding)
    assert [row["case_no"] for row in texts] == ["rare"]
    pieces = [rows[i : i + 30_000] for rows in (one, other) for i in range(0, len(rows), 30_000)]
    small, texts = fold(tmp_path / "small", {f"{i}.csv": write_file(piece) for i, piece in enumerate(pieces)}, encoding)
    assert len(texts) == 4 * ROWS + 1
    assert hash_content(large) == hash_content(small)
    with open_read_only(large) as engine:
        counts = {row["group_key"]: (row["accepted"], row["completed"]) for row in engine.ask(COUNTS).dicts()}
    assert {group: counts[group] for group in ("licence", "public_service", "other_power")} == {
        "licence": (30_001, 20_001),
        "public_service": (120_000, 80_000),
        "other_power": (90_000, 60_000),
    }


@pytest.mark.parametrize("row", [2, 100_000])
def test_a_separator_within_a_text_of_a_large_file_is_refused_wherever_it_stands(
    tmp_path: Path, row: int, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = write_rows(range(2 * ROWS))
    rows[row - 2] = rows[row - 2].replace(",510000,", ",510\x1f000,")
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_file(rows)})
    said = run(capsys, "weekly", "--week-ending", "2022-07-22", "--root", str(root))
    assert said.exit_code == 3
    assert f"data/raw/2022-07-22/许可.csv row {row}: a text holds the control character U+001F" in said.err


def test_a_sample_is_taken_of_large_texts_alone_and_from_all_over_them(tmp_path: Path) -> None:
    samples = []
    for rows in (2 * ROWS, ROWS // 2):
        path = tmp_path / f"{rows}.csv"
        path.write_text(write_file(write_rows(range(rows))))
        (table,) = read_export(path, load_profile("sichuan")).tables
        samples.append(sample_rows(table))
    large, small = samples
    assert small is None
    assert large and isinstance(large.source, ArrowSource)
    numbers = [int(value.as_py()) for value in large.source.rows["case_no"]]
    assert numbers == sorted(numbers)
    assert len({number // 3000 for number in numbers}) == 40
