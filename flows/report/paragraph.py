"""The paragraph that the bulletin prints."""

from collections.abc import Mapping
from decimal import Decimal

from flows.domain.cases import Counts, Group, Window
from flows.domain.figures import RangeStatistics, Statistics, Wording
from flows.report.rates import round_half_up
from flows.report.templates import fill, fill_text


def write_paragraph(statistics: Statistics) -> str:
    """Year-to-date cases in one line, worded and punctuated as published (docs/method.md §1).

    The section [paragraph] of the profile may set separators, 万件, or a template.
    """
    counts = {figures.group: figures.year_to_date for figures in statistics.groups}
    labels = {figures.group: figures.label for figures in statistics.groups}
    window = statistics.week.year_to_date
    return _write(statistics.source, statistics.scope, window, labels, counts, statistics.wording)


def write_range_paragraph(statistics: RangeStatistics) -> str:
    """The same sentence for any range of days."""
    return _write(
        statistics.source,
        statistics.scope,
        statistics.window,
        statistics.labels,
        statistics.counts,
        statistics.wording,
    )


def _write(
    source: str,
    scope: str,
    window: Window,
    labels: Mapping[Group, str],
    counts: Mapping[Group, Counts],
    form: Wording,
) -> str:
    groups = {group: {"label": label, **vars(counts[group])} for group, label in labels.items()}

    def count(cases: int) -> str:
        return (
            write_count(cases, unit=form.unit, decimals=form.decimals, has_separators=form.has_separators) + form.unit
        )

    values = {"source": source, "scope": scope, "window": window, "groups": groups, "count": count}
    written = fill_text(form.template, **values) if form.template else fill("paragraph.txt.j2", **values)
    return "".join(written.splitlines())


def write_count(cases: int, *, unit: str = "", decimals: int = 2, has_separators: bool = False) -> str:
    """Cases as digits; with `unit` 万, rounded half up to `decimals`."""
    if unit:
        value = round_half_up(Decimal(cases) / 10_000, Decimal(1).scaleb(-decimals))
        return f"{value:,}" if has_separators else f"{value}"
    return f"{cases:,}" if has_separators else str(cases)
