"""What an export holds: the file itself, or the members of an archive, read in place and never unpacked to disk."""

import gzip
import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from flows.domain.taken_for import PassedOver
from flows.domain.text import BadInput
from flows.sources.content import (
    MOST_MEMBERS,
    Content,
    Guarded,
    open_zip,
    prove,
    refuse_bomb,
    refuse_damage,
    refuse_locked,
    whole_file,
)
from flows.sources.forms import SUFFIXES, TABLES, recognise

_DEEPEST = 2  # an archive in an archive, but no deeper
# Members of an archive that are no tables: what a folder has by itself, pictures, and what people write to people.
_NO_FILES = ("thumbs.db", "desktop.ini")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".ico", ".svg", ".tif", ".tiff", ".webp")
_LETTERS = (".pdf", ".doc", ".docx", ".wps", ".ofd", ".ppt", ".pptx", ".rtf", ".md", ".url", ".lnk", ".eml", ".msg")


def find_contents(path: Path) -> tuple[list[tuple[Content, str]], list[PassedOver]]:
    """The tables of a file with their forms, then the members of an archive that are passed over.

    Raises:
        BadInput: an unreadable form, or an archive that is damaged, encrypted, hostile or without tables.
    """
    passed_over: list[PassedOver] = []
    found = list(_unpack(whole_file(path), 0, passed_over))
    if not found:
        raise BadInput(
            "{path}: the archive holds no data file. Readable files: {tables}. Check the archive.",
            path=path,
            tables=TABLES,
        )
    return found, passed_over


def _unpack(content: Content, depth: int, passed_over: list[PassedOver]) -> Iterator[tuple[Content, str]]:
    form = recognise(content)
    if form not in ("zip", "gzip"):
        yield content, form
        return
    if depth == _DEEPEST:
        raise BadInput(
            "{place}: archives nested more than two deep are not read. Unpack it first.", place=content.place
        )
    for member in (_list_gzip if form == "gzip" else _list_zip)(content, passed_over):
        yield from _unpack(member, depth + 1, passed_over)


def _list_gzip(content: Content, passed_over: list[PassedOver]) -> Iterator[Content]:
    del passed_over  # a gzip file has one member
    packed = sum(len(block) for block in content.blocks())
    name = content.member or content.path.name
    name = name[:-3] if name.lower().endswith(".gz") else name
    yield Content(content.path, name, partial(_open_gzip, content, packed))


def _open_gzip(content: Content, packed: int) -> BinaryIO:
    raw = content.open()
    return Guarded(gzip.GzipFile(fileobj=raw, mode="rb"), raw, content.place, packed)


def _list_zip(content: Content, passed_over: list[PassedOver]) -> Iterator[Content]:
    with open_zip(content) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_MEMBERS:
        refuse_bomb(content.place)
    unread: list[zipfile.ZipInfo] = []
    for entry in entries:
        name = _decode_name(entry)
        _refuse_hostile(content.place, name, entry)
        parts = PurePosixPath(name).parts
        if any(part.startswith((".", "__MACOSX", "~$")) for part in parts) or parts[-1].lower() in _NO_FILES:
            continue
        if not name.lower().endswith(SUFFIXES):
            unread.append(entry)
            is_letter = name.lower().endswith(_PICTURES + _LETTERS)
            passed_over.append(PassedOver(_join(content, name), holds_rows=not is_letter and entry.file_size > 0))
            continue
        if entry.flag_bits & 1:
            refuse_locked(Content(content.path, _join(content, name), content.open).place)
        yield Content(content.path, _join(content, name), partial(_open_member, content, entry))
    prove(content, [entry for entry in unread if not entry.flag_bits & 1])


def _join(content: Content, name: str) -> str:
    return f"{content.member}/{name}" if content.member else name


def _open_member(content: Content, entry: zipfile.ZipInfo) -> BinaryIO:
    place = f"{content.path}［{_join(content, _decode_name(entry))}］"
    archive = open_zip(content)
    with refuse_damage(place):
        return Guarded(archive.open(entry), archive, place, entry.compress_size)


def _decode_name(entry: zipfile.ZipInfo) -> str:
    """The name of a member: UTF-8 if its flag says so or its bytes are valid, else GB18030, as Chinese Windows writes it."""
    if entry.flag_bits & 0x800:
        return entry.filename.replace("\\", "/")
    raw = entry.filename.encode("cp437", errors="replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return entry.filename.replace("\\", "/")


def _refuse_hostile(place: str, name: str, entry: zipfile.ZipInfo) -> None:
    if (
        name.startswith("/")
        or ".." in PurePosixPath(name).parts
        or name[1:2] == ":"
        or stat.S_ISLNK(entry.external_attr >> 16)
    ):
        raise BadInput(
            "{place}: the member {name} points outside the archive (a path or a link) and is not read. "
            "Ask the sender about it, and to pack it again.",
            place=place,
            name=repr(name),
        )
