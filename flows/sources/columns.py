"""What the columns of a previewed table hold: numbers that tell cases apart, times, times of day, few kinds."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from unicodedata import normalize
from zoneinfo import ZoneInfo

from flows.sources.cells import is_clock

_FULL = 0.98  # of the rows: a column without a gap, but for a torn row
_ENOUGH = 0.9  # of the values that are there
_NEARLY = 0.95  # of the values that are there: all different, but for cases that stand in several rows; a check stops more of them
_MOST_VALUES = 200  # of a column of types or departments
_MOST_SHARE = 0.5  # of the rows: more values than this are texts, not types
_LONGEST_NUMBER = 40  # characters; a longer text is a sentence or an address
_EXAMPLES = 3
_EARLIEST, _LATEST = 1950, 2100
_SECONDS = (631152000, 2208988800)  # since 1970: 1990 through 2039
_NOTHING = frozenset(("-", "--", "—", "/", "\\n", "null", "(null)", "none", "nan", "nat", "n/a", "na", "无"))
_TIME_WORDS = ("date", "time", "timestamp", "epoch", "at", "dt", "ts", "fecha", "datum", "时间", "时刻", "日期", "時間")
_DAY = (
    r"(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?",
    r"(?P<first>[0-9]{1,2})[-/.](?P<second>[0-9]{1,2})[-/.](?P<y>[0-9]{4}|[0-9]{2})",
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
    r"(?P<d>[0-9]{1,2})[- ](?P<name>[A-Za-z]{3,9})[-, ]+(?P<y>[0-9]{4}|[0-9]{2})",
    r"(?:[A-Za-z]{3,9},? )?(?P<name>[A-Za-z]{3,9}) (?P<d>[0-9]{1,2}),? (?P<y>[0-9]{4})",
)
_CLOCK = (
    r"(?P<clock>[T ,]*(?:[上下]午 ?)?[0-9]{1,2}[:.时][0-9]{1,2}(?:[:.分][0-9]{1,2}(?:[.,][0-9]+)?秒?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?P<offset> ?(?:Z|UTC|[+-][0-9]{2}:?(?:[0-9]{2})?))?)?"
)
_TIMES = tuple(re.compile(f"{day}{_CLOCK}") for day in _DAY)
_MIDNIGHT = re.compile(r"[T ,]*(0?0:00(:00([.,]0+)?)?|12:00(:00)? ?[Aa][Mm])? ?(Z|UTC|[+-][0-9:]+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = "〇○零一二三四五六七八九"
_TENS = {"年十": "年一十", "月十": "月一十", "十月": "〇月", "十日": "〇日", "十号": "〇号", "十": ""}
# Zones in which most public files are written; of those that fit the offsets of a file the first one is taken.
_ZONES = (
    *("UTC", "Asia/Shanghai", "Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata", "Europe/London", "Europe/Paris", "Europe/Athens"),
    *("Europe/Moscow", "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Halifax", "America/Sao_Paulo", "Australia/Sydney", "Australia/Brisbane", "Pacific/Auckland"),
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a table that was looked at: its values by row, '' where there is none; 1/2/2022 is read as the table has it."""

    header: str
    values: tuple[str, ...]
    is_day_first: bool = False

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The Latin words of its header in small letters without accents, as its marks and capitals part them."""
        plain = "".join(letter for letter in normalize("NFKD", self.header) if letter.isascii())
        return tuple(re.findall("[a-z]+", re.sub("([a-z])([A-Z])", r"\1 \2", plain).lower()))

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(value for value in self.values if value)

    @property
    def filled(self) -> float:
        return self.counts.total() / len(self.values) if self.values else 0.0

    @property
    def is_full(self) -> bool:
        return self.filled >= _FULL

    @property
    def distinct(self) -> float:
        """The share of its values that differ."""
        return len(self.counts) / self.counts.total() if self.counts else 0.0

    @property
    def is_key(self) -> bool:
        """Full and unique."""
        return self.is_full and self.distinct == 1

    @property
    def is_nearly_key(self) -> bool:
        """Full, and unique but for cases that stand in several rows."""
        return self.is_full and self.distinct >= _NEARLY

    @cached_property
    def is_number(self) -> bool:
        """Its values hold digits and are short: such as numbers of cases, no texts and no coordinates."""
        looked = list(self.counts)[:1000]
        fitting = sum(
            any(map(str.isdigit, value))
            and len(value) <= _LONGEST_NUMBER
            and not re.fullmatch(r"-?\d+[.,]\d{3,}", value)
            for value in looked
        )
        return bool(looked) and fitting >= _ENOUGH * len(looked)

    @property
    def is_counter(self) -> bool:
        """Its values are 0, 1, 2, … down the rows: a number of the row, not of the case."""
        numbers = [int(value) for value in self.values if value.isdecimal()]
        steps = sum(other - one == 1 for one, other in pairwise(numbers))
        return len(numbers) == len(self.values) and numbers[:1] in ([0], [1]) and steps == len(numbers) - 1

    @cached_property
    def _time_of(self) -> dict[str, datetime | None]:
        may_count = any(word in (self.words if word.isascii() else self.header) for word in _TIME_WORDS)
        return {
            value: _read_time(value, is_day_first=self.is_day_first) or (_read_count(value) if may_count else None)
            for value in self.counts
        }

    @cached_property
    def times(self) -> tuple[datetime | None, ...]:
        """Its values as far as they are times, to the day."""
        return tuple(self._time_of.get(value) for value in self.values)

    @cached_property
    def is_time(self) -> bool:
        read = sum(count for value, count in self.counts.items() if self._time_of[value])
        return read > 0 and read >= _ENOUGH * self.counts.total()

    @cached_property
    def is_clock(self) -> bool:
        """Its values are times of day without a day."""
        return bool(self.counts) and all(map(is_clock, self.counts))

    @cached_property
    def has_clock(self) -> bool:
        """Whether some of its times tell a time of day."""
        found = (match for value in self.counts for pattern in _TIMES if (match := pattern.fullmatch(value)))
        return any(not _MIDNIGHT.fullmatch(match["clock"] or "") for match in found)

    @property
    def is_counted(self) -> bool:
        """Whether its times are seconds, or parts of them, since 1970."""
        return self.is_time and any(_read_count(value) for value in self.counts)

    @property
    def is_kind(self) -> bool:
        """Few values, each of many rows: such as types, departments, states."""
        distinct = len(self.counts)
        few = max(12, _MOST_SHARE * self.counts.total())
        return self.filled >= _MOST_SHARE and not self.is_time and 0 < distinct <= min(_MOST_VALUES, few)

    @property
    def is_named(self) -> bool:
        """Whether its values are names: they hold letters, as those of departments do, and not only codes."""
        return sum(any(map(str.isalpha, value)) for value in self.counts) >= _ENOUGH * len(self.counts)

    def list_examples(self, *, is_masked: bool) -> list[str]:
        """Its commonest values; what is no time may be of persons, and is masked."""
        shown = [value for value, _ in self.counts.most_common(_EXAMPLES)]
        return list(dict.fromkeys(map(mask, shown))) if is_masked and not self.is_time else shown

    def precedes(self, other: "Column") -> bool:
        """Whether its times lie before those of the other, but for a few; days are compared, since one may have no time of day."""
        pairs = [(one, two) for one, two in zip(self.times, other.times, strict=True) if one and two]
        return bool(pairs) and sum(one <= two for one, two in pairs) >= _ENOUGH * len(pairs)

    def list_offsets(self) -> Iterator[tuple[datetime, str]]:
        """Of its times that carry an offset from UTC the time and the offset."""
        for value in self.counts:
            found = next((match for pattern in _TIMES if (match := pattern.fullmatch(value))), None)
            if found and (offset := (found["offset"] or "").strip()) and (time := self._time_of[value]):
                yield time, offset


def mask(text: str) -> str:
    """The shape of a text: digits as 9, Latin letters as x, other ones as 某."""
    return "".join(
        "9"
        if letter.isdigit()
        else "x"
        if letter.isascii() and letter.isalpha()
        else "某"
        if letter.isalpha()
        else letter
        for letter in text[:40]
    )


def clean(text: str) -> str:
    """A cell without blanks around it; '' where it is a word for nothing (as sql/functions/is_nothing)."""
    return "" if (bare := text.strip()).lower() in _NOTHING else bare


def read_order(texts: Iterable[str]) -> str:
    """How days written as 1/2/2022 are meant: `day` or `month` first, '' where none is written so.

    Those that can be meant in one way only tell it. Where all can be either, they are days of as few months as possible, since an
    export holds neighbouring days; if that does not tell either, month is first, as where most such exports come from. The profile
    says so in a line of its own.
    """
    found = [match for text in texts if (match := _TIMES[1].fullmatch(text.strip()))]
    above = [any(int(match[part]) > 12 for match in found) for part in ("first", "second")]
    months = [len({(match["y"], int(match[part])) for match in found}) for part in ("second", "first")]
    is_day = above[0] and not above[1] if any(above) else months[0] < months[1]
    return "day" if is_day else "month" if found else ""


def find_zone(columns: Iterable[Column]) -> str:
    """The time zone in which times with an offset are written, so that they are counted on the day that they say; '' if none fits or has one."""
    told = [(time, _read_offset(offset)) for column in columns for time, offset in column.list_offsets()]

    def count_fitting(zone: str) -> int:
        return sum(time.replace(tzinfo=ZoneInfo(zone)).utcoffset() == offset for time, offset in told)

    # not all: on the days of a change only the hours tell
    return next((zone for zone in _ZONES if count_fitting(zone) >= _ENOUGH * len(told)), "") if told else ""


def _read_offset(text: str) -> timedelta:
    digits = re.sub("[^0-9]", "", text).ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:4])
    return timedelta(minutes=-minutes if text.startswith("-") else minutes)


def _read_time(text: str, *, is_day_first: bool) -> datetime | None:
    """A day as exports write it, to the day."""
    text = _write_digits(text) if text[:1] in _NUMERALS else text
    for pattern in _TIMES:
        if not (found := pattern.fullmatch(text)):
            continue
        parts = {"m": None, "d": None, "first": None, "second": None, "name": None, **found.groupdict()}
        year = int(parts["y"] or 0) + (2000 if len(parts["y"] or "") == 2 else 0)
        if parts["name"]:
            month = parts["name"][:3].lower()
            month_no, day = (_MONTHS.index(month) + 1 if month in _MONTHS else 0), int(parts["d"] or 0)
        elif parts["first"]:
            one, other = int(parts["first"]), int(parts["second"] or 0)
            month_no, day = (other, one) if is_day_first else (one, other)
        else:
            month_no, day = int(parts["m"] or 0), int(parts["d"] or 0)
        if _EARLIEST <= year < _LATEST and 1 <= month_no <= 12 and 1 <= day <= 31:
            return datetime(year, month_no, min(day, 28))
    return None


def _write_digits(text: str) -> str:
    """A day in Chinese numerals in digits (as sql/functions/arabic_day)."""
    for numeral, written in _TENS.items():
        text = text.replace(numeral, written)
    return text.translate(str.maketrans(_NUMERALS, "000123456789"))


def _read_count(text: str) -> datetime | None:
    """A day written as seconds since 1970, or as thousandths, millionths or milliardths of them."""
    if not (text.isdecimal() and len(text) in (10, 13, 16, 19)) or not _SECONDS[0] <= int(text[:10]) < _SECONDS[1]:
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC).replace(hour=0, minute=0, second=0, tzinfo=None)
