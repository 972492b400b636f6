"""What every writing run does: hold the lock, rewrite the home page, write the run log, send messages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flows.domain.calendar import now
from flows.domain.machine import is_of_machine, name_place
from flows.domain.runs import Run
from flows.domain.text import Progress
from flows.jobs.notify import send_messages
from flows.jobs.status import read_overview
from flows.report.home_page import write_home
from flows.root.command_line import typing_anywhere
from flows.root.files import write_files
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.run_log import append_run
from flows.warehouse.swap import finish_publishing


@contextmanager
def attend(
    project: Project, command: str, progress: Progress, *, wait_seconds: float = 0, notify: bool = False
) -> Iterator[Run]:
    """Hold the right to write in this root; whatever the outcome, the run is logged and the home page rewritten.

    Raises:
        Locked: another run still holds it after `wait_seconds`.
    """
    run = Run(f"bulletin {command}", now().isoformat(timespec="seconds"))
    started = time.monotonic()
    try:
        with hold_lock(project, run.command, wait_seconds, progress):
            try:
                finish_publishing(project, progress)
                yield run
            except BaseException as error:
                run.note_error(name_place(error) if is_of_machine(error) else error)
                raise
            finally:
                rewrite_home(project, run)
    except BaseException as error:
        run.note_error(name_place(error) if is_of_machine(error) else error)
        if is_of_machine(error):
            raise name_place(error) from None
        raise
    finally:
        run.seconds["total"] = round(time.monotonic() - started, 3)
        if notify:
            send_messages(project, run)
        try:
            append_run(project, run)
        except OSError as error:
            if not run.exit_code:  # else what ended the run is what the user has to know
                raise name_place(error) from None


def rewrite_home(project: Project, run: Run | None = None) -> None:
    """Write reports/index.html from the present state."""
    with typing_anywhere(project):
        page = write_home(read_overview(project, run))
    write_files(project.reports, {"index.html": page.encode()})
