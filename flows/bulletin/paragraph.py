"""The one paragraph the bulletin prints."""

from flows.bulletin.wording import fill
from flows.vocabulary import Statistics


def write_paragraph(statistics: Statistics) -> str:
    """One line without line break, year-to-date cases, worded and punctuated as published (DOMAIN.md §1)."""
    groups = {figures.group.value: figures for figures in statistics.groups}
    return fill("paragraph.txt.j2", statistics=statistics, groups=groups).rstrip("\n")
