"""bulletin status: where a root stands, and whether it is well."""

from pathlib import Path

import pytest
from a_root import GOOD_ROW, WEEK, run, write_raw, write_table


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})


def test_health_is_an_exit_code_and_one_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    healthy = run(capsys, "status", "--health", "--root", str(root))
    assert (healthy.exit_code, healthy.out) == (0, "ok\n")
    write_raw(root, {"2022-07-22/空.csv": ""})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 3
    ill = run(capsys, "status", "--health", "--root", str(root))
    assert (ill.exit_code, ill.out.startswith("the last run failed")) == (4, True)
