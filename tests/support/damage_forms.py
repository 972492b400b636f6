"""Forms that a delivery of tables can have: sheets of lines become the bytes of one file.

The row of a line is its place in its sheet, from 1, in each of them.
"""

import gzip
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape

import pyarrow as pa
import xlsxwriter
import xlwt
from packing import pack, pack_ods, pack_xlsb, record, wide
from pyarrow import parquet

WORKBOOKS = ("xlsx", "xlsm", "xls", "xlsb", "ods")
MARKUP = ("html", "xml")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "utf-16-le bare", "utf-16-be bare")
ERROR_CODES = {
    "#NULL!": 0x00,
    "#DIV/0!": 0x07,
    "#VALUE!": 0x0F,
    "#REF!": 0x17,
    "#NAME?": 0x1D,
    "#NUM!": 0x24,
    "#N/A": 0x2A,
}
FORMULA = "=VLOOKUP(A2,Sheet9!A:B,2,0)"
_EPOCH = datetime(1899, 12, 30)
_NO_VALUE = "no value"  # stands for a missing value until the part is written
_FIRST_DAY = datetime(2022, 7, 22)


@dataclass(frozen=True)
class Form:
    """How a file is written. `family` is text, one of WORKBOOKS or MARKUP, or parquet; `wrap` is '', zip, gz or zip in zip.

    `times` is how workbooks hold them: text, date or number. `style` is a variation of the family ('' is the common one).
    """

    family: str = "text"
    encoding: str = "utf-8"
    delimiter: str = ","
    end: str = "\n"
    is_quoted: bool = False
    times: str = "text"
    style: str = ""
    wrap: str = ""

    @property
    def suffix(self) -> str:
        return {"text": ".csv", "html": ".xls", "xml": ".xls"}.get(self.family, f".{self.family}")

    def __str__(self) -> str:
        text = [self.encoding, repr(self.delimiter), repr(self.end), "quoted" if self.is_quoted else ""]
        facts = {"text": text, "html": [self.encoding]}.get(self.family, [f"times as {self.times}"])
        return " ".join(filter(None, [self.family, *facts, self.style, f"in {self.wrap}" if self.wrap else ""]))


@dataclass(eq=False)
class Line:
    """One row of a table: `case` is the key of what it tells, '' for none.

    `columns` names the meaning of each cell; `marks` says of a cell that it is a time, error, formula, number or nested.
    """

    cells: list[str]
    columns: tuple[str, ...]
    case: str = ""
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(eq=False)
class Sheet:
    """One worksheet. `merges` are blocks of cells that the first one fills: first line, column, last line, column."""

    name: str
    lines: list[Line]
    is_hidden: bool = False
    merges: list[tuple[Line, int, Line, int]] = field(default_factory=list)

    def find_merges(self) -> list[tuple[int, int, int, int]]:
        """First row, column, last row, column, from 0; a block whose lines went to other sheets is none."""
        places = {id(line): i for i, line in enumerate(self.lines)}
        return [
            (places[id(first)], left, places[id(last)], right)
            for first, left, last, right in self.merges
            if id(first) in places and id(last) in places
        ]

    def find_covered(self) -> set[tuple[int, int]]:
        return {
            (i, j)
            for top, left, bottom, right in self.find_merges()
            for i in range(top, bottom + 1)
            for j in range(left, right + 1)
            if (i, j) != (top, left)
        }


def write_sheets(sheets: Sequence[Sheet], form: Form) -> bytes:
    """All families but text."""
    family = form.family
    if family in ("xlsx", "xlsm"):
        return _write_xlsx(sheets, form)
    if family == "parquet":
        return _write_parquet(sheets)
    return {"xls": _write_xls, "xlsb": _write_xlsb, "ods": _write_ods, "html": _write_html, "xml": _write_xml}[family](
        sheets, form
    )


def write_lines(lines: Sequence[Line], form: Form) -> list[str]:
    """The records of a text, without line ends."""
    return [form.delimiter.join(quote_cell(show(line, i), form) for i in range(len(line.cells))) for line in lines]


