"""Working copies: built beside the warehouse, never in place, and gone at the end unless swapped in."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from flows.domain.calendar import Calendar, now
from flows.domain.progress import Counted
from flows.domain.text import Progress
from flows.engine.opening import open_engine
from flows.engine.protocols import Engine
from flows.root.deliveries import (
    RawFile,
    name_deliveries,
)
from flows.root.delivery_notes import read_notes
from flows.root.files import make_folder, sync
from flows.root.project import Project
from flows.root.receipts import (
    ClassificationChange,
    Receipt,
    list_classifications,
)
from flows.warehouse.fold import fold_cut_off, reclassify, rewind
from flows.warehouse.guard import find_warehouse
from flows.warehouse.plan import Plan
from flows.warehouse.reading import is_readable, read_signed
from flows.warehouse.reference import (
    store_calendar,
    store_classification,
    store_notes,
    store_publications,
    store_tolerances,
)

ASIDE = ".asking-"
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Build:
    """A warehouse under construction, invisible to readers."""

    project: Project
    plan: Plan
    engine: Engine
    writing: tuple[Future[None], ...] = ()


@contextmanager
def build_aside(project: Project, plan: Plan) -> Iterator[Build]:
    """A working copy beside the warehouse: of it, or empty; gone at the end unless it was swapped in. There is one at a time."""
    folder = project.warehouse.parent / ".building"
    for leftover in (folder, *_find_forgotten(project)):
        shutil.rmtree(leftover, ignore_errors=True)
    make_folder(folder)
    try:
        with _build_in(folder, project, plan) as build, ThreadPoolExecutor(1) as other_thread:
            # A copy leaves the disk much to write: it begins while the load is at work. (Closing a file ends all locks that the
            # process has on it, the engine's, too; but nobody else may open a working copy: the lock of the project says so.)
            writing = tuple(other_thread.submit(sync, path) for path in folder.iterdir())
            yield replace(build, writing=writing)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def try_aside(project: Project, plan: Plan) -> Iterator[Build]:
    """As `build_aside`, of any number at a time; no lock is needed unless it is swapped in."""
    with _temporary_folder(project) as folder, _build_in(folder, project, plan) as build:
        yield build


@contextmanager
def fold_aside(
    project: Project,
    files: Sequence[RawFile],
    receipts: Sequence[Receipt],
    calendar: Calendar,
    progress: Progress,
    delivery_ids: dict[str, str] | None = None,
    tables: Mapping[str, Sequence[Sequence[Any]]] = MappingProxyType({}),
) -> Iterator[Engine]:
    """A warehouse of chosen files under the classifications that `receipts` record, and under a calendar; gone at the end.

    `tables` take the place of what it is told from outside its deliveries, such as the tolerances of an earlier day.

    Raises:
        BadInput: a file cannot be read.
    """
    classifications = tuple(list_classifications(receipts)) or (
        ClassificationChange(date.min, project.profile.classification),
    )
    names = delivery_ids or name_deliveries(files, [], receipts)
    plan = Plan(tuple(files), tuple(files), delivery_ids=names, classifications=classifications, applied=1)
    with try_aside(project, plan) as build:
        store_calendar(build.engine, calendar)
        for name, rows in tables.items():
            build.engine.put(name, rows)
        load_deliveries(build, progress)
        yield build.engine


@contextmanager
def rewind_aside(project: Project, as_of: date) -> Iterator[Engine]:
    """A copy of the warehouse as if no delivery with a later cut-off had come, gone at the end."""
    with _temporary_folder(project) as folder, _copy_into(folder, project, is_empty=False) as engine:
        rewind(engine, as_of)
        yield engine


@contextmanager
def open_copy(project: Project, *, is_empty: bool) -> Iterator[Engine]:
    """A copy of the warehouse to try something in, or an empty one, as where none can be read; gone at the end.

    An empty one is held in memory: nothing is written in the root.
    """
    if not is_empty and is_readable(project):
        with _temporary_folder(project) as folder, _copy_into(folder, project, is_empty=False) as engine:
            yield engine
    else:
        with open_engine(threads=project.settings.threads, has_schema=True) as engine:
            _store_references(engine, project)
            store_classification(engine, project.profile)
            yield engine


def load_deliveries(build: Build, progress: Progress) -> None:
    """Fold the deliveries that the working copy lacks into it, cut-off by cut-off, oldest first.

    Raises:
        BadInput: a file cannot be read, changed meanwhile, or a delivery holds no row.
    """
    engine, plan = build.engine, build.plan
    profile = build.project.profile.with_classification(plan.classifications[plan.applied - 1].classification)
    later = list(plan.classifications[plan.applied :])
    all_files = plan.new if plan.is_incremental else plan.files
    counted = Counted(progress, [file.size for file in all_files])
    for cut_off, files in groupby(all_files, key=lambda file: file.cut_off):
        while later and later[0].after < cut_off:
            profile = profile.with_classification(later.pop(0).classification)
            reclassify(engine, profile)
        fold_cut_off(engine, profile, cut_off, list(files), plan.delivery_ids, counted)
    for change in later:
        reclassify(engine, profile.with_classification(change.classification))


@contextmanager
def _build_in(folder: Path, project: Project, plan: Plan) -> Iterator[Build]:
    with _copy_into(folder, project, is_empty=not plan.is_incremental) as engine:
        if not plan.is_incremental:
            store_classification(engine, project.profile.with_classification(plan.classifications[0].classification))
        store_publications(engine, read_signed(project))
        if plan.files:
            store_notes(engine, read_notes(project, plan.files))
        yield Build(project, plan, engine)


@contextmanager
def _copy_into(folder: Path, project: Project, *, is_empty: bool) -> Iterator[Engine]:
    with find_warehouse(project).copy(folder, is_empty=is_empty) as engine:
        _store_references(engine, project)
        yield engine


def _store_references(engine: Engine, project: Project) -> None:
    store_calendar(engine, project.calendar)
    store_tolerances(engine, project.profile)


@contextmanager
def _temporary_folder(project: Project) -> Iterator[Path]:
    """Beside the warehouse, since a copy may be as large."""
    make_folder(project.warehouse.parent)
    with TemporaryDirectory(prefix=ASIDE, dir=project.warehouse.parent) as folder:
        yield Path(folder)


def _find_forgotten(project: Project) -> Iterator[Path]:
    """Leftovers of killed commands, older than a day: copies, and what had no room in memory."""
    for pattern in (f"{ASIDE}*", f"{project.warehouse.name}.*.tmp"):
        for folder in project.warehouse.parent.glob(pattern):
            if now().timestamp() - folder.stat().st_mtime > _DAY_SECONDS:
                yield folder
