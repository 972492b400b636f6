"""Workbooks (.xlsx, .xls, .xlsb, .ods): every sheet as text, so that numbers keep their digits and dates their format."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NoReturn

from flows.domain.profile import Profile
from flows.domain.taken_for import PassedOver
from flows.domain.text import BadInput
from flows.sources.content import Content, open_zip, prove, refuse_damage
from flows.sources.marks import NO_VALUE, Marks, find_marks
from flows.sources.sheets import Sheet, find_tables
from flows.sources.table import ArrowSource, Table

if TYPE_CHECKING:
    import pyarrow as pa


_DAYS_1904 = 1462  # days between the two epochs of spreadsheets
_DAY_NUMBER = "^[0-9]{5}([.][0-9]+)?$"
_LONG_NUMBER = "^[0-9]{16,}([.]0)?$"  # a number cell keeps 15 digits; the others are lost
_CLOCK_ONLY = "^1899-12-3[01] "  # how the library writes a time of day without a day
_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "xlsb": (".xlsb",), "ods": (".ods",)}
# How the library names error cells, and what the cell shows.
_ERRORS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}  # fmt: skip
_looker = ThreadPoolExecutor(1)


def read_tables(content: Content, form: str, profile: Profile) -> tuple[list[Table], list[PassedOver]]:
    """The case tables of all sheets, also hidden ones; then the empty sheets, covers and notes.

    Raises:
        BadInput: a workbook that cannot be opened or has no data; see find_tables.
    """
    tables, passed_over = find_tables(content.path, form, list_sheets(content, form), profile)
    if not tables:
        raise BadInput("{place}: no sheet holds any data. Export it again.", place=content.place)
    return tables, passed_over


def list_sheets(content: Content, form: str) -> Iterator[Sheet]:
    """The sheets of a workbook in their order; while the first one is read, all parts are proved by their checksums, and what sheets
    hold beside texts is looked for.

    Raises:
        BadInput: a workbook that cannot be opened, or is damaged.
    """
    proved = _looker.submit(prove, content) if form != "xls" else None
    content = _rename_parts(content, form)
    marks = _looker.submit(find_marks, content, form)
    workbook = _open_workbook(content, form)
    is_1904 = _counts_from_1904(content, form)
    for name in workbook.sheet_names:
        sheet = _load_sheet(content, workbook, name)
        rows, errors = sheet.to_arrow_with_errors()
        if proved:
            proved.result()
        found = marks.result().get(name, Marks())
        cells = dict.fromkeys(found.unvalued, NO_VALUE)
        cells |= {error.position: _name_error(error.detail) for error in (errors.errors if errors else ())}
        place = f"{content.member}［{name}］" if content.member else name
        finish = partial(_finish, workbook, name, is_1904=is_1904)
        yield Sheet(place, _put_texts(_to_table(rows), cells), found.merged, sheet.visible != "visible", finish)


def _finish(workbook: Any, name: str, table: Table, *, is_1904: bool) -> Table:
    table = _mark_damaged_numbers(workbook, name, table)
    for column in (column for column in table.columns if column.endswith("_at")):
        table = _bare_clocks(table, column)
        table = _move_epoch(table, column) if is_1904 else table
    return table


def _to_table(rows: Any) -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_batches([rows]) if rows.num_columns else pa.table({})


def _name_error(detail: str) -> str:
    found = re.search(r"Error\((\w+)\)", detail)
    return _ERRORS.get(found[1], "#VALUE!") if found else "#VALUE!"


def _put_texts(rows: "pa.Table", cells: Mapping[tuple[int, int], str]) -> "pa.Table":
    import pyarrow as pa

    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        if row < rows.num_rows and column < rows.num_columns:
            by_column.setdefault(column, {})[row] = text
    for column, texts in by_column.items():
        changed = rows.column(column).to_pylist()
        for row, text in texts.items():
            changed[row] = text
        rows = rows.set_column(column, rows.column_names[column], pa.array(changed, pa.string()))
    return rows


def _open_workbook(content: Content, form: str) -> Any:
    import fastexcel

    # The library goes by the name of a file; a wrong one is no reason not to read it.
    is_named_so = not content.is_in_memory and content.path.suffix.lower() in _SUFFIXES[form]
    try:
        return fastexcel.read_excel(str(content.path) if is_named_so else content.read())
    except fastexcel.FastExcelError as error:
        _refuse_workbook(content, error)


def _load_sheet(content: Content, workbook: Any, name: str) -> Any:
    import fastexcel

    try:
        # skip_rows=0 keeps empty rows at the top, so that row numbers are those people see
        return workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        _refuse_workbook(content, error)


def _rename_parts(content: Content, form: str) -> Content:
    """The same workbook with its parts where the library looks for them: some writers name them otherwise, or with backslashes."""
    if form not in ("xlsx", "xlsb"):
        return content
    book = "xl/workbook.xml" if form == "xlsx" else "xl/workbook.bin"
    with open_zip(content) as package, refuse_damage(content.place):
        names = {info.orig_filename.replace("\\", "/"): info for info in package.infolist()}
        if book in names and all(info.orig_filename == name for name, info in names.items()):
            return content
        own = _find_book(package.read(names["_rels/.rels"])) if "_rels/.rels" in names else book
        old, new = PurePosixPath(own), PurePosixPath(book)
        relations = {
            f"{old.parent}/_rels/{old.name}.rels": f"{new.parent}/_rels/{new.name}.rels",
            str(old): book,
        }
        renamed = io.BytesIO()
        with zipfile.ZipFile(renamed, "w", zipfile.ZIP_STORED) as target:
            for name, info in names.items():
                target.writestr(_move(name, relations, old.parent, new.parent), package.read(info))
    data = renamed.getvalue()
    return replace(content, open=lambda: io.BytesIO(data), is_rewritten=True)


def _move(name: str, moved: Mapping[str, str], old: PurePosixPath, new: PurePosixPath) -> str:
    """Where a part belongs: beside the workbook, as its relations say."""
    if name in moved:
        return moved[name]
    if old != new and PurePosixPath(name).is_relative_to(old) and str(old) != ".":
        return str(new / PurePosixPath(name).relative_to(old))
    return name


def _find_book(relations: bytes) -> str:
    from lxml import etree

    for relation in etree.fromstring(relations):
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target")).lstrip("/")
    return "xl/workbook.xml"


def _mark_damaged_numbers(workbook: Any, name: str, table: Table) -> Table:
    """Write case numbers of 16 and more digits in number cells as a spreadsheet shows them: 5.10000E+17.

    Such a cell keeps 15 digits, so the case number is lost; text cells keep all digits.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = _rows(table)
    is_long = pc.fill_null(pc.match_substring_regex(rows["case_no"], _LONG_NUMBER), False)
    if not pc.any(is_long).as_py():
        return table
    position = table.columns["case_no"]
    as_truth = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="boolean", use_columns=[position])
    skipped = {line.line - 1 for line in _source(table).skipped}
    kept = [i for i in range(table.header_row, as_truth.height) if i not in skipped][: rows.num_rows]
    is_number = pc.is_valid(as_truth.to_arrow().column(0).take(pa.array(kept, pa.int64())))
    # numbers convert to truth values, text does not
    return _replace(table, "case_no", pc.and_(is_long, is_number), lambda value: f"{float(value):.5E}")


