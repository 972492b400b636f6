"""The section for people: Markdown, and one self-contained HTML page."""

from collections import Counter

from markupsafe import Markup

from flows.domain.cases import PRINTED
from flows.domain.figures import Statistics
from flows.report.charts import draw_trend, is_by_week, list_growths
from flows.report.checks_page import grade
from flows.report.paragraph import write_paragraph
from flows.report.tables import list_tables
from flows.report.templates import fill


def write_markdown(statistics: Statistics, mark: str = "") -> str:
    """In Chinese; tables as GitHub Markdown, counts in cases with thousands separators."""
    return fill("statistics.md.j2", mark=mark, **_shown(statistics))


def write_html(statistics: Statistics, mark: str = "") -> str:
    """In Chinese; one file that needs no network, for screen, phone and A4. Its script copies the paragraph."""
    trends = [
        Markup(draw_trend(figures.group, figures.label, statistics.week.year_to_date, statistics.daily))
        for figures in statistics.groups
    ]
    growths = {measure: list_growths(statistics, measure) for measure in PRINTED}
    return fill(
        "statistics.html.j2",
        mark=mark,
        trends=trends,
        by_week=is_by_week(statistics.week.year_to_date),
        growths=growths,
        figure_names=[f"{figures.group}-{measure}" for figures in statistics.groups for measure in PRINTED],
        **_shown(statistics),
    )


def _shown(statistics: Statistics) -> dict[str, object]:
    graded = grade(statistics.verdicts)
    return {
        "statistics": statistics,
        "week": statistics.week,
        "paragraph": write_paragraph(statistics),
        "tables": list_tables(statistics),
        "verdicts": graded,
        "tally": Counter(each.name for each, _ in graded),
    }
