"""One set of cases in every form offices send them in: each variant must load to the same cases and figures."""

import gzip
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pyarrow as pa
import xlsxwriter
import xlwt
from packing import pack, pack_ods, pack_xlsb, record, wide
from pyarrow import parquet

HEADER = ["办件编号", "申请人姓名", "事项类型", "实施主体", "行政区划", "受理时间", "办结时间", "办结结果"]
CASES = [
    ["510000-20220105-000001", "甲某", "行政许可", "示例厅", "510000", "2022-01-05 09:30:00", "2022-02-01 10:00:00", "出证"],
    ["510000-20220106-000002", "乙某", "行政许可", "示例厅", "510000", "2022-01-06 08:00:00", "", ""],
    ["0510000202201070003", "丙某", "公共服务", "𠀀字办，二处", "510000", "2022-01-07 00:00:00", "2022-01-07 00:00:00", "出证"],
    ["510000-20211230-000004", "丁某", "行政确认", "示例局", "510000", "2021-12-30 16:00:05", "2022-01-10 11:00:00", "退件"],
    ["510104-20220108-000005", "戊某", "行政许可", "示例市局", "510104", "2022-01-08 12:00:00", "2022-03-01 12:00:00", "作废"],
]  # fmt: skip
TIMES = (HEADER.index("受理时间"), HEADER.index("办结时间"))
Files = dict[str, bytes]
Rows = Sequence[Sequence[str]]


def list_rows() -> list[list[str]]:
    return [list(row) for row in (HEADER, *CASES)]


# ---------------------------------------------------------------- text


def write_text(rows: Rows, *, delimiter: str = ",", end: str = "\n", is_quoted: bool = False) -> str:
    def write_cell(value: str) -> str:
        special = is_quoted or any(mark in value for mark in (delimiter, '"', "\n", "\r"))
        return '"' + value.replace('"', '""') + '"' if special else value

    return "".join(delimiter.join(map(write_cell, row)) + end for row in rows)


def csv(rows: Rows, encoding: str = "utf-8", **options: Any) -> Files:
    return {"办件.csv": write_text(rows, **options).encode(encoding)}


def above(*lines: Sequence[str]) -> list[list[str]]:
    width = len(HEADER)
    return [[*line, *[""] * (width - len(line))] for line in lines] + list_rows()


def change(column: str, how: Callable[[str], str], rows: Rows | None = None) -> list[list[str]]:
    """The cases with the cells of one column written in another way; empty ones stay empty."""
    place = HEADER.index(column)
    header, *cases = rows or list_rows()
    return [list(header), *([*row[:place], how(row[place]) if row[place] else "", *row[place + 1 :]] for row in cases)]


def change_times(*forms: Callable[[datetime], str]) -> list[list[str]]:
    """Both times in the given forms, one after another, so that one column mixes them."""
    rows = list_rows()
    for i, row in enumerate(rows[1:]):
        for place in TIMES:
            row[place] = forms[(i + place) % len(forms)](datetime.fromisoformat(row[place])) if row[place] else ""
    return rows


def serial(time: datetime, epoch: datetime = datetime(1899, 12, 30)) -> str:
    return repr((time - epoch) / timedelta(days=1)).removesuffix(".0")


TIME_FORMS: dict[str, Callable[[datetime], str]] = {
    "with a fraction": lambda t: f"{t}.0",
    "with T": lambda t: t.isoformat(),
    "with slashes": lambda t: f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute:02}:{t.second:02}",
    "in Chinese": lambda t: f"{t.year}年{t.month}月{t.day}日 {t.hour}时{t.minute}分{t.second}秒",
    "compact": lambda t: f"{t:%Y%m%d%H%M%S}",
    "compact with T": lambda t: f"{t:%Y%m%dT%H%M%S}",
    "as day numbers": serial,
    "as milliseconds": lambda t: str(int((t - datetime(1970, 1, 1, 8)).total_seconds() * 1000)),
    "with an offset": lambda t: f"{t.isoformat()}+08:00",
    "in universal time": lambda t: f"{(t - timedelta(hours=8)).isoformat()}Z",
    "with full-width blanks around": lambda t: f"　{t} ",
    "at 24 o'clock": lambda t: f"{(t - timedelta(days=1)).date()} 24:00:00" if t.time() == t.min.time() else str(t),
}


