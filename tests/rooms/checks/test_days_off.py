"""The check days_off_announced: which figures use working days of a year that nobody has announced."""

import pytest
from drawing import draw, fold_in_memory

from flows.checks.judge import list_departments
from flows.domain.calendar import Calendar
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.profile import load_profile
from flows.warehouse.reference import store_calendar, store_tolerances

HANDLED = "case | type | accepted | due | completed\n"


def find_unannounced(table: str, cut_off: str, *years: int) -> list[str]:
    """What the check finds where these years are not announced."""
    with fold_in_memory({cut_off: draw(table)}) as engine:
        store_calendar(engine, Calendar(PROGRAM_CALENDAR.exceptions, PROGRAM_CALENDAR.years - {*years}))
        store_tolerances(engine, load_profile("sichuan"))
        list_departments(engine)  # makes the table of the newest week
        return [row["place"] for row in engine.read("rules/frames/years").dicts() if row["is_used"]]


@pytest.mark.parametrize(
    ("accepted", "completed", "expected"),
    [
        ("2021-12-30", "2022-01-04", ["2021"]),  # 31 December is one of its working days
        ("2021-12-31", "2022-01-04", []),  # the day after acceptance is the first
        ("2020-12-31", "2021-01-04", ["2021"]),
        ("2020-12-30", "2020-12-31", []),
        ("2020-12-30", "2022-01-04", ["2021"]),  # the whole year lies between
        ("2021-03-01", "2021-03-01", []),  # no day counts of what is completed as it is accepted
        ("2021-03-02", "2021-03-01", []),  # completed before it was accepted: not measured
        ("2021-03-01", "", []),  # open: no handling time yet
        ("", "2021-03-01", []),
    ],
)
def test_a_handling_time_uses_the_days_after_acceptance_through_completion(
    accepted: str, completed: str, expected: list[str]
) -> None:
    table = f"{HANDLED}1 | 行政许可 | {accepted} | | {completed}"
    assert find_unannounced(table, "2022-07-22", 2021) == expected


@pytest.mark.parametrize(
    ("cut_off", "expected"),
    [
        ("2021-12-31", []),
        ("2022-01-02", ["2022"]),  # the Sunday of the week that ended on 31 December: was 1 January a working day?
        ("2022-07-22", ["2022"]),
    ],
)
def test_the_newest_week_uses_its_days_through_the_cut_off(cut_off: str, expected: list[str]) -> None:
    assert find_unannounced(f"{HANDLED}1 | 行政许可 | 2021-12-01 | |", cut_off, 2022) == expected


def test_a_promised_day_of_a_later_year_is_no_figure_yet() -> None:
    assert find_unannounced(f"{HANDLED}1 | 行政许可 | 2022-07-01 | 2023-03-01 | 2022-07-04", "2022-07-22", 2023) == []


def test_years_before_the_first_that_is_known_are_old_and_no_oversight() -> None:
    table = f"{HANDLED}1 | 行政许可 | 2003-03-01 | | 2003-03-05"
    assert find_unannounced(table, "2022-07-22") == []
