"""Deliveries below data/raw: which files there are, when they were received, which were withdrawn.

The files are never edited. What happened to them stands beside them, in the append-only receipts.jsonl.
"""

import hashlib
import re
import shutil
import tomllib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flows.exports import is_export, look_ahead
from flows.files import make_folder, put_file
from flows.project import Project, now
from flows.receipts import Receipt, find_withdrawn, read_receipts
from flows.vocabulary import BadInput, Text

_SETTINGS = {
    "profile": str,
    "received_on": date,
    "corrects": bool,
    "sample": bool,
    "control_totals": dict,
    "accept": dict,
    "no_business": list,
}
_BLOCK_BYTES = 1 << 22  # large ones, so that a thread beside it seldom has to wait for its turn


@dataclass(frozen=True)
class RawFile:
    """One file of a delivery. `name` is its path below data/raw; `sha256` is what it is known by."""

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
    """A file as the warehouse remembers it."""

    name: str
    cut_off: date
    delivery_id: str
    sha256: str
    size: int
    modified_ns: int
    received_on: date
    corrects: bool


def describe_place(file: "RawFile | LoadedFile") -> tuple[str, date, bool]:
    """What, beside its content, decides what a file says: where it lies, when it came, whether it corrects."""
    return file.name, file.received_on, file.corrects


def find_files(
    project: Project,
    loaded: Iterable[LoadedFile] = (),
    withdrawing: Set[str] = frozenset(),
    receipts: Sequence[Receipt] | None = None,
) -> list[RawFile]:
    """The files to build the warehouse from, by cut-off and name: all below data/raw but the withdrawn.

    A content that lies there twice is one file, of the earlier cut-off. `loaded` spares reading unchanged files again;
    `withdrawing` are contents about to be withdrawn. With `receipts`, those of a time gone by, nothing else counts as withdrawn,
    and nothing is said of files that have changed since.

    Raises:
        BadInput: a folder that is no date or lies in the future, a stray file, sample and real deliveries together, or a
            loaded file that changed or disappeared.
    """
    known = {file.name: file for file in loaded}
    is_past = receipts is not None
    receipts = receipts if receipts is not None else read_receipts(project)
    withdrawn = find_withdrawn(receipts) | withdrawing
    received = {r.sha256: r.at.date() for r in reversed(receipts) if r.action in ("received", "loaded")}
    found = [
        _describe(project, path, cut_off, known, received)
        for cut_off, exports in _find_deliveries(project.raw)
        for path in exports
    ]
    present = {file.sha256: file for file in sorted(found, key=lambda f: (f.cut_off, f.name), reverse=True)}
    _refuse_mixture(found)
    if not is_past:
        _refuse_changed(known.values(), present, withdrawn)
    files = [file for file in present.values() if file.sha256 not in withdrawn]
    return sorted(files, key=lambda f: (f.cut_off, f.name))


def find_unread(project: Project) -> list[Path]:
    """The folders of data/raw that are passed over, because they hold no data file or are being copied by another program."""
    return [
        entry
        for entry in _list_entries(project.raw)
        if entry.is_dir() and not (is_export(entry) and _find_exports(entry))
    ]


def describe_unread(folder: Path) -> Text:
    if is_export(folder):
        return Text(
            f"空的批次文件夹 {folder.name}：未读入任何数据", f"empty delivery folder {folder.name}: nothing was read"
        )
    return Text(f"未复制完的文件夹 {folder.name}：未读入任何数据", f"unfinished folder {folder.name}: nothing was read")


def remember_loaded(project: Project) -> list[LoadedFile]:
    """What the receipts say is loaded, for where the warehouse cannot be asked; each content is to be looked at again."""
    last = {r.sha256: r for r in read_receipts(project) if r.action in ("loaded", "withdrawn")}
    return [
        LoadedFile(r.file, date.fromisoformat(r.delivery_id[:10]), r.delivery_id, r.sha256, -1, 0, r.at.date(), False)
        for r in last.values()
        if r.action == "loaded"
    ]


def name_deliveries(
    files: Iterable[RawFile], loaded: Iterable[LoadedFile], receipts: Iterable[Receipt]
) -> dict[str, str]:
    """The delivery of each file, by content: as first loaded; else a new one of its folder."""
    named = {r.sha256: r.delivery_id for r in reversed(list(receipts)) if r.action == "loaded"}
    named |= {file.sha256: file.delivery_id for file in loaded}
    taken = set(named.values())
    fresh: dict[date, str] = {}
    for file in files:
        if named.get(file.sha256, "")[:10] != file.cut_off.isoformat():
            if file.cut_off not in fresh:
                fresh[file.cut_off] = _next_name(file.cut_off, taken)
            named[file.sha256] = fresh[file.cut_off]
    return {file.sha256: named[file.sha256] for file in files}


def store_files(project: Project, files: Mapping[Path, str], cut_off: date) -> list[Path]:
    """Copy files into the folder of their cut-off, whole or not at all; `files` gives their contents' digests.

    A copy is written under a hidden name beside its place, compared with its digest, then renamed: nobody ever sees
    half a file. A name that is taken by another content gets a number.
    """
    folder = project.raw / cut_off.isoformat()
    make_folder(folder)
    placed = []
    for path, digest in files.items():
        copy = folder / f".{path.name}.part"
        try:
            shutil.copyfile(path, copy)
            if hash_file(copy) != digest:
                raise BadInput(
                    zh=f"{path}：复制期间文件有变化，未接收。请等文件写完后再试。",
                    en=f"{path} changed while it was copied and was not received. Try again when it is complete.",
                )
            target = _free_name(folder, path.name, digest)
            put_file(copy, target)
            placed.append(target)
        finally:
            copy.unlink(missing_ok=True)
    return placed


def hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def has_samples(project: Project) -> bool | None:
    """Whether the deliveries of a root are samples; None where there are none."""
    kinds = [
        read_settings(path, project)[1].get("sample", False)
        for _, exports in _find_deliveries(project.raw)
        for path in exports
    ]
    return any(kinds) if kinds else None


def read_settings(path: Path, project: Project) -> tuple[Path, dict[str, Any]]:
    """The delivery.toml nearest above a file, up to the folder of its cut-off, and what it says; {} where there is none."""
    for folder in path.parents:
        if folder == project.raw:
            break
        if (folder / "delivery.toml").is_file():
            return folder / "delivery.toml", _parse_settings(folder / "delivery.toml", project)
    return path, {}


def _find_deliveries(raw: Path) -> list[tuple[date, list[Path]]]:
    """Cut-offs and data files. A folder without any says nothing, whatever its name."""
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
            zh=f"{folder}：data/raw 下只能有以截止日期命名的文件夹，如 2022-07-22。请改名，或用 bulletin receive 接收文件。",
            en=f"{folder}: only folders named by a cut-off date belong into data/raw, such as 2022-07-22. "
            "Rename it, or hand the file in by `bulletin receive`.",
        ) from None
    if cut_off > now().date():
        raise BadInput(
            zh=f"{folder}：截止日期 {cut_off} 尚未到来（今天是 {now().date()}）。请把文件夹改为正确的日期。",
            en=f"{folder}: the cut-off {cut_off} lies in the future (today is {now().date()}). Give the folder its right date.",
        )
    return cut_off


def _find_exports(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and is_export(p) and not _is_hidden(p, folder))


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _describe(
    project: Project, path: Path, cut_off: date, known: Mapping[str, LoadedFile], received: Mapping[str, date]
) -> RawFile:
    name = path.relative_to(project.raw).as_posix()
    facts = path.stat()
    same = known.get(name)
    unchanged = same and (same.size, same.modified_ns) == (facts.st_size, facts.st_mtime_ns)
    if not (same and unchanged):
        look_ahead(path)
    digest = same.sha256 if same and unchanged else hash_file(path)
    settings = read_settings(path, project)[1]
    received_on = settings.get("received_on") or received.get(digest) or now().date()
    return RawFile(
        path, name, cut_off, digest, facts.st_size, facts.st_mtime_ns, received_on,
        settings.get("corrects", False), settings.get("sample", False),
    )  # fmt: skip


def _parse_settings(path: Path, project: Project) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            zh=f"无法读取 {path}：{error}。请改正该行。", en=f"{path} cannot be read: {error}. Mend that line."
        ) from None
    for key, value in settings.items():
        if key not in _SETTINGS or type(value) is not _SETTINGS[key]:
            allowed = ", ".join(f"{name} ({kind.__name__})" for name, kind in _SETTINGS.items())
            raise BadInput(
                zh=f"{path}：{key} = {value!r} 无效。可用的设置：{allowed}。",
                en=f"{path}: {key} = {value!r} is not allowed. The settings are: {allowed}.",
            )
    if settings.get("profile", project.profile.name) != project.profile.name:
        raise BadInput(
            zh=f"{path}：profile 是 {settings['profile']}，而本目录的数据源是 {project.profile.name}。每个数据源请用各自的工作目录。",
            en=f"{path}: profile is {settings['profile']}, but this root is of {project.profile.name}. "
            "Each source has a root of its own.",
        )
    return settings


def _refuse_mixture(files: list[RawFile]) -> None:
    sample = next((file for file in files if file.is_sample), None)
    real = next((file for file in files if not file.is_sample), None)
    if sample and real:
        raise BadInput(
            zh=f"示例数据（{sample.name}）和真实数据（{real.name}）不能放在同一个目录。请为真实数据新建目录：bulletin init --root 目录",
            en=f"Sample data ({sample.name}) and real data ({real.name}) cannot share a root. "
            "Make one for the real data: bulletin init --root DIR",
        )


def _refuse_changed(loaded: Iterable[LoadedFile], present: Mapping[str, RawFile], withdrawn: Set[str]) -> None:
    for file in loaded:
        if file.sha256 not in present and file.sha256 not in withdrawn:
            raise BadInput(
                zh=f"data/raw/{file.name}：已载入的文件被改动或不见了。请恢复原文件；"
                f"若要撤回：bulletin withdraw {file.delivery_id} --reason 原因",
                en=f"data/raw/{file.name} was loaded and has since changed or disappeared. Restore it, "
                f"or take it back: bulletin withdraw {file.delivery_id} --reason WHY",
            )


def _next_name(cut_off: date, taken: set[str]) -> str:
    name, number = cut_off.isoformat(), 1
    while name in taken:
        number += 1
        name = f"{cut_off.isoformat()}-{number}"
    taken.add(name)
    return name


def _free_name(folder: Path, name: str, digest: str) -> Path:
    target, number = folder / name, 1
    while target.exists() and hash_file(target) != digest:
        number += 1
        target = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return target
