"""Files on their way into data/raw: all that were handed in together lie there with their receipts, or none of them.

They are copied into data/raw/.receiving first. Once their receipts lie beside them, the next command ends what was cut short;
before that, it is undone.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows.domain.calendar import now
from flows.domain.text import BadInput, legible
from flows.root.deliveries import DELIVERY_TOML, RawFile, find_free_name, hash_file
from flows.root.files import copy_file, make_folder, sync, write_files
from flows.root.lock import hold_file
from flows.root.project import Project
from flows.root.receipts import Received, Returned, append_receipts, parse_receipts, read_receipts, write_receipts

_RECEIPTS = "receipts.jsonl"
_CORRECTS = b"corrects = true\n"
_WAIT_SECONDS = 600


@contextmanager
def hold_raw(project: Project) -> Iterator[None]:
    """Nobody else places files in data/raw meanwhile; what a killed command has left on its way there is ended first.

    Raises:
        Locked: another command has been at it for ten minutes.
    """
    with hold_file(project.raw_lock, "bulletin receive", _WAIT_SECONDS):
        _place(project, [])
        yield


def store_files(
    project: Project, files: Mapping[Path, str], cut_off: date, *, is_correction: bool = False
) -> list[Path]:
    """Copy files into the folder of their cut-off, with their receipts, all or none; `files` maps paths to SHA-256.

    If the name is taken by another content, the copy gets a number. A correction gets a folder of its own, whose delivery.toml says
    that it corrects. To be called under hold_raw.

    Raises:
        BadInput: a file changed while it was copied.
    """
    make_folder(project.receiving)
    try:
        for path, digest in files.items():
            copy = project.receiving / digest
            copy_file(path, copy)
            if hash_file(copy) != digest:
                raise BadInput(
                    "{path} changed while it was copied and was not received. Try again when it is complete.", path=path
                )
            sync(copy)
        folder = _find_folder(project, cut_off, is_correction=is_correction)
        names = [f"{folder}/{legible(path.name)}" for path in files]
        receipts = [Received(now(), digest, name) for name, digest in zip(names, files.values(), strict=True)]
        if is_correction:
            write_files(project.receiving, {DELIVERY_TOML: _CORRECTS})
        write_files(project.receiving, {_RECEIPTS: write_receipts(receipts).encode()})
    except BaseException:
        shutil.rmtree(project.receiving, ignore_errors=True)
        raise
    moved: list[tuple[Path, Path]] = []
    try:
        return _place(project, moved)
    except BaseException:
        _take_back(project.receiving, moved)
        raise


def move_files(project: Project, files: Sequence[RawFile], cut_off: date, *, is_correction: bool = False) -> list[Path]:
    """Put files of data/raw into the folder of another cut-off, on the record. To be called under hold_raw."""
    folder = _find_folder(project, cut_off, is_correction=is_correction)
    targets = []
    for file in files:
        target = find_free_name(project.raw / folder / file.path.name, file.sha256)
        make_folder(target.parent)
        if is_correction:
            write_files(target.parent, {DELIVERY_TOML: _CORRECTS})
        _move(project, file, target)
        append_receipts(project, [Received(now(), file.sha256, target.relative_to(project.raw).as_posix())])
        targets.append(target)
    return targets


def return_files(project: Project, files: Sequence[RawFile]) -> list[Path]:
    """Take files out of data/raw, on the record, as if they had not been received; they are kept in data/raw/.returned.

    To be called under hold_raw.
    """
    targets = []
    for file in files:
        target = find_free_name(project.raw / ".returned" / file.name, file.sha256)
        make_folder(target.parent)
        _move(project, file, target)
        append_receipts(project, [Returned(now(), file.sha256, file.name)])
        targets.append(target)
    return targets


def remove_emptied(folder: Path) -> None:
    """Remove a folder in which nothing is left but that it held a correction."""
    note = folder / DELIVERY_TOML
    with suppress(OSError):
        if [*folder.iterdir()] == [note] and note.read_bytes() == _CORRECTS:
            note.unlink()
        folder.rmdir()


def _move(project: Project, file: RawFile, target: Path) -> None:
    file.path.rename(target)
    for folder in (target.parent, file.path.parent):
        sync(folder)
    remove_emptied(file.path.parent)
    remove_emptied(project.raw / str(file.cut_off))


def _find_folder(project: Project, cut_off: date, *, is_correction: bool) -> str:
    """Of a cut-off, below data/raw; each correction has one of its own in it."""
    if not is_correction:
        return str(cut_off)
    number = 1
    while (project.raw / str(cut_off) / f"更正-{number}").exists():
        number += 1
    return f"{cut_off}/更正-{number}"


def _place(project: Project, moved: list[tuple[Path, Path]]) -> list[Path]:
    """Put what lies in data/raw/.receiving into its place; what has no receipts yet is thrown away. Notes each copy and its place."""
    folder, placed = project.receiving, []
    if (folder / _RECEIPTS).exists():
        receipts = [each for each in parse_receipts(folder / _RECEIPTS) if isinstance(each, Received)]
        known = {(each.at, each.sha256) for each in read_receipts(project) if isinstance(each, Received)}
        fresh = []
        for receipt in receipts:
            copy, target = folder / receipt.sha256, find_free_name(project.raw / receipt.file, receipt.sha256)
            placed.append(target)
            if copy.exists() and not target.exists():
                make_folder(target.parent)
                if (folder / DELIVERY_TOML).exists():
                    write_files(target.parent, {DELIVERY_TOML: _CORRECTS})
                moved.append((copy, target))
                copy.rename(target)
            if target.exists():
                for each in (target, target.parent, project.raw):
                    sync(each)
            if target.exists() and (receipt.at, receipt.sha256) not in known:
                fresh.append(replace(receipt, file=target.relative_to(project.raw).as_posix()))
        append_receipts(project, fresh)
    if folder.exists():
        with suppress(OSError):
            shutil.rmtree(folder)
            sync(project.raw)
    return placed


def _take_back(folder: Path, moved: list[tuple[Path, Path]]) -> None:
    """Undo as far as the disk lets us; what is left of it, the next command ends."""
    with suppress(OSError):
        for copy, target in moved:
            if not copy.exists():
                target.replace(copy)
            remove_emptied(target.parent)
        (folder / _RECEIPTS).unlink()
        shutil.rmtree(folder)
