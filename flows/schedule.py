"""When runs are due: the time of the weekly one, and the weeks that none was made for."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from flows.workdays import last_complete_week, list_weeks

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
