"""Files that are handed in together lie in data/raw with their receipts, or none of them, whatever cuts it short."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from a_root import GOOD_ROW, read_receipts, run, write_raw, write_table
from an_office import COMMAND

from flows.root.deliveries import hash_file
from flows.root.project import Project
from flows.root.receiving import hold_raw, store_files

FRIDAY = date(2022, 7, 22)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "office")
    project.raw.mkdir(parents=True)
    return project


def write_exports(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"许可{number}_20220722.csv" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(write_table(GOOD_ROW.replace("000001", f"{number:06d}")), encoding="utf-8")
    return paths


def list_raw(project: Project) -> list[str]:
    """All that is there, hidden or not, but for the receipts."""
    found = sorted(path.relative_to(project.raw).as_posix() for path in project.raw.rglob("*"))
    return [name for name in found if name != "receipts.jsonl"]


def cut_short(project: Project, exports: list[Path], call: str, turn: int) -> None:
    """Receive them in a process that ends at its n-th call of a function of the system."""
    program = (
        "import os, sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from flows.root.deliveries import hash_file\nfrom flows.root.project import Project\n"
        "from flows.root.receiving import hold_raw, store_files\n"
        "call, turn, done = getattr(os, sys.argv[2]), int(sys.argv[3]), []\n"
        "def end(*given, **named):\n    done.append(1)\n    len(done) == turn and os._exit(9)\n    return call(*given, **named)\n"
        "setattr(os, sys.argv[2], end)\nproject, paths = Project(Path(sys.argv[1])), [Path(each) for each in sys.argv[4:]]\n"
        "with hold_raw(project):\n    store_files(project, {path: hash_file(path) for path in paths}, date(2022, 7, 22))\n"
    )
    words = [sys.executable, "-c", program, str(project.root), call, str(turn), *map(str, exports)]
    assert subprocess.run(words, check=False).returncode == 9


def test_eight_commands_at_once_lose_no_file_and_no_receipt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "office"
    assert run(capsys, "init", "--root", str(root)).exit_code == 0
    processes = []
    for number, path in enumerate(write_exports(tmp_path, 8)):
        (tmp_path / str(number)).mkdir()
        path.rename(tmp_path / str(number) / "同名_20220722.csv")
        words = [str(COMMAND), "receive", str(tmp_path / str(number) / "同名_20220722.csv"), "--root", str(root)]
        processes.append(subprocess.Popen(words, stdout=subprocess.DEVNULL))
    assert [process.wait(120) for process in processes] == [0] * 8
    names = sorted(["2022-07-22/同名_20220722.csv", *(f"2022-07-22/同名_20220722-{n}.csv" for n in range(2, 9))])
    assert list_raw(Project(root)) == ["2022-07-22", *names]
    found = {receipt["file"]: receipt["sha256"] for receipt in read_receipts(root)}
    assert found == {name: hash_file(root / "data/raw" / name) for name in names}
    assert len(read_receipts(root)) == 8


def test_what_was_cut_short_while_it_was_copied_is_undone(project: Project, tmp_path: Path) -> None:
    cut_short(project, write_exports(tmp_path, 2), "replace", 1)
    with hold_raw(project):
        assert list_raw(project) == []
    assert not project.receipts.exists()


@pytest.mark.parametrize("turn", [1, 2])
def test_what_was_cut_short_while_it_was_put_in_its_place_is_ended(turn: int, project: Project, tmp_path: Path) -> None:
    cut_short(project, write_exports(tmp_path, 2), "rename", turn)
    with hold_raw(project):
        assert list_raw(project) == ["2022-07-22", "2022-07-22/许可0_20220722.csv", "2022-07-22/许可1_20220722.csv"]
    assert [receipt["file"] for receipt in read_receipts(project.root)] == list_raw(project)[1:]
    with hold_raw(project):
        assert len(read_receipts(project.root)) == 2


def test_a_weekly_run_ends_what_was_cut_short_before_it_loads(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_short(project, write_exports(tmp_path, 2), "rename", 2)
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(project.root)).exit_code == 0
    actions = [receipt["action"] for receipt in read_receipts(project.root)]
    assert [action for action in actions if action in ("received", "loaded")] == [*["received"] * 2, *["loaded"] * 2]


def test_a_file_that_fails_takes_back_those_before_it(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = write_exports(tmp_path, 2)
    rename = os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(target).name == exports[1].name:
            raise PermissionError(13, "Permission denied", str(target))
        rename(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(PermissionError), hold_raw(project):
        store_files(project, {path: hash_file(path) for path in exports}, FRIDAY)
    assert list_raw(project) == []


def test_a_file_that_was_put_there_by_hand_gets_its_receipt_when_it_is_received(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (export,) = write_exports(tmp_path, 1)
    root = write_raw(tmp_path / "office", {"2022-07-22/手工.csv": export.read_bytes()})
    for _ in range(2):
        assert run(capsys, "receive", str(export), "--root", str(root)).exit_code == 0
    assert [(receipt["action"], receipt["file"]) for receipt in read_receipts(root)] == [
        ("received", "2022-07-22/手工.csv")
    ]
