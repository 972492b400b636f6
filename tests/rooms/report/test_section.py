"""The statistics section: what is printed for given figures.

`python tests/rooms/report/test_section.py` writes the golden files anew; read their difference before keeping it.
"""

import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from printed_figures import PUBLISHED, STATISTICS

from flows.domain.cases import Cause, Counts, Measure, Week, Window
from flows.domain.figures import (
    Change,
    DailyCounts,
    GroupFigures,
    Reconciliation,
    Statistics,
    Wording,
)
from flows.domain.verdicts import Severity, Verdict
from flows.report.charts import draw_trend, list_growths, list_spans
from flows.report.docx import write_notice
from flows.report.forms import render
from flows.report.paragraph import write_paragraph
from flows.report.rates import write_change, write_share
from flows.report.tables import list_tables

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = "<script>alert('1')</script>|\n| a & [b](c)"
NOTHING = replace(
    STATISTICS,
    groups=tuple(GroupFigures(g.group, g.label, Counts(), Counts(), Counts()) for g in STATISTICS.groups),
    unclassified=Counts(),
    unclassified_labels={},
    out_of_scope=Counts(),
    quarantined_rows=0,
    quarantine_reasons={},
    definitions={},
    daily=(),
    reconciliation=Reconciliation(0, 0, 0, 0, 0, 0, 0),
    verdicts=(),
    departments=(), areas=(), kinds=(), weeks=(), handling=(), handling_by_department=(),
    changes=(), sources=(), figure_parts=(),
)  # fmt: skip


def markdown(statistics: Statistics) -> str:
    return render(statistics)["statistics.md"].decode()


def html(statistics: Statistics) -> str:
    return render(statistics)["statistics.html"].decode()


def document(statistics: Statistics) -> dict[str, object]:
    parsed: dict[str, object] = json.loads(render(statistics)["statistics.json"])
    return parsed


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def plain(page: str) -> str:
    """What a reader of the HTML sees: its text, a blank between any two pieces."""
    reader = Reader()
    reader.feed(page)
    return " ".join(" ".join(reader.pieces).split())


def test_the_published_paragraph_is_given_to_the_character() -> None:
    assert write_paragraph(STATISTICS) == PUBLISHED


def test_statistics_txt_is_the_paragraph_in_one_line() -> None:
    assert render(STATISTICS)["statistics.txt"] == f"{PUBLISHED}\n".encode()


def test_a_group_without_cases_prints_0() -> None:
    assert write_paragraph(NOTHING) == (
        "据四川一体化政务服务平台数据统计，2022年1月1日至2022年7月22日，省本级行政许可事项受理0件，办结0件；"
        "公共服务事项受理0件，办结0件，其它九类行权事项受理0件，办结0件。"
    )


def test_months_and_days_carry_no_leading_zero() -> None:
    week = Week(Window(date(2023, 1, 3), date(2023, 1, 6)), previous_end=date(2022, 12, 30))
    assert "，2023年1月1日至2023年1月6日，" in write_paragraph(replace(STATISTICS, week=week))


def test_source_scope_and_labels_come_from_the_figures() -> None:
    groups = tuple(replace(figures, label=f"甲{figures.group}") for figures in NOTHING.groups)
    assert write_paragraph(replace(NOTHING, source="某平台", scope="市本级", groups=groups)) == (
        "据某平台数据统计，2022年1月1日至2022年7月22日，市本级甲licence事项受理0件，办结0件；"
        "甲public_service事项受理0件，办结0件，甲other_power事项受理0件，办结0件。"
    )


def test_json_keys_stand_in_the_order_of_the_contract() -> None:
    assert list(document(STATISTICS)) == [
        "schema_version", "week", "year_to_date", "since_previous", "as_of", "scope", "groups", "unclassified",
        "out_of_scope", "quarantined", "definitions", "text", "source", "is_sample", "reconciliation", "checks",
        "departments", "areas", "case_kinds", "weeks", "handling_times", "changes", "sources", "doubts",
        "department_times",
    ]  # fmt: skip


