"""A folder of data/raw in which nothing is to be read stops no command and is told by each: empty, or a copy under way."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table

EMPTY = "empty delivery folder 2022-07-29: nothing was read"
# What lies in data/raw beside a good delivery; a name that ends in / is a folder.
LEFTOVERS: dict[str, tuple[Mapping[str, bytes], str]] = {
    "an empty folder": ({"2022-07-29/": b""}, EMPTY),
    "notes without a file": ({"2022-07-29/delivery.toml": b"corrects = true\n"}, EMPTY),
    "notes that are damaged": ({"2022-07-29/delivery.toml": b"corrects ="}, EMPTY),
    "an empty folder within": ({"2022-07-29/tables/": b""}, EMPTY),
    "a table that is open in an office": ({"2022-07-29/.~lock.a.xlsx#": b"a", "2022-07-29/~$a.xlsx": b"a"}, EMPTY),
    "what a system leaves": ({"2022-07-29/Thumbs.db": b"a", "2022-07-29/.DS_Store": b"", "Thumbs.db": b"a"}, EMPTY),
    "a copy of ours under way": ({"2022-07-29/.a.csv.part": b"a"}, EMPTY),
    "a copy of another program under way": (
        {f"2022-07-29/a.csv{ending}": b"a" for ending in (".part", ".partial", ".filepart", ".crdownload", ".tmp")},
        EMPTY,
    ),
    "a day to come": ({"2999-01-01/": b""}, "empty delivery folder 2999-01-01: nothing was read"),
    "no day": ({"新建文件夹/": b""}, "empty delivery folder 新建文件夹: nothing was read"),
    "a folder under way": ({"2022-07-29.part/a.csv": b"a"}, "unfinished folder 2022-07-29.part: nothing was read"),
}
COMMANDS = {
    "weekly": ("--week-ending", "2022-07-22"),
    "weekly --dry-run": ("--week-ending", "2022-07-22"),
    "rerun": ("--from", "2022-07-01", "--to", "2022-07-22"),
    "rebuild": (),
    "withdraw": ("2022-07-15", "--reason", "退回"),
}
DIE_AT_RENAMING = """
import os, signal, sys
sys.addaudithook(lambda event, _: os.kill(os.getpid(), signal.SIGKILL) if event == "os.rename" else None)
from flows.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("kind", LEFTOVERS)
def test_a_folder_without_data_is_passed_over_and_told(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, told = LEFTOVERS[kind]
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    lay_out(root, files)
    said = run(capsys, "status", "--root", str(root))
    assert (said.exit_code, f"✗ {told}" in said.out.splitlines()) == (0, True), said
    status = json.loads(run(capsys, "status", "--json", "--root", str(root)).out)
    assert ([problem["en"] for problem in status["problems"]], status["waiting"]) == ([told], ["2022-07-22/许可.csv"])


def test_folders_without_data_stop_no_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {f"2022-07-{day}/许可.csv": write_table(*[GOOD_ROW] * day) for day in (15, 22)})
    for number, (files, _) in enumerate(LEFTOVERS.values(), 1):
        lay_out(root, {name.replace("07-29", f"08-{number:02}"): content for name, content in files.items()})
    for command, words in COMMANDS.items():
        said = run(capsys, *command.split(), *words, "--root", str(root))
        assert (said.exit_code, said.out.count("nothing was read")) == (0, len(LEFTOVERS)), (command, said)
    assert run(capsys, "explain", "行政许可", "受理", "--root", str(root)).exit_code == 0
    export = tmp_path / "新.csv"
    export.write_text(write_table(GOOD_ROW.replace("000001", "000002")), encoding="utf-8")
    assert run(capsys, "receive", str(export), "--cut-off", "2022-07-22", "--root", str(root)).exit_code == 0


def test_the_home_page_tells_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    lay_out(root, {"2022-07-29/": b""})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert "空的批次文件夹 2022-07-29：未读入任何数据" in (root / "reports/index.html").read_text(encoding="utf-8")


def test_a_receiving_that_was_killed_stops_nobody_and_is_made_good_by_the_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path / "root", {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    export = tmp_path / "许可.csv"
    export.write_text(write_table(GOOD_ROW, GOOD_ROW.replace("000001", "000002")), encoding="utf-8")
    receive = ("receive", str(export), "--cut-off", "2022-07-22", "--root", str(root))
    assert subprocess.run([sys.executable, "-c", DIE_AT_RENAMING, *receive], check=False).returncode == -9
    assert not list(root.glob("data/raw/2022-07-22/*"))
    said = run(capsys, "weekly", "--week-ending", "2022-07-15", "--root", str(root))
    assert said.exit_code == 0, said
    assert run(capsys, *receive).exit_code == 0
    assert [path.name for path in (root / "data/raw/2022-07-22").iterdir()] == ["许可.csv"]
    assert "nothing was read" not in run(capsys, "status", "--root", str(root)).out


def test_a_root_with_nothing_else_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(tmp_path, {"2022-07-29/": b""})
    said = run(capsys, *WEEK, "--root", str(tmp_path))
    assert (said.exit_code, said.err) == (
        3,
        f"{tmp_path}/data/raw/2022-07-29: the delivery holds no data file. Add the exports, or remove the empty folder.\n",
    )
    assert run(capsys, "status", "--root", str(tmp_path)).exit_code == 0


def test_a_loaded_delivery_that_is_empty_now_has_not_been_withdrawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path, {f"2022-07-{day}/许可.csv": write_table(*[GOOD_ROW] * day) for day in (15, 22)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    (root / "data/raw/2022-07-15/许可.csv").unlink()
    said = run(capsys, *WEEK, "--root", str(root))
    assert (said.exit_code, said.err.partition(". ")[0]) == (
        3,
        "data/raw/2022-07-15/许可.csv was loaded and has since changed or disappeared",
    )


def lay_out(root: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith("/"):
            (root / "data/raw" / name).mkdir(parents=True)
        else:
            write_raw(root, {name: content})
