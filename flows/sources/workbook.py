"""Workbooks (.xlsx, .xls, .xlsb, .ods): every sheet as text, so that numbers keep their digits and dates their format."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from flows.domain.profile import Profile
from flows.domain.text import BadInput
from flows.sources.archive import Content
from flows.sources.header import HEADER_ROWS, Header, has_header
from flows.sources.table import ArrowSource, Table, find_table, read_top

if TYPE_CHECKING:
    import pyarrow as pa


_FULL_SHEETS = (65_536, 1_048_576)  # rows of a full .xls or .xlsx sheet; exports continue in the next sheet
_DAYS_1904 = 1462  # days between the two epochs of spreadsheets
_DAY_NUMBER = "^[0-9]{5}([.][0-9]+)?$"
_LONG_NUMBER = "^[0-9]{16,}([.]0)?$"  # a number cell keeps 15 digits; the others are lost


def read_tables(content: Content, form: str, profile: Profile) -> tuple[list[Table], list[str]]:
    """The case tables of all sheets, also hidden ones; then the names of empty sheets, covers and notes.

    A sheet without a header after a full one continues it.

    Raises:
        BadInput: a workbook that cannot be opened or has no data, or a long sheet without a header.
    """
    workbook = _open_workbook(content)
    tables: list[Table] = []
    passed_over: list[str] = []
    headerless: list[tuple[str, pa.Table]] = []
    is_1904 = _counts_from_1904(content, form)
    full: Table | None = None
    for name in workbook.sheet_names:
        sheet = _load_sheet(content, workbook, name)
        rows = sheet.to_arrow()
        place = f"{content.member}［{name}］" if content.member else name
        if not rows.num_columns:
            passed_over.append(place)
            continue
        header = _continue(full, rows) if full and not has_header(read_top(rows), profile) else None
        # skip a cover or a note, but refuse a long sheet without a header: its cases would be lost
        if not header and rows.num_rows <= HEADER_ROWS and not has_header(read_top(rows), profile):
            passed_over.append(place)
            headerless.append((place, rows))
            continue
        is_hidden = sheet.visible != "visible"
        table = find_table(content.path, place, form, rows, profile, header=header, is_hidden=is_hidden)
        full = table if rows.num_rows in _FULL_SHEETS else None
        table = _mark_damaged_numbers(workbook, name, table)
        tables.append(_move_epoch(table) if is_1904 else table)
    if not tables and headerless:
        place, rows = headerless[0]
        find_table(content.path, place, form, rows, profile)  # raises, and says what is missing
    if not tables:
        raise BadInput("{place}: no sheet holds any data. Export it again.", place=content.place)
    return tables, passed_over


def _open_workbook(content: Content) -> Any:
    import fastexcel

    try:
        return fastexcel.read_excel(content.read() if content.member else str(content.path))
    except fastexcel.FastExcelError as error:
        _refuse_workbook(content, error)


def _load_sheet(content: Content, workbook: Any, name: str) -> Any:
    import fastexcel

    try:
        # skip_rows=0 keeps empty rows at the top, so that row numbers are those people see
        return workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        _refuse_workbook(content, error)


def _continue(full: Table, rows: "pa.Table") -> Header | None:
    """The header of a full sheet, for the next sheet that continues it; its last columns may be empty there."""
    if rows.num_columns <= full.columns["case_no"]:
        return None
    known = full.header
    return Header(0, 0, known.cells, known.columns, known.personal)


def _mark_damaged_numbers(workbook: Any, name: str, table: Table) -> Table:
    """Write case numbers of 16 and more digits in number cells as a spreadsheet shows them: 5.10000E+17.

    Such a cell keeps 15 digits, so the case number is lost; text cells keep all digits.
    """
    import pyarrow.compute as pc

    rows = _rows(table)
    is_long = pc.fill_null(pc.match_substring_regex(rows["case_no"], _LONG_NUMBER), False)
    if not pc.any(is_long).as_py():
        return table
    position = table.columns["case_no"]
    as_truth = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean", use_columns=[position])
    is_number = pc.is_valid(
        as_truth.to_arrow().column(0).slice(table.header_row)
    )  # numbers convert to truth values, text does not
    return _replace(table, "case_no", pc.and_(is_long, is_number), lambda value: f"{float(value):.5E}")


def _counts_from_1904(content: Content, form: str) -> bool:
    """Whether the workbook counts days from 1904; this matters only for cells without a date format."""
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content.read()) if content.member else content.path) as package:
            return bool(re.search(rb"""<workbookPr[^>]* date1904=["'](1|true)["']""", package.read("xl/workbook.xml")))
    if form == "xls":  # DATEMODE of the workbook's globals: number, length 2, value 1
        return b"\x22\x00\x02\x00\x01\x00" in content.start(1 << 16)
    return False


def _move_epoch(table: Table) -> Table:
    """Convert day numbers of time columns to the epoch 1900."""
    import pyarrow.compute as pc

    for name in (name for name in table.columns if name.endswith("_at")):
        is_day = pc.fill_null(pc.match_substring_regex(_rows(table)[name], _DAY_NUMBER), False)
        table = _replace(table, name, is_day, lambda value: repr(float(value) + _DAYS_1904).removesuffix(".0"))
    return table


def _replace(table: Table, name: str, is_meant: "pa.ChunkedArray", change: Callable[[str], str]) -> Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _rows(table)
    position = rows.column_names.index(name)
    meant = pc.if_else(is_meant, rows[name], None).to_pylist()
    changed = pa.array([change(value) if value is not None else None for value in meant], pa.string())
    source = ArrowSource(rows.set_column(position, name, pc.if_else(is_meant, changed, rows[name])))
    return replace(table, source=source)


def _rows(table: Table) -> "pa.Table":
    assert isinstance(table.source, ArrowSource)
    return table.source.rows


def _refuse_workbook(content: Content, error: Exception) -> NoReturn:
    reason = str(error).splitlines()[0]
    if "password" in str(error).lower() or "encrypt" in str(error).lower():
        raise BadInput(
            "{place}: the file is protected by a password. Remove the password (Excel: File, Info, "
            "Protect Workbook), then deliver it again.",
            place=content.place,
        ) from None
    raise BadInput(
        "{place}: this workbook cannot be opened ({reason}). Open it in Excel and save it as .xlsx.",
        place=content.place,
        reason=reason,
    ) from None
