"""接收: recognise files, propose their cut-off, copy them into data/raw."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from flows.domain.calendar import Calendar, now
from flows.domain.profile import Profile
from flows.domain.taken_for import FileTakenFor
from flows.domain.text import BadInput, CommandLine, Text, legible
from flows.engine.opening import open_engine
from flows.root.deliveries import RawFile, find_files, has_samples, hash_file, remember_loaded
from flows.root.files import sync
from flows.root.project import Project
from flows.root.receipts import Loaded, Received, append_receipts, read_receipts
from flows.root.receiving import hold_raw, move_files, return_files, store_files
from flows.sources.export import Export, read_export, verify_export
from flows.sources.table import Table
from flows.warehouse.staging import finish_rows, prepare, stage_table

_DAYS_BEFORE = 5  # working days that tell whether something happens on each, as in sql/rules/frames/tail.sql


@dataclass(frozen=True)
class ReceivedFile:
    """One file handed in, and its place in data/raw; `is_new` unless its content was there already."""

    path: Path
    taken_for: FileTakenFor
    type_hint: str
    stored: Path
    is_new: bool


@dataclass(frozen=True)
class Proposal:
    """The cut-off of files, the reason for that day, and whether they are a correction of what was delivered for it."""

    cut_off: date
    reason: Text
    is_correction: bool = False


@dataclass(frozen=True)
class Receiving:
    """The files handed in together, and what they are taken for."""

    files: tuple[ReceivedFile, ...]
    proposal: Proposal


def receive(project: Project, paths: Sequence[Path], cut_off: date | None, *, is_correction: bool = False) -> Receiving:
    """Copy files into data/raw under their cut-off: the given one, else the one their names or contents suggest.

    Raises:
        BadInput: a file cannot be read, no cut-off can be inferred or it lies in the future, or the root holds samples.
    """
    if has_samples(project):
        raise BadInput(
            "{root} holds sample data and cannot receive real files. Make a root for them: {command}",
            root=project.root,
            command=CommandLine("init --root {folder}", folder=project.neighbour),
        )
    exports = {path: read_export(_require_file(path), project.profile) for path in paths}
    for export in exports.values():
        verify_export(export, project.profile)
    digests = {path: hash_file(path) for path in paths}
    proposal = Proposal(cut_off, Text("given by --cut-off")) if cut_off else propose(project, exports)
    _refuse_future(proposal.cut_off)
    if is_correction:
        proposal = replace(proposal, is_correction=True)
    with hold_raw(project):
        present = {file.sha256: file.path for file in find_files(project)}
        fresh = {digest: path for path, digest in digests.items() if digest not in present}
        copies = {path: digest for digest, path in fresh.items()}
        if copies:
            stored = store_files(project, copies, proposal.cut_off, is_correction=proposal.is_correction)
            present |= dict(zip(copies.values(), stored, strict=True))
        _note_present(project, {digest: present[digest] for digest in digests.values() if digest not in fresh})
    files = tuple(
        ReceivedFile(
            p,
            exports[p].taken_for(project.profile),
            project.profile.type_by_file_name(Path(legible(p.name))),
            present[digest],
            digest in fresh,
        )
        for p, digest in digests.items()
    )
    return Receiving(files, proposal)


def move(project: Project, names: Sequence[str], cut_off: date, *, is_correction: bool = False) -> list[Path]:
    """Put files that wait to be loaded under another cut-off; returns where they are.

    Raises:
        BadInput: none of one of the names waits, or the day lies in the future.
    """
    _refuse_future(cut_off)
    files = _find_waiting(project, names)
    with hold_raw(project):
        return move_files(project, files, cut_off, is_correction=is_correction)


def undo(project: Project, names: Sequence[str]) -> list[Path]:
    """Take files that wait to be loaded out of data/raw again; returns where they are kept.

    Raises:
        BadInput: none of one of the names waits.
    """
    files = _find_waiting(project, names)
    with hold_raw(project):
        return return_files(project, files)


def find_newest_loaded(project: Project) -> date | None:
    """The newest cut-off of which something is loaded."""
    return max((file.cut_off for file in remember_loaded(project)), default=None)


def _find_waiting(project: Project, names: Sequence[str]) -> list[RawFile]:
    """The files of these names, or below the folders of these names, that are not loaded."""
    known = {file.sha256: file.delivery_id for file in remember_loaded(project)}
    present = find_files(project)
    waiting: dict[str, RawFile] = {}
    for name in names:
        wanted = name.strip("/").removeprefix("data/raw/")
        found = [file for file in present if file.name == wanted or file.name.startswith(f"{wanted}/")]
        if not found:
            raise BadInput(
                "nothing of the name {name} lies in {raw}. What waits: {command}",
                name=name,
                raw=project.raw,
                command=CommandLine("status"),
            )
        if all(file.sha256 in known for file in found):
            delivery = known[found[0].sha256]
            raise BadInput(
                "{name} is loaded, as delivery {delivery}. Take that back first, then receive the files again: {command}",
                name=name,
                delivery=delivery,
                command=CommandLine("withdraw {delivery}", delivery=delivery),
            )
        waiting |= {file.sha256: file for file in found if file.sha256 not in known}
    return list(waiting.values())


def _refuse_future(cut_off: date) -> None:
    if cut_off > now().date():
        raise BadInput(
            "the cut-off {day} lies in the future (today is {today}). Give a past day with --cut-off.",
            day=cut_off,
            today=now().date(),
        )


def _note_present(project: Project, present: Mapping[str, Path]) -> None:
    """Sync what is there already, whoever put it there, and write its receipt where it has none."""
    known = {r.sha256 for r in read_receipts(project) if isinstance(r, Received | Loaded)}
    for path in present.values():
        sync(path)
        sync(path.parent)
    append_receipts(
        project,
        [Received(now(), d, p.relative_to(project.raw).as_posix()) for d, p in present.items() if d not in known],
    )


def propose(project: Project, exports: Mapping[Path, Export]) -> Proposal:
    """The newest day in the names of the files, else the newest time in them; earlier, where busy data end before it.

    A small file whose cases all lie before the newest cut-off that is loaded corrects what was delivered for that.

    Raises:
        BadInput: neither holds a day.
    """
    reached = _Reached()
    for export in exports.values():
        for table in export.tables:
            reached.add(table, project.profile)
    named = [day for path in exports for day in _days_in_name(path.name)]
    if named:
        day, reason = max(named), Text("the date in the file name")
    elif reached.newest_at:
        day, reason = reached.newest_at.date(), Text("the newest time in the file")
    else:
        raise BadInput("no cut-off can be inferred from names or contents. Give it with --cut-off YYYY-MM-DD.")
    tolerances = project.profile.tolerances
    complete = reached.find_complete_day(project.calendar, day, tolerances)
    is_busy = reached.is_busy(project.calendar, complete, tolerances)
    newest = find_newest_loaded(project)
    if newest and not is_busy and _is_correction(project.calendar, reached.newest_at, newest, day if named else None):
        why = Text(
            "a correction of what is loaded: none of its cases is later than {newest_at}",
            newest_at=f"{reached.newest_at:%Y-%m-%d %H:%M}",
        )
        return Proposal(newest, why, is_correction=True)
    if complete == day:
        return Proposal(day, reason)
    why = Text(
        "not {day}, {reason}: the data end at {newest_at}, and {complete} is the last working day they cover",
        day=day,
        reason=reason,
        newest_at=f"{reached.find_end(day):%Y-%m-%d %H:%M}",
        complete=complete,
    )
    return Proposal(complete, why)


def _is_correction(calendar: Calendar, newest_at: datetime | None, newest: date, named: date | None) -> bool:
    """Whether all cases lie before the newest loaded cut-off, and the day in the name is not one at which a later week is complete."""
    if newest_at is None or newest_at.date() > newest:
        return False
    return named is None or (named > newest and calendar.last_complete_week(named + timedelta(days=1)).end <= newest)


class _Reached:
    """How far the files handed in together reach, and what happened on each day."""

    def __init__(self) -> None:
        self.newest_at: datetime | None = None
        self._has_clock = False
        self._events: Counter[date] = Counter()
        self._newest_event_at: dict[date, datetime] = {}

    def add(self, table: Table, profile: Profile) -> None:
        with open_engine() as engine:
            prepare(engine)
            for _ in stage_table(engine, profile, table, 1):
                pass
            finish_rows(engine, profile)
            for row in engine.read("look/days_reached", now=now().replace(tzinfo=None)).dicts():
                day, newest = row["day"], row["newest_event_at"]
                self.newest_at = max(self.newest_at or row["newest_at"], row["newest_at"])
                if newest:
                    self._events[day] += row["events"]
                    self._has_clock |= bool(row["has_clock"])
                    self._newest_event_at[day] = max(newest, self._newest_event_at.get(day, newest))

    def find_end(self, day: date) -> datetime | None:
        """The newest acceptance or completion through `day`."""
        return max((at for known, at in self._newest_event_at.items() if known <= day), default=None)

    def find_complete_day(self, calendar: Calendar, day: date, tolerances: Mapping[str, float]) -> date:
        """`day`, or the last working day before it that the check of the tail (tail_reached) lets pass.

        Only busy data tell that a day is missing: a small file need not have a case on each.
        """
        hour = time(int(tolerances["tail_hour"])) if self._has_clock else time()
        complete = calendar.last_working_day(day)
        while (end := self.find_end(complete)) and end < datetime.combine(complete, hour):
            complete = calendar.last_working_day(min(end.date(), complete - timedelta(days=1)))
        is_whole = not end or complete == calendar.last_working_day(day)
        return day if is_whole or not self.is_busy(calendar, complete, tolerances) else complete

    def is_busy(self, calendar: Calendar, day: date, tolerances: Mapping[str, float]) -> bool:
        """Whether something happened on each of the working days before `day`."""
        events = []
        for _ in range(_DAYS_BEFORE):
            day = calendar.last_working_day(day - timedelta(days=1))
            events.append(self._events[day])
        return min(events) >= tolerances["daily_least_cases"]


def _require_file(path: Path) -> Path:
    if not path.is_file():
        raise BadInput("{path}: no such file. Check the path.", path=path)
    return path


def _days_in_name(name: str) -> list[date]:
    """Days written in a file name, such as 20220722, 2022-07-22, 2022年7月22日, except future ones."""
    days = []
    for year, month, day in re.findall(r"(?<!\d)(20\d\d)[-_.年]?(\d{1,2})[-_.月]?(\d{1,2})(?!\d)", name):
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:  # not a date, such as a serial number
            continue
    return [day for day in days if day <= now().date()]
