"""What is announced of days off: the library's years, and holidays.toml of a root with what it adds or overrides."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar

from flows.domain.calendar import Calendar, now
from flows.domain.text import BadInput, Lines, Text
from flows.domain.toml_form import NAME, Form, Kind, read_toml, say_missing, say_no_section, say_unknown

FILE = "holidays.toml"
_SECTION = "announcements"
_HEAD = f"[[{_SECTION}]]"
_YEARS = range(2000, 2041)  # those of sql/public/calendar
_MOST_DAYS = 31  # no holiday is longer: a range that is has a year mistyped
_FRIDAY = 5


@dataclass(frozen=True)
class Announcement:
    """What was announced on one day: days off, make-up days (`working`), and the `years` whose days off it settles."""

    announced: date
    source: str
    years: tuple[int, ...]
    off: tuple[date, ...]
    working: tuple[date, ...]


def combine(announcements: Iterable[Announcement]) -> Calendar:
    """The calendar that follows; of two that speak of a day the later one holds."""
    days: dict[date, bool] = {}
    years: set[int] = set()
    for each in sorted(announcements, key=lambda announcement: announcement.announced):
        days |= {**dict.fromkeys(each.off, False), **dict.fromkeys(each.working, True)}
        years |= {*each.years}
    exceptions = {day: works for day, works in sorted(days.items()) if works != (day.isoweekday() <= _FRIDAY)}
    return Calendar(exceptions, frozenset(years))


@cache
def read_library() -> Announcement:
    """All that the package chinesecalendar knows, as one announcement before all others."""
    off, working = sorted(chinese_calendar.holidays), sorted(chinese_calendar.workdays)
    years = range(off[0].year, off[-1].year + 1)
    return Announcement(date.min, "chinesecalendar", tuple(years), tuple(off), tuple(working))


def read_announcements(path: Path) -> tuple[Announcement, ...]:
    """Those of the library and, if the file is there, those of it.

    Raises:
        BadInput: something in the file is unknown, missing, of the wrong kind or said twice.
    """
    if not path.is_file():
        return (read_library(),)
    return (read_library(), *_Form(path, *read_toml(path, path.read_bytes())).read())


def write_text(announcements: Iterable[Announcement]) -> str:
    """One line of JSON, the same for the same announcements."""
    return json.dumps([vars(each) for each in announcements], default=str, ensure_ascii=False, separators=(",", ":"))


def read_text(text: str) -> tuple[Announcement, ...]:
    """What write_text wrote.

    Raises:
        ValueError, TypeError, KeyError: it is not that.
    """
    return tuple(
        Announcement(
            date.fromisoformat(each["announced"]),
            each["source"],
            tuple(each["years"]),
            tuple(map(date.fromisoformat, each["off"])),
            tuple(map(date.fromisoformat, each["working"])),
        )
        for each in json.loads(text)
    )


def say_how_to_announce(years: Iterable[int]) -> Text:
    """The lines to add to holidays.toml; what the notice says goes between the marks, and none may stay empty but `working`."""
    entries = (
        Text(
            "[[announcements]]\n"
            "year = {year}\n"
            'announced = ""  # the day of the notice, without marks: {before}-11-04\n'
            'source = ""  # its number: 国办发明电〔{before}〕…号\n'
            'off = []  # "{year}-01-01..{year}-01-03", "{year}-10-01..{year}-10-07", …\n'
            'working = []  # make-up days at weekends: "{year}-10-09", …',
            year=year,
            before=year - 1,
        )
        for year in years
    )
    return Lines((Text("Add what the notice of the State Council says to {file} in the root:", file=FILE), *entries))


def _read_range(value: Any) -> tuple[date, ...]:
    """A day or a range; empty if it is neither, backwards or longer than a month."""
    first, _, last = str(value).partition("..")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return ()
    if len(first) != len("2027-01-01") or not {start.year, end.year} <= {*_YEARS}:
        return ()
    return tuple(start + timedelta(days=i) for i in range((end - start).days + 1)[: _MOST_DAYS + 1])


DAYS = Kind(
    Text(
        'a list of days and ranges of up to a month, first day first, such as ["2026-05-01..2026-05-05", "2026-06-19"]'
    ),
    lambda value: isinstance(value, list) and all(0 < len(_read_range(each)) <= _MOST_DAYS for each in value),
)
DAY = Kind(
    Text("the day of the announcement, today or before, without quotation marks, such as 2025-11-04"),
    lambda value: type(value) is date and value <= now().date(),
)
YEAR = Kind(
    Text("a year from {first} through {last}", first=_YEARS[0], last=_YEARS[-1]),
    lambda value: type(value) is int and value in _YEARS,
)
SOURCE = Kind(Text('the number or title of the notice in quotation marks, such as "国办发明电〔2025〕7号"'), NAME.fits)
KINDS: Mapping[str, Kind] = {"year": YEAR, "announced": DAY, "source": SOURCE, "off": DAYS, "working": DAYS}
_EXAMPLES = {
    "announced": "announced = 2025-11-04",
    "source": 'source = "国办发明电〔2025〕7号"',
    "off": 'off = ["2026-05-01..2026-05-05"]',
}


class _Form(Form):
    """holidays.toml."""

    def read(self) -> Iterator[Announcement]:
        for name in self.sections:
            if name != _SECTION:
                raise say_unknown(self.place(name), name, FILE, (_HEAD,), (_SECTION,))
        entries = self.sections.get(_SECTION, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise say_no_section(self.place(_SECTION), _SECTION, _HEAD)
        known: dict[tuple[date, date], int] = {}
        for number, entry in enumerate(entries):
            self._check(number, entry)
            yield self._read(number, entry, known)

    def _check(self, number: int, entry: Mapping[str, Any]) -> None:
        for key, value in entry.items():
            self.refuse_unfit(_SECTION, key, value, _HEAD, KINDS, number)
        for key in ("announced", "source", *(["off"] if "year" in entry or not entry.get("working") else [])):
            if not entry.get(key):
                raise say_missing(self.place(_SECTION, key, number=number), key, _HEAD, _EXAMPLES[key])

    def _read(self, number: int, entry: Mapping[str, Any], known: dict[tuple[date, date], int]) -> Announcement:
        """`known`: day and day of announcement → the number of the entry that has them."""
        days: dict[str, list[date]] = {"off": [], "working": []}
        for key, found in days.items():
            for value in entry.get(key, []):
                for day in _read_range(value):
                    if (day, entry["announced"]) in known:
                        self._refuse_twice(number, key, str(value), day, known[day, entry["announced"]])
                    known[day, entry["announced"]] = number
                    found.append(day)
        years = (entry["year"],) if "year" in entry else ()
        if years and entry["year"] not in {day.year for day in days["off"]}:
            raise BadInput(
                "{place}: no day off is of {year}. Add the days off of that year, or correct the year.",
                place=self.place(_SECTION, "off", number=number),
                year=entry["year"],
            )
        return Announcement(entry["announced"], entry["source"], years, tuple(days["off"]), tuple(days["working"]))

    def _refuse_twice(self, number: int, key: str, value: str, day: date, other: int) -> None:
        raise BadInput(
            "{place}: {day} is said already in {head} {other}. Leave it in one place; what a later announcement changes goes into an "
            "entry with its own day.",
            place=self.place(_SECTION, key, value, number),
            day=day,
            head=_HEAD,
            other=other + 1,
        )


PROGRAM_CALENDAR = combine((read_library(),))
