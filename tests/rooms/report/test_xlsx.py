"""Workbooks: no text of the source acts in them."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from a_root import WEEK, run
from drawing import deliver, write_csv

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
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d"}
    assert [cell.coordinate for cell in cells if cell.hyperlink] == []
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name, part in parts.items() if b"<hyperlink" in part or b"<f>" in part] == []
    return {cell.value for cell in cells if cell.data_type == "s" and isinstance(cell.value, str)}
