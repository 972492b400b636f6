"""Days off: what the library knows, what holidays.toml adds and overrides, and what is wrong in one."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from days_off import YEAR_2022, announce, end_library

from flows.domain.calendar import Calendar
from flows.domain.holidays import combine, read_announcements, read_library, read_text, say_how_to_announce, write_text
from flows.domain.text import BadInput

YEAR_2027 = """
[[announcements]]
year = 2027
announced = 2025-11-04
source = "虚构的通知"
off = ["2027-01-01..2027-01-03", "2027-10-01..2027-10-07"]
working = ["2027-10-09"]
"""
CHANGE_2022 = """
[[announcements]]
announced = 2022-07-15
source = "虚构的通知"
off = [2022-10-08, "2022-07-11"]
working = ["2022-05-04"]
"""


def read_calendar(root: Path, text: str) -> Calendar:
    return combine(read_announcements(announce(root, text)))


def count_dully(start: date, end: date, off: set[str], working: set[str]) -> int:
    """Day by day, by the lists that the test names itself."""
    count, day = 0, start
    while day <= end:
        if str(day) in working or (day.strftime("%a") not in ("Sat", "Sun") and str(day) not in off):
            count += 1
        day += timedelta(days=1)
    return count


OFF_2027 = {f"2027-10-0{day}" for day in range(1, 8)}


@pytest.mark.parametrize(
    ("text", "start", "end", "off", "working", "expected"),
    [
        ("", "2027-10-01", "2027-10-10", set(), set(), 6),  # nobody has announced it: Monday to Friday
        (YEAR_2027, "2027-10-01", "2027-10-10", OFF_2027, {"2027-10-09"}, 2),  # Friday 8 and the Saturday that makes up
        ("", "2027-01-01", "2027-01-04", set(), set(), 2),
        (YEAR_2027, "2027-01-01", "2027-01-04", {"2027-01-01"}, set(), 1),
        ("", "2022-10-01", "2022-10-09", {f"2022-10-0{day}" for day in range(1, 8)}, {"2022-10-08", "2022-10-09"}, 2),
        (CHANGE_2022, "2022-10-01", "2022-10-09", {f"2022-10-0{day}" for day in range(1, 9)}, {"2022-10-09"}, 1),
        ("", "2022-05-02", "2022-05-08", {"2022-05-02", "2022-05-03", "2022-05-04"}, {"2022-05-07"}, 3),
        (CHANGE_2022, "2022-05-02", "2022-05-08", {"2022-05-02", "2022-05-03"}, {"2022-05-07"}, 4),
        (CHANGE_2022, "2022-07-11", "2022-07-15", {"2022-07-11"}, set(), 4),
    ],
)
def test_working_days_are_those_that_are_announced(
    tmp_path: Path, text: str, start: str, end: str, off: set[str], working: set[str], expected: int
) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert read_calendar(tmp_path, text).count_working_days(first, last) == expected
    assert count_dully(first, last, off, working) == expected


def test_a_week_ends_where_the_announcement_says(tmp_path: Path) -> None:
    """1 January 2027 is a Friday."""
    week = combine([read_library()]).last_complete_week(date(2027, 1, 4))
    assert (week.end, week.year_to_date.start) == (date(2027, 1, 1), date(2027, 1, 1))
    week = read_calendar(tmp_path, YEAR_2027).last_complete_week(date(2027, 1, 4))
    assert (week.end, week.year_to_date.start) == (date(2026, 12, 31), date(2026, 1, 1))


def test_of_two_announcements_of_a_day_the_later_one_holds_wherever_it_stands(tmp_path: Path) -> None:
    back = (
        CHANGE_2022.replace("07-15", "07-20").replace("off", "was").replace("working", "off").replace("was", "working")
    )
    for text in (CHANGE_2022 + back, back + CHANGE_2022):
        calendar = read_calendar(tmp_path, text)
        assert [calendar.is_working_day(date(2022, month, day)) for month, day in ((10, 8), (7, 11), (5, 4))] == [
            True, True, False,
        ]  # fmt: skip
        assert calendar == combine([read_library()])


def test_a_year_that_is_announced_here_is_the_one_that_the_library_learns_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = combine([read_library()])
    with monkeypatch.context() as patch:
        end_library(patch, 2021)
        before = combine([read_library()])
        announced = read_calendar(tmp_path, YEAR_2022)
    read_library.cache_clear()
    assert (2022 in before.years, 2022 in announced.years) == (False, True)
    days = [date(2022, 1, 1) + timedelta(days=i) for i in range(365)]
    assert [day for day in days if announced.is_working_day(day) != known.is_working_day(day)] == []
    assert [sum(map(each.is_working_day, days)) for each in (known, before)] == [249, 260]


def test_a_change_of_single_days_announces_no_year(tmp_path: Path) -> None:
    change = CHANGE_2022.replace('"2022-07-11"', '"2027-05-06"')
    assert 2027 not in read_calendar(tmp_path, change).years
    assert 2027 in read_calendar(tmp_path, change + YEAR_2027).years


@pytest.mark.parametrize(
    ("today", "missing"),
    [("2026-10-31", []), ("2026-11-01", [2027]), ("2027-01-01", [2027]), ("2028-11-01", [2027, 2028, 2029])],
)
def test_from_november_on_the_next_year_is_missing(today: str, missing: list[int]) -> None:
    library = combine([read_library()])
    calendar = Calendar(library.exceptions, frozenset(range(2004, 2027)))
    assert calendar.list_unannounced(date.fromisoformat(today)) == missing
    announced = Calendar(calendar.exceptions, calendar.years | {2027})
    assert announced.list_unannounced(date.fromisoformat(today)) == [year for year in missing if year != 2027]


def test_what_is_announced_is_written_as_one_line_and_read_again(tmp_path: Path) -> None:
    announcements = read_announcements(announce(tmp_path, YEAR_2027 + CHANGE_2022))
    line = write_text(announcements)
    assert ("\n" in line, read_text(line)) == (False, announcements)


def test_the_lines_to_add_are_refused_until_they_are_filled_in(tmp_path: Path) -> None:
    lines = say_how_to_announce([2027]).en.partition("\n")[2]
    with pytest.raises(BadInput, match="line 3: announced must be the day of the announcement"):
        read_calendar(tmp_path, lines)
    filled = lines.replace('announced = ""', "announced = 2025-11-04").replace('source = ""', 'source = "虚构的通知"')
    with pytest.raises(BadInput, match=r"off is missing in \[\[announcements\]\]"):
        read_calendar(tmp_path, filled)
    assert read_calendar(tmp_path, filled.replace("off = []", 'off = ["2027-01-01..2027-01-03"]')).years >= {2026, 2027}


HEAD = "[[announcements]]\n"
WHEN = "announced = 2022-07-15\n"
WHOSE = 'source = "虚构的通知"\n'
DAYS = 'off = ["2022-07-11"]\n'
TWICE = (
    "2022-07-11 is said already in [[announcements]] 1. Leave it in one place; what a later announcement changes goes into an "
    "entry with its own day."
)
NO_SOURCE = 'source must be the number or title of the notice in quotation marks, such as "国办发明电〔2025〕7号".'
NOT_YET = "announced must be the day of the announcement, today or before, without quotation marks, such as 2025-11-04."
NO_SECTION = "there is no anouncements in holidays.toml. Did you mean announcements? There can be: [[announcements]]."
RANGES = (
    'a list of days and ranges of up to a month, first day first, such as ["2026-05-01..2026-05-05", "2026-06-19"].'
)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + WHEN + DAYS, 1, 'source is missing in [[announcements]]. Add a line such as source = "国办发明电〔2025〕7号"'),
        (HEAD + WHOSE + DAYS, 1, "announced is missing in [[announcements]]. Add a line such as announced = 2025-11-04"),
        (HEAD + WHEN + WHOSE, 1, 'off is missing in [[announcements]]. Add a line such as off = ["2026-05-01..2026-05-05"]'),
        (HEAD + WHEN + 'source = ""\n' + DAYS, 3, NO_SOURCE),
        (HEAD + WHEN + WHOSE + 'off = ["2022-07-12..2022-07-11"]', 4, f"off must be {RANGES}"),
        (HEAD + WHEN + WHOSE + 'off = ["2022-07-11..2027-07-12"]', 4, f"off must be {RANGES}"),
        (HEAD + WHEN + WHOSE + 'off = ["2022-02-30"]', 4, f"off must be {RANGES}"),
        (HEAD + WHEN + WHOSE + 'off = ["7月11日"]', 4, f"off must be {RANGES}"),
        (HEAD + WHEN + WHOSE + 'off = "2022-07-11"', 4, f"off must be {RANGES}"),
        (HEAD + WHEN + WHOSE + 'off = ["2062-07-11"]', 4, f"off must be {RANGES}"),
        (HEAD + WHEN + WHOSE + DAYS + "year = 2022.5", 5, "year must be a year from 2000 through 2040."),
        (HEAD + WHEN + WHOSE + DAYS + "year = 2023", 4, "no day off is of 2023. Add the days off of that year, or correct the year."),
        (HEAD + WHEN + WHOSE + DAYS + 'woking = ["2022-07-16"]', 5,
         "there is no woking in [[announcements]]. Did you mean working? There can be: year, announced, source, off, working."),
        ("[[anouncements]]\n" + WHEN, 1, NO_SECTION),
        ("\n[announcements]\n" + WHEN, 2, "announcements must be a section of its own: write [[announcements]] in a line, and its keys below."),
        (HEAD + WHEN + WHOSE + 'off = ["2022-07-11",\n"2022-07-10..2022-07-12"]', 5,
         TWICE),
        (HEAD + WHEN + WHOSE + DAYS + HEAD + WHEN + WHOSE + 'working = ["2022-07-11"]', 8,
         TWICE),
        (HEAD + "announced = 2099-01-01\n" + WHOSE + DAYS, 2, NOT_YET),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = announce(tmp_path, text)
    with pytest.raises(BadInput) as refused:
        read_announcements(path)
    assert str(refused.value) == f"{path} line {line}: {said}"
