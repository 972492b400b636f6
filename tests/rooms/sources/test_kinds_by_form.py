"""Kinds of damage × forms of delivery, drawn: what each kind gives in each form that can carry it.

`ok` is the right figures, each case right, no row in the quarantine. `2 4` are rows that quarantine or warnings name, all other
cases right. `no` is a refusal, exit 3 or 4 with the file's name. A letter says why the kind cannot occur in that form.
"""

import shutil
from pathlib import Path

import pytest
from damage import Roots
from damage_forms import Form, encode, wrap_up, write_lines, write_sheets
from damage_scene import count
from drawn_week import CLEAN, FIGURES, HEADER, TIMES, Edits, draw_sheets, edit, find_ends, list_truth, read_table
from packing import pack

FORMS = {
    "text": Form(),
    "gbk": Form(encoding="gb18030", delimiter="\t", end="\r\n"),
    "xlsx": Form("xlsx", times="date"),
    "xlsm": Form("xlsm"),
    "xls": Form("xls", times="date"),
    "xlsb": Form("xlsb"),
    "ods": Form("ods", times="date"),
    "html": Form("html", encoding="gb18030"),
    "xml": Form("xml"),
    "parquet": Form("parquet"),
    "zip": Form("text", encoding="gb18030", wrap="zip"),
    "gz": Form("xlsx", wrap="gz"),
}

PLACES = {form: place for place, form in enumerate(FORMS)}

# What cannot be, and why.
REASONS = {
    "a": "a text or a column of Parquet has no cells to merge: what is below is simply empty",
    "b": "one text, one Parquet file: one table",
    "c": "HTML, Parquet and .xlsb as written here hold no formulas",
    "d": "the names of columns are no row: nothing stands above, between or below rows but rows",
    "e": "only HTML has tables within cells",
}


# ---------------------------------------------------------------- the kinds, as what is written instead of what


def times(drawn: str) -> Edits:
    """The ten times of CLEAN in another form, in the order in which they stand there."""
    return tuple(zip(TIMES, drawn.split(" | "), strict=True))


