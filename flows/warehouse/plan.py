"""What a run has to do: data/raw compared with what the warehouse holds."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flows.domain.calendar import now
from flows.domain.text import BadInput, CommandLine, Progress, Text
from flows.engine.protocols import DamagedWarehouse
from flows.root.deliveries import (
    LoadedFile,
    RawFile,
    describe_place,
    describe_unread,
    find_files,
    find_unread,
    name_deliveries,
    remember_loaded,
    unproved,
)
from flows.root.project import Project
from flows.root.receipts import (
    Announced,
    ClassificationChange,
    Classified,
    Loaded,
    Receipt,
    Withdrawn,
    list_announced,
    list_classifications,
    read_receipts,
)
from flows.root.receiving import hold_raw
from flows.warehouse.guard import set_foreign_log_aside
from flows.warehouse.reading import StaleWarehouse, read_calendar_digest, read_loaded


@dataclass(frozen=True)
class Plan:
    """What a run has to do: the files the warehouse shall consist of, and which of them are new.

    An incremental run appends deliveries of newer cut-offs to a copy; anything else is folded again from data/raw.
    `classifications` of the profile were or are in force, oldest first; the copy was made under the first `applied` of them, an empty
    one begins under the first. `receipts` are written down when the result is swapped in.
    """

    files: tuple[RawFile, ...] = ()
    new: tuple[RawFile, ...] = ()
    is_incremental: bool = False
    has_changes: bool = True
    delivery_ids: Mapping[str, str] = field(default_factory=dict)
    classifications: tuple[ClassificationChange, ...] = ()
    applied: int = 0
    receipts: tuple[Receipt, ...] = ()


def plan_run(
    project: Project, progress: Progress, *, from_scratch: bool = False, on_new: Callable[[], None] = lambda: None
) -> Plan:
    """Compare data/raw with the warehouse. To be called under the lock. `on_new` as in find_files."""
    loaded, applied = _find_loaded(project, progress, is_rebuild=from_scratch)
    receipts = read_receipts(project)
    _refuse_lost_receipts(project, loaded, receipts)
    with hold_raw(project):
        _say_unread(project, progress)
        files = find_files(project, unproved(loaded) if from_scratch else loaded, on_new=on_new)
    before = {file.sha256: describe_place(file) for file in loaded}
    after = {file.sha256: describe_place(file) for file in files}
    new = tuple(file for file in files if before.get(file.sha256) != after[file.sha256])
    newest = max((file.cut_off for file in loaded), default=date.min)
    names = name_deliveries(files, loaded, receipts)
    at = now()
    classifications, noted = _plan_classifications(project, receipts, newest, at)
    is_incremental = (
        0 < applied <= len(classifications)
        and not from_scratch
        and all(after.get(sha256) == place for sha256, place in before.items())
        and all(file.cut_off > newest for file in new)
    )
    calendar = _note_calendar(project, receipts, at)
    noted += calendar
    noted += [Loaded(at, file.sha256, file.name, names[file.sha256]) for file in new]
    is_other = (
        applied < len(classifications) or bool(calendar) or read_calendar_digest(project) != project.calendar_digest
        if is_incremental
        else project.warehouse.exists()
    )
    if not is_incremental and not from_scratch:
        find_files(project, unproved(loaded))
    applied = applied if is_incremental else 1
    return Plan(
        tuple(files), new, is_incremental, bool(new) or is_other, names, tuple(classifications), applied, tuple(noted)
    )


def plan_withdrawal(project: Project, delivery_id: str, reason: str, progress: Progress) -> Plan:
    """What has been loaded, without one delivery. To be called under the lock.

    Raises:
        BadInput: no loaded delivery has that name.
    """
    loaded, _ = _find_loaded(project, progress)
    _refuse_lost_receipts(project, loaded, read_receipts(project))
    gone = {file.sha256 for file in loaded if file.delivery_id == delivery_id}
    if not gone:
        names = ", ".join(sorted({file.delivery_id for file in loaded})) or "–"
        raise BadInput(
            "No loaded delivery is called {delivery_id}; loaded are: {names}. "
            "A file that is not loaded yet is simply moved out of data/raw.",
            delivery_id=delivery_id,
            names=names,
        )
    kept = {file.sha256 for file in loaded} - gone
    with hold_raw(project):
        _say_unread(project, progress)
        found = find_files(project, unproved(loaded), withdrawing=gone)
    files = tuple(file for file in found if file.sha256 in kept)
    names_by_content = {file.sha256: file.delivery_id for file in loaded}
    newest = max(file.cut_off for file in loaded)
    at = now()
    receipts = read_receipts(project)
    classifications, noted = _plan_classifications(project, receipts, newest, at)
    noted += _note_calendar(project, receipts, at)
    noted += [Withdrawn(at, f.sha256, f.name, delivery_id, reason) for f in loaded if f.sha256 in gone]
    return Plan(
        files=files,
        delivery_ids=names_by_content,
        classifications=tuple(classifications),
        applied=1,
        receipts=tuple(noted),
    )


def _find_loaded(project: Project, progress: Progress, *, is_rebuild: bool = False) -> tuple[list[LoadedFile], int]:
    """As `read_loaded`; of a warehouse that has to be built anew, as the receipts say. A rebuild needs no whole warehouse."""
    set_foreign_log_aside(project, progress)
    try:
        return read_loaded(project)
    except StaleWarehouse as stale:
        progress.step(Text("{why}: it is built anew from data/raw", why=stale.why))
    except DamagedWarehouse:
        if not is_rebuild:
            raise
        progress.step(Text("{warehouse} is damaged: it is built anew from data/raw", warehouse=project.warehouse))
    return remember_loaded(project), 0


def _refuse_lost_receipts(project: Project, loaded: list[LoadedFile], receipts: list[Receipt]) -> None:
    """The receipt of a load is written before the warehouse knows it: where it is gone, others have gone with it."""
    known = {receipt.sha256 for receipt in receipts if isinstance(receipt, Loaded)}
    lost = [file.name for file in loaded if file.sha256 not in known]
    if lost:
        raise BadInput(
            "{receipts} has lost lines: the warehouse holds {file}, and no line says that it was loaded. Restore the file "
            "from a backup. If there is none, withdrawals and waivers are lost, too; to go on without them: {command}",
            receipts=project.receipts,
            file=lost[0],
            command=Text(
                "rm -f {warehouse} && {rebuild}",
                warehouse=shlex.quote(str(project.warehouse)),
                rebuild=CommandLine("rebuild"),
            ),
        )


def _plan_classifications(
    project: Project, receipts: list[Receipt], newest: date, at: datetime
) -> tuple[list[ClassificationChange], list[Receipt]]:
    """The rules that were in force, the present ones last, and the receipt of those if they are new."""
    classifications = list_classifications(receipts)
    if classifications and classifications[-1].classification == project.profile.classification:
        return classifications, []
    change = ClassificationChange(newest if classifications else date.min, project.profile.classification)
    return [*classifications, change], [Classified(at, project.profile.name, change)]


def _note_calendar(project: Project, receipts: list[Receipt], at: datetime) -> list[Receipt]:
    """The receipt of the working calendar if it is new."""
    recorded = list_announced(receipts)
    is_known = recorded and recorded[-1].announcements == project.announcements
    return [] if is_known else [Announced(at, project.announcements)]


def _say_unread(project: Project, progress: Progress) -> None:
    for folder in find_unread(project):
        progress.step(describe_unread(folder))