def test_json_says_the_windows_and_what_is_known() -> None:
    written = document(STATISTICS)
    assert written["schema_version"] == 1
    assert written["week"] == {"start": "2022-07-18", "end": "2022-07-22"}
    assert written["year_to_date"] == {"start": "2022-01-01", "end": "2022-07-22"}
    assert written["since_previous"] == {"start": "2022-07-16", "end": "2022-07-22"}
    assert written["as_of"] == {"cut_off": "2022-07-22", "received_on": "2022-07-25", "deliveries": 3}
    assert (written["scope"], written["source"], written["is_sample"]) == ("省本级", "四川一体化政务服务平台", False)
    assert written["text"] == PUBLISHED


def test_json_gives_each_group_the_keys_of_the_contract_in_order() -> None:
    groups = document(STATISTICS)["groups"]
    assert isinstance(groups, list)
    assert [group["group"] for group in groups] == ["licence", "public_service", "other_power"]
    assert list(groups[0].items()) == [
        ("group", "licence"),
        ("label", "行政许可"),
        ("accepted", 465145),
        ("completed", 461336),
        ("week_accepted", 15012),
        ("week_completed", 14870),
        ("since_previous_accepted", 15020),
        ("since_previous_completed", 14871),
        ("carried_over", 2210),
        ("previous_week_accepted", 14000),
        ("previous_week_completed", 15000),
        ("last_year", {"accepted": 450000, "completed": 470000}),
        (
            "week_on_week",
            {
                "now": {"accepted": 15012, "completed": 14870},
                "earlier": {"accepted": 14000, "completed": 15000},
                "left_out": [],
            },
        ),
        (
            "year_on_year",
            {
                "now": {"accepted": 465145, "completed": 461336},
                "earlier": {"accepted": 450000, "completed": 470000},
                "left_out": ["示例11厅"],
            },
        ),
    ]


def test_json_lists_what_the_groups_leave_out() -> None:
    written = document(STATISTICS)
    assert written["unclassified"] == {
        "accepted": 12,
        "completed": 7,
        "labels": {"行政调解": {"accepted": 9, "completed": 7}, "a|b": {"accepted": 3, "completed": 0}},
    }
    assert written["out_of_scope"] == {"accepted": 90233, "completed": 88120}
    assert written["quarantined"] == {"rows": 27, "reasons": {"受理时间无法识别": 20, "办件编号已损坏": 7}}


def test_json_reconciles_rows_and_reports_checks() -> None:
    written = document(STATISTICS)
    assert written["reconciliation"] == {
        "files": 12, "read": 21034567, "loaded": 20900012, "repeated": 134528, "quarantined": 27,
        "personal_columns_dropped": 5, "other_columns_dropped": 31,
    }  # fmt: skip
    checks = written["checks"]
    assert isinstance(checks, list)
    assert list(checks[1].items()) == [
        ("name", "no_time_runs_backwards"),
        ("severity", "warning"),
        ("passed", False),
        ("observed", "17"),
        ("zh", "办结不早于受理"),
        ("en", "completed after accepted"),
        ("accepted", []),
        ("said_zh", "有 17 件办结早于受理（应为 0）：2022-07-22 12、2022-07-15 5"),
        ("said_en", "17 cases are completed before they are accepted (should be 0): 2022-07-22 12, 2022-07-15 5"),
        ("due_zh", "0"),
        ("due_en", "0"),
        ("broken", 2),
    ]


def test_markdown_shows_what_is_left_out() -> None:
    text = markdown(STATISTICS)
    assert "| 未归类 | 12 | 7 |" in text
    assert "| 未归类，其中：行政调解 | 9 | 7 |" in text
    assert "| 省本级以外 | 90,233 | 88,120 |" in text
    assert "隔离：27 行。\n\n- 受理时间无法识别：20 行\n- 办件编号已损坏：7 行\n" in text


def test_markdown_shows_what_is_left_out_also_when_it_is_nothing() -> None:
    text = markdown(NOTHING)
    assert "| 未归类 | 0 | 0 |" in text
    assert "| 省本级以外 | 0 | 0 |" in text
    assert "隔离：0 行。" in text


