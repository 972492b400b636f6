"""Whatever form the departments send their cases in, the warehouse holds the same cases and the same figures."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import corpus
import pytest
from a_root import write_raw
from corpus import CASES, HEADER, TIME_FORMS, Files, change_times, write_text
from drawing import count_days, fold_steps
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.domain.cases import Counts
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.engine.opening import open_engine
from flows.root.project import Project
from flows.root.settings import Settings
from flows.warehouse.reference import store_classification

FACTS = ("case_no", "item_type_label", "department", "area_code", "accepted_at", "completed_at", "result", "is_void")
EXPECTED = [
    ("0510000202201070003", "公共服务", "𠀀字办，二处", "510000", "2022-01-07 00:00:00", "2022-01-07 00:00:00", "出证", False),
    ("510000-20211230-000004", "行政确认", "示例局", "510000", "2021-12-30 16:00:05", "2022-01-10 11:00:00", "退件", False),
    ("510000-20220105-000001", "行政许可", "示例厅", "510000", "2022-01-05 09:30:00", "2022-02-01 10:00:00", "出证", False),
    ("510000-20220106-000002", "行政许可", "示例厅", "510000", "2022-01-06 08:00:00", None, "", False),
    ("510104-20220108-000005", "行政许可", "示例市局", "510104", "2022-01-08 12:00:00", "2022-03-01 12:00:00", "作废", True),
]  # fmt: skip
FIGURES = {"licence": Counts(2, 1, 0), "public_service": Counts(1, 1, 0), "other_power": Counts(0, 1, 1)}


def load(files: Files, profile: str = "sichuan") -> dict[str, Any]:
    """What a warehouse in memory holds of the files, delivered together."""
    with TemporaryDirectory() as folder, open_engine(has_schema=True) as engine:
        root = write_raw(Path(folder), {f"2022-07-22/{name}": content for name, content in files.items()})
        project = Project(root, Settings(profile=profile))
        store_classification(engine, project.profile)
        for _ in fold_steps(engine, project):
            pass
        return {
            "cases": sorted(engine.read("cases").dicts(), key=lambda case: str(case["case_no"])),
            "quarantine": engine.read("quarantine").dicts(),
            "figures": count_days(engine, PROGRAM_CALENDAR.week_ending(datetime(2022, 7, 22).date()).year_to_date),
            "files": engine.read("delivered_files").dicts(),
            "tables": engine.read("delivered_tables").dicts(),
        }


def show_cases(cases: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    def show(value: object) -> object:
        return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value

    return [tuple(show(case[name]) for name in FACTS) for case in cases]


@pytest.mark.parametrize("variant", corpus.VARIANTS)
def test_every_form_of_an_export_gives_the_same_cases_and_figures(variant: str) -> None:
    held = load(corpus.VARIANTS[variant]())
    assert held["quarantine"] == []
    assert show_cases(held["cases"]) == EXPECTED
    assert {group: held["figures"].get(group) for group in FIGURES} == FIGURES
    for file in held["files"]:
        assert file["rows_read"] == file["rows_loaded"] + file["rows_repeated"] + file["rows_quarantined"]


@pytest.mark.parametrize("name", ["办件.csv", "办件.xlsx"])
def test_the_profile_for_an_office_that_starts_reads_the_same_cases(name: str) -> None:
    content = corpus.xlsx(corpus.list_rows()) if name.endswith("xlsx") else write_text(corpus.list_rows()).encode()
    held = load({name: content}, profile="generic")
    assert show_cases(held["cases"]) == EXPECTED


@settings(max_examples=60)
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    is_quoted=st.booleans(),
    rows_above=st.integers(0, 9),
    forms=st.lists(st.sampled_from(sorted(TIME_FORMS)), min_size=1, max_size=4),
    order=st.permutations(range(len(HEADER))),
)
def test_any_mixture_of_text_forms_gives_the_same_cases(
    encoding: str, delimiter: str, end: str, is_quoted: bool, rows_above: int, forms: list[str], order: list[int]
) -> None:
    rows = [[row[i] for i in order] for row in change_times(*(TIME_FORMS[name] for name in forms))]
    title = [["办件明细表", *[""] * (len(HEADER) - 1)]] * rows_above
    text = write_text([*title, *rows], delimiter=delimiter, end=end, is_quoted=is_quoted)
    held = load({"办件.csv": text.encode(encoding)})
    assert show_cases(held["cases"]) == EXPECTED
    assert held["tables"][0]["header_row"] == rows_above + 1


def test_a_sheet_without_header_goes_on_where_a_full_one_ended() -> None:
    import io

    import xlsxwriter

    rows = [[f"510000-{i:06}", "某", "行政许可", "厅", "510000", "2022-01-05 09:30:00", "", ""] for i in range(65_538)]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for part in ([HEADER, *rows[:65_535]], rows[65_535:]):
            sheet = book.add_worksheet()
            for i, row in enumerate(part):
                sheet.write_row(i, 0, row)
    held = load({"办件.xlsx": content.getvalue()})
    assert len(held["cases"]) == 65_538
    assert [(table["rows_read"], table["header_row"]) for table in held["tables"]] == [(65_535, 1), (3, 0)]
    assert held["cases"][-1]["row_no"] == 3


def test_large_gb18030_is_decoded_in_two_halves_without_losing_or_moving_a_row() -> None:
    """Line ends within quotes everywhere, so that half of the places to cut at are wrong ones; rows are counted on."""
    rows = [["办件编号", "备注", "行政区划", "受理时间"]]
    rows += [[f"{i:06}", "说明\n续" * 8, "510000", "2022-01-05 09:30:00"] for i in range(230_000)]
    rows[200_000][3] = "不是时间"
    text = write_text(rows).replace('200003,"', 'broken\n200003,"', 1)
    content = text.encode("gb18030")
    assert len(content) > 1 << 24
    held = load({"办件.csv": content})
    assert len(held["cases"]) == 229_999
    assert {case["row_no"] - int(case["case_no"]) for case in held["cases"][:1000]} == {2}
    assert {case["row_no"] - int(case["case_no"]) for case in held["cases"][-1000:]} == {3}
    assert [(item["row_no"], item["rule"]) for item in held["quarantine"]] == [
        (200_001, "accepted_at_unreadable"),
        (200_005, "row_structure"),
    ]


def test_a_number_cell_of_19_digits_is_refused_and_a_text_cell_of_19_digits_is_read() -> None:
    import io

    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["办件编号", "行政区划", "受理时间"])
        for i, number in enumerate((5100002022070100017, "5100002022070100018"), 1):
            sheet.write_row(i, 0, [number, "510000", "2022-01-05"])
    held = load({"办件.xlsx": content.getvalue()})
    assert [case["case_no"] for case in held["cases"]] == ["5100002022070100018"]
    assert [(item["row_no"], item["rule"], item["value"]) for item in held["quarantine"]] == [
        (2, "case_no_damaged", "5.10000E+18")
    ]


@pytest.mark.parametrize(
    ("numbers", "refused"),
    [
        (["5100002022070100000", "5100002022070100018", "5100002022070100019"], ["5100002022070100000"]),
        (["5100002022070100000", "5100002022070200000"], []),
        (["510000202207010", "510000202207020"], []),
        ([*(f"510000202207{i:04}" for i in range(40))], []),
    ],
    ids=["zeros where others have none", "zeros everywhere", "15 digits", "16 digits, zeros as often as by nature"],
)
def test_numbers_rounded_by_a_spreadsheet_are_refused_row_by_row(numbers: list[str], refused: list[str]) -> None:
    rows = [["办件编号", "行政区划", "受理时间"], *([number, "510000", "2022-01-05"] for number in numbers)]
    held = load({"办件.csv": write_text(rows).encode()})
    assert [item["value"] for item in held["quarantine"]] == refused
    assert {item["rule"] for item in held["quarantine"]} <= {"case_no_rounded"}


def test_impossible_dates_are_refused_where_the_time_counts_and_empty_elsewhere() -> None:
    rows = [["办件编号", "行政区划", "申请时间", "受理时间"], ["1", "510000", "2022-02-30", "2022-03-01"]]
    rows += [["2", "510000", "2022-03-01", "2022-02-30"]]
    held = load({"办件.csv": write_text(rows).encode()})
    assert [(case["case_no"], case["applied_at"]) for case in held["cases"]] == [("1", None)]
    assert [(item["row_no"], item["value"]) for item in held["quarantine"]] == [(3, "2022-02-30")]


def test_month_first_is_read_only_where_the_profile_says_so() -> None:
    header = ["SRNumber", "RequestType", "CreatedDate", "ClosedDate"]
    rows = [
        header,
        ["1", "Other", "12/31/2021 11:59:58 PM", "1/2/22 0:05"],
        ["2", "Other", "01/02/2022 12:00:00 AM", ""],
    ]
    held = load({"a.csv": write_text(rows).encode()}, profile="la311")
    assert [(str(case["accepted_at"]), str(case["completed_at"])) for case in held["cases"]] == [
        ("2021-12-31 23:59:58", "2022-01-02 00:05:00"),
        ("2022-01-02 00:00:00", "None"),
    ]
    sichuan = [["办件编号", "行政区划", "受理时间"], ["1", "510000", "01/02/2022"]]
    assert [item["value"] for item in load({"a.csv": write_text(sichuan).encode()})["quarantine"]] == ["01/02/2022"]


def test_the_corpus_has_cases_of_every_kind_that_counts() -> None:
    """The dull second way: the figures counted over the drawn rows by hand."""
    counted = {"行政许可": [0, 0], "公共服务": [0, 0], "行政确认": [0, 0]}
    for _, _, kind, _, area, accepted, completed, result in CASES:
        if area == "510000" and result != "作废":
            counted[kind][0] += accepted[:4] == "2022"
            counted[kind][1] += completed[:4] == "2022"
    assert counted == {"行政许可": [2, 1], "公共服务": [1, 1], "行政确认": [0, 1]}