# ---------------------------------------------------------------- workbooks


def xlsx(*sheets: Rows, is_1904: bool = False, hidden: bool = False, typed: str = "text", merge: bool = False) -> bytes:
    """A workbook; times as text, as date cells, as bare day numbers, or all three mixed."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"date_1904": is_1904}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"第{number + 1}页")
            if hidden and number:
                sheet.hide()
            if merge:
                sheet.merge_range(0, 0, 0, len(HEADER) - 1, rows[0][0])
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    form = ("text", "date", "number")[i % 3] if typed == "mixed" else typed
                    if j in TIMES and value[:2] == "20" and form != "text":
                        time = datetime.fromisoformat(value)
                        if form == "date":
                            sheet.write_datetime(i, j, time, day)
                        else:
                            sheet.write_number(i, j, (time - epoch) / timedelta(days=1))
                    elif value and not (merge and i == 0):
                        sheet.write_string(i, j, value)
    return content.getvalue()


def xls(*sheets: Rows, is_1904: bool = False, typed: str = "date") -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = is_1904
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
    epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
    for number, rows in enumerate(sheets):
        sheet = book.add_sheet(f"第{number + 1}页")
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if j in TIMES and value[:2] == "20":
                    time = datetime.fromisoformat(value)
                    if typed == "date":
                        sheet.write(i, j, time, day)
                    else:
                        sheet.write(i, j, (time - epoch) / timedelta(days=1))
                elif value:
                    sheet.write(i, j, value)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def ods(rows: Rows) -> bytes:
    """An open document of one sheet, times as date cells (ISO/IEC 26300)."""

    def write_cell(place: int, value: str) -> str:
        if place in TIMES and value[:2] == "20":
            time = datetime.fromisoformat(value).isoformat()
            return f'<table:table-cell office:value-type="date" office:date-value="{time}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(
        f"<table:table-row>{''.join(write_cell(j, value) for j, value in enumerate(row))}</table:table-row>"
        for row in rows
    )
    return pack_ods(f'<table:table table:name="第1页">{lines}</table:table>')


def xlsb(rows: Rows) -> bytes:
    """A binary workbook of text cells."""

    def write_rows() -> Iterator[bytes]:
        for i, row in enumerate(rows):
            yield record(0, struct.pack("<IIHBBBI", i, 0, 300, 0, 0, 0, 0))
            for j, value in enumerate(row):
                if value:
                    yield record(6, struct.pack("<II", j, 0) + wide(value))

    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1))
    sheet += record(145) + b"".join(write_rows()) + record(146) + record(130)
    return pack_xlsb([("第1页", False, sheet)])


# ---------------------------------------------------------------- markup, Parquet, archives


def html(rows: Rows, encoding: str = "utf-8") -> bytes:
    lines = "".join("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>\n" for row in rows)
    title = f"<tr><td colspan={len(HEADER)} align=center><b>办件明细表</b></td></tr>"
    page = f'<html><head><meta charset="{encoding}"></head><body><table border=1>{title}{lines}</table></body></html>'
    return page.encode(encoding)


def xml(rows: Rows) -> bytes:
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"

    def write_row(row: Sequence[str]) -> str:
        cells = (
            f'<Cell ss:Index="{i}"><Data ss:Type="String">{value}</Data></Cell>'
            for i, value in enumerate(row, 1)
            if value
        )
        return f"<Row>{''.join(cells)}</Row>"

    lines = "".join(map(write_row, rows))
    book = f'<Workbook xmlns="{namespace}" xmlns:ss="{namespace}"><Worksheet ss:Name="a"><Table>{lines}</Table></Worksheet></Workbook>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n{book}'.encode()


def columnar(*, typed: bool) -> bytes:
    columns: list[Any] = [list(column) for column in zip(*CASES, strict=True)]
    if typed:
        accepted, completed = ([datetime.fromisoformat(v) if v else None for v in columns[place]] for place in TIMES)
        instants = [time - timedelta(hours=8) for time in accepted if time]
        columns[TIMES[0]] = pa.array(instants, pa.timestamp("us", tz="UTC"))
        columns[TIMES[1]] = pa.array(completed, pa.timestamp("ns"))
        columns[4] = pa.array([int(value) for value in columns[4]])
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns, HEADER), sink)
    return sink.getvalue()


def pack_as_windows(name: str, content: bytes) -> bytes:
    """A zip archive of one file whose name is in GBK, without the flag of UTF-8, as Windows in Chinese writes it."""
    raw, check = name.encode("gbk"), zlib.crc32(content)
    facts = (check, len(content), len(content), len(raw))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 0, 0, 0x21, *facts, 0) + raw + content
    central = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 0, 0, 0x21, *facts, 0, 0, 0, 0, 0, 0) + raw
    return local + central + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central), len(local), 0)


# ---------------------------------------------------------------- hostile and damaged files


def pack_link(name: str, target: str) -> bytes:
    """A zip archive whose member is a symbolic link."""
    content, entry = io.BytesIO(), zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(entry, target)
    return content.getvalue()


def pack_locked(name: str, data: bytes) -> bytes:
    """A zip archive whose member claims to be encrypted."""
    raw = bytearray(pack({name: data}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def pack_forged(name: str, data: bytes) -> bytes:
    """A zip archive whose member claims to be smaller than it is."""
    return pack({name: data}).replace(struct.pack("<I", len(data)), struct.pack("<I", 100))


LOCKED_WORKBOOK = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000
)
DAMAGED_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000


# ---------------------------------------------------------------- the corpus


def drop(*columns: str, rows: Rows | None = None) -> list[list[str]]:
    kept = [i for i, name in enumerate(HEADER) if name not in columns]
    return [[row[i] for i in kept] for row in rows or list_rows()]


def rename(**headers: str) -> list[list[str]]:
    header, *cases = list_rows()
    return [[headers.get(name, name) for name in header], *cases]


def full_width(value: str) -> str:
    return value.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def add_item_code(rows: Rows) -> list[list[str]]:
    """Item codes instead of item types, in the letters of the source (docs/method.md §4)."""
    place = HEADER.index("事项类型")
    header, *cases = drop("事项类型", rows=rows)
    codes = [f"51{LETTERS[row[place]]}0358300011-510000000000-000-11510000MB1690541M-1-00" for row in rows[1:]]
    return [[*header, "实施编码"], *([*case, code] for case, code in zip(cases, codes, strict=True))]


def split_by_type(folder: bool) -> Files:
    """A file for each type without a type column: its name, or its folder's, is all that tells."""
    header, *cases = list_rows()
    place = HEADER.index("事项类型")
    kinds = ("行政许可", "公共服务")
    files = {}
    for kind in kinds:
        rows = drop("事项类型", rows=[header, *(row for row in cases if row[place] == kind)])
        name = f"{kind}/明细.csv" if folder else f"{kind}明细.csv"
        files[name] = write_text(rows).encode()
    rest = [header, *(row for row in cases if row[place] not in kinds)]
    return files | {"其余.csv": write_text(rest).encode()}


