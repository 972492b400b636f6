"""bulletin sample: invented deliveries, never among real ones."""

from pathlib import Path

import pytest
from a_root import GOOD_ROW, run, write_raw, write_table


def test_samples_are_not_written_among_real_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    said = run(capsys, "sample", "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        3,
        f"{root} holds real data and cannot take samples. Make another root: bulletin sample --root {root.with_name('bulletin-sample')}",
    )
