"""Small real roots for tests: files as bytes, commands as a user types them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from printed_commands import refuse_untypeable

from flows.cli.main import main
from flows.domain.cases import Window
from flows.figures.counts import count_in_window
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

HEADER = "办件编号,申请人姓名,事项类型,行政区划,受理时间,办结时间,办结结果"
GOOD_ROW = "510000-20220701-000001,甲某,行政许可,510000,2022-07-01 10:00:00,2022-07-04 09:00:00,出证"
SECOND_ROW = GOOD_ROW.replace("000001", "000002")
WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    exit_code: int
    out: str
    err: str


def write_raw(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Put files below data/raw; text becomes UTF-8."""
    for name, content in files.items():
        path = root / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def write_table(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    """`bulletin …` in English, in this process. Whatever command it prints can be typed."""
    capsys.readouterr()
    try:
        code = main(["--lang", "en", *words])
    except SystemExit as ending:
        code = int(ending.code or 0)
    said = capsys.readouterr()
    if "--help" not in words:
        refuse_untypeable(said.out + "\n" + said.err)
    return Said(code, said.out, said.err)


def load_one_case(root: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A root whose warehouse holds the case of GOOD_ROW."""
    write_raw(root, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    return root


def accepted_licences(root: Path) -> int:
    """How many the warehouse counts in the year through 2022-07-22."""
    with open_read_only(Project(root)) as engine:
        return count_in_window(engine, Window(date(2022, 1, 1), date(2022, 7, 22)))["licence"].accepted


def read_receipts(root: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (root / "data/raw/receipts.jsonl").read_text().splitlines()]


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file of a root."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
