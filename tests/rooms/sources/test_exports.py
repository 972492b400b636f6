"""One table of cases, written in every form an export comes in: always the same rows."""

import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.domain.comparing import comparable
from flows.domain.profile import load_profile
from flows.engine.duckdb.connection import Connection
from flows.engine.duckdb.storage import open_in_memory
from flows.sources import content
from flows.sources.delimited import count_records
from flows.sources.encoding import examine
from flows.sources.export import read_export
from flows.sources.table import Table, TextSource
from flows.warehouse.staging import STAGED_ROWS, finish_rows, prepare

PROFILE = load_profile("sichuan")
HEADER = ["办件编号", "申请人姓名", "事项名称", "行政区划", "受理时间"]
ROWS = [
    ["0510000-1", "甲某", "开办药店", "510000", "2022-07-01 10:00:00"],
    ["510000-2", "乙某", "𠀀字号登记，含逗号", "510100", "2022-07-02 00:00:00"],
]
EXPECTED = [
    ("0510000-1", "开办药店", "510000", "2022-07-01 10:00:00"),
    ("510000-2", "𠀀字号登记，含逗号", "510100", "2022-07-02 00:00:00"),
]


@pytest.fixture
def engine() -> Iterator[Connection]:
    with open_in_memory() as opened:
        yield opened


def stage(engine: Connection, table: Table) -> list[tuple[str, ...]]:
    prepare(engine)
    engine.deliver(
        table,
        STAGED_ROWS,
        table_no=1,
        type_hint="",
        around_pattern=PROFILE.around_pattern,
    )
    finish_rows(engine, PROFILE)
    rows = engine.ask(
        "select case_no, clean_text(split_part(description, chr(31), 3)), clean_id(split_part(description, chr(31), 6)), accepted_at "
        "from staged_rows where is_case"
    ).dicts()
    return [tuple(str(value) for value in row.values()) for row in rows]


def write_text(*, before: str = "", delimiter: str = ",", end: str = "\n", quoted: bool = False) -> str:
    def cell(value: str) -> str:
        return f'"{value}"' if quoted or delimiter in value or "，" in value else value

    return before + "".join(delimiter.join(map(cell, row)) + end for row in [HEADER, *ROWS])


FORMS = {
    "UTF-8": write_text().encode(),
    "UTF-8 with its mark": write_text().encode("utf-8-sig"),
    "GB18030 with a character outside the basic plane": write_text().encode("gb18030"),
    "UTF-16 with its mark": write_text().encode("utf-16"),
    "Windows line ends": write_text(end="\r\n").encode(),
    "mixed line ends": write_text(end="\r\n").encode().replace(b"\r\n", b"\n", 1),
    "quoted fields": write_text(quoted=True).encode("gb18030"),
    "tabs": write_text(delimiter="\t").encode(),
    "semicolons": write_text(delimiter=";").encode(),
    "title rows above the header": write_text(before="办件明细表\n统计期间：2022年7月,,\n").encode("gb18030"),
    "a first column called PK, as archives begin": "".join(
        f"{i or 'PK'},{line}" for i, line in enumerate(write_text().splitlines(keepends=True))
    ).encode(),
    "blank lines": write_text(before="\n\n").encode() + b"\n\n",
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS.keys())
def test_text_of_any_form_gives_the_same_rows(content: bytes, engine: Connection, tmp_path: Path) -> None:
    path = tmp_path / "明细.csv"
    path.write_bytes(content)
    (table,) = read_export(path, PROFILE).tables
    assert stage(engine, table) == EXPECTED


def write_workbook(path: Path, *, title_rows: int = 2) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, hidden in (("第一页", False), ("第二页", True)):
            sheet = book.add_worksheet(name)
            if hidden:
                sheet.hide()
            if title_rows:
                sheet.merge_range(0, 0, 0, 4, "办件明细表")
            sheet.write_row(title_rows, 0, HEADER)
            for i, row in enumerate(ROWS, title_rows + 1):
                sheet.write_row(i, 0, row[:4])
                sheet.write_datetime(i, 4, datetime.fromisoformat(row[4]), day)
        book.add_worksheet("空页")


def test_a_workbook_gives_the_rows_of_every_sheet_also_a_hidden_one(engine: Connection, tmp_path: Path) -> None:
    write_workbook(tmp_path / "明细.xlsx")
    tables = read_export(tmp_path / "明细.xlsx", PROFILE).tables
    assert [(table.sheet, table.header_row) for table in tables] == [("第一页", 3), ("第二页", 3)]
    assert [stage(engine, table) for table in tables] == [EXPECTED, EXPECTED]


