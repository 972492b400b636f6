"""What is counted: groups, measures and causes of change, windows and weeks, counts, and from which deliveries they are asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from flows.domain.text import Bilingual, Text

Group = str  # the key of a group, as the source profile names it (docs/method.md §1)
UNCLASSIFIED, OUT_OF_SCOPE = "unclassified", "out_of_scope"
LAST_DELIVERY = 2**31 - 1  # of delivery numbers


class Measure(StrEnum):
    """What is counted of a group, named as the columns are; `zh` is its Chinese name (docs/method.md §2)."""

    ACCEPTED = "accepted", "受理"
    COMPLETED = "completed", "办结"
    CARRIED_OVER = "carried_over", "结转"

    zh: str

    def __new__(cls, key: str, zh: str = "") -> Self:  # defaults: `Measure(key)` is a look-up
        measure = str.__new__(cls, key)
        measure._value_, measure.zh = key, zh
        return measure


PRINTED = (Measure.ACCEPTED, Measure.COMPLETED)  # in the paragraph


class Cause(StrEnum):
    """Why a year-to-date changed, in the order of the reports; `zh` is the short name, `words` are for the terminal."""

    NEW = "new", "新增", "新增", "new"
    LATE = "late", "补报", "补报：上期末以前的，本期才报来", "late: of earlier weeks, reported only now"
    CORRECTED = "corrected", "更正时间", "更正时间", "times corrected"
    RESTORED = "restored", "恢复", "作废后恢复", "no longer void"
    RETYPED = "retyped", "改事项类型", "改事项类型", "type changed"
    MOVED = "moved", "改行政区划", "改行政区划", "area changed"
    VOIDED = "voided", "作废", "作废", "voided"
    WITHDRAWN = "withdrawn", "批次撤回", "批次撤回", "delivery withdrawn"
    RULES = "rules", "口径变化", "口径变化", "classification of the profile changed"

    zh: str
    words: Text

    def __new__(cls, key: str, zh: str = "", words_zh: str = "", words_en: str = "") -> Self:  # as above
        cause = str.__new__(cls, key)
        cause._value_, cause.zh, cause.words = key, zh, Bilingual(words_zh, words_en)
        return cause


# What may lower a year-to-date.
CORRECTIONS = frozenset(Cause) - {Cause.NEW, Cause.LATE, Cause.RESTORED}
_ONE_WAY = {Cause.NEW, Cause.LATE, Cause.RESTORED, Cause.VOIDED}


def say_causes(causes: Iterable[tuple[Cause, int]], measure: Measure) -> str:
    """What changed a figure, in Chinese: what moved it the way it went, then in brackets what moved it the other way, such as
    因更正办结时间减少 1 件（补报 3 件）. Which way is said of that, too, where a cause has two.
    """
    found = [(cause, cases) for cause, cases in causes if cases]
    is_fall = sum(cases for _, cases in found) < 0
    along = [_say_cause(*each, measure) for each in found if (each[1] < 0) == is_fall]
    against = [_say_cause(*each, measure, is_short=True) for each in found if (each[1] < 0) != is_fall]
    return (f"因{'、'.join(along)}" if along else "") + (f"（{'、'.join(against)}）" if against else "")


def _say_cause(cause: Cause, cases: int, measure: Measure, *, is_short: bool = False) -> str:
    name = f"更正{measure.zh}时间" if cause is Cause.CORRECTED else cause.zh
    way = "" if is_short and cause in _ONE_WAY else "减少" if cases < 0 else "增加"
    return f"{name}{way} {abs(cases)} 件"


def cut_off_of(delivery_id: str) -> date:
    """The cut-off of a delivery, which its name begins with: `2022-07-22`, `2022-07-22-2`."""
    return date.fromisoformat(delivery_id[:10])


@dataclass(frozen=True)
class Window:
    """Days from `start` through `end`, both inclusive, Asia/Shanghai wall time."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Week:
    """One bulletin week: Monday through its last working day, or through the day a user named.

    `previous_end` is the last day of the bulletin week before.
    """

    window: Window
    previous_end: date

    @property
    def end(self) -> date:
        return self.window.end

    @property
    def year_to_date(self) -> Window:
        return Window(date(self.end.year, 1, 1), self.end)

    @property
    def since_previous(self) -> Window:
        """The days the year-to-date grew by, corrections apart; it restarts each 1 January."""
        return Window(max(self.previous_end + timedelta(days=1), self.year_to_date.start), self.end)


@dataclass(frozen=True)
class Counts:
    """Cases; `carried_over` are those of `completed` that were accepted in an earlier year."""

    accepted: int = 0
    completed: int = 0
    carried_over: int = 0


@dataclass(frozen=True)
class Question:
    """Which deliveries a figure is counted from: cut-offs through `as_of`, and of those the files received by `known_on`."""

    as_of: date = date.max
    known_on: date | None = None


EVERYTHING = Question()
