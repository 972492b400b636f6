"""The statistics section: figures in, the bytes of every published form out. No query, no counting, no clock."""

from flows.bulletin.contract import write_json
from flows.bulletin.pages import write_html, write_markdown
from flows.bulletin.paragraph import write_paragraph
from flows.vocabulary import Statistics

__all__ = ["render", "write_paragraph"]


def render(statistics: Statistics) -> dict[str, bytes]:
    """File name → UTF-8 with LF. The same figures always give the same bytes."""
    forms = {
        "statistics.txt": write_paragraph(statistics) + "\n",
        "statistics.md": write_markdown(statistics),
        "statistics.json": write_json(statistics),
        "statistics.html": write_html(statistics),
    }
    return {name: text.encode() for name, text in forms.items()}
