"""What analysts find: views whose figures are those of the section, questions that cannot harm, files for other programs."""

import json
import re
import zipfile
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import fastexcel
import openpyxl
import pytest
from a_root import run
from drawing import deliver, draw, fold_in_memory, write_csv
from pyarrow import dataset, parquet

from flows.domain.calendar import is_working_day
from flows.engine.protocols import Engine
from flows.warehouse.reference import store_calendar

CASES = """
    case | type    | department | area   | accepted            | completed           | result | 承诺办结时间 | 法定时限
    1    | 行政许可 | 交通厅      | 510000 | 2022-04-29 10:00:00 | 2022-05-06 09:00:00 | 出证    | 2022-05-06 | 20个工作日
    2    | 行政许可 | 交通厅      | 510000 | 2022-04-29 10:00:00 | 2022-05-09 09:00:00 | 出证    | 2022-05-06 | 20
    3    | 公共服务 | 民政厅      | 510100 | 2022-07-18          | 2022-07-18          | 出证    |            |
    4    | 公共服务 | 民政厅      | 510000 | 2022-07-18          |                     |        | 2022-07-30 | 30日
    5    | 行政许可 | 民政厅      | 510000 | 2022-07-18          | 2022-07-19          | 作废    | 2022-07-30 | 5
    6    | 行政许可 | 民政厅      | 510000 | 2021-12-30          | 2022-01-05          | 出证    |            | 3工作日
    7    | 行政许可 | 民政厅      | 510000 | 2022-07-19          | 2022-07-18          | 出证    |            | 5
    """
