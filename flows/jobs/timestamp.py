"""时间戳: ask a third party when a publication was signed, and keep the answer."""

import tempfile
from datetime import date, datetime
from pathlib import Path

from flows.domain.text import BadInput, NothingToDo
from flows.root.duplicates import TIMESTAMP, keep_duplicate
from flows.root.files import write_files
from flows.root.keys import read_command, run_command
from flows.root.project import Project
from flows.root.signatures import read_signatures
from flows.root.timestamps import keep_answer, write_request


def write_request_to(project: Project, week_end: date, path: Path) -> None:
    """Write the request of a published week, to be carried to the third party.

    Raises:
        NothingToDo: the week is not published, or without signatures.
    """
    write_files(path.absolute().parent, {path.name: write_request(_find(project, week_end))})


def keep(project: Project, week_end: date, path: Path) -> datetime:
    """Keep the answer that came back; returns its time.

    Raises:
        NothingToDo: as `write_request_to`.
        BadInput: the answer is about something else.
    """
    if not path.is_file():
        raise BadInput("{path}: no such file. Check the path.", path=path)
    at = keep_answer(_find(project, week_end), path.read_bytes())
    keep_duplicate(project, week_end, set(TIMESTAMP))
    return at


def ask(project: Project, week_end: date) -> datetime | None:
    """Ask by timestamp_command, if it is set. Raises: as `keep`; BadInput: the command fails."""
    command = read_command("timestamp_command", is_required=False)
    if not command:
        return None
    with tempfile.TemporaryDirectory() as folder:
        request, answer = Path(folder, "request"), Path(folder, "answer")
        write_request_to(project, week_end, request)
        run_command(command, request=request, answer=answer)
        return keep(project, week_end, answer)


def _find(project: Project, week_end: date) -> Path:
    folder = project.published_folder(week_end)
    if not folder.is_dir() or not read_signatures(folder):
        raise NothingToDo(
            "{week_end} is not published with signatures: there is nothing to time-stamp.", week_end=week_end
        )
    return folder