def test_html_shows_what_is_left_out() -> None:
    text = plain(html(STATISTICS))
    assert "未归类 12 7 行政调解 9 7 a|b 3 0 省本级以外 90,233 88,120" in text
    assert "隔离 27 受理时间无法识别 20 办件编号已损坏 7" in text


def test_html_shows_what_is_left_out_also_when_it_is_nothing() -> None:
    text = plain(html(NOTHING))
    assert "未归类 0 0 省本级以外 0 0" in text
    assert "原因 行数 隔离 0" in text


def test_html_gives_every_group_in_every_window() -> None:
    text = plain(html(STATISTICS))
    assert "组别 行政许可 公共服务 其它九类行权" in text
    assert "本年累计 1月1日—7月22日 受理 465,145 18,703,029 40,933 办结 461,336 6,476,433 41,684" in text
    assert "其中结转 2,210 10,200 1,904 本周 7月18日—7月22日 受理 15,012 644,932 1,411" in text
    assert "较上期 7月16日—7月22日 受理 15,020 692,704 1,411 办结 14,871 239,867 1,437" in text


@pytest.mark.parametrize("statistics", [STATISTICS, NOTHING], ids=["figures", "nothing"])
def test_html_names_no_external_address(statistics: Statistics) -> None:
    page = html(statistics)
    assert not re.search(r"https?:|//|url\((?!data:|#)|@import|<script \w|<link|\bsrc=|\bhref=(?!\"#)", page)


def test_html_escapes_a_hostile_label() -> None:
    hostile = replace(
        STATISTICS,
        source=HOSTILE,
        groups=tuple(replace(figures, label=HOSTILE) for figures in STATISTICS.groups),
        unclassified_labels={HOSTILE: Counts(1, 1)},
        quarantine_reasons={HOSTILE: 1},
        definitions={HOSTILE: HOSTILE},
        verdicts=(Verdict(HOSTILE, Severity.WARNING, False, HOSTILE, HOSTILE, HOSTILE),),
    )
    page = html(hostile)
    assert page.count("<script") == 1  # the page's own
    assert "&lt;script&gt;" in page


def test_markdown_escapes_a_hostile_label() -> None:
    text = markdown(replace(STATISTICS, unclassified_labels={HOSTILE: Counts(1, 2)}))
    assert r"| 未归类，其中：\<script>alert('1')\</script>\| \| a \& \[b\](c) | 1 | 2 |" in text


@pytest.mark.parametrize("statistics", [STATISTICS, NOTHING], ids=["figures", "nothing"])
def test_the_same_figures_give_the_same_bytes(statistics: Statistics) -> None:
    assert render(statistics) == render(statistics)


def test_every_form_is_utf_8_with_line_feeds_and_ends_its_last_line() -> None:
    texts = [written for name, written in render(STATISTICS).items() if not name.endswith(("docx", "xlsx"))]
    for written in texts:
        assert b"\r" not in written
        assert written.decode().endswith("\n")


@pytest.mark.parametrize("form", ["statistics.md", "statistics.html"])
def test_failed_checks_stand_first_then_warnings_then_the_passed(form: str) -> None:
    text = render(STATISTICS)[form].decode()
    names = ["no_case_is_damaged", "no_time_runs_backwards", "every_row_is_accounted_for"]
    assert sorted(names, key=text.index) == names


def test_html_opens_with_the_verdict() -> None:
    assert "数据截至 2022年7月22日 共 3 批，最近一批 7月25日收到 ✓ 1 通过 ! 1 警告 ✗ 1 未通过 据四川" in plain(
        html(STATISTICS)
    )


@pytest.mark.parametrize("form", ["statistics.md", "statistics.html"])
def test_only_sample_data_are_called_so(form: str) -> None:
    sample = replace(STATISTICS, is_sample=True)
    assert "示例数据" in render(sample)[form].decode()
    assert "示例数据" not in render(STATISTICS)[form].decode()


