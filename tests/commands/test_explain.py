"""bulletin explain: a figure taken apart on the command line."""

from pathlib import Path

import pytest
from a_root import run
from told_figures import BEFORE, NOW, ROWS_BEFORE, ROWS_NOW, load, load_with_a_late_file

from flows.domain.profile import load_profile
from flows.domain.text import WrongUsage
from flows.jobs.explain import read_words
from flows.root.project import Project


@pytest.fixture
def told_late(tmp_path: Path) -> Project:
    return load_with_a_late_file(tmp_path)


def test_the_command_prints_the_parts_and_writes_the_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load(tmp_path, {BEFORE: ROWS_BEFORE, NOW: ROWS_NOW})
    listing = tmp_path / "办件.csv"
    words = (
        "explain",
        "行政许可",
        "受理",
        "--week-ending",
        "2022-07-22",
        "--root",
        str(tmp_path),
        "--out",
        str(listing),
    )
    said = run(capsys, *words)
    assert (said.exit_code, said.out.splitlines()[0]) == (
        0,
        "行政许可 受理 (accepted), 2022-01-01 through 2022-07-22: 7",
    )
    assert "= since the week before (through 2022-07-15): 3 → 7" in said.out
    said = run(capsys, *words[:-2], "--changes")
    assert said.out.splitlines()[-8:][0].split() == ["+1", "5", "times", "corrected"]
    lines = listing.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 7
    assert lines[1] == "1,2022-07-01,行政许可,,,510000,2022-07-15,2022-07-15/办件.csv,,2"


def test_an_unknown_group_is_answered_with_the_known_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Project(tmp_path).raw.mkdir(parents=True)
    said = run(capsys, "explain", "许可证", "办结", "--root", str(tmp_path))
    assert (said.exit_code, said.err.split(":")[0]) == (2, "'许可证 办结'")
    with pytest.raises(WrongUsage, match="公共服务"):
        read_words(["办结", "受理"], load_profile("sichuan"))


def test_asked_as_of_a_cut_off_without_a_week_it_is_the_newest_week_covered_then(
    told_late: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ("--root", str(told_late.root))
    said = run(capsys, "explain", "licence", "accepted", "--as-of", "2022-07-15", *root)
    assert said.out.splitlines()[0] == "行政许可 受理 (accepted), 2022-01-01 through 2022-07-15: 2"
    said = run(capsys, "explain", "licence", "accepted", "--as-of", "2022-07-01", *root)
    assert (said.exit_code, said.err[:51]) == (6, "The selected deliveries hold no data for 2022 throu")
