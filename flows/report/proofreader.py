"""Proofreads an edited section: names each number that differs from the figures."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flows.domain.cases import PRINTED, Counts, Group, Measure, Window
from flows.domain.figures import GroupFigures, RevisedFigure, Statistics
from flows.report.paragraph import write_count
from flows.report.rates import LEVEL, NONE, write_change, write_share

_NUMBER = r"([0-9][0-9,.]*)(万?)件"
_WINDOW = r"([0-9]+)年([0-9]+)月([0-9]+)日至(?:([0-9]+)年)?([0-9]+)月([0-9]+)日"
_MEASURES = {measure.zh: measure for measure in PRINTED}
_DIRECTIONS = {"增长": "+", "增加": "+", "上升": "+", "下降": "-", "减少": "-"}


@dataclass(frozen=True)
class Fault:
    """A number that differs: what it is, what is written ('' if it is missing), and what it should be."""

    what: str
    written: str
    right: str


@dataclass(frozen=True)
class Reading:
    """The result of proofreading: `unchecked` are numbers of cases that could not be compared, with the words before them.

    `is_published`: it was compared with what was published; `changed` are the printed figures that are others today.
    """

    faults: tuple[Fault, ...]
    checked: int
    unchecked: tuple[str, ...]
    is_published: bool = False
    changed: tuple[RevisedFigure, ...] = ()


def read_window(text: str) -> Window | None:
    """The window that a section names; None if it names none, or impossible dates."""
    found = re.search(_WINDOW, _comparable(text))
    if not found:
        return None
    year, month, day, end_year, end_month, end_day = (int(part) if part else 0 for part in found.groups())
    try:
        return Window(date(year, month, day), date(end_year or year, end_month, end_day))
    except ValueError:
        return None


def parse_paragraph(text: str, labels: Mapping[Group, str]) -> dict[Group, dict[Measure, int]]:
    """The figures of a printed paragraph, in cases: the inverse of `write_paragraph`."""
    parsed: dict[Group, dict[Measure, int]] = {}
    for group, measure, number, unit in _find_figures(_comparable(text), labels):
        value = _to_number(number) * (10_000 if unit else 1)
        parsed.setdefault(group, {}).setdefault(measure, int(value))
    return parsed


def proofread(text: str, statistics: Statistics) -> Reading:
    """Compare the numbers of a section with the figures: the window, counts, sums, completion rates, 同比 and 环比."""
    plain = _comparable(text)
    seen: list[tuple[int, int]] = []
    compared = [
        *_compare_window(plain, statistics, seen),
        *_compare_figures(plain, statistics, seen),
        *_compare_sums(plain, statistics, seen),
        *_compare_rates(plain, statistics, seen),
    ]
    faults = [fault for fault in compared if fault.written != fault.right]
    others = [
        found[0]
        for found in re.finditer(r"[^,，。；;:：]{0,12}" + _NUMBER, plain)
        if not any(start <= found.start(1) < end for start, end in seen)
    ]
    return Reading(tuple(faults), len(compared), tuple(others))


def _comparable(text: str) -> str:
    """Normalise as readers do: no spaces, half width, 其他 for 其它 (docs/method.md §1)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("其它", "其他")


def _find_figures(plain: str, labels: Mapping[Group, str]) -> Iterator[tuple[Group, Measure, str, str]]:
    for group, label in labels.items():
        pattern = _write_pattern(label, labels.values())
        for found in re.finditer(pattern, plain):
            yield group, Measure.ACCEPTED, found[1], found[2]
            yield group, Measure.COMPLETED, found[3], found[4]


def _write_pattern(label: str, labels: Iterable[str]) -> str:
    """The figures of a group: behind its label, and not behind another one that only ends alike, as 许可 in 行政许可."""
    own = _comparable(label)
    others = [other for other in map(_comparable, labels) if other != own]
    not_before = {*others, *(other.removesuffix(own) for other in others if other.endswith(own))}
    looking_back = "".join(f"(?<!{re.escape(words)})" for words in sorted(not_before))
    return f"{looking_back}{re.escape(own)}(?:事项)?受理{_NUMBER}[,;、]?(?:其中)?办结{_NUMBER}"