# In a cell: !#N/A is an error, =? a formula without a value, ^^ merged with the cell above, << with the one to the left,
# [[…]] a table within the cell. A line ---- begins another sheet. A line without | is one cell.
KINDS: dict[str, Edits] = {
    "clean": (),
    "format characters in numbers": (("N101 ", "N101\u200b "), ("N102", "\u202dN102\u202c"), ("N103", "N1\u206003"), ("N104", "\ufeffN104")),
    "format characters in descriptions": (
        ("示例厅", "示例\u200b厅"),
        ("N105 | 证照补发 | 行政确认", "N105 | 证照补发 | 行政\u00ad确认"),
        ("样本厅 | 510000", "样本厅\u200e | 510000\u200f"),
    ),
    "format characters in times": (("2022-07-14 09:30:00", "\u200e2022-07-14 09:30:00"), ("2022-07-22 09:00:00", "2022-07-22 09:00:00\ufeff")),
    "no-break blanks": (
        ("2022-07-14 09", "2022-07-14\u00a009"),
        ("2022-07-22 09", "2022-07-22\u202f09"),
        ("示例厅", "示例厅\u00a0"),
        ("N103", "\u202fN103"),
    ),
    "all numbers end in .0": tuple((f"N10{i} ", f"N10{i}.0 ") for i in range(1, 7)),
    "one number ends in .0": (("N102 ", "N102.0 "),),
    "areas and types end in .0": (("510000", "510000.0"), ("行政许可", "1.0"), ("公共服务", "20.0"), ("行政确认", "7.0")),
    "办结时间*": (("办结时间", "办结时间*"),),
    "办结时间：": (("办结时间", "办结时间："),),
    "7.办结时间": (("办结时间", "7.办结时间"),),
    "办结时间 with U+200B": (("办结时间", "办结时间\u200b"),),
    "实际办结时间": (("办结时间", "实际办结时间"),),
    "实际办结时间 beside an empty 办结时间": (
        ("办结时间", "办结时间 | 实际办结时间"),
        *((f"| {t} | 出证", f"| | {t} | 出证") for t in ("2022-07-19 10:00:00", "2022-07-19 08:05:00", "2022-07-21 16:00:00", "2022-07-22 09:00:00")),
        (" | |\n", " | | |\n"),
    ),
    "办毕日": (("办结时间", "办毕日"),),
    "no 办结时间": (
        ("办结时间 | ", ""),
        *((f"{t} | 出证", "出证") for t in ("2022-07-19 10:00:00", "2022-07-19 08:05:00", "2022-07-21 16:00:00", "2022-07-22 09:00:00")),
        (" | |\n", " |\n"),
    ),
    "no 实施主体": (("实施主体 | ", ""), ("示例厅 | ", ""), ("示例局 | ", ""), ("样本厅 | ", "")),
    "a header of two rows": (
        (HEADER, "办件编号 | 事项名称 | 事项类型 | 实施主体 | 行政区划 | 受理 | 办结 | <<\n"
            "^^ | ^^ | ^^ | ^^ | ^^ | 时间 | 时间 | 结果"),
    ),
    "a header of three rows": (
        (HEADER, "办件编号 | 事项名称 | 事项类型 | 实施主体 | 行政区划 | 办理情况 | << | <<\n"
            "^^ | ^^ | ^^ | ^^ | ^^ | 受理 | 办结 | <<\n"
            "^^ | ^^ | ^^ | ^^ | ^^ | 时间 | 时间 | 结果"),
    ),
    "the header again": (("N104", HEADER + "\nN104"),),
    "another order from a second header on": (
        ("N105", "办件编号 | 事项名称 | 事项类型 | 实施主体 | 行政区划 | 办结时间 | 受理时间 | 办结结果\nN105"),
        ("2022-07-20 14:00:00 | 2022-07-21 16:00:00", "2022-07-21 16:00:00 | 2022-07-20 14:00:00"),
        ("2022-07-21 17:59:59 | 2022-07-22 09:00:00", "2022-07-22 09:00:00 | 2022-07-21 17:59:59"),
    ),
    "other columns from a second header on": (
        ("N105 | 证照补发", HEADER.replace("事项名称 | ", "") + "\nN105"),
        ("N106 | 证照补发", "N106"),
    ),
    "an error as completion": (("2022-07-19 10:00:00", "!#N/A"), ("2022-07-22 09:00:00", "!#REF!")),
    "an error as department": (("N103 | 档案查询 | 公共服务 | 示例局", "N103 | 档案查询 | 公共服务 | !#N/A"),),
    "an error as number": (("N102", "!#VALUE!"),),
    "a formula without a value as completion": (("2022-07-19 10:00:00", "=?"), ("2022-07-22 09:00:00", "=?")),
    "a formula without a value as type": (("N103 | 档案查询 | 公共服务", "N103 | 档案查询 | =?"),),
    "merged departments": (
        ("N102 | 税务登记 | 行政许可 | 示例厅", "N102 | 税务登记 | 行政许可 | ^^"),
        ("N104 | 档案查询 | 公共服务 | 示例局", "N104 | 档案查询 | 公共服务 | ^^"),
        ("N106 | 证照补发 | 行政确认 | 样本厅", "N106 | 证照补发 | 行政确认 | ^^"),
    ),
    "tables within cells": (
        ("2022-07-19 10:00:00", "[[2022-07-19 10:00:00]]"),
        ("N102 | 税务登记 | 行政许可 | 示例厅", "N102 | 税务登记 | 行政许可 | [[示例厅]]"),
    ),
    "a second sheet without a header": (("N104", "----\nN104"),),
    "a second sheet with a header": (("N104", "----\n" + HEADER + "\nN104"),),
    "a sheet with foreign names": (("N104", "----\nF1 | F2 | F3 | F4 | F5 | F6 | F7 | F8\nN104"),),
    "a cover": ((HEADER, "办件明细\n2022年7月22日\n----\n" + HEADER),),
    "days that mean none": (("10:00:00 | |", "10:00:00 | 9999-12-31 23:59:59 |"), ("11:00:00 | |", "11:00:00 | 0001-01-01 00:00:00 |")),
    "other days that mean none": (("10:00:00 | |", "10:00:00 | 1900-01-01 |"), ("11:00:00 | |", "11:00:00 | 2099-12-31 |")),
    "words for nothing": (("10:00:00 | |", "10:00:00 | \\N | \\N"), ("11:00:00 | |", "11:00:00 | NULL | (null)")),
    "a number taken by another department": (("N106 |", "N001 | 证照补发 | 行政确认 | 样本厅 | 510000 | 2022-07-21 11:00:00 | |\nN106 |"),),
    "one number of two departments": (("N106 |", "N103 | 证照补发 | 行政确认 | 样本厅 | 510000 | 2022-07-21 11:00:00 | |\nN106 |"),),
    "data types below the header": (
        ("N101", "varchar(50) | varchar(200) | varchar(20) | varchar(100) | char(6) | datetime | datetime | varchar(20)\nN101"),
    ),
    "a ruler below the header": (("N101", "------ | ---- | ---- | ------ | ------ | ------------------- | ------------------- | ----\nN101"),),
    "a count below": (("2022-07-22 09:00:00 | 出证", "2022-07-22 09:00:00 | 出证\n\n(6 行受影响)"),),
    'every cell as ="…"': (),
    "PostgreSQL +00": times(
        "2022-07-14 01:30:00+00 | 2022-07-19 02:00:00+00 | 2022-07-18 02:00:00+00 | 2022-07-19 00:00:00+00 | 2022-07-19 00:05:00+00 | "
        "2022-07-20 03:00:00+00 | 2022-07-20 06:00:00+00 | 2022-07-21 08:00:00+00 | 2022-07-21 09:59:59+00 | 2022-07-22 01:00:00+00"
    ),
    "ISO without seconds, SQL Server": times(
        "2022-07-14T09:30+08:00 | 2022-07-19T10:00+08:00 | 2022-07-18 10:00:00.0000000 +08:00 | 2022-07-19T08:00+08:00 | "
        "2022-07-19 08:05:00.0000000 +08:00 | 2022-07-20T11:00+08:00 | 2022-07-20T14:00+08:00 | 2022-07-21T16:00+08:00 | "
        "2022-07-21 17:59:59.0000000 +08:00 | 2022-07-22T09:00+08:00"
    ),
    "上午 and 下午": times(
        "2022/7/14 上午 9:30:00 | 2022/7/19 上午 10:00:00 | 2022/7/18 上午 10:00:00 | 2022/7/19 上午 8:00:00 | 2022/7/19 上午 8:05:00 | "
        "2022/7/20 上午 11:00:00 | 2022/7/20 下午 2:00:00 | 2022/7/21 下午 4:00:00 | 2022/7/21 下午 5:59:59 | 2022/7/22 上午 9:00:00"
    ),
    "AM and PM": times(
        "2022-07-14 09:30:00 AM | 2022-07-19 10:00:00 AM | 2022-07-18 10:00:00 AM | 2022-07-19 08:00:00 AM | 2022-07-19 08:05:00 AM | "
        "2022-07-20 11:00:00 AM | 2022-07-20 02:00:00 PM | 2022-07-21 04:00:00 PM | 2022-07-21 05:59:59 PM | 2022-07-22 09:00:00 AM"
    ),
    "JavaScript": times(
        "Thu Jul 14 2022 09:30:00 GMT+0800 (中国标准时间) | Tue Jul 19 2022 10:00:00 GMT+0800 (中国标准时间) | "
        "Mon Jul 18 2022 10:00:00 GMT+0800 (中国标准时间) | Tue Jul 19 2022 08:00:00 GMT+0800 (中国标准时间) | "
        "Tue Jul 19 2022 08:05:00 GMT+0800 (中国标准时间) | Wed Jul 20 2022 11:00:00 GMT+0800 (中国标准时间) | "
        "Wed Jul 20 2022 14:00:00 GMT+0800 (中国标准时间) | Thu Jul 21 2022 16:00:00 GMT+0800 (中国标准时间) | "
        "Thu Jul 21 2022 17:59:59 GMT+0800 (中国标准时间) | Fri Jul 22 2022 09:00:00 GMT+0800 (中国标准时间)"
    ),
    "full-width digits": times(
        "２０２２-０７-１４ ０９:３０:００ | ２０２２-０７-１９ １０:００:００ | ２０２２-０７-１８ １０:００:００ | "
        "２０２２-０７-１９ ０８:００:００ | ２０２２-０７-１９ ０８:０５:００ | ２０２２-０７-２０ １１:００:００ | "
        "２０２２-０７-２０ １４:００:００ | ２０２２-０７-２１ １６:００:００ | ２０２２-０７-２１ １７:５９:５９ | "
        "２０２２-０７-２２ ０９:００:００"
    ),
    "seconds since 1970": times(
        "1657762200 | 1658196000 | 1658109600 | 1658188800 | 1658189100 | "
        "1658286000 | 1658296800 | 1658390400 | 1658397599 | 1658451600"
    ),
    "milliseconds since 1970": times(
        "1657762200000 | 1658196000000 | 1658109600000 | 1658188800000 | 1658189100000 | "
        "1658286000000 | 1658296800000 | 1658390400000 | 1658397599000 | 1658451600000"
    ),
    "Oracle in Chinese": times(
        "14-7月 -22 | 19-7月 -22 | 18-7月 -22 | 19-7月 -22 | 19-7月 -22 | "
        "20-7月 -22 | 20-7月 -22 | 21-7月 -22 | 21-7月 -22 | 22-7月 -22"
    ),
    "Oracle in English": times(
        "14-JUL-22 | 19-JUL-22 | 18-JUL-22 | 19-JUL-22 | 19-JUL-22 | "
        "20-JUL-22 | 20-JUL-22 | 21-JUL-22 | 21-JUL-22 | 22-JUL-22"
    ),
    "day and clock in two columns": (
        ("受理时间 | 办结时间", "受理日期 | 受理时间 | 办结日期 | 办结时间"),
        *((t, t.replace(" ", " | ")) for t in TIMES),
        (":00 | |\n", ":00 | | |\n"),
    ),
}  # fmt: skip

