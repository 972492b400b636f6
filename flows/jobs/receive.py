"""接收: recognise files, propose their cut-off, copy them into data/raw."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.domain.calendar import now
from flows.domain.profile import Profile
from flows.domain.taken_for import FileTakenFor
from flows.domain.text import BadInput, Text
from flows.engine.opening import open_engine
from flows.root.deliveries import find_files, has_samples, hash_file
from flows.root.files import sync
from flows.root.project import Project
from flows.root.receipts import Loaded, Received, append_receipts, read_receipts
from flows.root.receiving import hold_raw, store_files
from flows.sources.export import Export, read_export, verify_export
from flows.sources.table import Table
from flows.warehouse.staging import prepare, read_unusual_times, stage_table


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
    day, reason = (cut_off, Text("given by --cut-off")) if cut_off else propose_cut_off(exports, project.profile)
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
        ReceivedFile(p, exports[p].taken_for(), project.profile.type_by_file_name(Path(p.name)), stored.get(p))
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


def propose_cut_off(exports: Mapping[Path, Export], profile: Profile) -> tuple[date, Text]:
    """The newest day in the names of the files, else the newest time in them, and which of the two it is.

    Raises:
        BadInput: neither holds a day.
    """
    named = [day for path in exports for day in _days_in_name(path.name)]
    if named:
        return max(named), Text("the date in the file name")
    days = [day for export in exports.values() for table in export.tables if (day := _newest_day(table, profile))]
    if days:
        return max(days), Text("the newest time in the file")
    raise BadInput("no cut-off can be inferred from names or contents. Give it with --cut-off YYYY-MM-DD.")


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


def _newest_day(table: Table, profile: Profile) -> date | None:
    with open_engine() as engine:
        prepare(engine)
        for _ in stage_table(engine, profile, table, 1):
            pass
        read_unusual_times(engine, profile)
        newest = engine.read("look/newest_time", now=now().replace(tzinfo=None)).dicts()[0]["newest_at"]
    return newest.date() if newest else None
