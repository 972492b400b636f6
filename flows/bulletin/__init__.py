"""The statistics section: figures in, the bytes of every published form out. No query, no counting, no clock."""

from flows.bulletin.contract import write_json
from flows.bulletin.pages import write_html, write_markdown
from flows.bulletin.paragraph import write_paragraph
from flows.bulletin.verdicts import write_checks_html, write_checks_markdown
from flows.vocabulary import Inspection, Statistics

__all__ = ["render", "render_checks", "write_json", "write_paragraph"]


def render(statistics: Statistics) -> dict[str, bytes]:
    """File name → UTF-8 with LF. The same figures always give the same bytes."""
    forms = {
        "statistics.txt": write_paragraph(statistics) + "\n",
        "statistics.md": write_markdown(statistics),
        "statistics.json": write_json(statistics),
        "statistics.html": write_html(statistics),
    }
    return {name: text.encode() for name, text in forms.items()}


def render_checks(inspection: Inspection) -> dict[str, bytes]:
    """As `render`, of the page of the checks."""
    forms = {"checks.html": write_checks_html(inspection), "checks.md": write_checks_markdown(inspection)}
    return {name: text.encode() for name, text in forms.items()}
