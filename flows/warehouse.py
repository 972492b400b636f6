"""The warehouse: built beside the published file, swapped in by one rename, never edited in place (DESIGN.md §4)."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from flows import guard
from flows.deliveries import (
    LoadedFile,
    RawFile,
    describe_place,
    describe_unread,
    find_files,
    find_unread,
    name_deliveries,
    remember_loaded,
)
from flows.engine import Engine, open_engine, open_warehouse
from flows.files import make_folder, sync
from flows.fold import fold_cut_off, reclassify, rewind, store_calendar, store_rules
from flows.lock import hold_lock
from flows.notes import read_notes, store_notes, store_tolerances
from flows.project import Project, now
from flows.receipts import (
    Receipt,
    RulesChange,
    append_receipts,
    list_rules,
    read_receipts,
    record_acceptance,
    record_rules,
)
from flows.record import Publication, read_publications
from flows.vocabulary import Acceptance, BadInput, Check, Progress, Text

SCHEMA_VERSION = "9"
_ASIDE = ".asking-"
_DAY_SECONDS = 86_400


class StaleWarehouse(BadInput):
    """The warehouse cannot be used as it is, and can be built anew from data/raw; `why` is half a sentence."""

    def __init__(self, why: Text) -> None:
        super().__init__(
            zh=f"{why.zh}。请从 data/raw 重建：bulletin rebuild",
            en=f"{why.en}. Build it anew from data/raw: bulletin rebuild",
        )
        self.why = why


@dataclass(frozen=True)
class Plan:
    """What a run has to do: the files the warehouse shall consist of, and which of them are new.

    An incremental run appends deliveries of newer cut-offs to a copy; anything else is folded again from data/raw.
    `rules` of the profile were or are in force, oldest first; the copy was made under the first `applied` of them, an empty
    one begins under the first. `receipts` are written down when the result is swapped in.
    """

    files: tuple[RawFile, ...]
    new: tuple[RawFile, ...]
    is_incremental: bool
    has_changes: bool
    delivery_ids: dict[str, str]
    rules: tuple[RulesChange, ...]
    applied: int
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class Build:
    """A warehouse under construction, invisible to readers."""

    project: Project
    plan: Plan
    path: Path
    engine: Engine


def plan_run(project: Project, progress: Progress, *, from_scratch: bool = False) -> Plan:
    """Compare data/raw with the warehouse. To be called under the lock."""
    loaded, applied = _find_loaded(project, progress)
    _say_unread(project, progress)
    files = find_files(project, loaded)
    before = {file.sha256: describe_place(file) for file in loaded}
    after = {file.sha256: describe_place(file) for file in files}
    new = tuple(file for file in files if before.get(file.sha256) != after[file.sha256])
    newest = max((file.cut_off for file in loaded), default=date.min)
    receipts = read_receipts(project)
    names = name_deliveries(files, loaded, receipts)
    at = now()
    rules, noted = _plan_rules(project, receipts, newest, at)
    is_incremental = (
        0 < applied <= len(rules)
        and not from_scratch
        and all(after.get(sha256) == place for sha256, place in before.items())
        and all(file.cut_off > newest for file in new)
    )
    noted += [Receipt("loaded", at, file.sha256, file.name, names[file.sha256]) for file in new]
    is_other = applied < len(rules) if is_incremental else project.warehouse.exists()
    applied = applied if is_incremental else 1
    return Plan(tuple(files), new, is_incremental, bool(new) or is_other, names, tuple(rules), applied, tuple(noted))


def plan_withdrawal(project: Project, delivery_id: str, reason: str, progress: Progress) -> Plan:
    """What has been loaded, without one delivery. To be called under the lock.

    Raises:
        BadInput: no loaded delivery has that name.
    """
    loaded, _ = _find_loaded(project, progress)
    gone = {file.sha256 for file in loaded if file.delivery_id == delivery_id}
    if not gone:
        names = ", ".join(sorted({file.delivery_id for file in loaded})) or "–"
        raise BadInput(
            zh=f"没有已载入的批次 {delivery_id}；已载入的有：{names}。尚未载入的文件直接移出 data/raw 即可。",
            en=f"No loaded delivery is called {delivery_id}; loaded are: {names}. "
            "A file that is not loaded yet is simply moved out of data/raw.",
        )
    _say_unread(project, progress)
    kept = {file.sha256 for file in loaded} - gone
    files = tuple(file for file in find_files(project, loaded, withdrawing=gone) if file.sha256 in kept)
    names_by_content = {file.sha256: file.delivery_id for file in loaded}
    newest = max(file.cut_off for file in loaded)
    at = now()
    rules, noted = _plan_rules(project, read_receipts(project), newest, at)
    noted += [Receipt("withdrawn", at, f.sha256, f.name, delivery_id, reason) for f in loaded if f.sha256 in gone]
    return Plan(files, (), False, True, names_by_content, tuple(rules), 1, tuple(noted))


@contextmanager
def build_aside(project: Project, plan: Plan) -> Iterator[Build]:
    """A working copy beside the warehouse: of it, or empty; gone at the end unless it was swapped in."""
    folder = project.warehouse.parent / ".building"
    for leftover in (folder, *_find_forgotten(project)):
        shutil.rmtree(leftover, ignore_errors=True)
    make_folder(folder)
    try:
        with _build_in(folder, project, plan) as build, ThreadPoolExecutor(1) as beside:
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
        TemporaryDirectory(prefix=_ASIDE, dir=project.warehouse.parent) as folder,
        _build_in(Path(folder), project, plan) as build,
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
    """A warehouse of chosen files under the rules that `receipts` tell, to be asked and forgotten; no lock is needed.

    Raises:
        BadInput: a file cannot be read.
    """
    rules = tuple(list_rules(receipts)) or (RulesChange(date.min, project.profile.rules),)
    names = delivery_ids or name_deliveries(files, [], receipts)
    plan = Plan(tuple(files), tuple(files), False, True, names, rules, 1, ())
    with (
        TemporaryDirectory(prefix=_ASIDE, dir=project.warehouse.parent) as folder,
        _build_in(Path(folder), project, plan) as build,
    ):
        load_deliveries(build, progress)
        store_notes(build.engine, read_notes(project, files))
        yield build.engine


@contextmanager
def rewind_aside(project: Project, as_of: date) -> Iterator[Engine]:
    """A copy of the warehouse as if no delivery with a later cut-off had come; gone at the end. No lock is needed."""
    with (
        TemporaryDirectory(prefix=_ASIDE, dir=project.warehouse.parent) as folder,
        _build_in(Path(folder), project, Plan((), (), True, False, {}, (), 0, ())) as build,
    ):
        rewind(build.engine, as_of)
        yield build.engine


@contextmanager
def open_copy(project: Project, *, is_empty: bool) -> Iterator[Engine]:
    """A copy of the warehouse to try something in, or an empty one, as where none can be read; gone at the end."""
    with ExitStack() as opened:
        if not is_empty and _is_readable(project):
            folder = opened.enter_context(TemporaryDirectory(prefix=_ASIDE, dir=project.warehouse.parent))
            path = Path(folder) / project.warehouse.name
            shutil.copyfile(project.warehouse, path)
            engine = opened.enter_context(_open(project, path))
            engine.create_functions()
        else:
            engine = opened.enter_context(open_engine(threads=project.settings.threads))
            engine.create_schema()
            store_rules(engine, project.profile)
            store_calendar(engine)
        store_tolerances(engine, project.profile)
        yield engine


def note_publications(project: Project, progress: Progress) -> None:
    """Swap in a copy that knows the record of publications as it is now. To be called under the lock."""
    _, applied = read_loaded(project)
    rules = tuple(list_rules(read_receipts(project)))[:applied]
    plan = Plan((), (), True, True, {}, rules, applied, ())
    with (
        TemporaryDirectory(prefix=_ASIDE, dir=project.warehouse.parent) as folder,
        _build_in(Path(folder), project, plan) as build,
    ):
        swap_in(build, progress)


def load_deliveries(build: Build, progress: Progress) -> None:
    """Fold the deliveries that the working copy lacks into it, cut-off by cut-off, oldest first.

    Raises:
        BadInput: a file cannot be read, changed meanwhile, or a delivery holds no row.
    """
    engine, plan = build.engine, build.plan
    profile = build.project.profile.with_rules(plan.rules[plan.applied - 1].rules)
    later = list(plan.rules[plan.applied :])
    for cut_off, files in groupby(plan.new if plan.is_incremental else plan.files, key=lambda file: file.cut_off):
        while later and later[0].after < cut_off:
            profile = profile.with_rules(later.pop(0).rules)
            reclassify(engine, profile)
        fold_cut_off(engine, profile, cut_off, list(files), plan.delivery_ids, progress)
    for change in later:
        reclassify(engine, profile.with_rules(change.rules))


def store_checks(
    engine: Engine, checks: Mapping[date | None, Sequence[Check]], decisions: Sequence[Acceptance]
) -> None:
    """Write the verdicts on the deliveries (None) and on the figures of a week, and the decisions of today about them."""
    engine.insert_rows("acceptances", [(a.rule, a.cut_off, a.reason, a.by, a.on, a.source) for a in decisions])
    engine.execute("delete from check_results")
    engine.execute("delete from check_places")
    for week_end, each in checks.items():
        rows = [
            (c.name, c.severity.value, c.is_passed, c.observed, c.zh, c.en, c.broken, bool(c.acceptances), week_end)
            for c in each
        ]
        engine.insert_rows("check_results", rows)
        engine.insert_rows("check_places", [(c.name, p.cut_off, p.name, p.observed) for c in each for p in c.places])


def swap_in(build: Build, progress: Progress, decisions: Sequence[Acceptance] = ()) -> None:
    """Make the working copy the warehouse: closed, verified, read-only, then one rename. Readers keep what they hold.

    What is written down before the rename holds without it, too: a run killed in between is simply done again.
    """
    project, target = build.project, build.project.warehouse
    build.engine.execute("delete from warehouse_info")
    facts = {"schema_version": SCHEMA_VERSION, "profile": project.profile.name}
    facts |= {
        "reading": project.profile.reading,
        "rules": str(len(build.plan.rules)),
        "built_at": now().isoformat(timespec="seconds"),
    }
    build.engine.insert_rows("warehouse_info", list(facts.items()))
    expected = build.engine.rows("marts/reconciliation", as_of=date.max)
    build.engine.checkpoint()
    build.engine.close()
    with open_engine(build.path, read_only=True) as reopened:
        if reopened.rows("marts/reconciliation", as_of=date.max) != expected:
            raise RuntimeError(f"{build.path} does not read back as it was written")
    build.path.chmod(0o444)
    for place in (build.path, *_list_places(project, build.plan.new)):
        sync(place)
    guard.record_built(project, build.path)
    append_receipts(project, (*build.plan.receipts, *(record_acceptance(decision, now()) for decision in decisions)))
    guard.keep_replaced(project)
    guard.set_foreign_log_aside(project, progress)
    build.path.replace(target)
    sync(target.parent)
    guard.forget_oldest(project)


@contextmanager
def open_read_only(project: Project, *, is_locked_down: bool = False) -> Iterator[Engine]:
    """The warehouse as it is now; a swap meanwhile does not change what this reader sees.

    Locked down it can be asked anything (Engine.ask).

    Raises:
        BadInput: the file is no warehouse, damaged, or of a newer program.
        StaleWarehouse: it is of an older program, or another program changed it.
        Locked: another program holds it open for writing.
    """
    if guard.has_foreign_log(project):  # opening the file would apply it
        raise _distrust(project)
    is_as_built = guard.is_as_built(project)  # asked first: closing the file would also end a connection's lock on it
    with open_warehouse(project.warehouse, is_locked_down=is_locked_down) as engine:
        _refuse_other_schema(project, int(_read_facts(engine)["schema_version"]))
        if not is_as_built:
            raise _distrust(project)
        yield engine


def forget_everything(project: Project) -> None:
    """Remove the warehouse and the receipts of a root whose samples were written anew; real data are never forgotten."""
    with hold_lock(project, "bulletin sample"):
        project.receipts.unlink(missing_ok=True)
        project.warehouse.unlink(missing_ok=True)
        shutil.rmtree(project.kept, ignore_errors=True)


def read_loaded(project: Project) -> tuple[list[LoadedFile], int]:
    """The files in the warehouse, and under how many recorded rules it came to be; 0 where no run can go on from it."""
    if not project.warehouse.exists():
        return [], 0
    with open_read_only(project) as engine:
        facts = _read_facts(engine)
        rows = engine.execute(
            "select distinct t.file, d.cut_off, d.delivery_id, t.sha256, t.bytes, t.modified_ns, t.received_on, t.corrects "
            "from delivered_tables t join deliveries d on d.delivery_no = t.delivery_no"
        )
    is_readable = facts["reading"] == project.profile.reading
    return [LoadedFile(*row.values()) for row in rows], int(facts["rules"]) if is_readable else 0


def find_newest_cut_off(project: Project) -> date:
    """The newest cut-off in the warehouse; the first day of all where there is none, or none that can be read."""
    return (
        max((file.cut_off for file in read_loaded(project)[0]), default=date.min) if _is_readable(project) else date.min
    )


def _find_loaded(project: Project, progress: Progress) -> tuple[list[LoadedFile], int]:
    """As `read_loaded`; of a warehouse that has to be built anew, as the receipts say."""
    guard.set_foreign_log_aside(project, progress)
    try:
        return read_loaded(project)
    except StaleWarehouse as stale:
        progress.step(Text(f"{stale.why.zh}：从 data/raw 重建", f"{stale.why.en}: it is built anew from data/raw"))
        return remember_loaded(project), 0


@contextmanager
def _build_in(folder: Path, project: Project, plan: Plan) -> Iterator[Build]:
    path = folder / project.warehouse.name  # the same name, since views remember it
    if plan.is_incremental:
        shutil.copyfile(project.warehouse, path)
    with _open(project, path) as engine:
        if plan.is_incremental:
            engine.create_functions()
        else:
            engine.create_schema()
            store_rules(engine, project.profile.with_rules(plan.rules[0].rules))
        store_calendar(engine)
        store_tolerances(engine, project.profile)
        _store_publications(engine, read_publications(project))
        yield Build(project, plan, path, engine)


def _store_publications(engine: Engine, publications: Sequence[Publication]) -> None:
    """Write what was signed, in place of what stood there."""
    engine.execute("delete from published_figures")
    rows = [
        (
            p.week_end, p.issue, p.serial, group, counts["accepted"], counts["completed"], counts["carried_over"],
            p.by, p.checked_by, p.at.replace(tzinfo=None), p.sha256,
        )
        for p in publications
        for group, counts in p.figures.items()
    ]  # fmt: skip
    engine.insert_rows("published_figures", rows)


def _is_readable(project: Project) -> bool:
    try:
        return project.warehouse.exists() and read_loaded(project)[1] > 0
    except StaleWarehouse:
        return False


def _find_forgotten(project: Project) -> Iterator[Path]:
    """What commands that were killed had folded aside, or had no room for in memory: nobody asks a question for a day."""
    for pattern in (f"{_ASIDE}*", f"{project.warehouse.name}.*.tmp"):
        for folder in project.warehouse.parent.glob(pattern):
            if now().timestamp() - folder.stat().st_mtime > _DAY_SECONDS:
                yield folder


def _read_facts(engine: Engine) -> dict[str, str]:
    return {row["name"]: row["value"] for row in engine.table("warehouse_info")}


def _plan_rules(
    project: Project, receipts: list[Receipt], newest: date, at: datetime
) -> tuple[list[RulesChange], list[Receipt]]:
    """The rules that were in force, the present ones last, and the receipt of those if they are new."""
    rules = list_rules(receipts)
    if rules and rules[-1].rules == project.profile.rules:
        return rules, []
    change = RulesChange(newest if rules else date.min, project.profile.rules)
    return [*rules, change], [record_rules(change, project.profile.name, at)]


def _say_unread(project: Project, progress: Progress) -> None:
    for folder in find_unread(project):
        progress.step(describe_unread(folder))


def _list_places(project: Project, files: Sequence[RawFile]) -> set[Path]:
    """Files that receipts are about to speak of, whoever put them there, and the folders below data/raw that name them."""
    places = {place for file in files for place in (file.path, *file.path.parents)}
    return {place for place in places if place.is_relative_to(project.raw)}


def _open(project: Project, path: Path) -> AbstractContextManager[Engine]:
    settings = project.settings
    return open_engine(path, is_working_copy=True, threads=settings.threads, memory_limit=settings.memory_limit)


def _distrust(project: Project) -> StaleWarehouse:
    return StaleWarehouse(
        Text(
            zh=f"{project.warehouse} 建成后被其他程序改动过，不可采信",
            en=f"{project.warehouse} was changed by another program after it was built and is not to be trusted",
        )
    )


def _refuse_other_schema(project: Project, version: int) -> None:
    if version > int(SCHEMA_VERSION):
        raise BadInput(
            zh=f"{project.warehouse} 由更新版本的程序写成（结构版本 {version}，本程序支持到 {SCHEMA_VERSION}）。请升级程序。",
            en=f"{project.warehouse} was written by a newer program (schema {version}, this one knows {SCHEMA_VERSION}). "
            "Upgrade the program.",
        )
    if version < int(SCHEMA_VERSION):
        raise StaleWarehouse(
            Text(
                zh=f"{project.warehouse} 由旧版本的程序写成（结构版本 {version}，本程序使用 {SCHEMA_VERSION}）",
                en=f"{project.warehouse} was written by an older program (schema {version}, this one uses {SCHEMA_VERSION})",
            )
        )
