"""Which week a run is for: the working calendar, clocks and zones, weeks that were missed."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from a_root import run, write_raw
from drawing import Silent, draw
from hypothesis import given
from hypothesis import strategies as st
from test_gates import USUAL_B, do_business, write

from flows.domain.calendar import (
    SHANGHAI,
    find_missing_weeks,
    find_next_run,
    is_working_day,
    last_complete_week,
    list_weeks,
    next_week_end,
    now,
    week_ending,
)
from flows.jobs.weekly import catch_up
from flows.root.project import Project

DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))


# ---------------------------------------------------------------- the calendar


@pytest.mark.parametrize(
    ("today", "start", "end"),
    [
        ("2022-07-25", "2022-07-18", "2022-07-22"),  # a Monday: the week before
        ("2022-07-22", "2022-07-11", "2022-07-15"),  # its own last day is not over yet
        ("2022-07-23", "2022-07-18", "2022-07-22"),  # a Saturday: the week is complete
        ("2022-01-31", "2022-01-24", "2022-01-30"),  # 春节 2022: the week before ended on a make-up Sunday
        ("2022-02-08", "2022-01-24", "2022-01-30"),  # the week wholly of holidays has no bulletin
        ("2022-02-14", "2022-02-07", "2022-02-11"),
        ("2022-10-09", "2022-09-26", "2022-09-30"),  # 国庆 2022: Saturday and Sunday made up for
        ("2022-10-10", "2022-10-03", "2022-10-09"),
        ("2023-01-30", "2023-01-23", "2023-01-29"),  # 春节 2023: only Saturday and Sunday were worked
        ("2023-10-09", "2023-10-02", "2023-10-08"),  # 国庆 2023
        ("2024-02-19", "2024-02-12", "2024-02-18"),  # 春节 2024: only its Sunday was worked
        ("2025-02-03", "2025-01-27", "2025-01-27"),  # 春节 2025: only its Monday was worked
        ("2025-10-13", "2025-10-06", "2025-10-11"),  # 国庆 2025
        ("2026-02-23", "2026-02-09", "2026-02-14"),  # 春节 2026: a week wholly of holidays lies between
        ("2026-10-12", "2026-10-05", "2026-10-10"),  # 国庆 2026
        ("2024-03-04", "2024-02-26", "2024-03-01"),  # across a leap day
        ("2021-01-04", "2020-12-28", "2020-12-31"),  # ISO week 53, ended by 元旦
        ("2023-01-03", "2022-12-26", "2022-12-30"),  # the turn of a year, 元旦 on its Monday
        ("2028-07-10", "2028-07-03", "2028-07-07"),  # no calendar is announced yet: Monday to Friday
    ],
)
def test_the_last_complete_week_goes_by_the_working_calendar(today: str, start: str, end: str) -> None:
    window = last_complete_week(date.fromisoformat(today)).window
    assert (str(window.start), str(window.end)) == (start, end)


@given(DAYS, st.integers(0, 400))
def test_bulletin_weeks_cover_every_working_day_of_a_range_once(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    weeks = list_weeks(start, end)
    assert [week.end for week in weeks] == sorted({week.end for week in weeks})
    for before, after in pairwise(weeks):
        assert after.previous_end == before.end
        assert next_week_end(before.end) == after.end
    worked = {day for day in (start + timedelta(days=i) for i in range(days + 1)) if is_working_day(day)}
    covered = {week.window.start + timedelta(days=i) for week in weeks for i in range(7)}
    last = max((week.end for week in weeks), default=start - timedelta(days=1))
    assert all(day in covered or day > last for day in worked)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Shanghai"])
def test_the_week_is_that_of_shanghai_whatever_the_zone_of_the_machine(zone: str) -> None:
    program = "from flows.pipeline import choose_week; from flows.project import now; print(now().utcoffset(), choose_week(None).end)"
    told = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"TZ": zone}, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["8:00:00", str(last_complete_week(now().date()).end)]


@pytest.mark.parametrize(
    ("schedule", "at", "expected"),
    [
        ("Mon 09:00", "2022-07-25 08:59", "2022-07-25 09:00"),
        ("Mon 09:00", "2022-07-25 09:00", "2022-08-01 09:00"),
        ("Fri 17:30", "2022-12-31 12:00", "2023-01-06 17:30"),
        ("Sun 00:00", "2024-02-28 12:00", "2024-03-03 00:00"),
    ],
)
def test_the_next_run_is_the_next_time_of_the_schedule(schedule: str, at: str, expected: str) -> None:
    found = find_next_run(schedule, datetime.fromisoformat(at).replace(tzinfo=SHANGHAI))
    assert f"{found:%Y-%m-%d %H:%M}" == expected


def test_missing_are_the_weeks_since_the_first_report_that_have_none() -> None:
    written = [date(2022, 7, 8), date(2022, 7, 22)]
    assert find_missing_weeks(written, date(2022, 8, 8)) == [date(2022, 7, 15), date(2022, 7, 29), date(2022, 8, 5)]
    assert find_missing_weeks([date(2022, 1, 30)], date(2022, 2, 14)) == [date(2022, 2, 11)]
    assert find_missing_weeks([], date(2022, 8, 8)) == []


# ---------------------------------------------------------------- catching up

NEWEST = last_complete_week(now().date())


def weeks_before(number: int) -> list[date]:
    """The ends of so many bulletin weeks through the newest, oldest first."""
    ends = [NEWEST.end]
    while len(ends) < number:
        ends.append(last_complete_week(ends[-1]).end)
    return ends[::-1]


def hand_in(root: Path, ends: Sequence[date]) -> Path:
    """One delivery a week, each with one new licence of its last day."""
    return write_raw(
        root, {f"{end}/办件.csv": draw(f"case | type | accepted\n{end} | 行政许可 | {end}") for end in ends}
    )


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
    missed = [(week_ending(date(2022, 7, day)), date(2022, 7, day)) for day in (15, 22)]
    first, second = catch_up(Project(root), missed, Silent())
    assert (first.failure, second.failure is not None) == (None, True)
    assert second.failure and "departments_present" in second.failure.en
    assert (root / "reports/2022-07-15/statistics.txt").is_file()
    assert sorted(path.name for path in (root / "reports/2022-07-22").iterdir()) == ["checks.html", "checks.md"]