def _counts_from_1904(content: Content, form: str) -> bool:
    """Whether the workbook counts days from 1904; this matters only for cells without a date format."""
    if form == "xlsx":
        with open_zip(content) as package, refuse_damage(content.place):
            return bool(re.search(rb"""<workbookPr[^>]* date1904=["'](1|true)["']""", package.read("xl/workbook.xml")))
    if form == "xls":  # DATEMODE of the workbook's globals: number, length 2, value 1
        return b"\x22\x00\x02\x00\x01\x00" in content.start(1 << 16)
    return False


def _bare_clocks(table: Table, name: str) -> Table:
    """A time of day without a day, as it is: the day 1899-12-31, which the library gives it, would mean that there is no time."""
    import pyarrow.compute as pc

    column = _rows(table)[name]
    is_clock = pc.fill_null(pc.match_substring_regex(column, _CLOCK_ONLY), False)
    if not pc.any(is_clock).as_py():
        return table
    return _replace(table, name, is_clock, lambda value: value if value.endswith(" 00:00:00") else value[11:])


def _move_epoch(table: Table, name: str) -> Table:
    """Convert day numbers of a time column to the epoch 1900."""
    import pyarrow.compute as pc

    is_day = pc.fill_null(pc.match_substring_regex(_rows(table)[name], _DAY_NUMBER), False)
    return _replace(table, name, is_day, lambda value: repr(float(value) + _DAYS_1904).removesuffix(".0"))


def _replace(table: Table, name: str, is_meant: "pa.ChunkedArray", change: Callable[[str], str]) -> Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    source = _source(table)
    rows = source.rows
    position = rows.column_names.index(name)
    meant = pc.if_else(is_meant, rows[name], None).to_pylist()
    changed = pa.array([change(value) if value is not None else None for value in meant], pa.string())
    mended = rows.set_column(position, name, pc.if_else(is_meant, changed, rows[name]))
    return replace(table, source=replace(source, rows=mended))


def _source(table: Table) -> ArrowSource:
    assert isinstance(table.source, ArrowSource)
    return table.source


def _rows(table: Table) -> "pa.Table":
    return _source(table).rows


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
