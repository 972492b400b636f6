"""Rows of departments that do business: on every working day, in some weeks, until an hour."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from drawing import write_csv

from flows.domain.holidays import PROGRAM_CALENDAR

COLUMNS = ("办件编号", "事项类型", "实施编码", "实施主体", "行政区划", "受理时间", "办结时间", "办件类型", "更新时间")
Row = dict[str, str]


def write(rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> str:
    return write_csv(columns, ([row.get(column, "") for column in columns] for row in rows))


def do_business(start: str, end: str, department: str = "甲厅", a_day: int = 20, weekday: int = 0) -> list[Row]:
    """Cases accepted from nine to five on each working day (or on one weekday only), evenly."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    rows = []
    for day in days:
        if PROGRAM_CALENDAR.is_working_day(day) and weekday in (0, day.isoweekday()):
            for i in range(a_day):
                moment = datetime(day.year, day.month, day.day, 9) + timedelta(hours=8) * i / a_day
                rows.append(describe(f"{department}-{day:%Y%m%d}-{i:05}", moment, department))
    return rows


def describe(case_no: str, accepted: datetime, department: str = "甲厅") -> Row:
    return {
        "办件编号": case_no,
        "事项类型": "行政许可",
        "实施主体": department,
        "行政区划": "510000",
        "受理时间": f"{accepted:%Y-%m-%d %H:%M:%S}",
    }


def number(count: int, day: str = "2022-07-04", **changes: str) -> list[Row]:
    """Cases of one day without a clock, which no rule minds."""
    moment = datetime.fromisoformat(day)
    return [{**describe(f"{day}-{i:06}", moment), **changes} for i in range(count)]


def until(rows: Sequence[Row], moment: str) -> list[Row]:
    return [row for row in rows if row["受理时间"] <= moment]


WEEK_A = do_business("2022-07-18", "2022-07-22")
WEEK_B = do_business("2022-07-18", "2022-07-22", "乙厅")
USUAL_B = do_business("2022-04-18", "2022-07-15", "乙厅")
USUAL = write([*do_business("2022-04-18", "2022-07-15"), *USUAL_B])
