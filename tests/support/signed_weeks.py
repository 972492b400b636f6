"""A published week: signed on the command line, and proved."""

from pathlib import Path

import pytest
from a_root import WEEK, run, write_raw
from drawing import draw

SIGNED = ("--by", "林晓", "--checked-by", "周宁", "--unsigned", "--quiet")
ROWS = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 |
2 | 行政许可 | 2022-07-01 | |
3 | 公共服务 | 2022-07-18 | |"""


def publish_first_week(root: Path, capsys: pytest.CaptureFixture[str], rows: str = ROWS) -> Path:
    """A root with one published week, 2022年第24期（总第399期）."""
    write_raw(root, {"2022-07-22/办件.csv": draw(rows), "2022-07-22/delivery.toml": "received_on = 2022-07-25\n"})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    said = sign(root, capsys, "--issue", "24", "--serial", "399")
    assert said[0] == 0, said
    return root


def sign(root: Path, capsys: pytest.CaptureFixture[str], *words: str, week: str = "2022-07-22") -> tuple[int, str]:
    """The exit code and what was said."""
    said = run(capsys, "publish", "--week-ending", week, *SIGNED, *words, "--root", str(root))
    return said.exit_code, said.err or said.out


def prove(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and what was said."""
    said = run(capsys, "verify", "--week-ending", "2022-07-22", "--quiet", "--root", str(root))
    return said.exit_code, said.err or said.out
