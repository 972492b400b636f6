"""An edited text compared with the figures of a week."""

from datetime import date, timedelta
from pathlib import Path

from flows.domain.text import BadInput
from flows.figures import section
from flows.report.proofreader import Fault, Reading, proofread, read_window
from flows.root.project import Project
from flows.warehouse.reading import open_read_only

_FORMS = (".docx", ".txt", ".md")


def proofread_file(project: Project, path: Path, week_end: date | None) -> Reading:
    """Compare the numbers of a text with the week that it names, or with `week_end`.

    Raises:
        BadInput: the file is missing, of another form, or cannot be opened.
    """
    text = _read_text(path)
    named = read_window(text)
    end = week_end or (named.end if named else None)
    with open_read_only(project) as engine:
        known = engine.read("figures/known_through", as_of=date.max).dicts()[0]["cut_off"]
        if end is None or end > known or not _is_bulletin_week(project, end):
            written = f"{named.start}—{named.end}" if named else ""
            newest = project.calendar.last_complete_week(known + timedelta(days=1)).end
            return Reading((Fault("统计区间", written, f"一个通报周的年初至周末，如至 {newest}"),), 1, ())
        return proofread(text, section.compute(engine, project.profile, project.calendar.week_ending(end), ()))


def _is_bulletin_week(project: Project, end: date) -> bool:
    """Whether a bulletin week ends on that day, by the calendar or because it has a report."""
    return end == project.calendar.find_week_end(end) or project.report_folder(end).is_dir()


def _read_text(path: Path) -> str:
    if path.suffix.lower() not in _FORMS or not path.is_file():
        raise BadInput("{path}: no such file, or not one of {forms}.", path=path, forms=_FORMS)
    if path.suffix.lower() != ".docx":
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise BadInput(
            "{path}: this Word file cannot be opened ({error}). Save it again as .docx.", path=path, error=error
        ) from None
    return "\n".join(paragraph.text for paragraph in document.paragraphs)
