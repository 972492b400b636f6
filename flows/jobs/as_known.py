"""The warehouse as it was known: as of a cut-off, on a day, or for the week before (docs/architecture.md §4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from flows.domain.calendar import SHANGHAI, Calendar
from flows.domain.cases import EVERYTHING, Question
from flows.domain.text import BadInput, CommandLine, NothingToDo, Progress, Text
from flows.engine.protocols import Engine
from flows.root.deliveries import RawFile, find_files
from flows.root.project import Project, require_warehouse
from flows.root.receipts import (
    Classified,
    Loaded,
    Receipt,
    Received,
    Withdrawn,
    find_calendar,
    read_receipts,
    select_known,
    split_by_load,
)
from flows.warehouse.copies import fold_aside
from flows.warehouse.reading import open_read_only, read_loaded


@contextmanager
def open_known(project: Project, question: Question, progress: Progress) -> Iterator[Engine]:
    """The warehouse, or with `known_on` a temporary one of the files received and not withdrawn by that day.

    Raises:
        NothingToDo: there is no warehouse, or nothing had been received by that day.
    """
    require_warehouse(project)
    if question.known_on is None:
        with open_read_only(project) as engine:
            yield engine
        return
    recorded = read_receipts(project)
    receipts = select_known(recorded, datetime.combine(question.known_on, time.max, SHANGHAI))
    # What merely lies in data/raw has no day yet: it would count for today, and no more when today is asked for tomorrow.
    received = {r.sha256 for r in recorded if isinstance(r, Received | Loaded)}
    loaded, _ = read_loaded(project)
    found = find_files(project, loaded, receipts=receipts)
    files = [f for f in found if f.sha256 in received and f.received_on <= question.known_on]
    if not files:
        raise NothingToDo(
            "No file had been received by {known_on}. To see when files were received: {command}",
            command=CommandLine("status"),
            known_on=question.known_on,
        )
    calendar = find_calendar(project, receipts, question.known_on)
    with _build_as_known(project, files, receipts, calendar, progress) as engine:
        yield engine


@contextmanager
def open_before(
    project: Project, question: Question, previous_end: date, progress: Progress
) -> Iterator[Engine | None]:
    """A temporary warehouse of what the week before was counted from, or None if the warehouse itself still shows it.

    It no longer does if, since the first delivery after `previous_end` was loaded, files of an earlier cut-off were
    loaded or withdrawn, or the classification changed.
    """
    if question != EVERYTHING:
        yield None
        return
    parts = split_by_load(read_receipts(project), previous_end)
    if parts is None or not _is_changed_since(*parts, previous_end):
        yield None
        return
    before, run, _ = parts
    then = [*before, *(r for r in run if isinstance(r, Loaded))]
    loaded_then = {r.sha256 for r in then if isinstance(r, Loaded) and r.cut_off <= previous_end}
    loaded, _ = read_loaded(project)
    files = [f for f in find_files(project, loaded, receipts=then) if f.sha256 in loaded_then]
    calendar = find_calendar(project, then, run[0].at.date())
    with _build_as_known(project, files, then, calendar, progress) as engine:
        yield engine


def _is_changed_since(before: list[Receipt], run: list[Receipt], later: list[Receipt], previous_end: date) -> bool:
    """Whether the classification changed with that run or later, or files of an earlier cut-off came or went later."""
    is_first = not any(isinstance(r, Classified) for r in before)  # the first classification changed nothing
    changes = [r for r in (*run, *later) if isinstance(r, Classified)][is_first:]
    return bool(changes) or any(isinstance(r, Loaded | Withdrawn) and r.cut_off <= previous_end for r in later)


@contextmanager
def _build_as_known(
    project: Project, files: list[RawFile], receipts: list[Receipt], calendar: Calendar, progress: Progress
) -> Iterator[Engine]:
    size = sum(file.size for file in files) / 1e6
    progress.step(Text("rebuilding what was known then ({files} files, {size:,.1f} MB)", files=len(files), size=size))
    try:
        with fold_aside(project, files, receipts, calendar, progress) as engine:
            yield engine
    except OSError as error:
        raise BadInput(
            "Cannot make a temporary warehouse in {warehouse_parent}: {reason}. Check space and permissions.",
            warehouse_parent=project.warehouse.parent,
            reason=error.strerror,
        ) from None
