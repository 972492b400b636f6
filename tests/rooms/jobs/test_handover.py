"""Files for other programs and the dictionary: what is handed over whenever the warehouse changes."""

import json
import re
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import fastexcel
import lxml.html
import pytest
from a_root import WEEK, run, write_raw
from analysts import CASES
from drawing import deliver, draw
from pyarrow import dataset

from flows.report.dictionary_page import read_chinese


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    deliver(tmp_path, {"2022-07-22": draw(CASES)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    return tmp_path


def test_the_dictionary_explains_every_column_and_needs_no_network(root: Path) -> None:
    page = (root / "reports" / "dictionary.html").read_text(encoding="utf-8")
    assert re.findall(r"https?:|src=|@import", page) == []
    for name in ("cases", "办件", "durations", "year_to_date(end_on)", "cases_as_of(as_of)"):
        assert f"<h3><code>{name}</code>" in page
    assert "<td></td></tr>" not in page
    assert "None" not in page


def test_the_dictionary_says_in_chinese_what_analysts_use_and_keeps_internals_apart(root: Path) -> None:
    tree = lxml.html.fromstring((root / "reports" / "dictionary.html").read_bytes())
    _, public, internal = tree.xpath("//main/section")
    names = [[name.text for name in part.xpath(".//h3/code")] for part in (public, internal)]
    assert names[0][:2] == ["cases", "办件"]
    assert "case_states" in names[1]
    assert {name.partition("(")[0] for name in names[0]} == set(read_chinese()["relations"])
    meanings = public.xpath(".//td[last()]")
    assert [cell.text_content() for cell in meanings if not re.search("[\u4e00-\u9fff]", cell.text or "")] == []
    assert len(meanings) > 200


def test_the_files_for_other_programs_add_up_to_the_section(root: Path) -> None:
    told = json.loads((root / "reports/2022-07-22/statistics.json").read_text(encoding="utf-8"))
    accepted = {group["label"]: group["accepted"] for group in told["groups"]}
    completed = {group["label"]: group["completed"] for group in told["groups"]}
    export = root / "data/warehouse/export"

    totals = fastexcel.read_excel(export / "daily_totals.xlsx").load_sheet(0).to_arrow().to_pylist()
    counts = {"受理": Counter[str](), "办结": Counter[str]()}
    for row in totals:
        if row["是否省本级"] == "是" and datetime(2022, 1, 1) <= row["日期"] <= datetime(2022, 7, 22):
            for measure, count in counts.items():
                count[row["类别"]] += int(row[measure])
    assert {label: counts["受理"][label] for label in accepted} == accepted
    assert {label: counts["办结"][label] for label in completed} == completed

    cases = dataset.dataset(export / "cases.parquet", partitioning="hive").to_table().to_pylist()
    keys = Counter(
        case["group_key"] for case in cases if case["is_in_scope"] and not case["is_void"] and case["year"] == 2022
    )
    assert {group["group"]: keys[group["group"]] for group in told["groups"]} == {
        group["group"]: group["accepted"] for group in told["groups"]
    }
    assert sorted(path.name for path in (export / "cases.parquet").iterdir()) == ["year=2021", "year=2022"]
    assert (export / "dictionary.html").read_bytes() == (root / "reports/dictionary.html").read_bytes()


def test_the_files_are_written_when_the_warehouse_changes_and_only_then(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = root / "data/warehouse/export/daily_totals.xlsx"
    before = workbook.stat().st_mtime_ns
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert workbook.stat().st_mtime_ns == before
    workbook.parent.rename(root / "elsewhere")
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert workbook.exists()


def read_cases(export: Path) -> list[dict[str, object]]:
    rows = dataset.dataset(export / "cases.parquet", partitioning="hive").to_table().to_pylist()
    return sorted(rows, key=lambda case: str(case["case_no"]))


def test_only_months_that_have_changed_are_written_and_all_are_as_if_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, export = tmp_path / "office", tmp_path / "office/data/warehouse/export"
    first = """case | type | accepted | completed
        1 | 行政许可 | 2022-05-03 | 2022-05-09
        2 | 行政许可 | 2022-06-01 |
        3 | 公共服务 | 2022-06-30 |
        4 | 公共服务 | 2022-07-11 |"""
    second = """case | type | accepted | completed
        2 | 行政许可 | 2022-07-01 | 2022-07-20
        4 | 公共服务 | 2022-07-11 | 2022-07-19
        5 | 公共服务 | 2022-04-30 |
        6 | 公共服务 | | 2022-07-19"""
    deliver(root, {"2022-07-15": draw(first)})
    assert run(capsys, "weekly", "--week-ending", "2022-07-15", "--quiet", "--root", str(root)).exit_code == 0
    files = {path.parent.name: path.stat().st_ino for path in export.rglob("*.parquet") if path.is_file()}
    assert sorted(files) == ["month=5", "month=6", "month=7"]
    write_raw(root, {"2022-07-22/办件.csv": draw(second)})
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    kept = [
        path.parent.name
        for path in export.rglob("*.parquet")
        if path.is_file() and path.stat().st_ino in files.values()
    ]
    assert kept == ["month=5"]  # a case has left June, one is new in April, July has one more
    told = read_cases(export)
    assert [(case["case_no"], case["year"], case["month"]) for case in told] == [
        ("1", 2022, 5),
        ("2", 2022, 7),
        ("3", 2022, 6),
        ("4", 2022, 7),
        ("5", 2022, 4),
        ("6", 0, 0),
    ]
    shutil.rmtree(export)
    assert run(capsys, *WEEK, "--root", str(root)).exit_code == 0
    assert read_cases(export) == told


def test_a_warehouse_that_was_built_anew_is_handed_over_anew(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (month,) = (root / "data/warehouse/export/cases.parquet").glob("year=2021/*/*.parquet")
    before = month.stat().st_ino
    assert run(capsys, "rebuild", "--quiet", "--root", str(root)).exit_code == 0
    assert month.stat().st_ino != before


def test_a_setting_turns_the_files_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(tmp_path, {"2022-07-22": draw(CASES)})
    (tmp_path / "bulletin.toml").write_text("handover = false\n", encoding="utf-8")
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    assert not (tmp_path / "data/warehouse/export").exists()
    assert (tmp_path / "reports/dictionary.html").exists()