@pytest.mark.parametrize("form", ["statistics.md", "statistics.html"])
def test_rows_that_do_not_add_up_are_said_so(form: str) -> None:
    broken = replace(STATISTICS, reconciliation=replace(STATISTICS.reconciliation, loaded=1))
    assert "✗ 不相等" in render(broken)[form].decode()
    assert "✗ 不相等" not in render(STATISTICS)[form].decode()


def test_a_chart_shows_days_without_cases_as_zeros_and_its_own_group_only() -> None:
    daily = [
        DailyCounts(date(2022, 1, 2), "licence", Counts(20, 10)),
        DailyCounts(date(2022, 1, 1), "other_power", Counts(999, 999)),
    ]
    svg = draw_trend("licence", "行政许可", Window(date(2022, 1, 1), date(2022, 1, 3)), daily)
    # Three days, 302 wide: zero line at 103, the peak of accepted at the top (24), completed half as far below.
    assert 'd="M50 103.0V103.0H150.7V24.0H251.3V103.0H352.0V103.0Z"' in svg
    assert 'd="M50 103.0V103.0H150.7V142.5H251.3V103.0H352.0V103.0Z"' in svg
    assert "受理最多一日为1月2日，20件；办结最多一日为1月2日，10件。" in svg


def test_a_year_without_cases_still_draws_its_chart() -> None:
    svg = draw_trend("licence", "行政许可", Window(date(2022, 1, 1), date(2022, 1, 1)), [])
    assert 'd="M50 103.0V103.0H352.0V103.0Z"' in svg
    assert "期间无办件" in svg


def test_every_chart_has_a_title_and_a_description() -> None:
    page = html(STATISTICS)
    for group in ("licence", "public_service", "other_power"):
        assert f'role="img" viewBox="0 0 360 204" aria-labelledby="trend-{group}-title trend-{group}-desc"' in page
        assert f'<title id="trend-{group}-title">' in page
        assert f'<desc id="trend-{group}-desc">' in page