TABLE = """
kind                                    | text | gbk  | xlsx | xlsm | xls  | xlsb | ods  | html | xml  | parquet | zip  | gz
clean                                   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
format characters in numbers            | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
format characters in descriptions       | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
format characters in times              | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
no-break blanks                         | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
all numbers end in .0                   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
one number ends in .0                   | 3    | 3    | 3    | 3    | 3    | 3    | 3    | 3    | 3    | 2       | 3    | 3
areas and types end in .0               | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
办结时间*                               | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
办结时间：                              | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
7.办结时间                              | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
办结时间 with U+200B                    | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
实际办结时间                            | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
实际办结时间 beside an empty 办结时间       | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
办毕日                                  | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
no 办结时间                             | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
no 实施主体                             | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
a header of two rows                    | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
a header of three rows                  | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
the header again                        | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
another order from a second header on   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
other columns from a second header on   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
an error as completion                  | 2 7  | 2 7  | 2 7  | 2 7  | 2 7  | 2 7  | 2 7  | 2 7  | 2 7  | 1 6     | 2 7  | 2 7
an error as department                  | 4    | 4    | 4    | 4    | 4    | 4    | 4    | 4    | 4    | 3       | 4    | 4
an error as number                      | 3    | 3    | 3    | 3    | 3    | 3    | 3    | 3    | 3    | 2       | 3    | 3
a formula without a value as completion | 2 7  | 2 7  | 2 7  | 2 7  | 2 7  | c    | 2 7  | c    | 2 7  | c       | 2 7  | 2 7
a formula without a value as type       | 4    | 4    | 4    | 4    | 4    | c    | 4    | c    | 4    | c       | 4    | 4
merged departments                      | a    | a    | ok   | ok   | ok   | ok   | ok   | ok   | ok   | a       | a    | ok
tables within cells                     | e    | e    | e    | e    | e    | e    | e    | ok   | e    | e       | e    | e
a second sheet without a header         | b    | b    | ok   | ok   | ok   | ok   | ok   | ok   | ok   | b       | b    | ok
a second sheet with a header            | b    | b    | ok   | ok   | ok   | ok   | ok   | ok   | ok   | b       | b    | ok
a sheet with foreign names              | b    | b    | 1    | 1    | 1    | 1    | 1    | 1    | 1    | b       | b    | 1
a cover                                 | b    | b    | ok   | ok   | ok   | ok   | ok   | ok   | ok   | b       | b    | ok
days that mean none                     | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
other days that mean none               | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
words for nothing                       | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
a number taken by another department    | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
one number of two departments           | no   | no   | no   | no   | no   | no   | no   | no   | no   | no      | no   | no
data types below the header             | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
a ruler below the header                | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
a count below                           | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | d       | ok   | ok
every cell as ="…"                      | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
PostgreSQL +00                          | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
ISO without seconds, SQL Server         | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
上午 and 下午                           | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
AM and PM                               | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
JavaScript                              | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
full-width digits                       | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
seconds since 1970                      | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
milliseconds since 1970                 | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
Oracle in Chinese                       | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
Oracle in English                       | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
day and clock in two columns            | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok   | ok      | ok   | ok
"""


