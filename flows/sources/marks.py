"""What a workbook says beside the texts of its cells: which are merged, and which are formulas without a stored value.

The library that reads the cells tells neither. Only these marks are looked for, so that a look costs a fraction of reading.
"""

import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from flows.sources.content import Content, open_zip

NO_VALUE = "#NO_VALUE!"  # stands in a cell whose formula has no stored value
_BLOCK_BYTES = 1 << 20
_OVERLAP_BYTES = 1 << 12  # of two blocks: a mark may lie across their border
_ODS_MARKS = (b"-spanned=", b":formula=", b'value-type="error"')
_ODS = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"


@dataclass(frozen=True)
class Marks:
    """Of one sheet, rows and columns from 0: `merged` ranges (first row, first column, last row, last column); `unvalued` cells."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unvalued: list[tuple[int, int]] = field(default_factory=list)


def find_marks(content: Content, form: str) -> Mapping[str, Marks]:
    """The marks of each sheet that has any. A part that cannot be read has none: the reader of the cells says what is wrong."""
    find: Callable[[Content], Mapping[str, Marks]] = {"xlsx": _find_xlsx, "xlsb": _find_xlsb, "ods": _find_ods}.get(
        form, _find_xls
    )
    try:
        return find(content)
    except MemoryError:
        raise
    except Exception:
        return {}


def find_farthest_cell(path: Path) -> str:
    """The cell of an .xlsx that spans the largest rectangle with the first one, such as 明细!XFD1048576; '' of any other file.

    The parts are read in blocks, so that it takes little memory whatever the workbook claims.
    """
    try:
        with zipfile.ZipFile(path) as package:
            parts = _list_parts(package, "xl/workbook.xml")
            cells = [(*_measure(package.open(part)), name) for name, part in parts.items()]
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, SyntaxError):  # SyntaxError: of the XML
        return ""
    _, cell, name = max(cells, default=(0, "", ""))
    return f"{name}!{cell}" if cell else ""


def _measure(stream: IO[bytes]) -> tuple[int, str]:
    """The largest rectangle that a cell spans with the first one, in cells, and which cell that is."""
    largest, cell = 0, ""
    for block in _blocks(stream):
        for found in _CELL.finditer(block):
            row, column = _place(found[1], found[2])
            if (area := (row + 1) * (column + 1)) > largest:
                largest, cell = area, (found[1] + found[2]).decode()
    return largest, cell


# ---------------------------------------------------------------- .xlsx and .xlsb: a zip of parts


def _find_xlsx(content: Content) -> dict[str, Marks]:
    with open_zip(content) as package:
        return {name: _scan_xml(package.open(part)) for name, part in _list_parts(package, "xl/workbook.xml").items()}


_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL = re.compile(rb'\br="([A-Z]+)([0-9]+)"')


def _scan_xml(stream: IO[bytes]) -> Marks:
    marks = Marks()
    seen: set[object] = set()
    for block in _blocks(stream):
        if b"mergeCell " in block:
            for found in _MERGE.finditer(block):
                first, last = _place(found[1], found[2]), _place(found[3], found[4])
                if (first, last) not in seen:
                    seen.add((first, last))
                    marks.merged.append((*first, *last))
        if b"<f>" in block or b"<f " in block or b"<f/" in block or b":f>" in block or b":f " in block:
            for found in _FORMULA.finditer(block):
                place = _CELL.search(found[1])
                is_empty_text = found[2] and b't="str"' in found[1]
                if place and not is_empty_text and (cell := _place(place[1], place[2])) not in seen:
                    seen.add(cell)
                    marks.unvalued.append(cell)
    return marks


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    held = b""
    with stream:
        while block := stream.read(_BLOCK_BYTES):
            yield held + block
            held = block[-_OVERLAP_BYTES:]


def _place(letters: bytes, digits: bytes) -> tuple[int, int]:
    column = 0
    for letter in letters:
        column = 26 * column + letter - 64
    return int(digits) - 1, column - 1


_MERGED_RECORD = 176  # BrtMergeCell, [MS-XLSB] 2.4.697


def _find_xlsb(content: Content) -> dict[str, Marks]:
    found = {}
    with open_zip(content) as package:
        for name, part in _list_binary_parts(package).items():
            merged = []
            for kind, data in _list_records(package.read(part)):
                if kind == _MERGED_RECORD:
                    first_row, last_row, first_column, last_column = struct.unpack_from("<4I", data)
                    merged.append((first_row, first_column, last_row, last_column))
            found[name] = Marks(merged)
    return found


def _list_binary_parts(package: zipfile.ZipFile) -> dict[str, str]:
    parts = {}
    targets = _list_targets(package, "xl/workbook.bin")
    for kind, data in _list_records(package.read("xl/workbook.bin")):
        if kind == 156:  # BrtBundleSh: state, number, then the relation and the name as wide strings
            relation, place = _read_wide(data, 8)
            name, _ = _read_wide(data, place)
            parts[name] = targets[relation]
    return parts


def _read_wide(data: bytes, place: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, place)
    end = place + 4 + 2 * length
    return data[place + 4 : end].decode("utf-16-le"), end


def _list_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(data):
        kind = data[place]
        place += 1
        if kind & 0x80:
            kind = kind & 0x7F | data[place] << 7
            place += 1
        size = shift = 0
        while True:
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, data[place : place + size]
        place += size


def _list_parts(package: zipfile.ZipFile, book: str) -> dict[str, str]:
    from lxml import etree

    targets = _list_targets(package, book)
    parts = {}
    for sheet in etree.fromstring(package.read(book)).iterfind("{*}sheets/{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        if target := targets.get(str(relation)):
            parts[str(sheet.get("name"))] = target
    return parts


def _list_targets(package: zipfile.ZipFile, book: str) -> dict[str, str]:
    from lxml import etree

    place = PurePosixPath(book)
    relations = etree.fromstring(package.read(str(place.parent / "_rels" / f"{place.name}.rels")))
    return {
        str(relation.get("Id")): str(place.parent / str(relation.get("Target"))).lstrip("/") for relation in relations
    }


# ---------------------------------------------------------------- .ods


def _find_ods(content: Content) -> dict[str, Marks]:
    from lxml import etree

    with open_zip(content) as package:
        with package.open("content.xml") as stream:
            if not any(mark in block for block in _blocks(stream) for mark in _ODS_MARKS):
                return {}
        found = {}
        table, office = ("{" + _ODS.format(name) + "}" for name in ("table", "office"))
        with package.open("content.xml") as stream:
            for _, sheet in etree.iterparse(stream, tag=f"{table}table", huge_tree=True, resolve_entities=False):
                found[str(sheet.get(f"{table}name"))] = _scan_ods(sheet, table, office)
                sheet.clear()
    return found


def _scan_ods(sheet: "etree._Element", table: str, office: str) -> Marks:  # type: ignore[name-defined]  # noqa: F821
    marks, row = Marks(), 0
    for line in sheet.iter(f"{table}table-row"):
        column = 0
        for cell in line:
            repeated = int(cell.get(f"{table}number-columns-repeated", 1))
            down = int(cell.get(f"{table}number-rows-spanned", 1))
            across = int(cell.get(f"{table}number-columns-spanned", 1))
            if down > 1 or across > 1:
                marks.merged.append((row, column, row + down - 1, column + across - 1))
            is_error = "error" in (value for name, value in cell.items() if name.endswith("}value-type"))
            if is_error or (cell.get(f"{table}formula") and not cell.get(f"{office}value-type")):
                marks.unvalued.append((row, column))
            column += repeated
        row += int(line.get(f"{table}number-rows-repeated", 1))
    return marks


# ---------------------------------------------------------------- .xls: records in a stream of a compound file ([MS-CFB], [MS-XLS])

_FREE = 0xFFFFFFFA  # this and above are no sectors
_SHEET, _MERGED, _FORMULA_RECORD, _BEGIN, _END = 0x0085, 0x00E5, 0x0006, 0x0809, 0x000A
_TO_BE_COMPUTED = 0x0002
_EMPTY_TEXT = (3, b"\xff\xff")  # a FormulaValue: its type, and the mark that it is no number


def _find_xls(content: Content) -> dict[str, Marks]:
    stream = _read_stream(content.read(), ("Workbook", "Book"))
    found = {}
    for name, place in _list_sheets(stream):
        marks, is_computed = Marks(), False
        for kind, data in _list_xls_records(stream, place):
            if kind == _MERGED:
                for i in range(struct.unpack_from("<H", data)[0]):
                    first_row, last_row, first_column, last_column = struct.unpack_from("<4H", data, 2 + 8 * i)
                    marks.merged.append((first_row, first_column, last_row, last_column))
            elif kind == _FORMULA_RECORD:
                row, column, _, value, flags = struct.unpack_from("<3H8sH", data)
                is_zero = value == bytes(8) and flags & _TO_BE_COMPUTED
                if is_zero or (value[0], value[6:]) == _EMPTY_TEXT:
                    marks.unvalued.append((row, column))
                else:
                    is_computed = True
        # An empty text is a result, too: of a sheet of which some formula has another one.
        found[name] = Marks(marks.merged) if is_computed else marks
    return found


def _list_sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, data in _list_xls_records(stream, 0):
        if kind == _SHEET:
            place, _, length, is_wide = struct.unpack_from("<IHBB", data)
            raw = data[8 : 8 + (2 * length if is_wide & 1 else length)]
            yield raw.decode("utf-16-le" if is_wide & 1 else "latin-1"), place


def _list_xls_records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream: from its beginning to the end that belongs to it."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        depth += (kind == _BEGIN) - (kind == _END)
        yield kind, stream[place + 4 : place + 4 + size]
        if kind == _END and not depth:
            return
        place += 4 + size


def _read_stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """A stream of a compound file: small ones lie in a stream of their own, in smaller sectors."""
    (shift, small_shift), limit = struct.unpack_from("<2H", data, 30), struct.unpack_from("<I", data, 56)[0]
    first_directory, first_small, more, more_count = (
        struct.unpack_from("<I", data, 48)[0],
        struct.unpack_from("<I", data, 60)[0],
        *struct.unpack_from("<2I", data, 68),
    )
    size = 1 << shift

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    tables = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(more_count, len(data))):
        *numbers, more = struct.unpack(f"<{size // 4}I", sector(more))
        tables += numbers
    chain = [n for table in tables if table < _FREE for n in struct.unpack(f"<{size // 4}I", sector(table))]

    def follow(number: int, links: list[int], read: Callable[[int], bytes]) -> bytes:
        parts: list[bytes] = []
        while number < _FREE and len(parts) <= len(links):
            parts.append(read(number))
            number = links[number]
        return b"".join(parts)

    directory = follow(first_directory, chain, sector)
    entries = {}
    for place in range(0, len(directory), 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(0, length - 2)].decode("utf-16-le")
        entries[name] = struct.unpack_from("<II", directory, place + 116)
    start, length = next(entries[name] for name in names if name in entries)
    if length >= limit:
        return follow(start, chain, sector)[:length]
    small = follow(entries["Root Entry"][0], chain, sector)
    raw = follow(first_small, chain, sector)
    links = list(struct.unpack(f"<{len(raw) // 4}I", raw))
    return follow(start, links, lambda n: small[n << small_shift : (n + 1) << small_shift])[:length]
