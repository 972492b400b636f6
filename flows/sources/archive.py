"""What an export holds: the file itself, or the members of an archive, read in place and never unpacked to disk.

The form is recognised by content, never by name: an .xls that is HTML or CSV is read as such.
"""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NoReturn

from flows.domain.taken_for import PassedOver
from flows.domain.text import BadInput

ARCHIVES = (".zip", ".gz")
TABLES = (
    *(
        ".csv",
        ".txt",
        ".tsv",
        ".tab",
        ".dat",
        ".xlsx",
        ".xlsm",
        ".xltx",
        ".xltm",
        ".xls",
        ".xlt",
        ".et",
        ".xlsb",
        ".ods",
    ),
    *(".html", ".htm", ".xml", ".parquet"),
)
SUFFIXES = TABLES + ARCHIVES
BLOCK_BYTES = 1 << 22
MOST_MEMBERS = 1000
MOST_TIMES = 200  # ratio of unpacked to packed size; a case table has about 10, a bomb about 1000
SMALL_BYTES = 100 << 20  # anything smaller is not a bomb
MOST_BYTES_IN_MEMORY = 2 << 30
_DEEPEST = 2  # an archive in an archive, but no deeper
_OPEN_XML = {"sheet.main+xml": "xlsx", "sheet.macroenabled.main+xml": "xlsx", "sheet.binary": "xlsb"}
# Members of an archive that are no tables: what a folder has by itself, pictures, and what people write to people.
_NO_FILES = ("thumbs.db", "desktop.ini")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".ico", ".svg", ".tif", ".tiff", ".webp")
_LETTERS = (".pdf", ".doc", ".docx", ".wps", ".ofd", ".ppt", ".pptx", ".rtf", ".md", ".url", ".lnk", ".eml", ".msg")


_NAMED_BY_START = {
    b"\xd0\xcf\x11\xe0": "xls",
    b"\x1f\x8b": "gzip",
    b"PAR1": "parquet",
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"MIME-Version:": "MHTML",
}


_PAGE_TAGS = ("<html", "<!doctype html", "<table", "<meta", "<head", "<body", "<style", "<tr")
_UNREADABLE = ("PDF", "RAR", "7z", "PNG", "JPEG", "MHTML", "docx", "pptx", "odt")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Content:
    """The bytes of one table file. `member` is its path in the archive `path`; '' if `path` is the table itself.

    `is_rewritten`: they are no longer those of the file.
    """

    path: Path
    member: str
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)
    is_rewritten: bool = False

    @property
    def place(self) -> str:
        return f"{self.path}［{self.member}］" if self.member else str(self.path)

    @property
    def is_in_memory(self) -> bool:
        """Whether it has to be read to the end to be looked at anywhere: no file on the disk holds just this."""
        return bool(self.member) or self.is_rewritten

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.member or self.path.name).suffix.lower()

    def blocks(self) -> Iterator[bytes]:
        with self.open() as stream:
            while block := stream.read(BLOCK_BYTES):
                yield block

    def start(self, size: int = 4096) -> bytes:
        with self.open() as stream:
            return stream.read(size)

    def read(self) -> bytes:
        """All bytes.

        Raises:
            BadInput: more than 2 GiB.
        """
        buffer = io.BytesIO()
        for block in self.blocks():
            if buffer.tell() + len(block) > MOST_BYTES_IN_MEMORY:
                _refuse_bomb(self.place)
            buffer.write(block)
        return buffer.getvalue()


def find_contents(path: Path) -> tuple[list[tuple[Content, str]], list[PassedOver]]:
    """The tables of a file with their forms, then the members of an archive that are passed over.

    Raises:
        BadInput: an unreadable form, or an archive that is damaged, encrypted, hostile or without tables.
    """
    passed_over: list[PassedOver] = []
    whole = Content(path, "", lambda: path.open("rb"))
    found = list(_unpack(whole, 0, passed_over))
    if not found:
        raise BadInput(
            "{path}: the archive holds no data file. Readable files: {tables}. Check the archive.",
            path=path,
            tables=TABLES,
        )
    return found, passed_over


def recognise(content: Content) -> str:
    """The form of a content: zip, gzip, xlsx, xlsb, xls, ods, parquet, html, xml; otherwise `text`.

    Raises:
        BadInput: empty, damaged, password-protected, or a form that cannot be read.
    """
    start = content.start()
    if not start:
        raise BadInput("{place}: the file is empty (0 bytes). Export it again.", place=content.place)
    form = next((name for magic, name in _NAMED_BY_START.items() if start.startswith(magic)), "")
    if start.startswith(b"PK") and start[2:3] < b" ":  # and no text that begins with a column called PK
        form = _recognise_package(content)
    elif not form:
        form = _recognise_markup(start)
    if form == "xls" and any(_ENCRYPTED in block for block in content.blocks()):
        _refuse_locked(content.place)
    if form in _UNREADABLE:
        raise BadInput(
            "{place}: this is {form}, not a case table. Export it as Excel or CSV (zipped if you like), or move it out of data/raw.",
            place=content.place,
            form=form,
        )
    return form


