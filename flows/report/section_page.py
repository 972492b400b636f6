"""The section for people: Markdown, and one self-contained HTML page."""

from collections import Counter
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from flows.domain.cases import PRINTED
from flows.domain.figures import Part, Statistics
from flows.report.charts import draw_trend, is_by_week, list_growths
from flows.report.checks_page import grade
from flows.report.paragraph import write_paragraph
from flows.report.tables import list_tables
from flows.report.templates import fill

_MOST_PARTS = 20


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
        parts={
            f"{figure.group}-{figure.measure}": {
                "departments": list(_cut([(part.name[0] or "未注明", part) for part in figure.departments])),
                "files": list(_cut([(" ".join(filter(None, part.name[1:])), part) for part in figure.files])),
            }
            for figure in statistics.figure_parts
        },
        figure_names=[f"{figures.group}-{measure}" for figures in statistics.groups for measure in PRINTED],
        **_shown(statistics),
    )


def _cut(parts: Sequence[tuple[str, Part]]) -> Iterator[tuple[str, int]]:
    """The largest, by name, and the sum of the rest, so that they add up."""
    for name, part in parts[:_MOST_PARTS]:
        yield name, part.cases
    if rest := parts[_MOST_PARTS:]:
        yield f"其余 {len(rest)} 个", sum(part.cases for _, part in rest)


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
