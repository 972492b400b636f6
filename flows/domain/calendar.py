"""Working days, bulletin weeks, the schedule and the clock, all in Asia/Shanghai."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from flows.domain.cases import Week, Window

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Wall time in Asia/Shanghai, whatever the machine's zone."""
    return datetime.now(SHANGHAI)


_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)
_FRIDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`: holidays and make-up days known, else Monday to Friday.

    Each year's calendar is announced the November before. Other years fall back to Monday to Friday.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.isoweekday() <= _FRIDAY


def count_working_days(start: date, end: date) -> int:
    """Working days from `start` through `end`."""
    return sum(is_working_day(start + _ONE_DAY * i) for i in range((end - start).days + 1))


def list_exceptions() -> list[tuple[date, bool]]:
    """Known holidays on weekdays and make-up days on weekends: the day, and whether offices work."""
    known = sorted({*chinese_calendar.holidays, *chinese_calendar.workdays})
    return [(day, is_working_day(day)) for day in known if is_working_day(day) != (day.isoweekday() <= _FRIDAY)]


def last_working_day(day: date) -> date:
    """`day` itself, or the newest working day before it."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def week_ending(end: date) -> Week:
    """The bulletin week from the Monday before `end` (any day) through `end`."""
    monday = _monday(end)
    return Week(Window(monday, end), _last_working_day_before(monday))


def find_week_end(day: date) -> date | None:
    """The last day of the bulletin week around `day`: its last working day; None in a week wholly of holidays."""
    return _last_working_day(_monday(day))


def last_complete_week(today: date) -> Week:
    """The newest bulletin week whose last working day lies before `today`."""
    monday = _monday(today)
    end = _last_working_day(monday)
    while end is None or end >= today:
        monday -= _ONE_WEEK
        end = _last_working_day(monday)
    return week_ending(end)


def list_weeks(start: date, end: date) -> list[Week]:
    """The bulletin weeks whose last working day lies from `start` through `end`, oldest first."""
    mondays = (_monday(start) + _ONE_WEEK * i for i in range((end - start).days // 7 + 2))
    ends = (_last_working_day(monday) for monday in mondays)
    return [week_ending(last) for last in ends if last and start <= last <= end]


def next_week_end(week_end: date) -> date:
    """The last working day of the next week that has any."""
    monday, end = _monday(week_end), None
    while end is None:
        monday += _ONE_WEEK
        end = _last_working_day(monday)
    return end


def _monday(day: date) -> date:
    return day - _ONE_DAY * (day.isoweekday() - 1)


def _last_working_day(monday: date) -> date | None:
    days = [monday + _ONE_DAY * i for i in range(7)]
    return max(filter(is_working_day, days), default=None)


def _last_working_day_before(monday: date) -> date:
    """The end of the newest bulletin week before `monday`; a week wholly of holidays has no bulletin."""
    end = None
    while end is None:
        monday -= _ONE_WEEK
        end = _last_working_day(monday)
    return end


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def read_schedule(schedule: str) -> tuple[int, int, int]:
    """Weekday (Monday = 1), hour and minute of a schedule such as `Mon 09:00`."""
    name, _, clock = schedule.partition(" ")
    hour, _, minute = clock.partition(":")
    return _DAYS.index(name) + 1, int(hour), int(minute)


def find_next_run(schedule: str, at: datetime) -> datetime:
    """The next time of a schedule, in the zone of `at`."""
    weekday, hour, minute = read_schedule(schedule)
    day = at.date() + timedelta(days=(weekday - at.isoweekday()) % 7)
    found = datetime(day.year, day.month, day.day, hour, minute, tzinfo=at.tzinfo)
    return found if found > at else found + timedelta(days=7)


def find_missing_weeks(written: Collection[date], today: date) -> list[date]:
    """The ends of the complete bulletin weeks since the first written one that have no report, oldest first."""
    if not written:
        return []
    newest = last_complete_week(today).end
    return [week.end for week in list_weeks(min(written), newest) if week.end not in written]