def test_personal_columns_are_counted_and_never_leave_the_reader(tmp_path: Path, engine: Connection) -> None:
    path = tmp_path / "明细.csv"
    path.write_text("办件编号,申请人姓名,联系电话,备注,行政区划,受理时间\n1,甲某,000,无,510000,2022-07-01\n")
    (table,) = read_export(path, PROFILE).tables
    assert (table.header.personal_columns, table.header.other_columns) == (2, 1)
    with engine.source_rows(table):
        columns = engine.ask("select column_name from (describe source_rows)").dicts()
        assert {"申请人姓名", "联系电话", "备注"}.isdisjoint(row["column_name"] for row in columns)
        assert "甲某" not in str(engine.ask("from source_rows").dicts())


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("办件编号", "case_no"),
        (" 办件 编号 ", "case_no"),
        ("PROJECT_NO", "case_no"),
        ("ｐｒｏｊｅｃｔ＿ｎｏ", "case_no"),
        ("事项类型", "item_type"),
        ("办件类型", "case_kind"),
        ("收件时间", "applied_at"),
        ("受理时间", "accepted_at"),
        ("申请人姓名", None),
    ],
)
def test_a_header_means_what_the_profile_says_whatever_its_spaces_width_and_case(
    header: str, meaning: str | None
) -> None:
    assert PROFILE.canonical(header) == meaning


WRITTEN = (
    "2022-07-22 09:30:15",
    "2022-07-22",
    "2022/7/2 9:05",
    "2022/07/22 09:30:15",
    "1999-12-31 24:00:00",
    "0000-00-00 00:00:00",
)


CHANGES = st.tuples(st.integers(0, 19), st.integers(0, 1), st.sampled_from("0129-/:. TZ+\t年eB"))
# In steps, as unusual_times reads them: nested in one another these functions would take minutes to plan.
BOTH_WAYS = """
    select written, plain_time(written) as short, read_time(dated, 'Asia/Shanghai') as long
    from (select written, dated(spelled, false, false, false) as dated
    from (select written, time_text(cleaned) as spelled
    from (select written, clean_text(halved) as cleaned
    from (select written, half_width(written) as halved from (select unnest($texts) as written)))))
"""


def change(written: str, changes: list[tuple[int, int, str]]) -> str:
    for place, length, put in changes:
        written = written[:place] + put + written[place + length :]
    return written


@settings(max_examples=20, deadline=None)
@given(
    texts=st.lists(st.builds(change, st.sampled_from(WRITTEN), st.lists(CHANGES, max_size=3)), min_size=1, max_size=100)
)
@example(texts=["2022-07-22 09:30:1Z", "9:30:5Z", "2022-07-22+009:30:15"])
def test_the_short_way_reads_a_time_as_the_long_way_does_or_leaves_it_to_that(texts: list[str]) -> None:
    with open_in_memory() as engine:
        rows = engine.fetch(BOTH_WAYS, texts=texts)
    assert len(rows) == len(texts)
    assert [row for row in rows if row["short"] not in (None, row["long"])] == []


@pytest.mark.parametrize(
    "written", ["2022-07-22 09:30:00", "2022-07-22", "2022/7/22 9:30", "2022/07/22 09:30:00", "2022/7/22"]
)
def test_the_forms_of_nearly_all_exports_are_read_the_short_way(written: str, engine: Connection) -> None:
    found = engine.fetch("select plain_time($written) as found", written=written)[0]["found"]
    assert str(found) == f"2022-07-22 {'09:30' if '30' in written else '00:00'}:00"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0510-1", "0510-1"),
        ("\t0510-1", "0510-1"),
        ("'0510-1", "0510-1"),
        ('="0510-1"', "0510-1"),
        ("　０５１０－１ ", "0510-1"),
        ("０５１０－ａＺ（１）", "0510-aZ(1)"),
        ("0510-①²", "0510-12"),
        ("0510-1\u200b", "0510-1"),
        ("\u202d0510-1\u202c", "0510-1"),
        ("05\u00ad10-1\ufeff", "0510-1"),
        ("0510-1\u00a0", "0510-1"),
        ("0510-1\x1a", "0510-1"),
        ("0510-1\n", "0510-1"),
        ("NULL", ""),
        ("\\N", ""),
        ("（null）", ""),
        ("#N/A", "#N/A"),
    ],
)
def test_a_number_that_identifies_loses_its_wrapping_and_keeps_its_zeros(
    written: str, meant: str, engine: Connection
) -> None:
    assert engine.fetch("select clean_id($written) as found", written=written)[0]["found"] == meant


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.text(alphabet="0A-_.:;'`=\"%\\ \t\n\r\x1a　Ａ\u200b", max_size=5).map("0{}".format), min_size=1, max_size=100
    )
)
def test_the_short_way_of_cleaning_a_number_gives_what_the_long_way_gives(texts: list[str]) -> None:
    # White space before it: the long way.
    asked = "select t, clean_id(t) as short, clean_id(concat(chr(12288), t)) as long from (select unnest($t) as t)"
    with open_in_memory() as engine:
        rows = engine.fetch(asked, t=texts)
    assert [row for row in rows if row["short"] != row["long"]] == []


