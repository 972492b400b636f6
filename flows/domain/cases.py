"""What is counted: groups and measures, windows and weeks, counts, and from which deliveries they are asked."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Group(StrEnum):
    """The three groups of the published paragraph, in its order (docs/method.md §1)."""

    LICENCE = "licence"
    PUBLIC_SERVICE = "public_service"
    OTHER_POWER = "other_power"


UNCLASSIFIED, OUT_OF_SCOPE = "unclassified", "out_of_scope"
MEASURES = {"accepted": "受理", "completed": "办结", "carried_over": "结转"}


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
        """What the year-to-date grew by, corrections apart: it starts anew each 1 January."""
        return Window(max(self.previous_end + timedelta(days=1), self.year_to_date.start), self.end)


@dataclass(frozen=True)
class Counts:
    """Cases; `carried_over` are those of `completed` whose acceptance lies in an earlier year."""

    accepted: int = 0
    completed: int = 0
    carried_over: int = 0


@dataclass(frozen=True)
class Question:
    """From which deliveries a figure is asked: those with a cut-off through `as_of`, of the files received by `known_on`."""

    as_of: date = date.max
    known_on: date | None = None


EVERYTHING = Question()
