"""A working copy becomes the warehouse: closed, verified, read-only, then one rename."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from flows.domain.calendar import now
from flows.domain.text import Progress, Text
from flows.domain.verdicts import Waiver
from flows.root.deliveries import (
    RawFile,
)
from flows.root.duplicates import keep_duplicates
from flows.root.files import sync
from flows.root.lock import hold_lock
from flows.root.project import Project
from flows.root.publications import find_publications, parse_publication
from flows.root.receipts import (
    append_receipts,
    list_classifications,
    read_receipts,
    receipt_of,
)
from flows.root.reports import seal_forms
from flows.warehouse.copies import Build, try_aside
from flows.warehouse.guard import find_warehouse, forget_oldest, keep_replaced, record_built, set_foreign_log_aside
from flows.warehouse.plan import Plan
from flows.warehouse.reading import SCHEMA_VERSION, is_readable, read_loaded, read_recorded


def finish_publishing(project: Project, progress: Progress) -> None:
    """Note a publication that a command cut short has left on the disk alone, keep its duplicate, and no writable copy of its forms. To
    be called under the lock.
    """
    keep_duplicates(project)
    seal_forms(project)
    intact, _ = find_publications(project)
    if intact and is_readable(project):
        recorded = read_recorded(project)
        if any(parse_publication(content).week_ending not in recorded for content in intact):
            progress.step(Text("adding it to the warehouse"))
            note_publications(project, progress)


def note_publications(project: Project, progress: Progress) -> None:
    """Swap in a copy that knows the record of publications as it is now. To be called under the lock."""
    _, applied = read_loaded(project)
    classifications = tuple(list_classifications(read_receipts(project)))[:applied]
    plan = Plan(is_incremental=True, has_changes=True, classifications=classifications, applied=applied)
    with try_aside(project, plan) as build:
        swap_in(build, progress)


def swap_in(build: Build, progress: Progress, waivers: Sequence[Waiver] = ()) -> None:
    """Make the working copy the warehouse: closed, verified, read-only, then one rename. Readers keep what they hold.

    What is written down before the rename holds without it, too: a run killed in between is simply done again.
    """
    project = build.project
    built_at = now().isoformat()
    before = {row["name"]: row["value"] for row in build.engine.read("warehouse_info").dicts()}
    facts = {
        "schema_version": SCHEMA_VERSION,
        "profile": project.profile.name,
        "reading": project.profile.reading,
        "classifications": str(len(build.plan.classifications)),
        "calendar": project.calendar_digest,
        "built_at": built_at,
        # What was only added to keeps what it had: of which deliveries its cases are is told by their numbers.
        "folded_at": before.get("folded_at", built_at) if build.plan.is_incremental else built_at,
    }
    build.engine.put("warehouse_info", list(facts.items()))
    for writing in build.writing:  # what the disk refused early is said once
        writing.result()
    with find_warehouse(project).swap_in(build.engine, sync) as digest:
        for place in _list_places(project, build.plan.new):
            sync(place)
        record_built(project, digest)
        keep_replaced(project)
        append_receipts(project, (*build.plan.receipts, *(receipt_of(each, now()) for each in waivers)))
        set_foreign_log_aside(project, progress)
    forget_oldest(project)


def forget_everything(project: Project) -> None:
    """Remove the warehouse and the receipts of a root whose samples were written anew; real data are never forgotten."""
    with hold_lock(project, "bulletin sample"):
        project.warehouse.unlink(missing_ok=True)  # first: it never knows more than the receipts
        project.receipts.unlink(missing_ok=True)
        shutil.rmtree(project.kept, ignore_errors=True)


def _list_places(project: Project, files: Sequence[RawFile]) -> set[Path]:
    """Files that receipts are about to speak of, whoever put them there, and the folders below data/raw that name them."""
    places = {place for file in files for place in (file.path, *file.path.parents)}
    return {place for place in places if place.is_relative_to(project.raw)}
