"""The text of a document that somebody wrote: .docx .html .txt .md."""

from html.parser import HTMLParser
from pathlib import Path

from flows.domain.text import BadInput
from flows.report.statements import PARAGRAPH_END

FORMS = (".docx", ".html", ".txt", ".md")
_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "h4", "section", "article", "br", "body"}
_UNREAD = {"table", "script", "style", "svg", "head", "nav"}


def read_text(path: Path) -> str:
    """Of .docx and .html each paragraph with PARAGRAPH_END behind it, without tables; of .txt and .md what the file holds.

    Raises:
        BadInput: the file is missing, of another form, or cannot be opened.
    """
    form = path.suffix.lower()
    if form == ".pdf" and path.is_file():
        raise BadInput("{path}: a PDF is not read. Save it as .docx or .txt, and give that.", path=path)
    if form not in FORMS or not path.is_file():
        raise BadInput("{path}: no such file, or not one of {forms}.", path=path, forms=FORMS)
    if form == ".docx":
        return _read_docx(path)
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    if form == ".html":
        page = _Page()
        page.feed(text)
        return "".join(page.words)
    return text


def _read_docx(path: Path) -> str:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise BadInput(
            "{path}: this Word file cannot be opened ({error}). Save it again as .docx.", path=path, error=error
        ) from None
    return PARAGRAPH_END.join(paragraph.text for paragraph in document.paragraphs)


class _Page(HTMLParser):
    def __init__(self) -> None:
        HTMLParser.__init__(self)
        self.words: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.words.append(PARAGRAPH_END)

    def handle_endtag(self, tag: str) -> None:
        self._unread = max(0, self._unread - (tag in _UNREAD))
        if tag in _BLOCKS:
            self.words.append(PARAGRAPH_END)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.words.append(" ".join(data.split()))