EXPECTED = read_table(TABLE)


# ---------------------------------------------------------------- the test


def write_file(kind: str, form: str) -> tuple[str, bytes]:
    how = FORMS[form]
    sheets = draw_sheets(edit(CLEAN, KINDS[kind]), PLACES[form], is_wrapped=kind.startswith("every cell"))
    if how.family == "text":
        records = write_lines(sheets[0].lines, how)
        content = encode("".join(record + how.end for record in records), how.encoding)
    else:
        content = write_sheets(sheets, how)
    if how.wrap == "zip":
        return "zip.zip", pack({"办件.csv": content})
    return wrap_up(f"{form}{how.suffix}", content, how, {})


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Roots:
    return Roots(tmp_path_factory.mktemp("bases"))


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_kind_ends_as_drawn_in_each_form(kind: str, roots: Roots, tmp_path: Path) -> None:
    expected = {form: cell for form, cell in EXPECTED[kind].items() if cell not in REASONS}
    files = {form: write_file(kind, form) for form in expected}
    together = {form: file for form, file in files.items() if expected[form] != "no"}
    ends = find_ends(together, PLACES, roots, tmp_path) if together else {}
    for form in files.keys() - together.keys():
        ends |= find_ends({form: files[form]}, PLACES, roots, tmp_path)
    shutil.rmtree(tmp_path)
    assert {form: ends[form] for form in expected} == expected


def test_the_table_has_each_kind_and_each_form() -> None:
    assert list(EXPECTED) == list(KINDS)
    assert all(list(row) == list(FORMS) for row in EXPECTED.values())
    used = {cell for row in EXPECTED.values() for cell in row.values()}
    assert used & set("abcdefgh") == set(REASONS)


def test_the_figures_are_those_of_the_drawing() -> None:
    assert count(list_truth(0)) == FIGURES
