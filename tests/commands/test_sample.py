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


def test_a_new_root_is_made_and_its_first_week_written_by_the_two_commands_that_follow_one_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "new"
    said = run(capsys, "sample", "--scale", "1/20000", "--root", str(root))
    following = f"bulletin weekly --week-ending 2022-07-22 --root {root}"
    assert (said.exit_code, said.out.splitlines()[0]) == (0, f"made {root} (its settings: bulletin.toml).")
    assert said.out.endswith(f"Next: {following}\n")
    assert sorted(path.name for path in root.iterdir()) == ["bulletin.toml", "data", "reports", "revisions.md"]
    done = run(capsys, *following.split()[1:], "--quiet")
    assert done.exit_code == 0, done.err
    assert done.out.splitlines()[0] == "示例数据 / invented data"


def test_an_empty_folder_becomes_a_root_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "sample", "--scale", "1/20000", "--weeks", "1", "--root", str(tmp_path))
    assert (said.exit_code, said.out.splitlines()[0]) == (0, f"made {tmp_path} (its settings: bulletin.toml).")
    assert (tmp_path / "data/raw/2022-07-22").is_dir()


def test_a_folder_that_holds_other_things_is_made_no_root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    said = run(capsys, "sample", "--root", str(tmp_path))
    assert (said.exit_code, [path.name for path in tmp_path.iterdir()]) == (3, ["notes.txt"])
    assert f"{tmp_path} is not a root folder" in said.err
