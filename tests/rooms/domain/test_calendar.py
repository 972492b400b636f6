"""Which week a run is for: the working calendar, clocks and zones, weeks that were missed."""

import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.domain.calendar import SHANGHAI, find_next_run, now
from flows.domain.holidays import PROGRAM_CALENDAR

DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))


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
    window = PROGRAM_CALENDAR.last_complete_week(date.fromisoformat(today)).window
    assert (str(window.start), str(window.end)) == (start, end)


@given(DAYS, st.integers(0, 400))
def test_bulletin_weeks_cover_every_working_day_of_a_range_once(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    weeks = PROGRAM_CALENDAR.list_weeks(start, end)
    assert [week.end for week in weeks] == sorted({week.end for week in weeks})
    for before, after in pairwise(weeks):
        assert after.previous_end == before.end
        assert PROGRAM_CALENDAR.next_week_end(before.end) == after.end
    worked = {
        day for day in (start + timedelta(days=i) for i in range(days + 1)) if PROGRAM_CALENDAR.is_working_day(day)
    }
    covered = {week.window.start + timedelta(days=i) for week in weeks for i in range(7)}
    last = max((week.end for week in weeks), default=start - timedelta(days=1))
    assert all(day in covered or day > last for day in worked)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Shanghai"])
def test_the_week_is_that_of_shanghai_whatever_the_zone_of_the_machine(zone: str) -> None:
    program = (
        "from flows.domain.calendar import now; from flows.domain.holidays import PROGRAM_CALENDAR; "
        "from flows.jobs.steps import choose_week; print(now().utcoffset(), choose_week(PROGRAM_CALENDAR, None).end)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"TZ": zone}, check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["8:00:00", str(PROGRAM_CALENDAR.last_complete_week(now().date()).end)]


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
    assert PROGRAM_CALENDAR.find_missing_weeks(written, date(2022, 8, 8)) == [
        date(2022, 7, 15),
        date(2022, 7, 29),
        date(2022, 8, 5),
    ]
    assert PROGRAM_CALENDAR.find_missing_weeks([date(2022, 1, 30)], date(2022, 2, 14)) == [date(2022, 2, 11)]
    assert PROGRAM_CALENDAR.find_missing_weeks([], date(2022, 8, 8)) == []