def quote_cell(value: str, form: Form) -> str:
    special = form.is_quoted or any(mark in value for mark in (form.delimiter, '"', "\n", "\r"))
    return '"' + value.replace('"', '""') + '"' if special else value


def show(line: Line, at: int) -> str:
    """What a cell shows where a form has no errors and formulas of its own."""
    return FORMULA if line.marks.get(at) == "formula" else line.cells[at]


def encode(text: str, encoding: str) -> bytes:
    name, _, bare = encoding.partition(" ")
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(name, b"") if not bare else b""
    return mark + text.encode(name)


def wrap_up(name: str, content: bytes, form: Form, others: dict[str, bytes]) -> tuple[str, bytes]:
    """The file as delivered: its name and bytes. `others` are further members of an archive."""
    if form.wrap == "gz":
        return f"{name}.gz", gzip.compress(content, mtime=0)
    if form.wrap:
        packed = pack({name: content, **others})
        return "办件.zip", pack({"内.zip": packed}) if form.wrap == "zip in zip" else packed
    return name, content


def rar_of(content: bytes) -> bytes:
    """What a RAR archive begins with; what follows is for nobody to read."""
    return b"Rar!\x1a\x07\x01\x00" + bytes(255 - byte for byte in content)


# ---------------------------------------------------------------- workbooks


def _day_number(value: str) -> float:
    return (datetime.fromisoformat(value) - _EPOCH) / timedelta(days=1)


def _write_xlsx(sheets: Sequence[Sheet], form: Form) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.set_properties({"created": _FIRST_DAY})
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            if sheet.is_hidden:
                page.hide()
            covered = sheet.find_covered()
            for top, left, bottom, right in sheet.find_merges():
                page.merge_range(top, left, bottom, right, "")
            for i, line in enumerate(sheet.lines):
                for j, value in enumerate(line.cells):
                    mark = line.marks.get(j, "")
                    if (i, j) in covered:
                        continue
                    if mark == "formula":
                        page.write_formula(i, j, FORMULA, None, _NO_VALUE)
                    elif mark == "error":
                        page.write_formula(i, j, FORMULA, None, value)
                    elif mark == "number":
                        page.write_number(i, j, float(value))
                    elif mark == "time" and value and form.times == "date":
                        page.write_datetime(i, j, datetime.fromisoformat(value), day)
                    elif mark == "time" and value and form.times == "number":
                        page.write_number(i, j, _day_number(value))
                    elif value:
                        page.write_string(i, j, value)
    return _restyle(content.getvalue(), form)


