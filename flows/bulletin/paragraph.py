"""The one paragraph the bulletin prints."""

from decimal import Decimal

from flows.bulletin.rates import round_half_up
from flows.bulletin.wording import fill, fill_text
from flows.vocabulary import Statistics


def write_paragraph(statistics: Statistics) -> str:
    """One line without line break, year-to-date cases, worded and punctuated as published (DOMAIN.md §1).

    The profile's [paragraph] may ask for separators, for 万件, or give a template of its own.
    """
    form = statistics.wording
    groups = {figures.group.value: figures for figures in statistics.groups}

    def count(cases: int) -> str:
        return (
            write_count(cases, unit=form.unit, decimals=form.decimals, has_separators=form.has_separators) + form.unit
        )

    values = {"statistics": statistics, "groups": groups, "count": count}
    written = fill_text(form.template, **values) if form.template else fill("paragraph.txt.j2", **values)
    return "".join(written.splitlines())


def write_count(cases: int, *, unit: str = "", decimals: int = 2, has_separators: bool = False) -> str:
    """Cases as digits; in `万` rounded half up to so many decimals."""
    if unit:
        value = round_half_up(Decimal(cases) / 10_000, Decimal(1).scaleb(-decimals))
        return f"{value:,}" if has_separators else f"{value}"
    return f"{cases:,}" if has_separators else str(cases)
