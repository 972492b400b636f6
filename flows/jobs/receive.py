"""接收: recognise files, propose their cut-off, copy them into data/raw."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from flows.domain.calendar import Calendar, now
from flows.domain.profile import Profile
from flows.domain.taken_for import FileTakenFor
from flows.domain.text import BadInput, Text, legible
from flows.engine.opening import open_engine
from flows.root.deliveries import find_files, has_samples, hash_file
from flows.root.files import sync
from flows.root.project import Project
from flows.root.receipts import Loaded, Received, append_receipts, read_receipts
from flows.root.receiving import hold_raw, store_files
from flows.sources.export import Export, read_export, verify_export
from flows.sources.table import Table
from flows.warehouse.staging import prepare, read_unusual_times, stage_table

_DAYS_BEFORE = 5  # working days that tell whether something happens on each, as in sql/rules/frames/tail.sql


@dataclass(frozen=True)
class ReceivedFile:
    """One file handed in: its place in data/raw, or None if its content is there already."""

    path: Path
    taken_for: FileTakenFor
    type_hint: str
    stored: Path | None


@dataclass(frozen=True)
class Receiving:
    """The files handed in together, their cut-off, and the reason for that day."""

    files: tuple[ReceivedFile, ...]
    cut_off: date
    reason: Text


def receive(project: Project, paths: Sequence[Path], cut_off: date | None) -> Receiving:
    """Copy files into data/raw under their cut-off: the given one, else the one their names or contents suggest.

    Raises:
        BadInput: a file cannot be read, no cut-off can be inferred or it lies in the future, or the root holds samples.
    """
    if has_samples(project):
        raise BadInput(
            "{root} holds sample data and cannot receive real files. Make a root for them: bulletin init --root DIR",
            root=project.root,
        )
    exports = {path: read_export(_require_file(path), project.profile) for path in paths}
    for export in exports.values():
        verify_export(export, project.profile)
    day, reason = (cut_off, Text("given by --cut-off")) if cut_off else propose_cut_off(project, exports)
    if day > now().date():
        raise BadInput(
            "the cut-off {day} lies in the future (today is {today}). Give a past day with --cut-off.",
            day=day,
            today=now().date(),
        )
    digests = {path: hash_file(path) for path in paths}
    with hold_raw(project):
        present = {file.sha256: file.path for file in find_files(project)}
        fresh = {digest: path for path, digest in digests.items() if digest not in present}
        copies = {path: digest for digest, path in fresh.items()}
        stored = dict(zip(copies, store_files(project, copies, day), strict=True)) if copies else {}
        _note_present(project, {digest: present[digest] for digest in digests.values() if digest in present})
    files = tuple(
        ReceivedFile(
            p,
            exports[p].taken_for(project.profile),
            project.profile.type_by_file_name(Path(legible(p.name))),
            stored.get(p),
        )
        for p in paths
    )
    return Receiving(files, day, reason)


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


def propose_cut_off(project: Project, exports: Mapping[Path, Export]) -> tuple[date, Text]:
    """The newest day in the names of the files, else the newest time in them; earlier, where busy data end before it.

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
    complete = reached.find_complete_day(project.calendar, day, project.profile.tolerances)
    if complete == day:
        return day, reason
    return complete, Text(
        "not {day}, {reason}: the data end at {newest_at}, and {complete} is the last working day they cover",
        day=day,
        reason=reason,
        newest_at=f"{reached.find_end(day):%Y-%m-%d %H:%M}",
        complete=complete,
    )


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
            read_unusual_times(engine, profile)
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
        before, events = complete, []
        for _ in range(_DAYS_BEFORE):
            before = calendar.last_working_day(before - timedelta(days=1))
            events.append(self._events[before])
        is_busy = min(events) >= tolerances["daily_least_cases"]
        return complete if end and is_busy and complete < calendar.last_working_day(day) else day


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