DIRTY = st.text(alphabet="0aN甲（１\"'`=|-./ \t\u00a0\u3000\u200b\u00ad\ufeff\x1a", max_size=9)


@settings(max_examples=20, deadline=None)
@given(st.lists(DIRTY, min_size=1, max_size=100))
@example(['="\'0510"', "'=\"0510\"'", "ＮＵＬＬ"])
def test_cleaning_what_is_clean_changes_nothing(texts: list[str]) -> None:
    with open_in_memory() as engine:
        for function in ("clean_text", "clean_id"):
            once = [
                row["t"] for row in engine.fetch(f"select {function}(t) as t from (select unnest($t) as t)", t=texts)
            ]
            twice = [
                row["t"] for row in engine.fetch(f"select {function}(t) as t from (select unnest($t) as t)", t=once)
            ]
            assert once == twice, function


def test_one_width_is_the_compatibility_form_of_each_letter_digit_and_full_width_mark(engine: Connection) -> None:
    """The dull second way: Unicode's own table, character by character."""
    import unicodedata

    characters = [chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code < 0xE000]
    folded = [unicodedata.normalize("NFKC", each) for each in characters]
    halved = {
        each: form
        for each, form in zip(characters, folded, strict=True)
        if len(form) == 1 and form.isascii() and (form.isalnum() or "\uff01" <= each <= "\uff5e")
    }
    wide = [each for each in halved if not each.isascii()]
    others = [each for each in "（）【】《》、。—·￥某 Ａ" if each not in halved]
    found = engine.fetch("select half_width($t) as t", t="".join([*wide, *others]))[0]["t"]
    assert found == "".join([*(halved[each] for each in wide), *others])


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.text("甲乙a,1", max_size=4), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
    block=st.integers(1, 9),
)
def test_blank_lines_are_found_wherever_a_block_of_the_file_ends(
    lines: list[str], end: str, encoding: str, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("text") / "a.csv"
    path.write_bytes(end.join([*lines, ""]).encode(encoding))
    whole, content.BLOCK_BYTES = content.BLOCK_BYTES, block
    try:
        table = content.whole_file(path)
        facts = examine(table)
        records, blank_lines = count_records(TextSource(table, facts, ",", 1))
    finally:
        content.BLOCK_BYTES = whole
    assert blank_lines == [i for i, line in enumerate(lines, 1) if not line]
    assert facts.lines == records == len(lines)
    assert not facts.has_mixed_line_ends


def test_row_numbers_are_those_a_person_sees_below_title_blank_and_broken_rows(tmp_path: Path) -> None:
    from a_root import write_raw

    from flows.root.project import Project
    from flows.warehouse.copies import build_aside, load_deliveries
    from flows.warehouse.plan import plan_run

    class Silence:
        def step(self, text: object) -> None: ...

        def detail(self, text: object) -> None: ...

    lines = [
        "标题",
        "办件编号,行政区划,受理时间",
        "c3,510000,2022-07-01",
        "",
        "broken",
        "c6,510000,2022-07-01",
        "",
        "c8,510000,2022-07-01",
    ]
    project = Project(write_raw(tmp_path, {"2022-07-22/a.csv": "\n".join(lines)}))
    plan = plan_run(project, Silence())
    with build_aside(project, plan) as build:
        load_deliveries(build, Silence())
        rows = {row["case_no"]: row["row_no"] for row in build.engine.read("cases").dicts()}
        broken = [row["row_no"] for row in build.engine.read("quarantine").dicts()]
    assert rows == {"c3": 3, "c6": 6, "c8": 8}
    assert broken == [5]


def test_rows_keep_their_order_when_a_large_file_is_read_in_parallel(tmp_path: Path, engine: Connection) -> None:
    path = tmp_path / "large.csv"
    buffer = io.StringIO()
    buffer.write("办件编号,事项名称,行政区划,受理时间\n")
    for i in range(600_000):
        buffer.write(f"{i},{'开办' * 20},510000,2022-07-01 10:00:00\n")
    path.write_text(buffer.getvalue())
    (table,) = read_export(path, PROFILE).tables
    prepare(engine)
    engine.deliver(
        table,
        STAGED_ROWS,
        table_no=1,
        type_hint="",
        around_pattern=PROFILE.around_pattern,
    )
    finish_rows(engine, PROFILE)
    out_of_place = engine.ask(
        "select count(*) as n from staged_rows where cast(case_no as bigint) <> row_index"
    ).dicts()
    assert out_of_place[0]["n"] == 0


def test_names_fold_to_one_spelling() -> None:
    assert {comparable(name) for name in ("其它行政权力", "其他 行政权力", "　其他行政权力")} == {"其他行政权力"}
    assert comparable("０１－行政许可") == "01-行政许可"