def _compare_window(plain: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    window = statistics.week.year_to_date
    found = re.search(_WINDOW, plain)
    right = f"{window.start}—{window.end}"
    if not found:
        yield Fault("统计区间", "", right)
        return
    seen.append(found.span())
    named = read_window(found[0])
    yield Fault("统计区间", f"{named.start}—{named.end}" if named else found[0], right)


def _compare_figures(plain: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    labels = [figures.label for figures in statistics.groups]
    for figures in statistics.groups:
        pattern = _write_pattern(figures.label, labels)
        found = re.search(pattern, plain)
        for place, measure in enumerate(PRINTED):
            right = int(getattr(figures.year_to_date, measure))
            what = f"{figures.label}{measure.zh}"
            if not found:
                yield Fault(what, "", str(right))
                continue
            number, unit = found[1 + 2 * place], found[2 + 2 * place]
            seen.append(found.span(1 + 2 * place))
            yield Fault(what, _clean(number) + unit, _write_alike(right, number, unit))


def _compare_sums(plain: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    """Sums of all groups: 共受理…件, 合计受理…件、办结…件."""
    pattern = f"(?:共计|合计|总计|共)(受理|办结){_NUMBER}(?:[,、;](?:共)?(受理|办结){_NUMBER})?"
    for found in re.finditer(pattern, plain):
        for name, number, unit in ((1, 2, 3), (4, 5, 6)):
            if found[name]:
                right = sum(getattr(figures.year_to_date, _MEASURES[found[name]]) for figures in statistics.groups)
                seen.append(found.span(number))
                yield Fault(
                    f"合计{found[name]}",
                    _clean(found[number]) + found[unit],
                    _write_alike(right, found[number], found[unit]),
                )


def _compare_rates(plain: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    """办结率 refers to the last group named before it, else to all; 同比 and 环比 also to the last measure before them."""
    for found in re.finditer(
        r"(办结率)(?:为|达)?([0-9.]+)%|(同比|环比)(?:(增长|增加|上升|下降|减少)([0-9.]+)%|(?:基本)?持平)", plain
    ):
        figures, measure = _find_subject(plain[: found.start()], statistics)
        seen.append(found.span())
        if found[1]:
            counts = _counts(figures, statistics)
            right = write_share(counts.completed, counts.accepted)
            yield Fault(f"{figures.label if figures else '合计'}办结率", f"{found[2]}%", right)
        elif figures:
            right = _compare(figures, measure, found[3])
            written = f"{_DIRECTIONS[found[4]]}{found[5]}%" if found[4] else LEVEL
            yield Fault(f"{figures.label}{measure.zh}{found[3]}", written, right)


def _compare(figures: GroupFigures, measure: Measure, kind: str) -> str:
    compared = figures.year_on_year if kind == "同比" else figures.week_on_week
    return write_change(getattr(compared.now, measure), getattr(compared.earlier, measure)) if compared else NONE


def _find_subject(before: str, statistics: Statistics) -> tuple[GroupFigures | None, Measure]:
    places = {before.rfind(_comparable(figures.label)): figures for figures in statistics.groups}
    nearest = max(places)
    is_sum = max(before.rfind(word) for word in ("合计", "总计", "共计", "共受理")) > nearest
    measure = max(reversed(PRINTED), key=lambda each: before.rfind(each.zh))
    return (None if nearest < 0 or is_sum else places[nearest]), measure


def _counts(figures: GroupFigures | None, statistics: Statistics) -> Counts:
    if figures:
        return figures.year_to_date
    return Counts(
        sum(each.year_to_date.accepted for each in statistics.groups),
        sum(each.year_to_date.completed for each in statistics.groups),
    )


def _write_alike(right: int, number: str, unit: str) -> str:
    """The right figure in the form of the written one: in 万 with as many decimals, without separators."""
    decimals = len(number.partition(".")[2])
    return write_count(right, unit=unit, decimals=decimals) + unit


def _clean(number: str) -> str:
    return number.rstrip(".,").replace(",", "")


def _to_number(number: str) -> Decimal:
    try:
        return Decimal(_clean(number))
    except InvalidOperation:
        return Decimal(-1)
