"""What one line of a text holds: its fields, by the dialect of the text, or the flaw for which nobody can tell them.

A stray quotation mark is read where the number of fields leaves one reading. Every line becomes a record, or is part of one.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

_MOST_SPANNED = 200  # lines of one record

Line = str | int  # its text; or the place, from 1, of its first byte that belongs to no character


@dataclass(frozen=True)
class Dialect:
    """How the fields of a line are told apart: by a delimiter, each line perhaps one quoted field itself; or by columns of a ruler."""

    delimiter: str = ","
    is_wrapped: bool = False
    ruler: tuple[tuple[int, int], ...] = ()
    is_wide: bool = False  # a Chinese character takes two columns of the ruler

    def unwrap(self, line: Line) -> str:
        """The line itself, or what its only field holds; '' if it is damaged."""
        if isinstance(line, int):
            return ""
        if self.is_wrapped and len(cells := parse_strictly(line, self.delimiter) or []) == 1:
            return cells[0]
        return line


@dataclass(frozen=True)
class Record:
    """One line, or the lines that a quoted field spans. `number` counts records, from 1; `cells` is empty where `flaw` says why."""

    number: int
    cells: list[str]
    flaw: str = ""
    evidence: str = ""
    literal: list[str] = field(default_factory=list)  # of a flaw: the fields as they would be without any quoting
    is_mended: bool = False


@dataclass(frozen=True)
class Layout:
    """What a record has to be: so many fields, of which one is the case number."""

    width: int
    number: int


def parse_strictly(line: str, delimiter: str) -> list[str] | None:
    """The fields by RFC 4180; None where a quotation mark stands that it does not allow."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def read_records(lines: Iterator[Line], dialect: Dialect, layout: Layout) -> Iterator[Record]:
    number = 0
    shapes: set[str] = set()
    ahead: list[Line] = []

    def take() -> Line | None:
        return ahead.pop(0) if ahead else next(lines, None)

    while (taken := take()) is not None:
        number += 1
        if isinstance(taken, int):
            yield Record(number, [], "bytes", str(taken))
            continue
        line = dialect.unwrap(taken)
        if dialect.ruler or '"' not in line:
            cells = _split_plainly(line, dialect)
            if layout.number < len(cells) and len(shapes) < 1000:
                shapes.add(_shape(cells[layout.number]))
            yield Record(number, cells)
            continue
        strict = parse_strictly(line, dialect.delimiter)
        if strict is not None:
            yield from _check_width(number, line, strict, dialect, layout)
            continue
        spanned = _span(line, take, ahead, dialect, layout) if _is_open(line, dialect.delimiter) else None
        if spanned is None:
            yield _read_anyhow(number, line, dialect, layout)
            continue
        cells, parts = spanned
        if not _is_suspicious(cells, dialect, layout, shapes):
            yield Record(number, cells)
            continue
        evidence = f"{number}–{number + len(parts) - 1}"
        for i, part in enumerate(parts):  # two readings: nobody can tell whether these are one case or several
            literal = part.split(dialect.delimiter)
            yield Record(number + i, [], "quotes", evidence, literal if len(literal) == layout.width else [])
        number += len(parts) - 1


def _check_width(number: int, line: str, cells: list[str], dialect: Dialect, layout: Layout) -> Iterator[Record]:
    """A line that is well formed; if it has another width and would have the right one without quoting, it is read so."""
    if len(cells) > layout.width and any(cells[layout.width :]):
        yield _read_anyhow(number, line, dialect, layout)
    else:
        yield Record(number, cells)


