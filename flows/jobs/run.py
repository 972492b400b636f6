"""A run that writes: alone in its root, with a line in the journal, the home page rewritten, people told how it ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flows.domain.calendar import now
from flows.domain.runs import Entry
from flows.domain.text import Progress
from flows.jobs.notify import tell
from flows.jobs.status import read_overview
from flows.report.home_page import write_home
from flows.root.files import write_files
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.run_log import append_run


@contextmanager
def attend(
    project: Project, command: str, progress: Progress, *, wait_seconds: float = 0, notify: bool = False
) -> Iterator[Entry]:
    """The right to write in this root, until the run ends, however it ends.

    Raises:
        Locked: another run holds it and did not finish within `wait_seconds`.
    """
    entry = Entry(f"bulletin {command}", now().isoformat(timespec="seconds"))
    started = time.monotonic()
    try:
        with hold_lock(project, entry.command, wait_seconds, progress):
            try:
                yield entry
            except BaseException as error:
                entry.note_error(error)
                raise
            finally:
                rewrite_home(project, entry)
    except BaseException as error:
        entry.note_error(error)
        raise
    finally:
        entry.seconds["total"] = round(time.monotonic() - started, 3)
        if notify:
            tell(project, entry)
        append_run(project, entry)


def rewrite_home(project: Project, entry: Entry | None = None) -> None:
    """reports/index.html, as things stand now."""
    page = write_home(read_overview(project, entry))
    write_files(project.reports, {"index.html": page.encode()})
