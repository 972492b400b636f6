"""The first rows of a file of any form, as texts, below the row that looks like its header: for a source without a profile."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flows.domain.comparing import comparable
from flows.domain.text import BadInput
from flows.sources.archive import find_contents
from flows.sources.content import Content
from flows.sources.encoding import examine
from flows.sources.foreign import read_foreign
from flows.sources.forms import SUFFIXES, is_text
from flows.sources.header import HEADER_ROWS
from flows.sources.parquet import open_parquet

MOST_ROWS = 20_000
_MOST_BYTES = 1 << 24
_BYTES_TO_PART = 1 << 18  # enough to see what parts the fields
_DELIMITERS = (",", "\t", ";", "|")
_LONGEST_NAME = 80  # characters; a longer text names no column
_NUMBERED = re.compile(r"[^\W\d]+ ?\d{1,3}")
Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Preview:
    """A table as it lies in a file: `header_row` counts from 1, 0 where names take no row; `rows` are at most the first 20,000."""

    path: Path
    sheet: str
    header_row: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def preview(path: Path) -> list[Preview]:
    """The tables of a file, the largest first.

    Raises:
        BadInput: no such file, an unreadable form, damaged, or nothing in it looks like a table with a header.
    """
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        raise BadInput(
            "{path}: no such file, or one that cannot be read. Readable are {suffixes}.", path=path, suffixes=SUFFIXES
        )
    found = _find_tables(path) if is_text(path) else read_foreign(path, _find_tables, path)
    if not found:
        raise BadInput(
            "{path}: in the first {header_rows} rows none looks like a header with rows below it. "
            "Check that this is a table, and that its columns have names.",
            path=path,
            header_rows=HEADER_ROWS,
        )
    return sorted(found, key=lambda table: -len(table.rows))


def _find_tables(path: Path) -> list[Preview]:
    return [
        table
        for content, form in find_contents(path)[0]
        for sheet, grid in _read_grids(content, form)
        if (table := _find_header(path, sheet, form, grid))
    ]


def _read_grids(content: Content, form: str) -> Iterator[tuple[str, Grid]]:
    """The name and the first rows of each table."""
    if form == "text":
        yield content.member, _read_text(content)
    elif form == "parquet":
        yield content.member, _read_parquet(content)
    elif form in ("html", "xml"):
        from flows.sources import markup

        yield from ((content.member, grid.rows[:MOST_ROWS]) for grid in markup.read_grids(content, form))
    else:
        yield from _read_workbook(content, form)


def _read_text(content: Content) -> Grid:
    facts = examine(content)
    name = "utf-8-sig" if facts.encoding == "utf-8" else facts.encoding
    text = codecs.getincrementaldecoder(name)("replace").decode(content.start(_MOST_BYTES))

    def measure_width(delimiter: str) -> float:
        return median([len(row) for row in _split(text[:_BYTES_TO_PART], delimiter)[:HEADER_ROWS]] or [0])

    return _split(text, max(_DELIMITERS, key=measure_width))


def _split(text: str, delimiter: str) -> Grid:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a field above the limit of the csv module: use the rows read so far
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                break
    return rows[:-1] if len(text) >= _MOST_BYTES // 4 and len(rows) <= MOST_ROWS else rows  # the last may be cut


def _read_parquet(content: Content) -> Grid:
    with open_parquet(content) as file:
        names = file.schema_arrow.names
        batch = next(file.iter_batches(batch_size=MOST_ROWS), None)
        rows = batch.to_pylist() if batch else []
    return [names, *([_write(row[name]) for name in names] for row in rows)]


def _write(value: object) -> str:
    return "" if value is None else str(value).removesuffix(".0")


def _read_workbook(content: Content, form: str) -> Iterator[tuple[str, Grid]]:
    from flows.sources import workbook

    for sheet in workbook.list_sheets(content, form):
        columns = [column.to_pylist() for column in sheet.rows.slice(0, MOST_ROWS).columns]
        yield sheet.name, [[_write(cell) for cell in row] for row in zip(*columns, strict=True)]


def _find_header(path: Path, sheet: str, form: str, grid: Grid) -> Preview | None:
    """The first row nearly as wide as the widest one, all of whose cells are different names, with a row below it."""
    cleaned = [tuple(cell.strip("\ufeff \t\r\n") for cell in row) for row in grid]
    width = max((sum(map(bool, row)) for row in cleaned[: HEADER_ROWS + 5]), default=0)
    for place, row in enumerate(cleaned[:HEADER_ROWS]):
        names = [comparable(cell) for cell in row if cell]
        is_header = len(names) >= max(2, width * 0.6) and len(set(names)) == len(names) and all(map(_is_name, names))
        if is_header and len(cleaned) > place + 1:
            rows = tuple(
                (*below, *[""] * (len(row) - len(below)))[: len(row)] for below in cleaned[place + 1 :] if any(below)
            )
            return Preview(path, sheet, 0 if form == "parquet" else place + 1, row, rows)
    return None


def _is_name(text: str) -> bool:
    """Whether a text may be the name of a column: it holds letters, and more of them than digits, or is numbered as Q12 is."""
    letters, digits = sum(map(str.isalpha, text)), sum(map(str.isdigit, text))
    return bool(letters > digits or _NUMBERED.fullmatch(text)) and len(text) <= _LONGEST_NAME
