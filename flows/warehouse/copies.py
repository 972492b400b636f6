"""Working copies: built beside the warehouse, never in place, and gone at the end unless swapped in."""

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.domain.calendar import now
from flows.domain.text import Progress
from flows.engine.duckdb.connection import Engine
from flows.engine.duckdb.storage import open_engine
from flows.root.deliveries import (
    RawFile,
    name_deliveries,
)
from flows.root.delivery_notes import read_notes
from flows.root.files import make_folder, sync
from flows.root.project import Project
from flows.root.publications import read_publications
from flows.root.receipts import (
    ClassificationChange,
    Receipt,
    list_classifications,
)
from flows.warehouse.fold import fold_cut_off, reclassify, rewind
from flows.warehouse.plan import Plan
from flows.warehouse.reading import is_readable
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
    path: Path
    engine: Engine


@contextmanager
def build_aside(project: Project, plan: Plan) -> Iterator[Build]:
    """A working copy beside the warehouse: of it, or empty; gone at the end unless it was swapped in."""
    folder = project.warehouse.parent / ".building"
    for leftover in (folder, *_find_forgotten(project)):
        shutil.rmtree(leftover, ignore_errors=True)
    make_folder(folder)
    try:
        with build_in(folder, project, plan) as build, ThreadPoolExecutor(1) as beside:
            # A copy leaves the disk much to write: it begins while the load is at work. (Closing a file ends all locks that the
            # process has on it, the engine's, too; but nobody else may open a working copy: the lock of the project says so.)
            beside.submit(sync, build.path)
            store_notes(build.engine, read_notes(project, plan.files))
            yield build
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def try_aside(project: Project, plan: Plan) -> Iterator[Build]:
    """As `build_aside`, to be looked at and forgotten."""
    project.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=ASIDE, dir=project.warehouse.parent) as folder,
        build_in(Path(folder), project, plan) as build,
    ):
        store_notes(build.engine, read_notes(project, plan.files))
        yield build


@contextmanager
def fold_aside(
    project: Project,
    files: Sequence[RawFile],
    receipts: Sequence[Receipt],
    progress: Progress,
    delivery_ids: dict[str, str] | None = None,
) -> Iterator[Engine]:
    """A warehouse of chosen files under the classifications that `receipts` record, to be asked and forgotten; no lock is needed.

    Raises:
        BadInput: a file cannot be read.
    """
    classifications = tuple(list_classifications(receipts)) or (
        ClassificationChange(date.min, project.profile.classification),
    )
    names = delivery_ids or name_deliveries(files, [], receipts)
    plan = Plan(tuple(files), tuple(files), False, True, names, classifications, 1, ())
    with (
        TemporaryDirectory(prefix=ASIDE, dir=project.warehouse.parent) as folder,
        build_in(Path(folder), project, plan) as build,
    ):
        load_deliveries(build, progress)
        store_notes(build.engine, read_notes(project, files))
        yield build.engine


@contextmanager
def rewind_aside(project: Project, as_of: date) -> Iterator[Engine]:
    """A copy of the warehouse as if no delivery with a later cut-off had come; gone at the end. No lock is needed."""
    with (
        TemporaryDirectory(prefix=ASIDE, dir=project.warehouse.parent) as folder,
        build_in(Path(folder), project, Plan((), (), True, False, {}, (), 0, ())) as build,
    ):
        rewind(build.engine, as_of)
        yield build.engine


@contextmanager
def open_copy(project: Project, *, is_empty: bool) -> Iterator[Engine]:
    """A copy of the warehouse to try something in, or an empty one, as where none can be read; gone at the end."""
    with ExitStack() as opened:
        if not is_empty and is_readable(project):
            folder = opened.enter_context(TemporaryDirectory(prefix=ASIDE, dir=project.warehouse.parent))
            path = Path(folder) / project.warehouse.name
            shutil.copyfile(project.warehouse, path)
            engine = opened.enter_context(_open(project, path))
            engine.create_functions()
        else:
            engine = opened.enter_context(open_engine(threads=project.settings.threads))
            engine.create_schema()
            store_classification(engine, project.profile)
            store_calendar(engine)
        store_tolerances(engine, project.profile)
        yield engine


def load_deliveries(build: Build, progress: Progress) -> None:
    """Fold the deliveries that the working copy lacks into it, cut-off by cut-off, oldest first.

    Raises:
        BadInput: a file cannot be read, changed meanwhile, or a delivery holds no row.
    """
    engine, plan = build.engine, build.plan
    profile = build.project.profile.with_classification(plan.classifications[plan.applied - 1].classification)
    later = list(plan.classifications[plan.applied :])
    for cut_off, files in groupby(plan.new if plan.is_incremental else plan.files, key=lambda file: file.cut_off):
        while later and later[0].after < cut_off:
            profile = profile.with_classification(later.pop(0).classification)
            reclassify(engine, profile)
        fold_cut_off(engine, profile, cut_off, list(files), plan.delivery_ids, progress)
    for change in later:
        reclassify(engine, profile.with_classification(change.classification))


@contextmanager
def build_in(folder: Path, project: Project, plan: Plan) -> Iterator[Build]:
    path = folder / project.warehouse.name  # the same name, since views remember it
    if plan.is_incremental:
        shutil.copyfile(project.warehouse, path)
    with _open(project, path) as engine:
        if plan.is_incremental:
            engine.create_functions()
        else:
            engine.create_schema()
            store_classification(engine, project.profile.with_classification(plan.classifications[0].classification))
        store_calendar(engine)
        store_tolerances(engine, project.profile)
        store_publications(engine, read_publications(project))
        yield Build(project, plan, path, engine)


def _find_forgotten(project: Project) -> Iterator[Path]:
    """What commands that were killed had folded aside, or had no room for in memory: nobody asks a question for a day."""
    for pattern in (f"{ASIDE}*", f"{project.warehouse.name}.*.tmp"):
        for folder in project.warehouse.parent.glob(pattern):
            if now().timestamp() - folder.stat().st_mtime > _DAY_SECONDS:
                yield folder


def _open(project: Project, path: Path) -> AbstractContextManager[Engine]:
    settings = project.settings
    return open_engine(path, is_working_copy=True, threads=settings.threads, memory_limit=settings.memory_limit)
