"""Kinds of damage that only texts can have, and those of whole files, drawn as in test_kinds_by_form: other forms have cells of
their own, so that no separator, quotation mark or byte can mean two things there.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from damage import Roots
from damage_forms import Form, encode, rar_of, wrap_up, write_lines, write_sheets
from drawn_week import CLEAN, Edits, draw_sheets, edit, fill_in, find_ends, read_table
from packing import pack

FORMS = {
    "utf8": Form(),
    "mark": Form(encoding="utf-8-sig", end="\r\n"),
    "gbk": Form(encoding="gb18030", end="\r\n"),
    "utf16": Form(encoding="utf-16-le"),
    "bare": Form(encoding="utf-16-be bare", end="\r\n"),
    "cr": Form(encoding="gb18030", end="\r"),
    "zip": Form(encoding="gb18030", wrap="zip"),
    "gz": Form(wrap="gz"),
}
PLACES = {form: place for place, form in enumerate(FORMS)}

RULER = (
    "-------------+-----------+-----------+---------+---------+---------------------+---------------------+----------"
)
# What is written instead of what, in the CSV of CLEAN. N is the number of the form.
KINDS: dict[str, Edits] = {
    "clean": (),
    "separators at the end gone": ((",,\n", "\n"),),
    "separators too many": (("出证\n", "出证,,\n"), (",,\n", ",,,,\n")),
    "separators too many, the header too": (("办结结果\n", "办结结果,,\n"), ("出证\n", "出证,,\n")),
    "quotes not doubled": (("税务登记", '"双减"备案'), ("N104,档案查询", 'N104,开办"一件事"登记')),
    "quotes after backslashes": (("税务登记", '"\\"双减\\"备案"'), ("N104,档案查询", 'N104,"登记\\""')),
    "a quotation mark swallows a row": (("N103,档案查询", 'N103,"档案查询'), ("N104,档案查询", 'N104,档案查询"')),
    "a line end within quotes": (("税务登记", '"税务\n登记"'),),
    "each line one quoted field": (("办件编号", '"办件编号'), ("结果\n", '结果"\n'), ("\n2", '\n"2'), ("出证\n", '出证"\n'), (",,\n", ',,"\n')),
    'each cell as ="…"': (("\n", '"\n="'), (",", '",="'), ("办件编号", '="办件编号')),
    "the layout of psql": (
        ("N101", RULER + "\nN101"),
        (",", " | "),
        ("出证\n", "出证     \n"),
        ("09:00:00 | 出证     \n", "09:00:00 | 出证\n(6 行记录)\n"),
    ),
    "the layout of sqlcmd": (
        ("N101", "-------,--------,----,------,------,----------,----------,----\nN101"),
        ("09:00:00,出证\n", "09:00:00,出证\n\n(6 行受影响)\n"),
    ),
    "a field too many": (("税务登记", "税务,登记"),),
    "a comma at the end of one row": (("2022-07-19 10:00:00,出证", "2022-07-19 10:00:00,出证,"),),
    "Ctrl-Z at the end": (("2022-07-22 09:00:00,出证\n", "2022-07-22 09:00:00,出证\n\x1a"),),
    "the last row cut off": ((",行政确认,样本厅,510000,2022-07-21 17:59:59,2022-07-22 09:00:00,出证\n", ",行政确认,样"),),
    "the last row cut off behind its acceptance": ((",2022-07-22 09:00:00,出证\n", ""),),
}  # fmt: skip

TABLE = """
kind                                       | utf8 | mark | gbk  | utf16 | bare | cr   | zip  | gz
clean                                      | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
separators at the end gone                 | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
separators too many                        | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
separators too many, the header too        | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
quotes not doubled                         | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
quotes after backslashes                   | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
a quotation mark swallows a row            | 4 5  | 4 5  | 4 5  | 4 5   | 4 5  | 4 5  | 4 5  | 4 5
a line end within quotes                   | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
each line one quoted field                 | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
each cell as ="…"                          | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
the layout of psql                         | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
the layout of sqlcmd                       | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
a field too many                           | 3    | 3    | 3    | 3     | 3    | 3    | 3    | 3
a comma at the end of one row              | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
Ctrl-Z at the end                          | ok   | ok   | ok   | ok    | ok   | ok   | ok   | ok
the last row cut off                       | 7    | 7    | 7    | 7     | 7    | 7    | 7    | 7
the last row cut off behind its acceptance | 7    | 7    | 7    | 7     | 7    | 7    | 7    | 7
"""
EXPECTED = read_table(TABLE)


def write_text(kind: str, place: int, form: Form) -> bytes:
    plain = replace(form, end="\n")
    text = "".join(record + "\n" for record in write_lines(draw_sheets(CLEAN, place)[0].lines, plain))
    drawn = edit(text, [(fill_in(old, place), fill_in(new, place)) for old, new in KINDS[kind]])
    if kind == 'each cell as ="…"':
        drawn = drawn.removesuffix('="')
    return encode(drawn.replace("\n", form.end), form.encoding)


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Roots:
    return Roots(tmp_path_factory.mktemp("bases"))


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_kind_ends_as_drawn_in_each_text(kind: str, roots: Roots, tmp_path: Path) -> None:
    expected = EXPECTED[kind]
    files = {}
    for form in expected:
        content = write_text(kind, PLACES[form], FORMS[form])
        files[form] = (
            (f"{form}.zip", pack({"办件.csv": content}))
            if form == "zip"
            else wrap_up(f"{form}.csv", content, FORMS[form], {})
        )
    ends = find_ends(files, PLACES, roots, tmp_path)
    shutil.rmtree(tmp_path)
    assert ends == expected


# ---------------------------------------------------------------- one bad byte


@pytest.mark.parametrize(
    ("encoding", "cell", "bad", "expected"),
    [
        ("utf-8", "税务登记", "税务登记".encode()[:-1], "3"),
        ("utf-8", "税务登记", "税务登".encode() + b"\xff", "3"),
        ("utf-8", "N102", b"20220700102\xff", "3"),
        ("utf-8", "样本厅,510000,2022-07-20", "样本厅".encode()[:-1] + b",510000,2022-07-20", "6"),
        ("gb18030", "税务登记", "税务登".encode("gb18030") + b"\xff", "3"),
        ("gb18030", "N102", b"20220700102\xff", "3"),
    ],
    ids=["UTF-8, cut", "UTF-8, replaced", "UTF-8, in a number", "UTF-8, in a department", "GB18030, replaced", "GB18030, in a number"],
)  # fmt: skip
def test_a_bad_byte_costs_its_row(
    encoding: str, cell: str, bad: bytes, expected: str, roots: Roots, tmp_path: Path
) -> None:
    content = write_text("clean", 0, Form(encoding=encoding))
    whole = fill_in(cell, 0).encode(encoding)
    assert content.count(whole) == 1
    ends = find_ends({"text": ("办件.csv", content.replace(whole, bad))}, {"text": 0}, roots, tmp_path)
    assert ends == {"text": expected}


# ---------------------------------------------------------------- whole files


def _book(family: str, style: str = "", drawn: str = CLEAN) -> bytes:
    return write_sheets(draw_sheets(drawn, 0), Form(family, style=style))


def _text(drawn: str = CLEAN) -> bytes:
    return "".join(record + "\n" for record in write_lines(draw_sheets(drawn, 0)[0].lines, Form())).encode()


HEAD, *ROWS = CLEAN.strip().splitlines()
FIRST, LAST = "\n".join([HEAD, *ROWS[:4]]), "\n".join([HEAD, *ROWS[4:]])
FILES: Mapping[str, tuple[Callable[[], dict[str, bytes]], str]] = {
    "a workbook with macros": (lambda: {"办件.xlsm": _book("xlsm")}, "ok"),
    "a workbook with macros in an archive": (lambda: {"办件.zip": pack({"一.csv": _text(FIRST), "二.xlsm": _book("xlsm", drawn=LAST)})}, "ok"),
    "a workbook of other part names": (lambda: {"办件.xlsx": _book("xlsx", "other part names")}, "ok"),
    "a workbook of backslashes": (lambda: {"办件.xlsx": _book("xlsx", "backslashes")}, "ok"),
    ".xlsx named .xls": (lambda: {"办件.xls": _book("xlsx")}, "ok"),
    ".xls named .xlsx": (lambda: {"办件.xlsx": _book("xls")}, "ok"),
    "HTML without <html>": (lambda: {"办件.xls": _book("html", "fragment")}, "ok"),
    "HTML whose header is a table of its own": (lambda: {"办件.xls": _book("html", "header in a table of its own")}, "ok"),
    "HTML whose cells are not closed": (lambda: {"办件.xls": _book("html", "unclosed cells")}, "ok"),
    "a name of 255 bytes": (lambda: {"办" * 83 + "aa.csv": _text()}, "ok"),
    "a RAR archive with cases beside": (lambda: {"办件.zip": pack({"一.csv": _text(FIRST), "二.rar": rar_of(_text(LAST))})}, "no"),
    "a database with cases beside": (lambda: {"办件.zip": pack({"一.csv": _text(FIRST), "二.dbf": rar_of(_text(LAST))})}, "no"),
    "a RAR archive in the folder": (lambda: {"一.csv": _text(FIRST), "二.rar": rar_of(_text(LAST))}, "no"),
    "side files of a Macintosh": (lambda: {"办件.zip": pack({"办件.csv": _text(), "__MACOSX/._办件.csv": b"\0\5\x16\7" + b"\0" * 60})}, "ok"),
    "two halves in one archive": (lambda: {"办件.zip": pack({"一.csv": _text(FIRST), "二.xls": _book("xls", drawn=LAST)})}, "ok"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_each_kind_of_file_ends_as_drawn(kind: str, roots: Roots, tmp_path: Path) -> None:
    write, expected = FILES[kind]
    files = write()
    last = list(files)[-1]
    ends = find_ends({"file": (last, files.pop(last))}, {"file": 0}, roots, tmp_path, beside=files)
    shutil.rmtree(tmp_path)
    assert ends == {"file": expected}


def test_the_table_has_each_kind_and_each_form() -> None:
    assert list(EXPECTED) == list(KINDS)
    assert all(list(row) == list(FORMS) for row in EXPECTED.values())