def split_by_family() -> Files:
    """Acceptances and results as two tables joined by case number."""
    return {
        "受理.csv": write_text(drop("办结时间", "办结结果")).encode(),
        "办结.csv": write_text(drop("申请人姓名", "事项类型", "实施主体", "行政区划", "受理时间")).encode("gb18030"),
    }


TITLE = ["办件明细表"]
PERIOD = ["统计期间：2022年1月1日至2022年7月22日"]
TWO_LEVELS = [
    ["办件编号", "申请人姓名", "事项类型", "实施主体", "行政区划", "受理", "办结", ""],
    ["", "", "", "", "", "时间", "时间", "结果"],
    *[list(case) for case in CASES],
]
CODES = {"行政许可": "01", "公共服务": "20", "行政确认": "7"}
LETTERS = {"行政许可": "1A", "公共服务": "2A", "行政确认": "1F"}
CODED_LABELS = {"行政许可": "01-行政许可", "公共服务": "公共服务(20)", "行政确认": " 行政确认 "}
BRACKETS = {
    "办件编号": " 办件 编号",
    "受理时间": "受理时间（年月日）",
    "办结时间": "办结时间[北京时间]",
    "行政区划": "【行政区划】",
}


def write_times(form: Callable[[datetime], str]) -> Files:
    return csv(change_times(form))


