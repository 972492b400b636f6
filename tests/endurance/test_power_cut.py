"""A power cut takes nothing that a command has said is done: every file and every new name is on the disk before that."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from a_root import run
from an_office import COMMAND
from drawing import draw
from traced_writes import Call, find_lost, recording, trace

FRIDAY = "2022-07-22"
ROWS = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 |
2 | 行政许可 | 2022-07-01 | |
3 | 公共服务 | 2022-07-18 | |"""
SIGNED = ("--by", "林晓", "--checked-by", "周宁", "--unsigned", "--issue", "24", "--serial", "399")
CARELESS = """
import os, pathlib, sys
root = pathlib.Path(sys.argv[1])
(root / "a").mkdir()
(root / "a" / ".b.part").write_text("b")
(root / "a" / ".b.part").rename(root / "a" / "b")
print("done", flush=True)
with open(root / "a" / "b") as file:
    os.fsync(file.fileno())
"""


def list_commands(export: Path) -> dict[str, tuple[str, ...]]:
    """In this order; what each is to have written lasting, below the root."""
    return {
        "bulletin.toml": ("init",),
        "data/raw/receipts.jsonl": ("receive", str(export), "--cut-off", FRIDAY),
        f"reports/{FRIDAY}/statistics.docx": ("weekly", "--week-ending", FRIDAY),
        f"reports/{FRIDAY}/published/publication.json": ("publish", "--week-ending", FRIDAY, *SIGNED),
        "reports/2022-07-11_2022-07-22/range.json": ("rerun", "--from", "2022-07-11", "--to", FRIDAY),
        "data/warehouse/warehouse.duckdb": ("rebuild",),
        f"data/raw/{FRIDAY}/许可.csv": ("query", "from cases", "--out", str(export.with_name("root") / "cases.csv")),
        "reports/runs.jsonl": ("withdraw", FRIDAY, "--reason", "退回"),
    }


def lay_out(folder: Path) -> tuple[Path, Path]:
    root, export = folder / "root", folder / "许可.csv"
    export.write_text(draw(ROWS), encoding="utf-8")
    return root, export


def pass_all(root: Path, export: Path, record: Callable[[tuple[str, ...]], list[Call]]) -> None:
    for written, words in list_commands(export).items():
        before = list(root.parent.rglob("*"))
        calls = record((*words, "--root", str(root)))
        assert (root / written).is_file(), words
        lost = [each for each in find_lost(calls, before) if not each.endswith("lock")]  # who holds it is no record
        assert lost == [], words
        assert any(call.kind == "synced" for call in calls), words


def test_what_a_command_says_is_done_is_on_the_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As this process sees it: what is opened, named, renamed and synced."""
    root, export = lay_out(tmp_path)

    def record(words: tuple[str, ...]) -> list[Call]:
        with recording(tmp_path) as calls:
            said = run(capsys, *words)
        assert said.exit_code == 0, said
        return calls

    pass_all(root, export, record)


@pytest.mark.programs
def test_what_a_command_says_is_done_is_on_the_disk_as_the_system_sees_it(tmp_path: Path) -> None:
    root, export = lay_out(tmp_path)
    pass_all(root, export, lambda words: trace(tmp_path, [COMMAND, *words]))


@pytest.mark.programs
def test_the_trace_shows_what_was_not_synced(tmp_path: Path) -> None:
    """Or the test above would prove nothing. What is synced after it was said is too late."""
    assert find_lost(trace(tmp_path, [sys.executable, "-c", CARELESS, str(tmp_path)])) == [
        f"{tmp_path}/a/.b.part after its renaming",
        f"content of {tmp_path}/a/b",
        f"name of {tmp_path}/a",
        f"name of {tmp_path}/a/b",
    ]


def test_the_recording_shows_what_was_not_synced(tmp_path: Path) -> None:
    with recording(tmp_path) as calls:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / ".b.part").write_text("b")
        (tmp_path / "a" / ".b.part").rename(tmp_path / "a" / "b")
    assert find_lost(calls) == [
        f"{tmp_path}/a/.b.part after its renaming",
        f"content of {tmp_path}/a/b",
        f"name of {tmp_path}/a",
        f"name of {tmp_path}/a/b",
    ]
