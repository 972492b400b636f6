"""Deliveries below data/raw: which files there are, when they were received, which were withdrawn.

The files are never edited. What happened to them is in receipts.jsonl beside them.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from flows.domain.calendar import now
from flows.domain.cases import cut_off_of
from flows.domain.text import BadInput, CommandLine, Text, legible
from flows.root.project import Project
from flows.root.receipts import Loaded, Receipt, Received, Withdrawn, find_withdrawn, read_receipts
from flows.sources.encoding import look_ahead
from flows.sources.export import is_export
from flows.sources.forms import SUFFIXES

DELIVERY_TOML = "delivery.toml"
_KEYS = {  # of delivery.toml
    "profile": str,
    "received_on": date,
    "corrects": bool,
    "sample": bool,
    "control_totals": dict,
    "accept": dict,
    "no_business": list,
}
_LONGEST_NAME_BYTES = 255
_BLOCK_BYTES = 1 << 25  # large blocks: other threads then rarely make this one wait for the interpreter lock


@dataclass(frozen=True)
class RawFile:
    """One file of a delivery. `name` is its path below data/raw; `sha256` identifies it."""

    path: Path
    name: str
    cut_off: date
    sha256: str
    size: int
    modified_ns: int
    received_on: date
    corrects: bool
    is_sample: bool


@dataclass(frozen=True)
class LoadedFile:
    """A file that was loaded, as the warehouse or the receipts know it."""

    name: str
    cut_off: date
    delivery_id: str
    sha256: str
    size: int
    modified_ns: int
    received_on: date
    corrects: bool


def describe_place(file: "RawFile | LoadedFile") -> tuple[str, date, bool]:
    """What decides, besides its content, what a file means: its place, day of receipt, and whether it corrects."""
    return file.name, file.received_on, file.corrects


def find_files(
    project: Project,
    loaded: Iterable[LoadedFile] = (),
    withdrawing: Set[str] = frozenset(),
    receipts: Sequence[Receipt] | None = None,
    on_new: Callable[[], None] = lambda: None,
) -> list[RawFile]:
    """The files to build the warehouse from, by cut-off and name: all below data/raw except withdrawn ones.

    Two files of the same content count as one, of the earlier cut-off, and of one cut-off as the one that corrects.
    Unchanged files of `loaded` are not read again;
    `withdrawing` are contents about to be withdrawn. `receipts`: as of an earlier moment; only its withdrawals count, and
    files that have changed since are not refused. `on_new` is called before a file is read: there will be more to do.

    Raises:
        BadInput: a folder whose name is not a date or lies in the future, a stray file, sample and real deliveries
            together, or a loaded file that has changed or disappeared.
    """
    known = {file.name: file for file in loaded}
    is_past = receipts is not None
    receipts = receipts if receipts is not None else read_receipts(project)
    withdrawn = find_withdrawn(receipts) | withdrawing
    received = {r.sha256: r.at.date() for r in reversed(receipts) if isinstance(r, Received | Loaded)}
    found = [
        _describe(project, path, cut_off, known, received, on_new)
        for cut_off, exports in _find_deliveries(project.raw)
        for path in exports
    ]
    first = sorted(found, key=lambda f: (f.cut_off, not f.corrects, f.name))
    present = {file.sha256: file for file in reversed(first)}
    _refuse_mixture(project, found)
    if not is_past:
        _refuse_changed(known.values(), present, withdrawn)
    files = [file for file in present.values() if file.sha256 not in withdrawn]
    return sorted(files, key=lambda f: (f.cut_off, f.name))


def find_unread(project: Project) -> list[Path]:
    """The folders of data/raw that are skipped: without data files, or still being copied by another program."""
    return [
        entry
        for entry in _list_entries(project.raw)
        if entry.is_dir() and not (is_export(entry) and _find_exports(entry))
    ]


def describe_unread(folder: Path) -> Text:
    if is_export(folder):
        return Text("empty delivery folder {folder}: nothing was read", folder=folder.name)
    return Text("unfinished folder {folder}: nothing was read", folder=folder.name)


def remember_loaded(project: Project) -> list[LoadedFile]:
    """The loaded files according to the receipts, for when the warehouse cannot be read; the size -1 forces a new digest."""
    last = {r.sha256: r for r in read_receipts(project) if isinstance(r, Loaded | Withdrawn)}
    return [
        LoadedFile(r.file, r.cut_off, r.delivery_id, r.sha256, -1, 0, r.at.date(), False)
        for r in last.values()
        if isinstance(r, Loaded)
    ]


def unproved(loaded: Iterable[LoadedFile]) -> list[LoadedFile]:
    """The same files, whose digests shall be taken anew: size and time may be as they were, and the content another."""
    return [replace(file, size=-1) for file in loaded]


def name_deliveries(
    files: Iterable[RawFile], loaded: Iterable[LoadedFile], receipts: Iterable[Receipt]
) -> dict[str, str]:
    """Content → delivery: the one it was first loaded with, else a new one of its folder."""
    named = {r.sha256: r.delivery_id for r in reversed(list(receipts)) if isinstance(r, Loaded)}
    named |= {file.sha256: file.delivery_id for file in loaded}
    taken = set(named.values())
    fresh: dict[date, str] = {}
    for file in files:
        known = named.get(file.sha256)
        if known is None or cut_off_of(known) != file.cut_off:
            if file.cut_off not in fresh:
                fresh[file.cut_off] = _next_name(file.cut_off, taken)
            named[file.sha256] = fresh[file.cut_off]
    return {file.sha256: named[file.sha256] for file in files}


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def find_free_name(path: Path, digest: str) -> Path:
    """`path`, with a number where its name is taken by another content."""
    target, number = path, 1
    while target.exists() and hash_file(target) != digest:
        number += 1
        target = path.with_name(_shorten(path.stem, f"-{number}{path.suffix}"))
    return target


def readable_suffixes() -> tuple[str, ...]:
    """The suffixes of the files that can be received."""
    return SUFFIXES


def has_samples(project: Project) -> bool | None:
    """Whether the deliveries of a root are samples; None where there are none."""
    kinds = [
        read_delivery_toml(path, project)[1].get("sample", False)
        for _, exports in _find_deliveries(project.raw)
        for path in exports
    ]
    return any(kinds) if kinds else None


def read_delivery_toml(path: Path, project: Project) -> tuple[Path, dict[str, Any]]:
    """The nearest delivery.toml above a file, up to the folder of its cut-off, and its values; {} if there is none.

    Raises:
        BadInput: it cannot be read, or has an unknown key or a value of the wrong type.
    """
    for folder in path.parents:
        if folder == project.raw:
            break
        if (folder / DELIVERY_TOML).is_file():
            return folder / DELIVERY_TOML, _parse_delivery_toml(folder / DELIVERY_TOML, project)
    return path, {}


def _find_deliveries(raw: Path) -> list[tuple[date, list[Path]]]:
    """Cut-offs and their data files. A folder without data files is skipped, whatever its name."""
    found = []
    for entry in _list_entries(raw):
        exports = _find_exports(entry)
        if is_export(entry) and (exports or not entry.is_dir()):
            found.append((_parse_cut_off(entry), exports))
    return found


def _list_entries(raw: Path) -> list[Path]:
    if not raw.is_dir():
        return []
    return sorted(entry for entry in raw.iterdir() if not entry.name.startswith(".") and entry.name != "receipts.jsonl")


def _parse_cut_off(folder: Path) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", folder.name) or not folder.is_dir():
            raise ValueError
        cut_off = date.fromisoformat(folder.name)
    except ValueError:
        raise BadInput(
            "{folder}: data/raw may only hold folders named by a cut-off date, such as 2022-07-22. "
            "Rename it, or hand the file in: {command}",
            folder=folder,
            command=CommandLine("receive {folder}", folder=folder),
        ) from None
    if cut_off > now().date():
        raise BadInput(
            "{folder}: the cut-off {cut_off} lies in the future (today is {today}). Rename the folder to the right date.",
            folder=folder,
            cut_off=cut_off,
            today=now().date(),
        )
    return cut_off


def _find_exports(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and is_export(p) and not _is_hidden(p, folder))


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _describe(
    project: Project,
    path: Path,
    cut_off: date,
    known: Mapping[str, LoadedFile],
    received: Mapping[str, date],
    on_new: Callable[[], None],
) -> RawFile:
    name = legible(path.relative_to(project.raw).as_posix())
    facts = path.stat()
    same = known.get(name)
    unchanged = same and (same.size, same.modified_ns) == (facts.st_size, facts.st_mtime_ns)
    if not (same and unchanged):
        on_new()
        look_ahead(path)
    digest = same.sha256 if same and unchanged else hash_file(path)
    settings = read_delivery_toml(path, project)[1]
    received_on = settings.get("received_on") or received.get(digest) or now().date()
    return RawFile(
        path, name, cut_off, digest, facts.st_size, facts.st_mtime_ns, received_on,
        settings.get("corrects", False), settings.get("sample", False),
    )  # fmt: skip


def _parse_delivery_toml(path: Path, project: Project) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput("{path} cannot be read: {error}. Correct that line.", path=path, error=error) from None
    for key, value in settings.items():
        if key not in _KEYS or type(value) is not _KEYS[key]:
            allowed = ", ".join(f"{name} ({kind.__name__})" for name, kind in _KEYS.items())
            raise BadInput(
                "{path}: {key} = {value} is not allowed. The settings are: {allowed}.",
                path=path,
                key=key,
                value=repr(value),
                allowed=allowed,
            )
    if settings.get("profile", project.profile.name) != project.profile.name:
        raise BadInput(
            "{path}: profile is {given}, but this root uses {profile}. Use a separate root for each source.",
            path=path,
            given=settings["profile"],
            profile=project.profile.name,
        )
    return settings


def _refuse_mixture(project: Project, files: list[RawFile]) -> None:
    sample = next((file for file in files if file.is_sample), None)
    real = next((file for file in files if not file.is_sample), None)
    if sample and real:
        raise BadInput(
            "Sample data ({sample_name}) and real data ({real_name}) cannot share a root. "
            "Make one for the real data: {command}",
            command=CommandLine("init --root {folder}", folder=project.neighbour),
            sample_name=sample.name,
            real_name=real.name,
        )


def _refuse_changed(loaded: Iterable[LoadedFile], present: Mapping[str, RawFile], withdrawn: Set[str]) -> None:
    for file in loaded:
        if file.sha256 not in present and file.sha256 not in withdrawn:
            raise BadInput(
                "data/raw/{file} was loaded and has since changed or disappeared. Restore it, or withdraw it: {command}",
                file=file.name,
                command=CommandLine("withdraw {delivery_id}", delivery_id=file.delivery_id),
            )


def _next_name(cut_off: date, taken: set[str]) -> str:
    name, number = cut_off.isoformat(), 1
    while name in taken:
        number += 1
        name = f"{cut_off.isoformat()}-{number}"
    taken.add(name)
    return name


def _shorten(stem: str, ending: str) -> str:
    """A name of at most as many bytes as a name can have."""
    return stem.encode()[: _LONGEST_NAME_BYTES - len(ending.encode())].decode(errors="ignore") + ending
