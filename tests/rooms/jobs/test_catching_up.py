"""Weeks that were missed are caught up, each as of the cut-off it would have had."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from a_root import run, write_raw
from business import USUAL_B, do_business, write
from days_off import announce_today
from drawing import Silent, draw

from flows.domain.calendar import now
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.jobs.weekly import catch_up
from flows.root.project import Project

NEWEST = PROGRAM_CALENDAR.last_complete_week(now().date())


def weeks_before(number: int) -> list[date]:
    """The ends of so many bulletin weeks through the newest, oldest first."""
    ends = [NEWEST.end]
    while len(ends) < number:
        ends.append(PROGRAM_CALENDAR.last_complete_week(ends[-1]).end)
    return ends[::-1]


def hand_in(root: Path, ends: Sequence[date]) -> Path:
    """One delivery a week, each with one new licence of its last day."""
    announce_today(root)
    return write_raw(
        root, {f"{end}/办件.csv": draw(f"case | type | accepted\n{end} | 行政许可 | {end}") for end in ends}
    )


def test_a_week_that_nobody_named_and_that_begins_after_the_newest_cut_off_is_refused_with_the_newest_covered_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    covered, *_, newest = weeks_before(3)
    root = hand_in(tmp_path, [covered])
    said = run(capsys, "weekly", "--quiet", "--root", str(root))
    assert (said.exit_code, said.err.strip()) == (
        6,
        f"The newest delivery is complete through {covered}; nobody has told anything of the week ending {newest}. "
        "For the newest week that is covered, or for the other one all the same:\n"
        f"  bulletin weekly --week-ending {covered} --root {root}\n  bulletin weekly --week-ending {newest} --root {root}",
    )
    assert not (root / "data/warehouse/warehouse.duckdb").exists()
    assert run(capsys, "weekly", "--week-ending", str(covered), "--quiet", "--root", str(root)).exit_code == 0


def test_a_week_of_which_the_newest_cut_off_covers_a_part_is_written_without_being_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = hand_in(tmp_path, [NEWEST.window.start])
    assert run(capsys, "weekly", "--quiet", "--root", str(root)).exit_code == 0


def accepted(root: Path, end: date) -> int:
    path = root / "reports" / str(end) / "statistics.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["week"]["end"] == str(end)
    return sum(count for count in (part["accepted"] for part in told["groups"]))


def count_of_year(ends: Sequence[date], end: date) -> int:
    return sum(each.year == end.year and each <= end for each in ends)


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, list[date]]:
    """Five weeks were handed in; the first was reported, then the machine was down."""
    ends = weeks_before(5)
    root = hand_in(tmp_path, ends)
    assert run(capsys, "weekly", "--week-ending", str(ends[0]), "--quiet", "--root", str(root)).exit_code == 0
    return root, ends


def test_each_missed_week_is_caught_up_once_as_of_the_newest_cut_off_before_the_next_weeks_end(
    office: tuple[Path, list[date]], capsys: pytest.CaptureFixture[str]
) -> None:
    root, ends = office
    said = run(capsys, "weekly", "--root", str(root))
    assert said.exit_code == 0, said.err
    assert [line for line in said.out.splitlines() if "caught up" in line] == [
        f"{end}: caught up ({end})" for end in ends[1:4]
    ]
    for end in ends:
        assert accepted(root, end) == count_of_year(ends, end)
    for end, before in zip(ends[1:4], ends, strict=False):
        told = json.loads((root / f"reports/{end}/statistics.json").read_text(encoding="utf-8"))
        assert (told["as_of"]["cut_off"], told["since_previous"]["start"]) == (
            str(end),
            str(max(before + timedelta(days=1), date(end.year, 1, 1))),
        )
    pages = {path: path.read_bytes() for path in root.glob("reports/2*/*")}
    again = run(capsys, "weekly", "--root", str(root))
    assert (again.exit_code, "caught up" in again.out) == (0, False)
    assert {path: path.read_bytes() for path in root.glob("reports/2*/*")} == pages


def test_a_week_caught_up_says_what_a_run_in_time_would_have_said(
    office: tuple[Path, list[date]], tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    root, ends = office
    assert run(capsys, "weekly", "--quiet", "--root", str(root)).exit_code == 0
    in_time = tmp_path_factory.mktemp("in-time")
    for end in ends[:3]:
        hand_in(in_time, [end])
        assert run(capsys, "weekly", "--week-ending", str(end), "--quiet", "--root", str(in_time)).exit_code == 0
    for name in ("statistics.txt", "statistics.md", "statistics.xlsx", "checks.md"):
        late, timely = (folder / f"reports/{ends[2]}/{name}" for folder in (root, in_time))
        assert late.read_bytes() == timely.read_bytes(), name


def test_a_week_for_which_nothing_was_delivered_is_not_made_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ends = weeks_before(4)
    root = hand_in(tmp_path, [ends[0], ends[3]])
    assert run(capsys, "weekly", "--week-ending", str(ends[0]), "--quiet", "--root", str(root)).exit_code == 0
    assert run(capsys, "weekly", "--quiet", "--root", str(root)).exit_code == 0
    assert sorted(path.name for path in (root / "reports").glob("2*")) == [str(ends[0]), str(ends[3])]
    problems = json.loads(run(capsys, "status", "--json", "--root", str(root)).out)["problems"]
    assert [problem["en"] for problem in problems] == [f"weeks without a report: {ends[1]}, {ends[2]}"]


def test_a_missed_week_that_is_refused_does_not_stop_the_others_and_has_its_page_of_checks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 乙厅, which delivered each week, one week came a week late: nobody missed it when both were loaded at once."""
    newest = do_business("2022-07-25", "2022-07-29")
    files = {
        "2022-07-15": [*do_business("2022-04-18", "2022-07-15"), *USUAL_B],
        "2022-07-22": do_business("2022-07-18", "2022-07-22"),
        "2022-07-29": [*newest, *do_business("2022-07-18", "2022-07-29", "乙厅", 10)],
    }
    root = write_raw(tmp_path, {f"{day}/办件.csv": write(rows) for day, rows in files.items()})
    said = run(capsys, "weekly", "--week-ending", "2022-07-29", "--quiet", "--root", str(root))
    assert said.exit_code == 0, said.err
    missed = [(PROGRAM_CALENDAR.week_ending(date(2022, 7, day)), date(2022, 7, day)) for day in (15, 22)]
    first, second = catch_up(Project(root), missed, Silent())
    assert (first.failure, second.failure is not None) == (None, True)
    assert second.failure and "departments_present" in second.failure.en
    assert (root / "reports/2022-07-15/statistics.txt").is_file()
    assert sorted(path.name for path in (root / "reports/2022-07-22").iterdir()) == ["checks.html", "checks.md"]