def _recognise_package(content: Content) -> str:
    with _open_zip(content) as archive:
        names = set(archive.namelist())
        if "mimetype" in names:
            kind = archive.read("mimetype")[:100]
            return "ods" if b"spreadsheet" in kind else "odt"
        if "[Content_Types].xml" in names:
            return _recognise_open_xml(archive, names)
    return "zip"


def _recognise_open_xml(archive: zipfile.ZipFile, names: set[str]) -> str:
    """By the type of its main part, since writers name that part as they like; else by the usual name."""
    types = archive.read("[Content_Types].xml").lower()
    found = next((form for kind, form in _OPEN_XML.items() if kind.encode() in types), "")
    if found:
        return found
    folders = {name.replace("\\", "/").lower() for name in names}
    return "xlsx" if "xl/workbook.xml" in folders else "xlsb" if "xl/workbook.bin" in folders else "docx"


def _recognise_markup(start: bytes) -> str:
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    text = start.decode(encoding, errors="replace").lstrip("\ufeff \t\r\n").lower()
    if text.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "xml"
    return "html" if text.startswith("<") and any(tag in text for tag in _PAGE_TAGS) else "text"


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

    def open_member() -> BinaryIO:
        raw = content.open()
        return _Guarded(gzip.GzipFile(fileobj=raw), raw, content.place, packed)

    name = content.member or content.path.name
    yield Content(content.path, name[:-3] if name.lower().endswith(".gz") else name, open_member)


def _list_zip(content: Content, passed_over: list[PassedOver]) -> Iterator[Content]:
    with _open_zip(content) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_MEMBERS:
        _refuse_bomb(content.place)
    for entry in entries:
        name = _decode_name(entry)
        _refuse_hostile(content.place, name, entry)
        parts = PurePosixPath(name).parts
        if any(part.startswith((".", "__MACOSX", "~$")) for part in parts) or parts[-1].lower() in _NO_FILES:
            continue
        if not name.lower().endswith(SUFFIXES):
            is_letter = name.lower().endswith(_PICTURES + _LETTERS)
            passed_over.append(PassedOver(_join(content, name), holds_rows=not is_letter and entry.file_size > 0))
            continue
        if entry.flag_bits & 1:
            _refuse_locked(Content(content.path, _join(content, name), content.open).place)
        yield Content(content.path, _join(content, name), _member_opener(content, entry))


def _join(content: Content, name: str) -> str:
    return f"{content.member}/{name}" if content.member else name


def _member_opener(content: Content, entry: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        archive = _open_zip(content)
        place = f"{content.path}［{_join(content, _decode_name(entry))}］"
        return _Guarded(archive.open(entry), archive, place, entry.compress_size)

    return open_member


def _open_zip(content: Content) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(content.path if not content.member else io.BytesIO(content.read()))
    except (zipfile.BadZipFile, EOFError, OSError, UnicodeDecodeError):
        _refuse_damaged(content.place)
    if sum(entry.file_size for entry in archive.infolist()) > max(
        SMALL_BYTES, MOST_TIMES * sum(entry.compress_size for entry in archive.infolist())
    ):
        _refuse_bomb(content.place)
    return archive


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


class _Guarded(io.RawIOBase, BinaryIO):
    """A stream from an archive that refuses bombs and damaged data; closing it also closes its `owner`."""

    def __init__(
        self, stream: IO[bytes] | gzip.GzipFile, owner: IO[bytes] | zipfile.ZipFile, place: str, packed: int
    ) -> None:
        self._stream, self._owner, self._place = stream, owner, place
        self._left = max(SMALL_BYTES, MOST_TIMES * packed)

    def read(self, size: int = -1, /) -> bytes:
        try:
            data = self._stream.read(size if size >= 0 else self._left + 1)
        except NotImplementedError as error:
            raise BadInput(
                "{place}: compressed by a method that cannot be read ({error}). Pack it again as an ordinary zip.",
                place=self._place,
                error=error,
            ) from None
        except (zipfile.BadZipFile, EOFError, OSError, zlib.error):
            _refuse_damaged(self._place)
        self._left -= len(data)
        if self._left < 0:
            _refuse_bomb(self._place)
        return data

    def close(self) -> None:
        self._stream.close()
        self._owner.close()
        super().close()


def _refuse_locked(place: str) -> NoReturn:
    raise BadInput(
        "{place}: the file is protected by a password. Remove the password (Excel: File, Info, Protect Workbook), "
        "then deliver it again.",
        place=place,
    )


def _refuse_damaged(place: str) -> NoReturn:
    raise BadInput(
        "{place}: the archive or workbook is incomplete or damaged. Export or transfer it again.", place=place
    )


def _refuse_bomb(place: str) -> NoReturn:
    raise BadInput(
        "{place}: too large when unpacked (over {most_times} times its size, {most_members} members, or the memory): not "
        "read. Ask the sender about it.",
        place=place,
        most_times=MOST_TIMES,
        most_members=MOST_MEMBERS,
    )
