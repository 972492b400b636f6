"""Workbooks: no text of the source acts in them."""

import zipfile
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from a_root import WEEK, run
from drawing import deliver, write_csv
from openpyxl.utils import get_column_letter

from flows.report import listing
from flows.report.listing import write_listing

ACTING = (
    '=HYPERLINK("http://x","y")', "{=1+1}", "+1", "-1+1", "@SUM(1)", "1e5",
    "http://x", "https://x", "ftp://x", "mailto:x@example.org", "internal:Sheet2!A1", "external:a.xlsx", "file:///etc/passwd",
    "=cmd|' /C calc'!A0",
)  # fmt: skip


def test_no_text_of_a_workbook_acts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Departments, items and channels are what the source calls them: a cell says just that, a listing with a mark before it."""
    header = "办件编号,事项类型,事项名称,实施主体,行政区划,申请方式,受理时间,办结时间,办结结果"
    rows = [[str(i), "行政许可", text, text, "510000", text, "2022-07-18", "", ""] for i, text in enumerate(ACTING)]
    rows.append(["x", "行政许可", "http://x", "=1", "510000", "", "=1+1", "", ""])  # quarantined
    deliver(tmp_path, {"2022-07-22": write_csv(header.split(","), rows)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    question = 'select department as "=1+1", item_name, channel from cases order by case_no'
    for words in (
        ("query", question, "--out", "answer.xlsx"),
        ("explain", "行政许可", "受理", "--out", "explained.xlsx"),
        ("quarantine", "--out", "quarantined.xlsx"),
    ):
        assert run(capsys, *words[:-1], str(tmp_path / words[-1]), "--root", str(tmp_path)).exit_code == 0, words
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.xlsx"))
    assert found == [
        "answer.xlsx",
        "data/warehouse/export/daily_totals.xlsx",
        "explained.xlsx",
        "quarantined.xlsx",
        "reports/2022-07-22/statistics.xlsx",
    ]
    texts = {name: read_texts(tmp_path / name) for name in found}
    named = {
        text for text in ACTING if not text.startswith("=HYPERLINK")
    }  # a formula that a text holds is a cell without a value
    assert texts["data/warehouse/export/daily_totals.xlsx"] >= named
    marked = {f"'{text}" if text[0] in "=+-@" else text for text in named}
    assert texts["answer.xlsx"] >= marked | {"'=1+1"}
    assert texts["quarantined.xlsx"] >= {"'=1+1"}


def read_texts(path: Path) -> set[str]:
    """The texts of a workbook, in which nothing is a formula or a link."""
    cells = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d", "b"}
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name, part in parts.items() if b"<hyperlink" in part or b"<f>" in part] == []
    return {cell.value for cell in cells if cell.data_type == "s" and isinstance(cell.value, str)}


def test_an_answer_keeps_its_types(tmp_path: Path) -> None:
    """Days and moments as such, numbers as numbers, shares in per cent; what a spreadsheet would round or not know stays text."""
    row = {
        "case_no": "0051", "accepted_on": date(2022, 7, 18), "accepted_at": datetime(2022, 7, 18, 9, 30), "cases": 3,
        "mean_days": Decimal("2.25"), "on_time_share": 0.926, "按时办结率": 0.5, "is_overdue": True, "serial": 10**15, "since": date(1, 1, 1),
        "share_of_what": None,
    }  # fmt: skip
    path = tmp_path / "answer.xlsx"
    write_listing(path, [row], list(row), nullcontext)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = {str(name.value): cell for name, cell in zip(*sheet.iter_rows(), strict=True)}
    assert {name: (cell.value, cell.number_format) for name, cell in cells.items()} == {
        "case_no": ("0051", "General"),
        "accepted_on": (datetime(2022, 7, 18), "yyyy-mm-dd"),
        "accepted_at": (datetime(2022, 7, 18, 9, 30), "yyyy-mm-dd hh:mm:ss"),
        "cases": (3, "General"),
        "mean_days": (2.25, "General"),
        "on_time_share": (0.926, "0.0%"),
        "按时办结率": (0.5, "0.0%"),
        "is_overdue": (True, "General"),
        "serial": ("1000000000000000", "General"),
        "since": ("0001-01-01", "General"),
        "share_of_what": (None, "General"),
    }
    (table,) = sheet.tables.values()
    assert (sheet.freeze_panes, table.ref, table.autoFilter.ref) == ("A2", "A1:K2", "A1:K2")
    assert table.column_names == list(row)
    assert sheet.column_dimensions["C"].width > sheet.column_dimensions["A"].width


@pytest.mark.parametrize(
    ("columns", "rows", "has_table"),
    [
        (("a", "b"), 3, True),
        (("a", "b"), 0, False),
        (("部门", "A", "a"), 3, False),
        (("in\ntwo lines",), 3, False),
        (("a", "b"), listing._MOST_HELD_CELLS // 2, True),
        (("a", "b"), listing._MOST_HELD_CELLS // 2 + 1, False),
    ],
)
def test_an_answer_is_a_table_object_unless_it_is_written_as_it_comes_or_its_names_make_none(
    columns: tuple[str, ...], rows: int, has_table: bool, tmp_path: Path
) -> None:
    """In either case it has filters over all its rows."""
    path = tmp_path / "answer.xlsx"
    write_listing(path, (dict.fromkeys(columns, place) for place in range(rows)), columns, nullcontext)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    tables = [table.ref for table in sheet.tables.values()]
    over_all = f"A1:{get_column_letter(len(columns))}{rows + 1}"
    assert (tables, sheet.auto_filter.ref) == (([over_all], None) if has_table else ([], over_all))
    assert [cell.value for cell in sheet[1]] == list(columns)
    assert sheet.max_row == rows + 1
    assert sheet.cell(rows + 1, 1).value == (rows - 1 if rows else columns[0])
