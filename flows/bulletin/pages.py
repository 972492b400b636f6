"""The section for people: Markdown, and one self-contained HTML page."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from markupsafe import Markup

from flows.bulletin.charts import draw_trend
from flows.bulletin.paragraph import write_paragraph
from flows.bulletin.wording import fill
from flows.vocabulary import Check, Severity, Statistics


class Verdict(StrEnum):
    """What a check means to the reader, the worst first."""

    FAILED = "✗ 未通过"
    WARNING = "! 警告"
    PASSED = "✓ 通过"


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
    judged = _judge(statistics.checks)
    return {
        "statistics": statistics,
        "week": statistics.week,
        "paragraph": write_paragraph(statistics),
        "checks": judged,
        "tally": Counter(verdict.name for verdict, _ in judged),
    }


def _judge(checks: Iterable[Check]) -> list[tuple[Verdict, Check]]:
    order = list(Verdict)
    return sorted(((_verdict(check), check) for check in checks), key=lambda judged: order.index(judged[0]))


def _verdict(check: Check) -> Verdict:
    if check.is_passed:
        return Verdict.PASSED
    return Verdict.FAILED if check.severity is Severity.CRITICAL else Verdict.WARNING
