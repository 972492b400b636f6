"""Sheets of cells → case tables: which is one, which goes on in the one before, which is passed over; rows below a second header.

A sheet is a worksheet, a table of a page, or whatever else comes as rows of cells without a format of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flows.domain.profile import Profile
from flows.domain.taken_for import Doubt, PassedOver
from flows.domain.text import Text
from flows.sources.cells import looks_like_case
from flows.sources.header import (
    HEADER_ROWS,
    Header,
    continues,
    find_header,
    has_header,
    is_header,
    map_header,
)
from flows.sources.table import ArrowSource, SkippedLine, Table

if TYPE_CHECKING:
    import pyarrow as pa

Range = tuple[int, int, int, int]  # first row, first column, last row, last column, from 0
_FULL_SHEETS = (65_536, 1_048_576)  # rows of a full .xls or .xlsx sheet; exports continue in the next sheet
_TOP_ROWS = 200  # looked at to tell what a sheet holds
_LAST_ROWS = 5  # searched for a notice of truncation


@dataclass(frozen=True)
class Sheet:
    """Cells as text, None where empty; `merged` ranges hold their text in the first cell only.

    `finish` is what its form has to mend once the columns are known.
    """

    name: str
    rows: "pa.Table"
    merged: Sequence[Range] = ()
    is_hidden: bool = False
    finish: Callable[[Table], Table] = lambda table: table


def find_tables(
    path: Path, form: str, sheets: Iterable[Sheet], profile: Profile
) -> tuple[list[Table], list[PassedOver]]:
    """The case tables of all sheets, and the sheets that are none.

    A sheet without a header goes on in the table before it if it has its shape, or if that fills its sheet.

    Raises:
        BadInput: see find_header; or a long sheet without a header.
    """
    tables: list[Table] = []
    passed_over: list[PassedOver] = []
    headerless: list[Sheet] = []
    before: tuple[Table, bool] | None = None
    for sheet in sheets:
        top = read_top(sheet.rows)
        if not any(cell for row in top for cell in row) and sheet.rows.num_rows <= _TOP_ROWS:
            passed_over.append(PassedOver(sheet.name, holds_rows=False))
            continue
        place = _place(path, sheet.name)
        header = find_header(place, top, profile) if has_header(top, profile) else None
        if before and (continued := _find_continued(*before, sheet, top, header, profile)):
            words = Text("a sheet without a header that goes on where {before} ends", before=before[0].sheet or "–")
            doubts = [Doubt("continued", words, sheet=sheet.name, rows=sheet.rows.num_rows)]
            found = list(_part_at_headers(path, form, sheet, continued, doubts, profile))
        elif header:
            doubts = doubt_rows_above(sheet.name, top, header)
            found = list(_part_at_headers(path, form, sheet, header, doubts, profile))
        elif sheet.rows.num_rows > HEADER_ROWS:  # its cases would be lost
            find_header(place, top, profile)
            continue
        else:
            passed_over.append(PassedOver(sheet.name, any(looks_like_case(row) for row in top)))
            headerless.append(sheet)
            continue
        tables += found
        before = found[-1], sheet.rows.num_rows in _FULL_SHEETS
    if not tables and headerless:
        find_header(_place(path, headerless[0].name), read_top(headerless[0].rows), profile)  # says what is missing
    return tables, passed_over


def read_top(rows: "pa.Table", first: int = 0) -> list[list[str | None]]:
    """Some rows as lists, from number `first` on."""
    return [list(row.values()) for row in rows.slice(first, _TOP_ROWS).to_pylist()] if rows.num_columns else []


def _place(path: Path, name: str) -> str:
    return f"{path}［{name}］" if name else str(path)


def _find_continued(
    table: Table, is_full: bool, sheet: Sheet, top: list[list[str | None]], header: Header | None, profile: Profile
) -> Header | None:
    """The header of the table before, if the rows above the sheet's own header (all, if it has none) go on in that."""
    known = table.header
    above = top[: header.row - header.height] if header else top
    is_next = not header and is_full and sheet.rows.num_columns > known.columns["case_no"]
    return replace(known, row=0, height=0) if is_next or continues(known, above, profile) else None


def _part_at_headers(
    path: Path, form: str, sheet: Sheet, header: Header, doubts: list[Doubt], profile: Profile
) -> Iterator[Table]:
    """The tables of a sheet below a header: another header among its rows begins another one."""
    place = _place(path, sheet.name)
    begins, repeated = [header], []
    for row in _find_header_rows(sheet.rows, header, profile):
        cells = read_top(sheet.rows, row - 1)
        other = map_header(place, row, 1, [cell or "" for cell in cells[0]], cells[1:], profile)
        if other.columns == begins[-1].columns:
            repeated.append(row)
        else:
            begins.append(other)
    ends = [*(other.row - 1 for other in begins[1:]), sheet.rows.num_rows]
    for begin, end in zip(begins, ends, strict=True):
        name = sheet.name
        if begin is not header:
            name = f"{sheet.name} 第{begin.row}行起".strip()
            words = Text("a second header, which governs the rows below it")
            doubts = [Doubt("second_header", words, name, begin.row, rows=end - begin.row)]
        part = replace(sheet, name=name, rows=sheet.rows.slice(0, end))
        yield _make_table(
            path, form, part, begin, tuple(doubts), profile, [r for r in repeated if begin.row < r <= end]
        )


def doubt_rows_above(name: str, top: Sequence[Sequence[str | None]], header: Header) -> list[Doubt]:
    """The doubt about rows above a header that look like cases, if there are any."""
    lost = [i for i, row in enumerate(top[: header.row - header.height], 1) if looks_like_case(row)]
    words = Text("rows above the header, which are not read")
    return [Doubt("rows_above_header", words, name, lost[0], rows=len(lost), is_loss=True)] if lost else []


