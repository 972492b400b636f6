"""The section for people: Markdown, and one self-contained HTML page."""

from collections import Counter

from markupsafe import Markup

from flows.bulletin.charts import draw_trend
from flows.bulletin.paragraph import write_paragraph
from flows.bulletin.verdicts import judge
from flows.bulletin.wording import fill
from flows.vocabulary import Statistics


def write_markdown(statistics: Statistics) -> str:
    """In Chinese; tables as GitHub Markdown, counts in cases with thousands separators."""
    return fill("statistics.md.j2", **_shown(statistics))


def write_html(statistics: Statistics) -> str:
    """In Chinese; one file that needs no network and no script, for screen, phone and A4."""
    trends = [
        Markup(draw_trend(figures.group, figures.label, statistics.week.year_to_date, statistics.daily))
        for figures in statistics.groups
    ]
    return fill("statistics.html.j2", trends=trends, **_shown(statistics))


def _shown(statistics: Statistics) -> dict[str, object]:
    judged = judge(statistics.checks)
    return {
        "statistics": statistics,
        "week": statistics.week,
        "paragraph": write_paragraph(statistics),
        "checks": judged,
        "tally": Counter(outcome.name for outcome, _ in judged),
    }
