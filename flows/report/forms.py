"""All forms of a week: figures in, bytes out."""

from flows.domain.figures import Statistics
from flows.domain.verdicts import Inspection
from flows.report.checks_page import write_checks_html, write_checks_markdown
from flows.report.docx import write_document
from flows.report.json_form import write_json
from flows.report.paragraph import write_paragraph
from flows.report.section_page import write_html, write_markdown
from flows.report.xlsx import write_workbook

UNSIGNED = "未签名"


def render(statistics: Statistics, *, mark: str = "") -> dict[str, bytes]:
    """File name → content; text is UTF-8 with LF. The same figures always give the same bytes.

    `mark`, such as 草稿, stands on all of them but the paragraph, which is one line.
    """
    forms = {
        "statistics.txt": write_paragraph(statistics) + "\n",
        "statistics.md": write_markdown(statistics, mark),
        "statistics.json": write_json(statistics, mark),
        "statistics.html": write_html(statistics, mark),
    }
    return {
        **{name: text.encode() for name, text in forms.items()},
        "statistics.docx": write_document(statistics, mark=mark),
        "statistics.xlsx": write_workbook(statistics, mark),
    }


def render_checks(inspection: Inspection) -> dict[str, bytes]:
    """As `render`, of the page of the checks."""
    forms = {"checks.html": write_checks_html(inspection), "checks.md": write_checks_markdown(inspection)}
    return {name: text.encode() for name, text in forms.items()}