def _find_header_rows(rows: "pa.Table", header: Header, profile: Profile) -> list[int]:
    """Rows below the header, from 1, that are a header themselves: no digit in the number's column, and names in others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    place = header.columns["case_no"]
    if place >= rows.num_columns:
        return []
    numbers = rows.column(place)
    is_odd = pc.invert(pc.fill_null(pc.match_substring_regex(numbers, "[0-9]"), False))
    filled = [
        pc.fill_null(pc.not_equal(rows.column(i), ""), False) for i in header.columns.values() if i < rows.num_columns
    ]
    odd = pc.and_(is_odd, pc.greater(_add(filled), pa.scalar(1)))
    places = [i for i in pc.indices_nonzero(odd).to_pylist() if i >= header.row]
    known: dict[tuple[str | None, ...], bool] = {}
    found = []
    for i in places:
        cells = tuple(column[i].as_py() for column in rows.columns)
        if cells not in known:
            known[cells] = is_header(cells, profile)
        if known[cells]:
            found.append(i + 1)
    return found


def _add(flags: list["pa.ChunkedArray"]) -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    total = flags[0].cast(pa.int32())
    for flag in flags[1:]:
        total = pc.add(total, flag.cast(pa.int32()))
    return total


def _make_table(
    path: Path,
    form: str,
    sheet: Sheet,
    header: Header,
    doubts: tuple[Doubt, ...],
    profile: Profile,
    repeated: Sequence[int] = (),
) -> Table:
    """The allow-listed columns of the rows below a header, merged cells filled, day and time of day in one."""
    import pyarrow as pa

    rows = _widen(sheet.rows, len(header.cells))
    filled, merged_rows = fill_merged(rows, sheet.merged, header)
    kept = join_clocks(filled, header).slice(header.row)
    if repeated:
        is_kept = [True] * kept.num_rows
        for row in repeated:
            is_kept[row - header.row - 1] = False
        kept = kept.filter(pa.array(is_kept))
    if merged_rows:
        words = Text("merged cells: each of its rows has the text of the first")
        doubts = (*doubts, Doubt("merged", words, sheet.name, rows=merged_rows))
    last = rows.slice(max(header.row, rows.num_rows - _LAST_ROWS)).to_pylist()
    skipped = tuple(SkippedLine(row, "around") for row in repeated)
    source = ArrowSource(kept, skipped)
    is_truncated = profile.says_truncated(str(last))
    return sheet.finish(Table(path, sheet.name, form, header, sheet.is_hidden, is_truncated, source, doubts))


def fill_merged(rows: "pa.Table", merged: Sequence[Range], header: Header) -> tuple["pa.Table", int]:
    """The rows with each merged cell below the header filled from its first, and in how many rows a column that counts was."""
    import numpy as np
    import pyarrow as pa

    used = {*header.columns.values(), *header.clocks.values()}
    concerned: set[int] = set()
    sources: dict[tuple[int, int], np.ndarray] = {}  # column filled, column filled from → row filled from, or -1
    for first_row, first_column, last_row, last_column in merged:
        last = min(last_row, rows.num_rows - 1)
        if first_row < header.row or last < first_row:
            continue
        for column in range(first_column, min(last_column, rows.num_columns - 1) + 1):
            begin = first_row + 1 if column == first_column else first_row
            if column in used and begin <= last:
                places = sources.setdefault((column, first_column), np.full(rows.num_rows, -1))
                places[begin : last + 1] = first_row
                concerned.update(range(begin, last + 1))
    for (column, origin), places in sources.items():
        rows = rows.set_column(column, rows.column_names[column], _take(rows, column, origin, pa.array(places)))
    return rows, len(concerned)


def _take(rows: "pa.Table", column: int, origin: int, places: "pa.Array") -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    is_filled = pc.greater_equal(places, 0)
    taken = rows.column(origin).combine_chunks().take(pc.if_else(is_filled, places, 0))
    return pa.chunked_array([pc.if_else(is_filled, taken, rows.column(column).combine_chunks())])


def join_clocks(rows: "pa.Table", header: Header) -> "pa.Table":
    """The columns of the header under their canonical names; a day and its time of day become one text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = rows.select(list(header.columns.values())).rename_columns(list(header.columns))
    for name, place in header.clocks.items():
        day = pc.replace_substring_regex(pc.fill_null(kept[name], ""), "[ T]00:00(:00([.]0+)?)?$", "")
        clock = pc.replace_substring_regex(pc.fill_null(rows.column(place), ""), "^1899-12-3[01] ", "")
        fractions = pc.unique(pc.utf8_trim_whitespace(clock)).to_pylist()
        written = {text: _write_clock(text) for text in fractions}
        clock = pa.chunked_array(
            [pa.array([written[text] for text in pc.utf8_trim_whitespace(clock).to_pylist()], pa.string())]
        )
        both = pc.utf8_trim_whitespace(pc.binary_join_element_wise(day, clock, " "))
        kept = kept.set_column(kept.column_names.index(name), name, both)
    return kept


def _write_clock(text: str) -> str:
    """A fraction of a day as hours, minutes and seconds; any other text as it is."""
    if not text.startswith("0.") and text != "0":
        return text
    seconds = round(float(text) * 86_400)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _widen(rows: "pa.Table", width: int) -> "pa.Table":
    """Add empty columns at the end, if a sheet has fewer than its header."""
    import pyarrow as pa

    for i in range(rows.num_columns, width):
        rows = rows.append_column(f"empty {i}", pa.nulls(rows.num_rows, pa.string()))
    return rows