WEEK = ("weekly", "--week-ending", "2022-07-22", "--quiet")


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    deliver(tmp_path, {"2022-07-22": draw(CASES)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    return tmp_path


def ask(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in engine.execute(statement)]


# ---------------------------------------------------------------- views


def test_working_days_begin_the_day_after_acceptance_and_pass_over_holidays() -> None:
    """2022: 4 May is the last day of the May holidays, Saturday 7 May makes up for one."""
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        store_calendar(engine)
        found = ask(
            engine,
            "select case_no, is_in_scope, working_days, days_ahead, is_on_time from durations order by case_no",
        )
    assert found == [
        ("1", True, 2, 18, True),
        ("2", True, 4, 16, False),
        ("3", False, 0, None, None),
        ("4", True, None, None, None),
        ("6", True, 3, 0, True),
        ("7", True, None, None, None),
    ]


def test_the_calendar_is_the_one_that_weeks_are_told_by() -> None:
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        store_calendar(engine)
        days = ask(engine, "select day, is_working_day from calendar order by day")
    assert (days[0][0], days[-1][0]) == (date(2000, 1, 1), date(2040, 12, 31))
    assert [day for day, is_working in days if isinstance(day, date) and is_working_day(day) != is_working] == []


def test_weeks_and_departments_add_up_to_the_daily_totals() -> None:
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        weeks = ask(
            engine,
            "select week_start, week_end, accepted, completed from weekly_counts "
            "where group_key = 'licence' and is_in_scope order by week_start",
        )
        departments = ask(
            engine,
            "select year, department, group_key, accepted, completed, carried_over from department_counts "
            "where is_in_scope order by year, department, group_key",
        )
    assert weeks == [
        (date(2021, 12, 27), date(2022, 1, 2), 1, 0),
        (date(2022, 1, 3), date(2022, 1, 9), 0, 1),
        (date(2022, 4, 25), date(2022, 5, 1), 2, 0),
        (date(2022, 5, 2), date(2022, 5, 8), 0, 1),
        (date(2022, 5, 9), date(2022, 5, 15), 0, 1),
        (date(2022, 7, 18), date(2022, 7, 24), 1, 1),
    ]
    assert departments == [
        (2021, "民政厅", "licence", 1, 0, 0),
        (2022, "交通厅", "licence", 2, 2, 0),
        (2022, "民政厅", "licence", 1, 2, 1),
        (2022, "民政厅", "public_service", 1, 0, 0),
    ]


def test_cases_can_be_asked_for_in_chinese() -> None:
    with fold_in_memory({"2022-07-22": draw(CASES)}) as engine:
        assert ask(engine, "select 办件编号, 类别, 法定时限, 是否省本级 from 办件 where 办结时间 is null") == [
            ("4", "公共服务", None, True)
        ]


# ---------------------------------------------------------------- questions


def test_a_question_is_answered_as_a_table(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = "select department, count(*) as cases from cases group by department order by cases"
    said = run(capsys, "query", statement, "--root", str(root))
    assert (said.exit_code, said.out.splitlines()) == (0, ["department  cases", "交通厅      2", "民政厅      5"])
    said = run(capsys, "query", statement, "--limit", "1", "--root", str(root))
    assert said.out.splitlines()[-1] == "the first 1 rows; for all of them add --out FILE"


def test_a_question_may_stand_in_a_file_and_its_answer_go_into_one(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = root / "问.sql"
    question.write_text("select case_no, accepted_at from cases order by case_no", encoding="utf-8-sig")
    for form in ("csv", "xlsx", "json", "parquet"):
        answer = root / f"答.{form}"
        assert run(capsys, "query", "-f", str(question), "--out", str(answer), "--root", str(root)).exit_code == 0
    assert (root / "答.csv").read_text(encoding="utf-8-sig").splitlines()[1] == "1,2022-04-29 10:00:00"
    assert fastexcel.read_excel(root / "答.xlsx").load_sheet(0).to_arrow().column("case_no").to_pylist()[0] == "1"
    assert json.loads((root / "答.json").read_text(encoding="utf-8"))[0]["case_no"] == "1"
    assert parquet.read_table(root / "答.parquet").column("case_no").to_pylist() == list("1234567")


def test_without_a_question_it_says_what_can_be_asked_for(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "query", "--root", str(root))
    assert said.out.startswith("cases ")
    names = {line.split(" ")[0] for line in said.out.splitlines()}
    assert {"办件", "durations", "weekly_counts", "department_counts", "daily_totals", "deliveries"} <= names
    examples = [line.strip() for line in said.out.splitlines() if line.startswith("  select")]
    assert len(examples) == 5
    assert [run(capsys, "query", example, "--root", str(root)).exit_code for example in examples] == [0] * 5


HARM = {
    "drop table cases": (2, "Only questions: one SELECT statement, not DROP."),
    "select 1; select 2": (2, "Only questions: one SELECT statement, not SELECT, SELECT."),
    "": (2, "Only questions: one SELECT statement, not nothing."),
    "copy cases to 'x.csv'": (2, "Only questions: one SELECT statement, not COPY."),
    "attach 'x.db'": (2, "Only questions: one SELECT statement, not ATTACH."),
    "install httpfs": (2, "Only questions: one SELECT statement, not LOAD."),
    "set enable_external_access = true": (2, "Only questions: one SELECT statement, not SET."),
    "select * from read_csv('README.md')": (3, "This query cannot be answered: Permission Error: Cannot access file"),
    "select * from 'https://example.org/x.csv'": (3, "This query cannot be answered: Permission Error"),
    "select * from nothing": (
        3,
        "This query cannot be answered: Catalog Error: Table with name nothing does not exist!",
    ),
}


@pytest.mark.parametrize("statement", HARM)
def test_a_question_can_neither_write_nor_reach_anything(
    statement: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sentence = HARM[statement]
    said = run(capsys, "query", statement, "--root", str(root))
    assert (said.exit_code, said.err[: len(sentence)]) == (code, sentence)


def test_without_a_warehouse_a_question_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    said = run(capsys, "query", "select 1", "--root", str(tmp_path))
    assert (said.exit_code, said.err.startswith("There is no warehouse yet")) == (6, True)


# ---------------------------------------------------------------- dictionary and hand-over files


def test_the_dictionary_explains_every_column_and_needs_no_network(root: Path) -> None:
    page = (root / "reports" / "dictionary.html").read_text(encoding="utf-8")
    assert re.findall(r"https?:|src=|@import|<script", page) == []
    for name in ("cases", "办件", "durations", "year_to_date(end_on)", "cases_as_of(as_of)"):
        assert f"<h2><code>{name}</code>" in page
    assert "<td></td></tr>" not in page
    assert "None" not in page


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


def test_a_setting_turns_the_files_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(tmp_path, {"2022-07-22": draw(CASES)})
    (tmp_path / "bulletin.toml").write_text("handover = false\n", encoding="utf-8")
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    assert not (tmp_path / "data/warehouse/export").exists()
    assert (tmp_path / "reports/dictionary.html").exists()


# ---------------------------------------------------------------- workbooks

ACTING = (
    '=HYPERLINK("http://x","y")', "{=1+1}", "+1", "-1+1", "@SUM(1)", "1e5",
    "http://x", "https://x", "ftp://x", "mailto:x@example.org", "internal:Sheet2!A1", "external:a.xlsx", "file:///etc/passwd",
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
    assert texts["data/warehouse/export/daily_totals.xlsx"] >= set(ACTING)
    marked = {f"'{text}" if text[0] in "=+-@" else text for text in ACTING}
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
