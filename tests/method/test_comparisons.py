"""What may be compared: only what is complete, by one rule for 同比, 环比, factors and z-scores."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from business import describe, do_business, write
from drawing import fold_in_memory

from flows.checks.judge import list_weeks
from flows.domain.cases import Counts
from flows.domain.figures import Statistics
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.engine.protocols import Engine
from flows.figures import section
from flows.report.tables import list_tables
from flows.root.project import Project

WEEK = PROGRAM_CALENDAR.week_ending(date(2022, 7, 22))
LAST_YEAR = do_business("2021-01-04", "2021-07-23", a_day=5)
THIS_YEAR = do_business("2022-01-04", "2022-07-22", a_day=6)
# Accepted last year and completed this one: what an export of this year tells of last year.
CARRIED_OVER = [
    {**row, "办件编号": f"旧-{row['办件编号']}", "办结时间": "2022-02-01"}
    for row in do_business("2021-07-01", "2021-07-23", a_day=8)
]


@contextmanager
def fold(files: Mapping[str, str]) -> Iterator[Engine]:
    with fold_in_memory(files) as engine:
        list_weeks(engine, WEEK)
        yield engine


def compute(files: Mapping[str, str]) -> Statistics:
    with fold(files) as engine:
        return section.compute_figures(engine, Project(Path()).profile, WEEK)


def list_factors(files: Mapping[str, str]) -> dict[str, float | None]:
    with fold(files) as engine:
        rows = engine.read("rules/frames/weeks").dicts()
    return {row["place"].rsplit(" ", 1)[0]: row["year_on_year_factor"] for row in rows}


def test_a_year_that_only_carried_over_cases_tell_of_is_compared_with_nothing() -> None:
    """Neither in the table nor by a warning: 184 cases against 136 of the same days would have been a factor."""
    files = {"2022-07-22": write([*THIS_YEAR, *CARRIED_OVER])}
    licence = compute(files).groups[0]
    assert (licence.year_on_year, licence.week_on_week is not None) == (None, True)
    assert list_factors(files)["行政许可 受理"] is None


def test_two_complete_years_are_compared() -> None:
    """138 working days of 2021 through 22 July with five cases each, against 138 of 2022 with six."""
    files = {"2021-07-23": write(LAST_YEAR), "2022-07-22": write(THIS_YEAR)}
    compared = compute(files).groups[0].year_on_year
    assert compared and (compared.now, compared.earlier, compared.left_out) == (Counts(828), Counts(690), ())
    assert list_factors(files)["行政许可 受理"] is None  # fewer than a hundred cases last year


def test_a_department_that_began_to_deliver_is_left_out_of_what_it_is_not_complete_in_and_named() -> None:
    began = do_business("2022-05-09", "2022-07-22", "乙厅", a_day=9)
    figures = compute({"2021-07-23": write(LAST_YEAR), "2022-07-22": write([*THIS_YEAR, *began])})
    year, week = figures.groups[0].year_on_year, figures.groups[0].week_on_week
    assert year and (year.now, year.left_out) == (Counts(828), ("乙厅",))
    assert week and (week.now, week.left_out) == (Counts(75), ())
    (table,) = (table for table in list_tables(figures) if table.title == "同比和环比")
    assert table.note.endswith("同比未列入：乙厅。")


def test_a_week_before_the_data_began_is_compared_with_nothing() -> None:
    began = compute({"2022-07-22": write(do_business("2022-07-18", "2022-07-22"))})
    assert began.groups[0].week_on_week is None
    assert [week.end for week in began.weeks] == [WEEK.end]
    one_week_later = compute({"2022-07-22": write(do_business("2022-07-11", "2022-07-22"))}).groups[0].week_on_week
    assert one_week_later and one_week_later.earlier == Counts(100)


def test_coverage_says_from_when_the_source_and_each_department_are_complete_in_each_year() -> None:
    """A rare case may be missing for a year by chance; nine a day may not (Saturday 7 May 2022 was a working day).

    Between the last cut-off of 2021 and the first of 2022 lie months."""
    rare = [describe("丙-1", datetime(2022, 6, 1, 12), "丙厅")]
    began = do_business("2022-05-09", "2022-07-22", "乙厅", a_day=9)
    with fold({"2021-07-23": write(LAST_YEAR), "2022-07-22": write([*THIS_YEAR, *began, *rare])}) as engine:
        rows = engine.ask(
            "select part, department, year, complete_from, complete_through from coverage order by part, department, year"
        ).tuples()
        assert [tuple(map(str, row)) for row in rows] == [
            ("department", "丙厅", "2021", "2021-01-01", "2021-07-23"),
            ("department", "丙厅", "2022", "2022-01-01", "2022-07-22"),
            ("department", "乙厅", "2022", "2022-05-08", "2022-07-22"),
            ("department", "甲厅", "2021", "2021-01-01", "2021-07-23"),
            ("department", "甲厅", "2022", "2022-01-01", "2022-07-22"),
            ("source", "None", "2021", "2021-01-01", "2021-07-23"),
            ("source", "None", "2022", "2022-01-01", "2022-07-22"),
        ]


def test_cut_offs_that_follow_one_another_leave_nothing_out_at_the_turn_of_the_year() -> None:
    december, january = do_business("2021-12-01", "2021-12-24"), do_business("2021-12-27", "2022-01-07")
    with fold({"2021-12-24": write(december), "2022-01-07": write(january)}) as engine:
        spells = engine.ask("select complete_from, complete_through from covered_spells where part = 'source'").tuples()
        assert list(spells) == [(date(2021, 12, 1), date(2022, 1, 7))]
