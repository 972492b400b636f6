"""The statistics section: figures in, the bytes of every published form out. No query, no counting, no clock."""

from flows.bulletin.contract import write_json
from flows.bulletin.documents import write_document, write_workbook
from flows.bulletin.home import write_home
from flows.bulletin.messages import write_message
from flows.bulletin.notices import render_notice
from flows.bulletin.oracle import Fault, Reading, check_text, parse_paragraph, read_window
from flows.bulletin.pages import write_html, write_markdown
from flows.bulletin.paragraph import write_paragraph, write_range_paragraph
from flows.bulletin.ranges import render_range
from flows.bulletin.verdicts import write_checks_html, write_checks_markdown
from flows.vocabulary import Inspection, Statistics

__all__ = [
    "Fault",
    "Reading",
    "check_text",
    "parse_paragraph",
    "read_window",
    "render",
    "render_checks",
    "render_notice",
    "render_range",
    "write_home",
    "write_json",
    "write_message",
    "write_paragraph",
    "write_range_paragraph",
]


def render(statistics: Statistics, *, mark: str = "") -> dict[str, bytes]:
    """File name → content; text is UTF-8 with LF. The same figures always give the same bytes.

    `mark`, such as 草稿, stands visibly on what people read.
    """
    forms = {
        "statistics.txt": write_paragraph(statistics) + "\n",
        "statistics.md": write_markdown(statistics, mark),
        "statistics.json": write_json(statistics),
        "statistics.html": write_html(statistics, mark),
    }
    return {
        **{name: text.encode() for name, text in forms.items()},
        "statistics.docx": write_document(statistics, mark=mark),
        "statistics.xlsx": write_workbook(statistics),
    }


def render_checks(inspection: Inspection) -> dict[str, bytes]:
    """As `render`, of the page of the checks."""
    forms = {"checks.html": write_checks_html(inspection), "checks.md": write_checks_markdown(inspection)}
    return {name: text.encode() for name, text in forms.items()}
