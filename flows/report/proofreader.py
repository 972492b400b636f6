"""The wording oracle: reads a section that people have edited, and names each number that is not what the figures say."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flows.domain.cases import Counts, Group, Window
from flows.domain.figures import GroupFigures, Statistics
from flows.report.paragraph import write_count
from flows.report.rates import write_change, write_share

_NUMBER = r"([0-9][0-9,.]*)(万?)件"
_WINDOW = r"([0-9]+)年([0-9]+)月([0-9]+)日至(?:([0-9]+)年)?([0-9]+)月([0-9]+)日"
_MEASURES = {"受理": "accepted", "办结": "completed"}
_DIRECTIONS = {"增长": "+", "增加": "+", "上升": "+", "下降": "-", "减少": "-"}


@dataclass(frozen=True)
class Fault:
    """A number that disagrees: what it is, what is written, and what it should be; '' where it stands nowhere."""

    what: str
    written: str
    right: str


@dataclass(frozen=True)
class Reading:
    """What a text says that can be checked: `unchecked` are other numbers of cases, in their words."""

    faults: tuple[Fault, ...]
    checked: int
    unchecked: tuple[str, ...]


def read_window(text: str) -> Window | None:
    """The window that a section names; None where it names none, or days that do not exist."""
    found = re.search(_WINDOW, _comparable(text))
    if not found:
        return None
    year, month, day, end_year, end_month, end_day = (int(part) if part else 0 for part in found.groups())
    try:
        return Window(date(year, month, day), date(end_year or year, end_month, end_day))
    except ValueError:
        return None


def parse_paragraph(text: str, labels: Mapping[Group, str]) -> dict[Group, dict[str, int]]:
    """The figures of a paragraph as printed, in cases: what `write_paragraph` wrote comes back as it was."""
    told: dict[Group, dict[str, int]] = {}
    for group, measure, number, unit in _find_figures(_comparable(text), labels):
        value = _to_number(number) * (10_000 if unit else 1)
        told.setdefault(group, {}).setdefault(measure, int(value))
    return told


def check_text(text: str, statistics: Statistics) -> Reading:
    """Compare every number of a section that can be told: the window, the figures, sums, completion rates, 同比 and 环比."""
    folded = _comparable(text)
    faults: list[Fault] = []
    seen: list[tuple[int, int]] = []
    checks = [
        *_check_window(folded, statistics, seen),
        *_check_figures(folded, statistics, seen),
        *_check_sums(folded, statistics, seen),
        *_check_rates(folded, statistics, seen),
    ]
    faults = [fault for fault in checks if fault.written != fault.right]
    others = [
        found[0]
        for found in re.finditer(r"[^,，。；;:：]{0,12}" + _NUMBER, folded)
        if not any(start <= found.start(1) < end for start, end in seen)
    ]
    return Reading(tuple(faults), len(checks), tuple(others))


def _comparable(text: str) -> str:
    """Without spaces, full width as half width, 其它 as 其他; compared so by readers, too (docs/method.md §1)."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("其它", "其他")


def _find_figures(folded: str, labels: Mapping[Group, str]) -> Iterator[tuple[Group, str, str, str]]:
    for group, label in labels.items():
        pattern = f"{re.escape(_comparable(label))}(?:事项)?受理{_NUMBER}[,;、]?(?:其中)?办结{_NUMBER}"
        for found in re.finditer(pattern, folded):
            yield group, "accepted", found[1], found[2]
            yield group, "completed", found[3], found[4]


