"""Charts as inline SVG. Cases per day: accepted rises above the zero line, completed hangs below it, on one scale.

The direction distinguishes them, not the colour alone; colours come from the style sheet of the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from flows.domain.cases import Counts, Group, Measure, Window
from flows.domain.figures import DailyCounts, GroupFigures, Statistics
from flows.report.tables import sum_changes
from flows.report.templates import fill

WIDTH, HEIGHT = 360, 204
LEFT, RIGHT = 50, 352
TOP, BOTTOM = 24, 182
ZERO = (TOP + BOTTOM) / 2
ROOM_FOR_MONTH = 14
_FALL_BOTTOM = 170


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
    known = {row.day: row.counts for row in daily if row.group == group}
    days = list(_days(window))
    counts = [known.get(day, Counts()) for day in days]
    accepted = [each.accepted for each in counts]
    completed = [each.completed for each in counts]
    top = _round_up(max(*accepted, *completed))
    return fill(
        "trend.svg.j2",
        group=group,
        label=label,
        window=window,
        top=top,
        months=list(_months(days)),
        series=[
            _series(Measure.ACCEPTED.zh, days, accepted, top),
            _series(Measure.COMPLETED.zh, days, completed, -top),
        ],
        frame={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        zero=ZERO,
    )


@dataclass(frozen=True)
class Bar:
    """One step of a waterfall: from where it starts to where it ends, and its signed cases."""

    name: str
    cases: int
    x: float
    top: float
    height: float
    kind: str


def draw_waterfall(statistics: Statistics, figures: GroupFigures, measure: Measure) -> str:
    """An `<svg>`: how the year-to-date grew since the week before, by cause; the axis does not start at zero."""
    now = int(getattr(figures.year_to_date, measure))
    changes = sum_changes(statistics, figures.group, measure)
    before = now - sum(cases for _, cases in changes)
    levels = [before]
    for _, cases in changes:
        levels.append(levels[-1] + cases)
    span = (max(levels) - min(levels)) or 1
    low, high = min(levels) - span * 0.25, max(levels) + span * 0.1

    def height_of(value: float) -> float:
        return _FALL_BOTTOM - (_FALL_BOTTOM - TOP) * (value - low) / (high - low)

    slot = (RIGHT - LEFT) / (len(changes) + 2)
    bars = [Bar("上期", before, LEFT, round(height_of(before), 1), round(_FALL_BOTTOM - height_of(before), 1), "total")]
    for i, (cause, cases) in enumerate(changes, 1):
        top, bottom = height_of(max(levels[i - 1], levels[i])), height_of(min(levels[i - 1], levels[i]))
        kind = "gain" if cases > 0 else "loss"
        bars.append(
            Bar(cause.zh, cases, round(LEFT + i * slot, 1), round(top, 1), round(max(bottom - top, 1), 1), kind)
        )
    top = height_of(now)
    x = LEFT + (len(changes) + 1) * slot
    bars.append(Bar("本期", now, round(x, 1), round(top, 1), round(_FALL_BOTTOM - top, 1), "total"))
    name = f"{figures.group}-{measure}"
    label = f"{figures.label}{measure.zh}"
    frame = {"width": WIDTH, "height": HEIGHT, "bottom": _FALL_BOTTOM}
    return fill("waterfall.svg.j2", name=name, label=label, bars=bars, width=round(slot * 0.72, 1), frame=frame)


def _days(window: Window) -> Iterator[date]:
    for offset in range((window.end - window.start).days + 1):
        yield window.start + timedelta(days=offset)


def _round_up(peak: int) -> int:
    """The smallest even round number from `peak` up, so that half of it is a whole number, too."""
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
    """A filled staircase: each day fills its slot, so even a single day is visible."""
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
    """The first day of each month, without a label if it does not fit at the right edge."""
    slot = _slot(days)
    for index, day in enumerate(days):
        x = LEFT + index * slot
        if day.day == 1:
            yield Month(round(x, 1), f"{day.month}月" if RIGHT - x >= ROOM_FOR_MONTH else "")


_BARS_WIDTH, _BARS_LEFT, _BARS_RIGHT, _BAR_STEP, _LONGEST_NAME = 440, 142, 375, 20, 12
MOST_BARS = 60


@dataclass(frozen=True)
class NamedBar:
    """A value beside its name, which is cut where it does not fit."""

    name: str
    short: str
    value: float
    said: str
    x: float
    y: int
    width: float


def draw_bars(label: str, values: Sequence[tuple[str, float]]) -> str:
    """An `<svg>` of values from zero to the right, those below zero to the left, in their order; at least one."""
    low, high = min(0.0, *(value for _, value in values)), max(0.0, *(value for _, value in values))
    scale = (_BARS_RIGHT - _BARS_LEFT) / ((high - low) or 1)
    zero = round(_BARS_LEFT - low * scale, 1)
    bars = [
        NamedBar(
            name,
            name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…",
            value,
            f"{value:,.10g}",
            round(min(zero, zero + value * scale), 1),
            number * _BAR_STEP,
            round(abs(value) * scale, 1),
        )
        for number, (name, value) in enumerate(values)
    ]
    frame = {"width": _BARS_WIDTH, "height": len(bars) * _BAR_STEP, "left": _BARS_LEFT, "zero": zero}
    return fill("bars.svg.j2", label=label, bars=bars, **frame)
