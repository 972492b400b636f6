"""One writer at a time: a second run is refused or waits, and a killed one leaves no lock."""

import subprocess
import sys
from pathlib import Path

import pytest
from a_root import SECOND_ROW, WEEK, accepted_licences, load_one_case, run, write_raw, write_table

from flows.domain.text import Locked
from flows.root.lock import hold_lock
from flows.root.project import Project


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    return load_one_case(tmp_path, capsys)


def test_a_second_run_ends_at_once_and_names_the_holder(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hold_lock(Project(root), "bulletin weekly --week-ending 2022-07-15"):
        said = run(capsys, *WEEK, "--root", str(root))
    assert said.exit_code == 5
    assert said.err.startswith("Another run is in progress: bulletin weekly --week-ending 2022-07-15 (process ")
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0


def test_waiting_for_the_lock_ends_after_the_given_seconds(root: Path) -> None:
    with (
        hold_lock(Project(root), "first"),
        pytest.raises(Locked, match="Another run is in progress: first"),
        hold_lock(Project(root), "second", wait_seconds=0.3),
    ):
        raise AssertionError("two runs held the lock")


def test_a_killed_run_leaves_no_lock_and_its_leftovers_are_cleared(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\nfrom pathlib import Path\nfrom flows.root.project import Project\nfrom flows.root.lock import hold_lock\n"
            f"with hold_lock(Project(Path({str(root)!r})), 'killed'):\n    print('held', flush=True)\n    time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout and holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    holder.stdout.close()
    leftover = root / "data/warehouse/.building"
    leftover.mkdir()
    (leftover / "warehouse.duckdb").write_bytes(b"half a copy")
    write_raw(root, {"2022-07-22/许可.csv": write_table(SECOND_ROW)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert not leftover.exists()
    assert accepted_licences(root) == 2