def _is_open(line: str, delimiter: str) -> bool:
    """Whether a quoted field of a line is not closed in it."""
    try:
        list(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _span(
    line: str,
    take: Callable[[], Line | None],
    ahead: list[Line],
    dialect: Dialect,
    layout: Layout,
) -> tuple[list[str], list[str]] | None:
    """A record that goes on in the next lines: its cells and its lines; None if no closing mark makes it as wide as the header."""
    parts = [line]
    while len(parts) < _MOST_SPANNED:
        following = take()
        if following is None:
            break
        if isinstance(following, int):
            ahead[:0] = [*parts[1:], following]
            return None
        parts.append(following)
        if '"' in following and (cells := parse_strictly("\n".join(parts), dialect.delimiter)) is not None:
            if len(cells) == layout.width:
                return cells, parts
            break
    ahead[:0] = parts[1:]
    return None


def _is_suspicious(cells: Sequence[str], dialect: Dialect, layout: Layout, shapes: set[str]) -> bool:
    """Whether a cell that spans lines may have swallowed a row: it has a row's separators, or goes on with a case number."""
    for cell in cells:
        if "\n" in cell:
            if cell.count(dialect.delimiter) >= layout.width - 1:
                return True
            starts = [part.split(dialect.delimiter)[0].strip() for part in cell.split("\n")[1:]]
            if any(sum(map(str.isdigit, start)) >= 5 and _shape(start) in shapes for start in starts):
                return True
    return False


def _shape(text: str) -> str:
    """A case number without what differs from one to the next."""
    return re.sub("[0-9]", "9", re.sub("[A-Za-z]", "A", text.strip()))


def _read_anyhow(number: int, line: str, dialect: Dialect, layout: Layout) -> Record:
    """A line with a quotation mark where none should be: read if the number of fields leaves one reading."""
    readings = [
        cells
        for read in (_parse_escaped, _parse_loosely, _parse_literally)
        if (cells := read(line, dialect.delimiter)) is not None and len(_trim(cells, layout.width)) == layout.width
    ]
    bare = {tuple(re.sub(r'["\\]', "", cell) for cell in _trim(cells, layout.width)) for cells in readings}
    if len(bare) == 1:
        return Record(number, _trim(readings[0], layout.width), is_mended=True)
    return Record(number, [], "structure", literal=line.split(dialect.delimiter))


def _trim(cells: list[str], width: int) -> list[str]:
    return cells[:width] if not any(cells[width:]) else cells


def _parse_escaped(line: str, delimiter: str) -> list[str] | None:
    if "\\" not in line:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True, doublequote=False, escapechar="\\"))
    except csv.Error:
        return None


def _parse_loosely(line: str, delimiter: str) -> list[str]:
    """A field that begins with a mark ends at the first mark that a delimiter follows; without one it is not quoted."""
    cells, place = [], 0
    while True:
        end = line.find(delimiter, place)
        if line.startswith('"', place):
            closing = line.find('"' + delimiter, place + 1)
            if closing < 0 and line.endswith('"') and len(line) > place + 1:
                closing = len(line) - 1
            if closing > 0:
                cells.append(line[place + 1 : closing].replace('""', '"'))
                if closing + 1 >= len(line):
                    return cells
                place = closing + 2
                continue
        if end < 0:
            return [*cells, line[place:]]
        cells.append(line[place:end])
        place = end + 1


def _parse_literally(line: str, delimiter: str) -> list[str]:
    """Marks are part of the text, but for one alone at the beginning or the end of a field, which means nothing."""
    return [
        cell.strip('"') if cell.count('"') == 1 and '"' in cell[:1] + cell[-1:] else cell
        for cell in line.split(delimiter)
    ]


def _split_plainly(line: str, dialect: Dialect) -> list[str]:
    if dialect.ruler:
        return _cut_columns(line, dialect)
    if '"' in line and (cells := parse_strictly(line, dialect.delimiter)) is not None:
        return cells
    return line.split(dialect.delimiter)


def _cut_columns(line: str, dialect: Dialect) -> list[str]:
    if not dialect.is_wide:
        return [line[start:end].strip() for start, end in dialect.ruler]
    columns = [""] * len(dialect.ruler)
    place = 0
    for character in line:
        for i, (start, end) in enumerate(dialect.ruler):
            if start <= place < end:
                columns[i] += character
        place += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return [column.strip() for column in columns]


def split_top(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """The first records, in which a quoted field may span lines."""
    if dialect.ruler:
        return [_cut_columns(line, dialect) for line in lines]
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=dialect.delimiter)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a field above the limit of the csv module: use the rows read so far
        rows.extend(reader)
    return rows
