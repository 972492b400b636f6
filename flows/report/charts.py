"""Charts as inline SVG. Cases by day or week: accepted rises above the zero line, completed hangs below it, on one scale.

The direction distinguishes them, not the colour alone. The style sheet of the page has one colour for each measure, in all charts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from flows.domain.cases import PRINTED, Counts, Group, Measure, Window
from flows.domain.figures import DailyCounts, Statistics
from flows.domain.text import CommandLine
from flows.report.rates import write_change
from flows.report.tables import sum_changes
from flows.report.templates import fill

WIDTH, HEIGHT = 360, 204
LEFT, RIGHT = 50, 352
TOP, BOTTOM = 24, 182
ZERO = (TOP + BOTTOM) / 2
ROOM_FOR_MONTH = 14
_MOST_DAYS = 70  # more of them are a barcode of weekends: then weeks are drawn


@dataclass(frozen=True)
class Series:
    """One measure: its area, and its largest day or week (the first, if several)."""

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
    """An `<svg>` of the group's cases in the window, by day, in a long one by week from Monday; a day without a row is zero."""
    known = {row.day: row.counts for row in daily if row.group == group}
    spans = list(list_spans(window))
    sums = {
        measure: [sum(getattr(known.get(day, Counts()), measure) for day in _days(span)) for span in spans]
        for measure in PRINTED
    }
    top = _round_up(max(map(max, sums.values())))
    return fill(
        "trend.svg.j2",
        group=group,
        label=label,
        window=window,
        unit="周" if is_by_week(window) else "日",
        top=top,
        months=list(_months(spans)),
        series=[
            _series(Measure.ACCEPTED.zh, spans, sums[Measure.ACCEPTED], top),
            _series(Measure.COMPLETED.zh, spans, sums[Measure.COMPLETED], -top),
        ],
        frame={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM},
        zero=ZERO,
    )


def is_by_week(window: Window) -> bool:
    return (window.end - window.start).days >= _MOST_DAYS


def list_spans(window: Window) -> Iterator[Window]:
    """The days of the window, or its weeks: from Monday through Sunday, the first and the last as far as they lie in it."""
    first = window.start
    while first <= window.end:
        last = min(first + timedelta(days=6 - first.weekday()), window.end) if is_by_week(window) else first
        yield Window(first, last)
        first = last + timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """What one cause did to a figure: signed cases, and its bar from zero, in per cent of the width there is."""

    name: str
    cases: int
    left: float
    width: float


@dataclass(frozen=True)
class Growth:
    """One year-to-date from the week before to this one; `rate` is the change against it, – where there was nothing.

    `command` takes the figure apart: into departments, files, months, and a file of its cases.
    """

    name: str
    label: str
    measure: Measure
    before: int
    now: int
    rate: str
    steps: tuple[Step, ...]
    command: CommandLine


def list_growths(statistics: Statistics, measure: Measure) -> list[Growth]:
    """How each group grew, by cause. Bars are shares of the week before, from zero, on one scale for all groups of the measure."""
    found = [(figures, sum_changes(statistics, figures.group, measure)) for figures in statistics.groups]
    bases = [
        int(getattr(figures.year_to_date, measure)) - sum(cases for _, cases in changes) for figures, changes in found
    ]
    shares = [cases / base for (_, changes), base in zip(found, bases, strict=True) for _, cases in changes if base > 0]
    low, high = min(0.0, *shares, 0.0), max(0.0, *shares, 0.0)
    span = (high - low) or 1.0

    def draw(name: str, cases: int, base: int) -> Step:
        share = cases / base if base > 0 else 0.0
        return Step(name, cases, round((min(share, 0.0) - low) / span * 100, 1), round(abs(share) / span * 100, 1))

    return [
        Growth(
            name=f"{figures.group}-{measure}",
            label=figures.label,
            measure=measure,
            before=base,
            now=int(getattr(figures.year_to_date, measure)),
            rate=write_change(int(getattr(figures.year_to_date, measure)), base),
            steps=tuple(draw(cause.zh, cases, base) for cause, cases in changes),
            command=CommandLine(
                "explain {group} {measure} --week-ending {end} --out {file}",
                group=figures.label,
                measure=measure.zh,
                end=statistics.week.end,
                file=f"{figures.label}{measure.zh}.xlsx",
            ),
        )
        for (figures, changes), base in zip(found, bases, strict=True)
    ]


def _days(window: Window) -> Iterator[date]:
    for offset in range((window.end - window.start).days + 1):
        yield window.start + timedelta(days=offset)


def _round_up(peak: int) -> int:
    """The smallest even round number from `peak` up, so that half of it is a whole number, too."""
    rounds = (digit * int(10**power) for power in count() for digit in (2, 4, 6, 8, 10))
    return next(number for number in rounds if number >= peak)


def _series(name: str, spans: Sequence[Window], values: Sequence[int], top: int) -> Series:
    peak = max(values)
    index = values.index(peak)
    slot = _slot(spans)
    x = LEFT + (index + 0.5) * slot
    return Series(
        name, _steps(values, slot, top), peak, spans[index].start, round(x, 1), round(_y(peak, top), 1), _anchor(x)
    )


def _slot(spans: Sequence[Window]) -> float:
    return (RIGHT - LEFT) / len(spans)


def _steps(values: Sequence[int], slot: float, top: int) -> str:
    """A filled staircase: each day or week fills its slot, so even a single one is visible."""
    stairs = (f"V{_y(value, top):.1f}H{LEFT + index * slot:.1f}" for index, value in enumerate(values, start=1))
    return f"M{LEFT} {ZERO:.1f}{''.join(stairs)}V{ZERO:.1f}Z"


def _y(value: int, top: int) -> float:
    return ZERO - (ZERO - TOP) * value / top


def _anchor(x: float) -> str:
    third = (RIGHT - LEFT) / 3
    if x < LEFT + third:
        return "start"
    return "end" if x > RIGHT - third else "middle"


def _months(spans: Sequence[Window]) -> Iterator[Month]:
    """The first day of each month, within a week in its place, without a label if it does not fit at the right edge."""
    slot = _slot(spans)
    for index, span in enumerate(spans):
        for day in _days(span):
            if day.day == 1:
                x = LEFT + (index + (day - span.start).days / 7 * (span.end > span.start)) * slot
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
