"""The views that analysts ask: their figures are those of the section."""

from datetime import date

from analysts import CASES
from drawing import draw, fold_in_memory

from flows.domain.holidays import PROGRAM_CALENDAR
from flows.engine.protocols import Engine
from flows.warehouse.reference import store_calendar


def ask(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    return list(engine.ask(statement).tuples())


def test_working_days_begin_the_day_after_acceptance_and_pass_over_holidays() -> None:
    """2022: 4 May is the last day of the May holidays, Saturday 7 May makes up for one."""
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        store_calendar(engine, PROGRAM_CALENDAR)
        found = ask(
            engine,
            "select case_no, is_in_scope, working_days, days_ahead, is_on_time from durations order by case_no",
        )
    assert found == [
        ("1", True, 2, 18, True),
        ("2", True, 4, 16, False),
        ("3", False, 0, None, None),
        ("4", True, None, None, None),
        ("6", True, 3, 0, True),
        ("7", True, None, None, None),
    ]


def test_the_calendar_is_the_one_that_weeks_are_told_by() -> None:
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        store_calendar(engine, PROGRAM_CALENDAR)
        days = ask(engine, "select day, is_working_day from calendar order by day")
    assert (days[0][0], days[-1][0]) == (date(2000, 1, 1), date(2040, 12, 31))
    assert [
        day for day, is_working in days if isinstance(day, date) and PROGRAM_CALENDAR.is_working_day(day) != is_working
    ] == []


def test_weeks_and_departments_add_up_to_the_daily_totals() -> None:
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        weeks = ask(
            engine,
            "select week_start, week_ending, sum(accepted), sum(completed) from weekly_counts "
            "where group_key = 'licence' and is_in_scope group by all order by week_start",
        )
        calendar_weeks = ask(
            engine,
            "select week_start, week_end, accepted, completed from calendar_week_counts "
            "where group_key = 'licence' and is_in_scope order by week_start",
        )
        departments = ask(
            engine,
            "select year, department, group_key, sum(accepted), sum(completed), sum(carried_over) from department_counts "
            "where is_in_scope group by all order by year, department, group_key",
        )
    # Saturday 7 May 2022 is the last working day of its week; Sunday counts in the next bulletin, as New Year's weekend does
    assert weeks == [
        (date(2021, 12, 25), date(2021, 12, 31), 1, 0),
        (date(2022, 1, 1), date(2022, 1, 7), 0, 1),
        (date(2022, 4, 25), date(2022, 4, 29), 2, 0),
        (date(2022, 4, 30), date(2022, 5, 7), 0, 1),
        (date(2022, 5, 8), date(2022, 5, 13), 0, 1),
        (date(2022, 7, 16), date(2022, 7, 22), 1, 1),
    ]
    assert calendar_weeks == [
        (date(2021, 12, 27), date(2022, 1, 2), 1, 0),
        (date(2022, 1, 3), date(2022, 1, 9), 0, 1),
        (date(2022, 4, 25), date(2022, 5, 1), 2, 0),
        (date(2022, 5, 2), date(2022, 5, 8), 0, 1),
        (date(2022, 5, 9), date(2022, 5, 15), 0, 1),
        (date(2022, 7, 18), date(2022, 7, 24), 1, 1),
    ]
    assert departments == [
        (2021, "民政厅", "licence", 1, 0, 0),
        (2022, "交通厅", "licence", 2, 2, 0),
        (2022, "民政厅", "licence", 1, 2, 1),
        (2022, "民政厅", "public_service", 1, 0, 0),
    ]


def test_cases_can_be_asked_for_in_chinese() -> None:
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        assert ask(engine, "select 办件编号, 类别, 法定时限, 是否省本级 from 办件 where 办结时间 is null") == [
            ("4", "公共服务", None, True)
        ]
