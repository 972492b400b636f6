"""Cases per day as inline SVG: accepted rises above the zero line, completed hangs below it, on one scale.

Direction, not colour, tells the two apart; colours come from the page's style sheet.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from flows.bulletin.wording import fill
from flows.vocabulary import Counts, DailyCounts, Group, Window

WIDTH, HEIGHT = 360, 204
LEFT, RIGHT = 50, 352
TOP, BOTTOM = 24, 182
ZERO = (TOP + BOTTOM) / 2
ROOM_FOR_MONTH = 14


@dataclass(frozen=True)
class Series:
    """One measure: its area, and its largest day (the first, if several)."""

    name: str
    path: str
    peak: int
    peak_on: date
    x: float
    y: float
    anchor: str


@dataclass(frozen=True)
class Month:
    x: float
    label: str


def draw_trend(group: Group, label: str, window: Window, daily: Iterable[DailyCounts]) -> str:
    """An `<svg>` of the group's cases per day of the window; a day without a row is zero."""
    known = {row.day: row.counts for row in daily if row.group is group}
    days = list(_days(window))
    counts = [known.get(day, Counts()) for day in days]
    accepted = [each.accepted for each in counts]
    completed = [each.completed for each in counts]
    top = _round_up(max(*accepted, *completed))
    return fill(
        "trend.svg.j2",
        group=group.value,
        label=label,
        window=window,
        top=top,
        months=list(_months(days)),
        series=[_series("受理", days, accepted, top), _series("办结", days, completed, -top)],
        frame={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        zero=ZERO,
    )


def _days(window: Window) -> Iterator[date]:
    for offset in range((window.end - window.start).days + 1):
        yield window.start + timedelta(days=offset)


def _round_up(peak: int) -> int:
    """The smallest even round number that is not below the peak, so that half of it is a whole number too."""
    rounds = (digit * int(10**power) for power in count() for digit in (2, 4, 6, 8, 10))
    return next(number for number in rounds if number >= peak)


def _series(name: str, days: Sequence[date], values: Sequence[int], top: int) -> Series:
    peak = max(values)
    index = values.index(peak)
    slot = _slot(days)
    x = LEFT + (index + 0.5) * slot
    return Series(name, _steps(values, slot, top), peak, days[index], round(x, 1), round(_y(peak, top), 1), _anchor(x))


def _slot(days: Sequence[date]) -> float:
    return (RIGHT - LEFT) / len(days)


def _steps(values: Sequence[int], slot: float, top: int) -> str:
    """A filled staircase: a day is as wide as its slot, so even a single day shows."""
    stairs = (f"V{_y(value, top):.1f}H{LEFT + index * slot:.1f}" for index, value in enumerate(values, start=1))
    return f"M{LEFT} {ZERO:.1f}{''.join(stairs)}V{ZERO:.1f}Z"


def _y(value: int, top: int) -> float:
    return ZERO - (ZERO - TOP) * value / top


def _anchor(x: float) -> str:
    third = (RIGHT - LEFT) / 3
    if x < LEFT + third:
        return "start"
    return "end" if x > RIGHT - third else "middle"


def _months(days: Sequence[date]) -> Iterator[Month]:
    """The first day of each month; a month that has just begun at the right edge has no room for its label."""
    slot = _slot(days)
    for index, day in enumerate(days):
        x = LEFT + index * slot
        if day.day == 1:
            yield Month(round(x, 1), f"{day.month}月" if RIGHT - x >= ROOM_FOR_MONTH else "")
