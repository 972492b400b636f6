"""bulletin query: questions of analysts, which cannot harm."""

import json
from pathlib import Path

import fastexcel
import pytest
from a_root import WEEK, run
from analysts import CASES
from drawing import deliver, draw
from pyarrow import parquet


@pytest.fixture
def root(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    deliver(tmp_path, {"2022-07-22": draw(CASES)})
    assert run(capsys, *WEEK, "--root", str(tmp_path)).exit_code == 0
    return tmp_path


def test_a_question_is_answered_as_a_table(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = "select department, count(*) as cases from cases group by department order by cases"
    said = run(capsys, "query", statement, "--root", str(root))
    assert (said.exit_code, said.out.splitlines()) == (0, ["department  cases", "交通厅      2", "民政厅      5"])
    said = run(capsys, "query", statement, "--limit", "1", "--root", str(root))
    assert said.out.splitlines()[-1] == "only the first 1 rows; add --out FILE for all of them"


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
