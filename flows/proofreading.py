"""A section that people have edited, compared with what the warehouse says."""

from datetime import date, timedelta
from pathlib import Path

from flows import section, warehouse
from flows.bulletin import Fault, Reading, check_text, read_window
from flows.project import Project
from flows.vocabulary import BadInput
from flows.workdays import find_week_end, last_complete_week, week_ending

_FORMS = (".docx", ".txt", ".md")


def check_file(project: Project, path: Path, week_end: date | None) -> Reading:
    """Compare every number that can be told with the week that the text names, or with `week_end`.

    Raises:
        BadInput: the file is missing, of another form, or cannot be opened.
    """
    text = _read_text(path)
    named = read_window(text)
    end = week_end or (named.end if named else None)
    with warehouse.open_read_only(project) as engine:
        known = engine.rows("marts/as_of", as_of=date.max)[0]["cut_off"]
        if end is None or end > known or not _is_bulletin_week(project, end):
            written = f"{named.start}—{named.end}" if named else ""
            newest = last_complete_week(known + timedelta(days=1)).end
            return Reading((Fault("统计区间", written, f"一个通报周的年初至周末，如至 {newest}"),), 1, ())
        return check_text(text, section.compute(engine, project.profile, week_ending(end), ()))


def _is_bulletin_week(project: Project, end: date) -> bool:
    """Whether a bulletin week ends on that day, by the calendar or because somebody asked for it."""
    return end == find_week_end(end) or project.report_folder(end).is_dir()


def _read_text(path: Path) -> str:
    if path.suffix.lower() not in _FORMS or not path.is_file():
        raise BadInput(
            zh=f"{path}：没有这个文件，或不是 {'、'.join(_FORMS)}。",
            en=f"{path}: there is no such file, or it is none of {', '.join(_FORMS)}.",
        )
    if path.suffix.lower() != ".docx":
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise BadInput(
            zh=f"{path}：无法打开这个 Word 文件（{error}）。请另存为 .docx 再试。",
            en=f"{path}: this Word file cannot be opened ({error}). Save it as .docx anew.",
        ) from None
    return "\n".join(paragraph.text for paragraph in document.paragraphs)