def _restyle(content: bytes, form: Form) -> bytes:
    """Formulas without a value, macros, and parts under the names that other writers give them."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, part in list(parts.items()):
        if name.startswith("xl/worksheets/sheet"):
            bare = rb'<c r="\1"\2><f>\3</f><v></v></c>'
            pattern = rb'<c r="([A-Z]+\d+)"( s="\d+")? t="str"><f>([^<]*)</f><v>' + _NO_VALUE.encode() + b"</v></c>"
            parts[name] = re.sub(pattern, bare, part)
    if form.family == "xlsm":
        main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(main, macro)
        parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0" + b"\0" * 64
    if form.style == "other part names":
        parts["xl/book7.xml"] = parts.pop("xl/workbook.xml")
        parts["xl/_rels/book7.xml.rels"] = parts.pop("xl/_rels/workbook.xml.rels")
        for name in ("[Content_Types].xml", "_rels/.rels"):
            parts[name] = parts[name].replace(b"xl/workbook.xml", b"xl/book7.xml")
    if form.style == "backslashes":
        parts = {name.replace("/", "\\"): data for name, data in parts.items()}
    return pack(parts)


def _write_xls(sheets: Sequence[Sheet], form: Form) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    for sheet in sheets:
        page = book.add_sheet(sheet.name, cell_overwrite_ok=True)
        if sheet.is_hidden:
            page.visibility = 1
        covered = sheet.find_covered()
        for top, left, bottom, right in sheet.find_merges():
            page.merge(top, bottom, left, right)
        for i, line in enumerate(sheet.lines):
            for j, value in enumerate(line.cells):
                mark = line.marks.get(j, "")
                if (i, j) in covered:
                    continue
                if mark == "formula":
                    page.write(i, j, xlwt.Formula("VLOOKUP(A2;A1:B9;2;0)"))
                elif mark == "error":
                    page.row(i).set_cell_error(j, ERROR_CODES[value])
                elif mark == "number":
                    page.write(i, j, float(value))
                elif mark == "time" and value and form.times == "date":
                    page.write(i, j, datetime.fromisoformat(value), day)
                elif mark == "time" and value and form.times == "number":
                    page.write(i, j, _day_number(value))
                elif value:
                    page.write(i, j, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write_ods(sheets: Sequence[Sheet], form: Form) -> bytes:
    def write_cell(value: str, mark: str, spans: str) -> str:
        text = escape(value)
        if mark == "formula":
            return f'<table:table-cell{spans} table:formula="of:{FORMULA}"/>'
        if mark == "error":
            kind = f'table:formula="of:{FORMULA}" office:value-type="string" office:string-value=""'
            return (
                f'<table:table-cell{spans} {kind} calcext:value-type="error"><text:p>{text}</text:p></table:table-cell>'
            )
        kind = 'office:value-type="string"'
        if mark == "number":
            kind = f'office:value-type="float" office:value="{value}"'
        elif mark == "time" and value and form.times != "text":
            kind = f'office:value-type="date" office:date-value="{datetime.fromisoformat(value).isoformat()}"'
        if not value:
            return f"<table:table-cell{spans}/>"
        return f"<table:table-cell{spans} {kind}><text:p>{text}</text:p></table:table-cell>"

    def write_row(i: int, line: Line) -> str:
        cells = []
        for j, value in enumerate(line.cells):
            if (i, j) in covered:
                cells.append("<table:covered-table-cell/>")
                continue
            rows, columns = blocks.get((i, j), (1, 1))
            spans = (
                f' table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
                if (i, j) in blocks
                else ""
            )
            cells.append(write_cell(value, line.marks.get(j, ""), spans))
        return f"<table:table-row>{''.join(cells) or '<table:table-cell/>'}</table:table-row>"

    tables = []
    for sheet in sheets:
        covered = sheet.find_covered()
        blocks = {(t, x): (b - t + 1, y - x + 1) for t, x, b, y in sheet.find_merges()}
        lines = "".join(write_row(i, line) for i, line in enumerate(sheet.lines))
        tables.append(f'<table:table table:name="{sheet.name}">{lines}</table:table>')
    return pack_ods("".join(tables))


def _write_xlsb(sheets: Sequence[Sheet], _form: Form) -> bytes:
    """A binary workbook."""

    def write_rows(sheet: Sheet) -> Iterator[bytes]:
        covered = sheet.find_covered()
        for i, line in enumerate(sheet.lines):
            yield record(0, struct.pack("<IIHBBBI", i, 0, 300, 0, 0, 0, 0))
            for j, value in enumerate(line.cells):
                mark, place = line.marks.get(j, ""), struct.pack("<II", j, 0)
                if (i, j) in covered:
                    continue
                if mark == "error":
                    yield record(3, place + bytes([ERROR_CODES[value]]))
                elif mark == "number":
                    yield record(5, place + struct.pack("<d", float(value)))
                elif value:
                    yield record(6, place + wide(value))

    def write_sheet(sheet: Sheet) -> bytes:
        width = max((len(line.cells) for line in sheet.lines), default=1)
        head = record(129) + record(148, struct.pack("<IIII", 0, max(len(sheet.lines) - 1, 0), 0, width - 1))
        merges = sheet.find_merges()
        blocks = b"".join(record(176, struct.pack("<IIII", t, b, x, y)) for t, x, b, y in merges)
        tail = record(177, struct.pack("<I", len(merges))) + blocks + record(178) if merges else b""
        return head + record(145) + b"".join(write_rows(sheet)) + record(146) + tail + record(130)

    return pack_xlsb([(sheet.name, sheet.is_hidden, write_sheet(sheet)) for sheet in sheets])


# ---------------------------------------------------------------- markup, Parquet


def _write_html(sheets: Sequence[Sheet], form: Form) -> bytes:
    def write_cell(value: str, mark: str, spans: str) -> str:
        text = escape(value, quote=False)
        inner = f"<table><tr><td>{text}</td></tr></table>" if mark == "nested" else text
        return f"<td{spans}>{inner}" + ("" if form.style == "unclosed cells" else "</td>")

    def write_row(i: int, line: Line) -> str:
        cells = []
        for j in range(len(line.cells)):
            if (i, j) in covered:
                continue
            rows, columns = blocks.get((i, j), (1, 1))
            spans = f' rowspan="{rows}"' if rows > 1 else ""
            spans += f' colspan="{columns}"' if columns > 1 else ""
            cells.append(write_cell(show(line, j), line.marks.get(j, ""), spans))
        return f"<tr>{''.join(cells)}</tr>\n"

    tables = []
    for sheet in sheets:
        covered = sheet.find_covered()
        blocks = {(t, x): (b - t + 1, y - x + 1) for t, x, b, y in sheet.find_merges()}
        rows = [write_row(i, line) for i, line in enumerate(sheet.lines)]
        if form.style == "header in a table of its own":
            tables += ["<table>" + rows[0] + "</table>", "<table>" + "".join(rows[1:]) + "</table>"]
        else:
            tables.append("<table border=1>" + "".join(rows) + "</table>")
    inner = "\n".join(tables)
    if form.style == "fragment":
        return f"<div>\n{inner}\n</div>".encode(form.encoding)
    page = f'<html><head><meta charset="{form.encoding}"></head><body>{inner}</body></html>'
    return page.encode(form.encoding)


def _write_xml(sheets: Sequence[Sheet], _form: Form) -> bytes:
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"

    def write_cell(i: int, j: int, line: Line) -> str:
        value, mark = line.cells[j], line.marks.get(j, "")
        rows, columns = blocks.get((i, j), (1, 1))
        spans = f' ss:MergeDown="{rows - 1}"' if rows > 1 else ""
        spans += f' ss:MergeAcross="{columns - 1}"' if columns > 1 else ""
        if mark == "formula":
            return f'<Cell ss:Index="{j + 1}"{spans} ss:Formula="{FORMULA}"/>'
        kind = {"error": "Error", "number": "Number"}.get(mark, "String")
        return f'<Cell ss:Index="{j + 1}"{spans}><Data ss:Type="{kind}">{escape(value)}</Data></Cell>'

    pages = []
    for sheet in sheets:
        covered = sheet.find_covered()
        blocks = {(t, x): (b - t + 1, y - x + 1) for t, x, b, y in sheet.find_merges()}
        rows = []
        for i, line in enumerate(sheet.lines):
            filled = [j for j in range(len(line.cells)) if (line.cells[j] or j in line.marks) and (i, j) not in covered]
            rows.append(f"<Row>{''.join(write_cell(i, j, line) for j in filled)}</Row>")
        hidden = '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>'
        pages.append(
            f'<Worksheet ss:Name="{sheet.name}"><Table>{"".join(rows)}</Table>{hidden if sheet.is_hidden else ""}</Worksheet>'
        )
    book = f'<Workbook xmlns="{namespace}" xmlns:ss="{namespace}">{"".join(pages)}</Workbook>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n{book}'.encode()


def _write_parquet(sheets: Sequence[Sheet]) -> bytes:
    """One table; its first line is the names of the columns."""
    header, *lines = sheets[0].lines
    columns = {
        name: pa.array([show(line, j) or None for line in lines], pa.string()) for j, name in enumerate(header.cells)
    }
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def common(form: Form) -> Form:
    """The same without variation of its family."""
    return replace(form, style="")
