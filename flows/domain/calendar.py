"""Working days, bulletin weeks, the schedule and the clock, all in Asia/Shanghai."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.domain.cases import Week, Window

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Wall time in Asia/Shanghai, whatever the machine's zone."""
    return datetime.now(SHANGHAI)


_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)
_FRIDAY, _NOVEMBER = 5, 11


@dataclass(frozen=True)
class Calendar:
    """The working calendar, as far as it is announced: when offices work, and where bulletin weeks end.

    `exceptions` are days off from Monday to Friday (False) and make-up days at weekends (True); `years` are those whose days off
    are announced. In other years offices work Monday to Friday, for all that is known.
    """

    exceptions: Mapping[date, bool]
    years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        return self.exceptions.get(day, day.isoweekday() <= _FRIDAY)

    def count_working_days(self, start: date, end: date) -> int:
        """Working days from `start` through `end`."""
        return sum(self.is_working_day(start + _ONE_DAY * i) for i in range((end - start).days + 1))

    def list_unannounced(self, today: date) -> list[int]:
        """The years that should be announced on `today` and are not: each of the past and its own, from November on the next."""
        last = today.year + (today.month >= _NOVEMBER)
        return [year for year in range(min(self.years, default=last), last + 1) if year not in self.years]

    def last_working_day(self, day: date) -> date:
        """`day` itself, or the newest working day before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def week_ending(self, end: date) -> Week:
        """The bulletin week from the Monday before `end` (any day) through `end`."""
        monday = _monday(end)
        return Week(Window(monday, end), self._last_working_day_before(monday))

    def find_week_end(self, day: date) -> date | None:
        """The last day of the bulletin week around `day`: its last working day; None in a week wholly of holidays."""
        return self._last_working_day(_monday(day))

    def last_complete_week(self, today: date) -> Week:
        """The newest bulletin week whose last working day lies before `today`."""
        monday = _monday(today)
        end = self._last_working_day(monday)
        while end is None or end >= today:
            monday -= _ONE_WEEK
            end = self._last_working_day(monday)
        return self.week_ending(end)

    def list_weeks(self, start: date, end: date) -> list[Week]:
        """The bulletin weeks whose last working day lies from `start` through `end`, oldest first."""
        mondays = (_monday(start) + _ONE_WEEK * i for i in range((end - start).days // 7 + 2))
        ends = (self._last_working_day(monday) for monday in mondays)
        return [self.week_ending(last) for last in ends if last and start <= last <= end]

    def next_week_end(self, week_end: date) -> date:
        """The last working day of the next week that has any."""
        monday, end = _monday(week_end), None
        while end is None:
            monday += _ONE_WEEK
            end = self._last_working_day(monday)
        return end

    def find_missing_weeks(self, written: Collection[date], today: date) -> list[date]:
        """The ends of the complete bulletin weeks since the first written one that have no report, oldest first."""
        if not written:
            return []
        newest = self.last_complete_week(today).end
        return [week.end for week in self.list_weeks(min(written), newest) if week.end not in written]

    def _last_working_day(self, monday: date) -> date | None:
        days = [monday + _ONE_DAY * i for i in range(7)]
        return max(filter(self.is_working_day, days), default=None)

    def _last_working_day_before(self, monday: date) -> date:
        """The end of the newest bulletin week before `monday`; a week wholly of holidays has no bulletin."""
        end = None
        while end is None:
            monday -= _ONE_WEEK
            end = self._last_working_day(monday)
        return end


def _monday(day: date) -> date:
    return day - _ONE_DAY * (day.isoweekday() - 1)


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
