"""bulletin check: a delivery is judged, and nothing is loaded."""

import re
from pathlib import Path

import pytest
from a_root import GOOD_ROW, SECOND_ROW, run, snapshot, write_raw, write_table
from business import USUAL, WEEK_A, WEEK_B, number, write


def test_check_shows_how_a_file_would_be_read_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    export = tmp_path / "明细.csv"
    export.write_bytes(write_table(SECOND_ROW, SECOND_ROW, ",某,行政许可,510000,2022-07-01,,").encode("gb18030"))
    before = sorted(path for path in tmp_path.rglob("*"))
    said = run(capsys, "check", str(export), "--root", str(root), "--quiet")
    assert said.exit_code == 0
    assert said.out.splitlines() == [
        "明细.csv: gb18030, acceptance and completion, header in row 1, 6 columns recognised, "
        "1 personal and 0 other ones left out",
        "  办件编号 → case_no · 事项类型 → item_type · 行政区划 → area_code · 受理时间 → accepted_at · "
        "办结时间 → completed_at · 办结结果 → result",
        "  行政许可 (licence) 3",
        "  2: 510000…02 | 行政许可 |  | 510000 | 2022-07-01 10:00:00 | 2022-07-04 09:00:00 | 出证",
        "  3: 510000…02 | 行政许可 |  | 510000 | 2022-07-01 10:00:00 | 2022-07-04 09:00:00 | 出证",
        "  4:  | 行政许可 |  | 510000 | 2022-07-01 00:00:00 |  | ",
        "  read = loaded + repeated + quarantined: 3 = 1 + 1 + 1; totals, notes and similar rows: 0",
        "  quarantined: 4 case_no '' the case number is empty",
        "judged as a delivery of cut-off 2022-07-04:",
        "! nothing_quarantined: 1 rows were quarantined (should be 0): 2022-07-04",
        "checks: 45 passed; nothing was loaded",
    ]
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_check_reports_hidden_sheets_passed_over_ones_and_rows_above_the_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import corpus

    run(capsys, "init", "--root", str(tmp_path / "office"))
    rows = corpus.list_rows()
    book = tmp_path / "办件.xlsx"
    book.write_bytes(corpus.xlsx([["封面", "本表由示例厅报送"]], corpus.above(["办件明细表"]), rows[:2], hidden=True))
    said = run(capsys, "check", str(book), "--root", str(tmp_path / "office"), "--quiet").out.splitlines()
    assert said[:3] == [
        "办件.xlsx［第2页］: xlsx, a hidden sheet, acceptance and completion, header in row 2 (1 rows above it skipped), "
        "7 columns recognised, 1 personal and 0 other ones left out",
        "办件.xlsx［第3页］: xlsx, a hidden sheet, acceptance and completion, header in row 1, "
        "7 columns recognised, 1 personal and 0 other ones left out",
        "  not case tables, passed over: 第1页",
    ]


def test_check_fails_where_a_critical_check_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-15/许可.csv": write_table(GOOD_ROW)})
    (tmp_path / "明细.csv").write_text(write_table(SECOND_ROW, "结果已截断"))
    assert run(capsys, "check", str(tmp_path), "--root", str(root), "--quiet").exit_code == 4


def test_check_judges_what_waits_and_loads_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-15/办件.csv": USUAL})
    assert run(capsys, "weekly", "--week-ending", "2022-07-15", "--quiet", "--root", str(root)).exit_code == 0
    write_raw(root, {"2022-07-22/甲厅.csv": write(WEEK_A)})
    before = snapshot(root)
    said = run(capsys, "check", "--quiet", "--root", str(root))
    assert (said.exit_code, said.out.splitlines()[0]) == (4, "the deliveries through 2022-07-22:")
    assert "✗ departments_present" in said.out
    said = run(capsys, "check", str(root / "data/raw/2022-07-22/甲厅.csv"), "--quiet", "--root", str(root))
    assert (said.exit_code, "✗ departments_present" in said.out) == (4, True)  # against what is loaded
    elsewhere = tmp_path / "导出_20220722.csv"
    elsewhere.write_text(write([*WEEK_A, *WEEK_B]), encoding="utf-8")
    assert run(capsys, "check", str(elsewhere), "--quiet", "--root", str(root)).exit_code == 0
    elsewhere.unlink()
    assert snapshot(root) == before


def test_the_rules_are_listed_with_their_tolerances(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_raw(tmp_path, {"2022-07-22/办件.csv": write(number(1))})
    lines = run(capsys, "check", "--rules", "--root", str(root)).out.splitlines()
    assert lines[0].split() == ["rule", "effect", "requirement"]
    assert any(re.match(r"quarantined_share +critical +share of .* at most 2.0%$", line) for line in lines)
    assert any(re.match(r"case_no_missing +quarantine ", line) for line in lines)