def _check_window(folded: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    window = statistics.week.year_to_date
    found = re.search(_WINDOW, folded)
    right = f"{window.start}—{window.end}"
    if not found:
        yield Fault("统计区间", "", right)
        return
    seen.append(found.span())
    told = read_window(found[0])
    yield Fault("统计区间", f"{told.start}—{told.end}" if told else found[0], right)


def _check_figures(folded: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    for figures in statistics.groups:
        pattern = f"{re.escape(_comparable(figures.label))}(?:事项)?受理{_NUMBER}[,;、]?(?:其中)?办结{_NUMBER}"
        found = re.search(pattern, folded)
        for place, (name, measure) in enumerate(_MEASURES.items()):
            right = int(getattr(figures.year_to_date, measure))
            what = f"{figures.label}{name}"
            if not found:
                yield Fault(what, "", str(right))
                continue
            number, unit = found[1 + 2 * place], found[2 + 2 * place]
            seen.append(found.span(1 + 2 * place))
            yield Fault(what, _clean(number) + unit, _write_alike(right, number, unit))


def _check_sums(folded: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    """共受理…件, 合计受理…件、办结…件: the sums of the three groups."""
    pattern = f"(?:共计|合计|总计|共)(受理|办结){_NUMBER}(?:[,、;](?:共)?(受理|办结){_NUMBER})?"
    for found in re.finditer(pattern, folded):
        for name, number, unit in ((1, 2, 3), (4, 5, 6)):
            if found[name]:
                right = sum(getattr(figures.year_to_date, _MEASURES[found[name]]) for figures in statistics.groups)
                seen.append(found.span(number))
                yield Fault(
                    f"合计{found[name]}",
                    _clean(found[number]) + found[unit],
                    _write_alike(right, found[number], found[unit]),
                )


def _check_rates(folded: str, statistics: Statistics, seen: list[tuple[int, int]]) -> Iterator[Fault]:
    """办结率, 同比 and 环比 speak of the group named last before them, else of all; the latter two also of the measure."""
    for found in re.finditer(r"(办结率)(?:为|达)?([0-9.]+)%|(同比|环比)(增长|增加|上升|下降|减少)([0-9.]+)%", folded):
        figures, measure = _find_subject(folded[: found.start()], statistics)
        seen.append(found.span())
        if found[1]:
            counts = _counts(figures, statistics)
            right = write_share(counts.completed, counts.accepted)
            yield Fault(f"{figures.label if figures else '合计'}办结率", f"{found[2]}%", right)
        elif figures:
            right = _compare(figures, measure, found[3])
            written = f"{_DIRECTIONS[found[4]]}{found[5]}%"
            yield Fault(f"{figures.label}{'受理' if measure == 'accepted' else '办结'}{found[3]}", written, right)


def _compare(figures: GroupFigures, measure: str, kind: str) -> str:
    if kind == "同比":
        last = getattr(figures.last_year, measure) if figures.last_year else None
        return write_change(getattr(figures.year_to_date, measure), last)
    return write_change(getattr(figures.week, measure), getattr(figures.previous_week, measure))


def _find_subject(before: str, statistics: Statistics) -> tuple[GroupFigures | None, str]:
    places = {before.rfind(_comparable(figures.label)): figures for figures in statistics.groups}
    nearest = max(places)
    is_sum = max(before.rfind(word) for word in ("合计", "总计", "共计", "共受理")) > nearest
    measure = "accepted" if before.rfind("受理") > before.rfind("办结") else "completed"
    return (None if nearest < 0 or is_sum else places[nearest]), measure


def _counts(figures: GroupFigures | None, statistics: Statistics) -> Counts:
    if figures:
        return figures.year_to_date
    return Counts(
        sum(each.year_to_date.accepted for each in statistics.groups),
        sum(each.year_to_date.completed for each in statistics.groups),
    )


def _write_alike(right: int, number: str, unit: str) -> str:
    """A figure in the form in which the other one is written: in 万 with as many decimals, without separators."""
    decimals = len(number.partition(".")[2])
    return write_count(right, unit=unit, decimals=decimals) + unit


def _clean(number: str) -> str:
    return number.rstrip(".,").replace(",", "")


def _to_number(number: str) -> Decimal:
    try:
        return Decimal(_clean(number))
    except InvalidOperation:
        return Decimal(-1)
