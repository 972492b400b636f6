"""A working copy becomes the warehouse: closed, verified, read-only, then one rename."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.domain.calendar import now
from flows.domain.text import Progress
from flows.domain.verdicts import Waiver
from flows.engine.duckdb.storage import open_engine
from flows.root.deliveries import (
    RawFile,
)
from flows.root.files import sync
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.receipts import (
    append_receipts,
    list_classifications,
    read_receipts,
    record_waiver,
)
from flows.warehouse.copies import ASIDE, Build, build_in
from flows.warehouse.guard import forget_oldest, keep_replaced, record_built, set_foreign_log_aside
from flows.warehouse.plan import Plan
from flows.warehouse.reading import SCHEMA_VERSION, read_loaded


def note_publications(project: Project, progress: Progress) -> None:
    """Swap in a copy that knows the record of publications as it is now. To be called under the lock."""
    _, applied = read_loaded(project)
    classifications = tuple(list_classifications(read_receipts(project)))[:applied]
    plan = Plan((), (), True, True, {}, classifications, applied, ())
    with (
        TemporaryDirectory(prefix=ASIDE, dir=project.warehouse.parent) as folder,
        build_in(Path(folder), project, plan) as build,
    ):
        swap_in(build, progress)


def swap_in(build: Build, progress: Progress, decisions: Sequence[Waiver] = ()) -> None:
    """Make the working copy the warehouse: closed, verified, read-only, then one rename. Readers keep what they hold.

    What is written down before the rename holds without it, too: a run killed in between is simply done again.
    """
    project, target = build.project, build.project.warehouse
    build.engine.execute("delete from warehouse_info")
    facts = {"schema_version": SCHEMA_VERSION, "profile": project.profile.name}
    facts |= {
        "reading": project.profile.reading,
        "classifications": str(len(build.plan.classifications)),
        "built_at": now().isoformat(timespec="seconds"),
    }
    build.engine.insert_rows("warehouse_info", list(facts.items()))
    expected = build.engine.rows("figures/reconciliation", as_of=date.max)
    build.engine.checkpoint()
    build.engine.close()
    with open_engine(build.path, read_only=True) as reopened:
        if reopened.rows("figures/reconciliation", as_of=date.max) != expected:
            raise RuntimeError(f"{build.path} does not read back as it was written")
    build.path.chmod(0o444)
    for place in (build.path, *_list_places(project, build.plan.new)):
        sync(place)
    record_built(project, build.path)
    append_receipts(project, (*build.plan.receipts, *(record_waiver(decision, now()) for decision in decisions)))
    keep_replaced(project)
    set_foreign_log_aside(project, progress)
    build.path.replace(target)
    sync(target.parent)
    forget_oldest(project)


def forget_everything(project: Project) -> None:
    """Remove the warehouse and the receipts of a root whose samples were written anew; real data are never forgotten."""
    with hold_lock(project, "bulletin sample"):
        project.receipts.unlink(missing_ok=True)
        project.warehouse.unlink(missing_ok=True)
        shutil.rmtree(project.kept, ignore_errors=True)


def _list_places(project: Project, files: Sequence[RawFile]) -> set[Path]:
    """Files that receipts are about to speak of, whoever put them there, and the folders below data/raw that name them."""
    places = {place for file in files for place in (file.path, *file.path.parents)}
    return {place for place in places if place.is_relative_to(project.raw)}