def write_sentinels() -> list[list[str]]:
    header, *cases = list_rows()
    return [
        header,
        *([value or ("1753-1-1 00:00:00" if i in TIMES else "--") for i, value in enumerate(row)] for row in cases),
    ]


VARIANTS: dict[str, Callable[[], Files]] = {
    "GB18030": lambda: csv(list_rows(), "gb18030"),
    "UTF-8 with its mark": lambda: csv(list_rows(), "utf-8-sig"),
    "UTF-16, little end first": lambda: {"办件.csv": b"\xff\xfe" + write_text(list_rows()).encode("utf-16-le")},
    "UTF-16, big end first": lambda: {"办件.csv": b"\xfe\xff" + write_text(list_rows(), delimiter="\t").encode("utf-16-be")},
    "tabs": lambda: {"办件.tsv": write_text(list_rows(), delimiter="\t").encode("gb18030")},
    "semicolons": lambda: csv(list_rows(), delimiter=";"),
    "every field quoted": lambda: csv(list_rows(), "gb18030", is_quoted=True),
    "Windows line ends": lambda: csv(list_rows(), "gb18030", end="\r\n"),
    "old Macintosh line ends": lambda: csv(list_rows(), end="\r"),
    "mixed line ends": lambda: {"办件.csv": write_text(list_rows(), end="\r\n").encode("gb18030").replace(b"\r\n", b"\n", 2)},
    "line ends within fields": lambda: csv(change("申请人姓名", lambda name: f"{name}\n又名\n\n{name}"), "gb18030"),
    "a comma at every end": lambda: csv([[*row, ""] for row in list_rows()]),
    "a comma at the end of the header": lambda: {"办件.csv": write_text(list_rows()).replace("\n", ",\n", 1).encode()},
    "blank lines": lambda: {"办件.csv": ("\n\n" + write_text(list_rows()).replace("\n", "\n\n") + "\n\n").encode()},
    "title and period above": lambda: csv(above(TITLE, PERIOD), "gb18030"),
    "the header in row 10": lambda: csv(above(*[TITLE] * 9)),
    "two rows of header": lambda: csv(TWO_LEVELS, "gb18030"),
    "the header again below": lambda: csv([*list_rows(), HEADER]),
    "totals and notes below": lambda: csv([*list_rows(), ["合计", "", "", "", "", "4", "3", ""], ["注：截至7月22日"] + [""] * 7]),
    "a note of one field": lambda: {"办件.csv": (write_text(list_rows()) + "制表人：样本员\n").encode("gb18030")},
    "empty columns between": lambda: csv([[cell for value in row for cell in (value, "")] for row in list_rows()]),
    "columns in another order": lambda: csv([row[::-1] for row in list_rows()]),
    "other names for columns": lambda: csv(rename(办件编号="业务流水号", 受理时间="SLSJ", 办结时间="result_date", 行政区划="区划代码")),
    "names with blanks and brackets": lambda: csv(rename(**BRACKETS)),
    "names in full width and capitals": lambda: csv(rename(办件编号="ＰＲＯＪＥＣＴ＿ＮＯ", 办结时间="ENDDATETIME")),
    "types as codes": lambda: csv(change("事项类型", CODES.__getitem__)),
    "types as codes with labels": lambda: csv(change("事项类型", CODED_LABELS.__getitem__)),
    "types in the letters of the source": lambda: csv(change("事项类型", LETTERS.__getitem__)),
    "types by item code": lambda: csv(add_item_code(list_rows())),
    "types by file name": lambda: split_by_type(folder=False),
    "types by folder name": lambda: split_by_type(folder=True),
    "case numbers with a tab before": lambda: csv(change("办件编号", lambda no: f"\t{no}"), "gb18030"),
    "case numbers with an apostrophe": lambda: csv(change("办件编号", lambda no: f"'{no}")),
    "case numbers as formulas": lambda: csv(change("办件编号", lambda no: f'="{no}"')),
    "case numbers in full width": lambda: csv(change("办件编号", lambda no: f"　{full_width(no)} ")),
    "areas of twelve digits": lambda: csv(change("行政区划", lambda area: f"{area}000000")),
    "sentinels for nothing": lambda: csv(write_sentinels()),
    "acceptances and results apart": split_by_family,
    **{f"times {name}": partial(write_times, form) for name, form in TIME_FORMS.items()},
    "all forms of times in one column": lambda: csv(change_times(*TIME_FORMS.values()), "gb18030"),
    ".xlsx": lambda: {"办件.xlsx": xlsx(list_rows())},
    ".xlsx with date cells": lambda: {"办件.xlsx": xlsx(list_rows(), typed="date")},
    ".xlsx with texts, dates and day numbers mixed": lambda: {"办件.xlsx": xlsx(list_rows(), typed="mixed")},
    ".xlsx of the 1904 epoch": lambda: {"办件.xlsx": xlsx(list_rows(), typed="mixed", is_1904=True)},
    ".xlsx with a merged title": lambda: {"办件.xlsx": xlsx(above(TITLE), merge=True)},
    ".xlsx of two sheets, one hidden": lambda: {"办件.xlsx": xlsx(list_rows()[:3], [HEADER, *list_rows()[3:]], hidden=True)},
    ".xlsx with a cover": lambda: {"办件.xlsx": xlsx([TITLE, PERIOD], list_rows())},
    ".xls": lambda: {"办件.xls": xls(list_rows())},
    ".xls of the 1904 epoch": lambda: {"办件.xls": xls(list_rows(), is_1904=True)},
    ".xls of bare day numbers from 1904": lambda: {"办件.xls": xls(list_rows(), is_1904=True, typed="number")},
    ".xlsb": lambda: {"办件.xlsb": xlsb(list_rows())},
    ".ods": lambda: {"办件.ods": ods(list_rows())},
    "HTML named .xls": lambda: {"办件.xls": html(list_rows())},
    "HTML in GBK named .xls": lambda: {"办件.xls": html(change("实施主体", lambda name: name), "gb18030")},
    "XML named .xls": lambda: {"办件.xls": xml(list_rows())},
    "CSV named .xls": lambda: {"办件.xls": write_text(list_rows()).encode("gb18030")},
    "tabs named .xlsx": lambda: {"办件.xlsx": write_text(list_rows(), delimiter="\t").encode()},
    "a workbook named .csv": lambda: {"办件.csv": xlsx(list_rows())},
    "Parquet of texts": lambda: {"办件.parquet": columnar(typed=False)},
    "Parquet of instants and numbers": lambda: {"办件.parquet": columnar(typed=True)},
    ".zip": lambda: {"办件.zip": pack({"省厅/办件.csv": write_text(list_rows()).encode("gb18030"), "说明.pdf": b"%PDF"})},
    ".zip with names in GBK": lambda: {"办件.zip": pack_as_windows("省厅\\办件明细.csv", write_text(list_rows()).encode())},
    ".zip within .zip": lambda: {"办件.zip": pack({"内.zip": pack({"办件.xlsx": xlsx(list_rows())})})},
    ".zip of two halves": lambda: {"办件.zip": pack({"一.csv": write_text(list_rows()[:3]).encode(), "二.xls": xls([HEADER, *list_rows()[3:]])})},
    ".csv.gz": lambda: {"办件.csv.gz": gzip.compress(write_text(list_rows()).encode("gb18030"))},
    "one file for each case": lambda: {f"办件{i}.csv": write_text([HEADER, case]).encode() for i, case in enumerate(CASES)},
}  # fmt: skip