def read_forms(statistics: Statistics) -> dict[str, str]:
    """What people and programs read in the forms, as text: of documents and workbooks their paragraphs and cells."""
    written = render(statistics)
    document = docx.Document(io.BytesIO(written["statistics.docx"]))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += [" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    book = openpyxl.load_workbook(io.BytesIO(written["statistics.xlsx"]))
    cells = [
        f"{sheet.title}: " + " | ".join("" if cell is None else repr(cell) for cell in row)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    ]
    texts = {name: written[name].decode() for name in ("statistics.txt", "statistics.md", "statistics.json")}
    return {**texts, "document.txt": "\n".join(lines) + "\n", "workbook.txt": "\n".join(cells) + "\n"}


@pytest.mark.parametrize("form", ["statistics.txt", "statistics.md", "statistics.json", "document.txt", "workbook.txt"])
def test_the_forms_are_those_kept_as_golden(form: str) -> None:
    assert read_forms(STATISTICS)[form] == (GOLDEN / form).read_text(encoding="utf-8")


def test_a_table_adds_up_also_where_it_is_cut() -> None:
    (table,) = (table for table in list_tables(STATISTICS) if table.title == "实施主体")
    assert len(table.rows) == 11
    assert table.rows[-1] == ("其余 2 个", 991, 890, 10)
    assert sum(int(str(row[1])) for row in table.rows) == sum(part.counts.accepted for part in STATISTICS.departments)
    (table,) = (table for table in list_tables(STATISTICS) if table.title == "单位时限")
    assert table.rows[-1] == ("其余 2 个", 400, "4.3", "83.1%", 10, 1, 2)


def test_no_rate_is_whole_while_something_is_missing_and_none_stands_over_nothing() -> None:
    assert [write_share(*pair) for pair in ((1, 3), (2, 3), (9999, 10000), (1, 100000), (5, 5), (0, 0), (0, 7))] == [
        "33.3%", "66.7%", "99.9%", "0.1%", "100.0%", "–", "0.0%",
    ]  # fmt: skip
    assert [write_change(*pair) for pair in ((103, 100), (1005, 1000), (95, 100), (7, 0), (7, None))] == [
        "+3.0%", "+0.5%", "-5.0%", "–", "–",
    ]  # fmt: skip
    (table,) = (table for table in list_tables(STATISTICS) if table.title == "办理时限")
    assert [row[4] for row in table.rows] == ["99.9%", "99.9%", "–"]  # all in time, but some are open still


def test_the_growth_of_each_figure_is_drawn_from_zero_on_one_scale_for_its_measure() -> None:
    groups = (
        replace(STATISTICS.groups[0], year_to_date=Counts(120, 0)),
        replace(STATISTICS.groups[1], year_to_date=Counts(1050, 0)),
    )
    changes = tuple(
        Change(group.group, Measure.ACCEPTED, Cause.NEW, new) for group, new in zip(groups, (20, 50), strict=True)
    )
    growths = list_growths(replace(STATISTICS, groups=groups, changes=changes), Measure.ACCEPTED)
    assert [(growth.before, growth.now, growth.rate) for growth in growths] == [
        (100, 120, "+20.0%"),
        (1000, 1050, "+5.0%"),
    ]
    # 20 of 100 is the longest bar, 50 of 1000 a quarter of it
    assert [(step.name, step.cases, step.left, step.width) for growth in growths for step in growth.steps] == [
        ("新增", 20, 0.0, 100.0),
        ("新增", 50, 0.0, 25.0),
    ]
    assert (
        growths[0].command.placeless
        == "bulletin explain 行政许可 受理 --week-ending 2022-07-22 --out 行政许可受理.xlsx"
    )


def test_a_figure_leads_on_to_its_departments_and_files_and_to_the_command_that_lists_its_cases() -> None:
    """The twenty largest by name and the rest as a sum, so that each table adds up to the figure."""
    tree = lxml.html.fromstring(html(STATISTICS))
    (figure,) = tree.xpath("//*[@id='licence-accepted']")
    departments, files = (
        [[" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")]
        for table in figure.xpath("./details//table")
    )
    assert departments[:2] == [["单位", "件数"], ["示例0厅", "464,124"]]
    assert (len(departments), departments[-1]) == (22, ["其余 2 个", "71"])
    assert sum(int(cases.replace(",", "")) for _, cases in departments[1:]) == 465145
    assert files == [["批次文件", "件数"], ["2022-07-22/办件.xlsx 一季度", "465,145"]]
    assert "bulletin explain 行政许可 受理" in figure.text_content()
    assert tree.xpath("//*[@id='paragraph']//a[@href='#licence-accepted']")


def test_a_long_window_is_drawn_by_week_and_a_short_one_by_day() -> None:
    year = list(list_spans(Window(date(2022, 1, 1), date(2022, 7, 22))))
    assert (len(year), year[0], year[-1]) == (
        30,
        Window(date(2022, 1, 1), date(2022, 1, 2)),
        Window(date(2022, 7, 18), date(2022, 7, 22)),
    )
    assert len(list(list_spans(Window(date(2022, 7, 11), date(2022, 7, 22))))) == 12
    daily = [DailyCounts(date(2022, 7, 18 + day), "licence", Counts(day, 1)) for day in range(5)]
    svg = draw_trend("licence", "行政许可", Window(date(2022, 1, 1), date(2022, 7, 22)), daily)
    assert "受理最多一周为7月18日起的一周，10件；办结最多一周为7月18日起的一周，5件。" in svg


def test_the_document_is_set_as_the_office_sets_it() -> None:
    document = docx.Document(io.BytesIO(render(STATISTICS)["statistics.docx"]))
    section = document.sections[0]
    sides = (
        section.page_width,
        section.page_height,
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(side.mm) for side in sides if side is not None] == [210, 297, 37, 35, 28, 26]
    heading, body = document.paragraphs[:2]
    assert (heading.text, body.text) == ("一、省级政务服务事项受理办理情况", PUBLISHED)
    assert (heading.runs[0].font.name, body.runs[0].font.name) == ("黑体", "仿宋_GB2312")
    style = body.paragraph_format
    assert (body.runs[0].font.size, style.line_spacing, style.first_line_indent) == (Pt(16), Pt(28.95), Pt(32))


def test_the_tables_of_the_document_say_their_unit_and_repeat_their_header() -> None:
    document = docx.Document(io.BytesIO(render(STATISTICS)["statistics.docx"]))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert sum(text.startswith("单位：件") for text in texts) == len(document.tables) == 9
    for table in document.tables:
        marks = [row._tr.xpath("./w:trPr/w:tblHeader") for row in table.rows]
        assert [bool(found) for found in marks] == [True] + [False] * (len(table.rows) - 1)
    assert document.sections[0].footer._element.xpath(".//w:instrText")[0].text == "PAGE"
    assert document.styles.element.xpath(".//w:lang/@w:eastAsia") == ["zh-CN", "zh-CN"]


def test_a_notice_has_its_title_in_the_middle_and_ends_with_who_issues_it_and_the_day() -> None:
    document = docx.Document(io.BytesIO(write_notice("更正说明", ["现予更正："], "示例政务服务中心", date(2022, 8, 1))))
    written = [(paragraph.text, paragraph.alignment) for paragraph in document.paragraphs if paragraph.text]
    assert written == [
        ("更正说明", WD_ALIGN_PARAGRAPH.CENTER),
        ("现予更正：", None),
        ("示例政务服务中心", WD_ALIGN_PARAGRAPH.RIGHT),
        ("2022年8月1日", WD_ALIGN_PARAGRAPH.RIGHT),
    ]


def test_a_workbook_holds_numbers_and_days_as_such_in_tables_with_filters() -> None:
    """Only an id is a text of digits; each sheet of a table has its header in sight, on each page and with filters."""
    book = openpyxl.load_workbook(io.BytesIO(render(STATISTICS)["statistics.xlsx"]))
    assert [sheet.title for sheet in book.chartsheets] == ["走势图"]
    formats = {}
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        assert (table.autoFilter.ref, sheet.freeze_panes, sheet.print_title_rows) == (table.ref, "A2", "$1:$1")
        for row in sheet[table.ref][1:]:
            for head, cell in zip(sheet[1], row, strict=True):
                text = cell.value if isinstance(cell.value, str) else ""
                assert head.value == "行政区划" or not re.fullmatch(r"[-+]?[0-9.,]+%?|[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
                if not text:
                    formats[sheet.title, head.value] = cell.number_format
    assert formats["每周走势", "截至"] == formats["每日明细", "日期"] == "yyyy-mm-dd"
    assert formats["实施主体", "受理"] == "#,##0"
    assert formats["办理时限", "按时办结率"] == "0.0%"
    assert formats["同比和环比", "环比"] == "+0.0%;-0.0%;+0.0%"


@pytest.mark.parametrize(
    ("wording", "written"),
    [
        (Wording(has_separators=True), "行政许可事项受理465,145件，办结461,336件；公共服务事项受理18,703,029件"),
        (Wording(unit="万"), "行政许可事项受理46.51万件，办结46.13万件；公共服务事项受理1870.30万件"),
        (Wording(unit="万", decimals=1), "行政许可事项受理46.5万件，办结46.1万件"),
        (Wording(template="{{ scope }}受理{{ count(groups.licence.accepted) }}件"), "省本级受理465145件"),
    ],
)  # fmt: skip
def test_the_profile_decides_how_numbers_are_written(wording: Wording, written: str) -> None:
    assert written in write_paragraph(replace(STATISTICS, wording=wording))


@pytest.mark.parametrize(("name", "mark"), [("statistics.md", "草稿"), ("statistics.html", "草稿")])
def test_a_draft_beside_something_published_is_marked(name: str, mark: str) -> None:
    assert mark in render(STATISTICS, mark=mark)[name].decode()
    assert mark not in render(STATISTICS)[name].decode()


if __name__ == "__main__":
    for name, text in read_forms(STATISTICS).items():
        (GOLDEN / name).write_text(text, encoding="utf-8")
