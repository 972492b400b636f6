"""A published week: signed on the command line, and proved."""

from pathlib import Path

import pytest
from a_root import run

SIGNED = ("--by", "编发人", "--checked-by", "审核人", "--quiet")
ROWS = """case | type | accepted | completed | result
1 | 行政许可 | 2022-07-01 | 2022-07-20 |
2 | 行政许可 | 2022-07-01 | |
3 | 公共服务 | 2022-07-18 | |"""


def sign(root: Path, capsys: pytest.CaptureFixture[str], *words: str, week: str = "2022-07-22") -> tuple[int, str]:
    said = run(capsys, "publish", "--week-ending", week, *SIGNED, *words, "--root", str(root))
    return said.exit_code, said.err or said.out


def prove(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    said = run(capsys, "verify", "--week-ending", "2022-07-22", "--quiet", "--root", str(root))
    return said.exit_code, said.err or said.out
