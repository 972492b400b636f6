"""bulletin query: questions of analysts, which cannot harm."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import fastexcel
import pytest
from a_root import WEEK, run
from analysts import CASES
from drawing import deliver, draw
from pyarrow import parquet

from flows.cli.main import main


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root")
    deliver(folder, {"2022-07-22": draw(CASES)})
    assert main([*WEEK, "--root", str(folder)]) == 0
    return folder


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
    assert len(examples) == 16
    assert run(capsys, "query", examples[0], "--root", str(root)).exit_code == 0


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


# Each is refused before it does anything: what it names does not exist, so that whoever opened it would say so.
NO_QUESTIONS = [
    *(
        "insert into cases values (1)",
        "with x as (select 1) insert into cases from x",
        "delete from cases",
        "truncate cases",
    ),
    *("update case_states set case_no = 'x'", "merge into cases using cases on true when matched then delete"),
    *(
        "create table x as select 1",
        "create temp table x as select 1",
        "create macro f() as 1",
        "create secret (type s3)",
    ),
    *("alter table cases add column x int", "comment on table cases is 'x'", "drop schema main cascade"),
    *(
        "checkpoint",
        "vacuum",
        "analyze",
        "begin",
        "begin; commit",
        "call pragma_version()",
        "detach warehouse",
        "use memory",
    ),
    *("prepare p as select 1", "execute p", "deallocate p", "set variable x = 1", "reset memory_limit"),
    *("export database 'x'", "copy from database a to b", "load 'x'", "force install httpfs", "update extensions"),
    *("pivot cases on case_no", "-- nothing", "/* */", ";"),
]
REACHING = [
    *(
        "import database 'FOLDER'",
        "pragma import_database('FOLDER')",
        "explain analyze copy (select 1) to 'FOLDER/x.csv'",
    ),
    *(
        "select * from read_text('FOLDER/schema.sql')",
        "select * from read_blob('FOLDER/schema.sql')",
        "from glob('FOLDER/*')",
    ),
    *("from sniff_csv('FOLDER/schema.sql')", "from read_json('FOLDER/schema.sql')", "from 'FOLDER/schema.sql'"),
    *("from parquet_metadata('FOLDER/x.parquet')", "from read_parquet('https://example.org/x.parquet')"),
    *("from read_duckdb('FOLDER/x.duckdb')", "from duckdb_secrets()", "from which_secret('s3://x', 's3')"),
    *(
        "explain analyze load httpfs",
        "explain analyze set memory_limit = '9GB'",
        "explain analyze create table x as select 1",
    ),
    *("from query('drop table cases')", "from query_table('statement')", "from statement", "select getenv('HOME')"),
]


@pytest.mark.parametrize("statement", NO_QUESTIONS)
def test_what_is_no_question_is_refused(statement: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, "query", statement, "--root", str(root))
    assert (said.exit_code, said.err.startswith("Only questions: one SELECT statement, not ")) == (2, True)


@pytest.mark.parametrize("statement", REACHING)
def test_a_question_that_reaches_beyond_the_warehouse_is_not_answered(
    statement: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Some of these read a file while they are parsed, long before it is known what they are."""
    (root / "there").mkdir(exist_ok=True)
    for name in ("schema.sql", "load.sql"):
        (root / "there" / name).write_text("select 'of another file';", encoding="utf-8")
    said = run(capsys, "query", statement.replace("FOLDER", f"{root}/there"), "--root", str(root))
    refused = {2: "Only questions: one SELECT statement, not ", 3: "This query cannot be answered: "}
    assert said.err.startswith(refused[said.exit_code])
    assert "of another file" not in said.err
    assert sorted(path.name for path in (root / "there").iterdir()) == ["load.sql", "schema.sql"]


TOO_LONG = "select count(*) from range(1000000000000)"
STOPPED = "stopped after 1 s. Ask for less, or allow more: --timeout SECONDS, or the setting query_seconds.\n"


@pytest.mark.parametrize("form", ["", "parquet", "csv"])
def test_a_query_that_goes_on_is_stopped(form: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--out", str(root / f"答.{form}")) if form else ()
    said = run(capsys, "query", TOO_LONG, "--timeout", "1", *out, "--root", str(root))
    assert (said.exit_code, said.err) == (3, STOPPED)


def test_how_long_a_query_may_go_on_is_a_setting(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(root, tmp_path, dirs_exist_ok=True)
    (tmp_path / "bulletin.toml").write_text("query_seconds = 1\n", encoding="utf-8")
    said = run(capsys, "query", TOO_LONG, "--root", str(tmp_path))
    assert (said.exit_code, said.err) == (3, STOPPED)


def test_a_query_that_does_not_heed_its_end_is_ended(root: Path) -> None:
    """Joining one long text cannot be interrupted; the program ends ten seconds later than the query should have."""
    command = [sys.executable, "-m", "flows.cli", "query", "select length(repeat('x', 3000000000))", "--memory", "8GiB"]
    said = subprocess.run(
        [*command, "--timeout", "1", "--lang", "en", "--root", str(root)], check=False, capture_output=True, text=True
    )
    assert (said.returncode, said.stderr.startswith("stopped after 1 s.")) == (3, True)


@pytest.mark.parametrize(
    "statement", ["select length(repeat('x', 4000000000))", "select string_agg(repeat('x', 1000)) from range(10000000)"]
)
def test_a_query_has_the_memory_of_the_engine_and_no_more(
    statement: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the engine does not count: one text of four gigabytes. No least is named that is below what it has."""
    said = run(capsys, "query", statement, "--memory", "300MiB", "--root", str(root))
    assert said.exit_code == 3
    assert said.err.startswith("not enough memory: the engine may use 300MiB")
    least = re.search(r"needs (\d+) MiB at least", said.err)
    assert (least and int(least[1]) > 300) or "and this needs more" in said.err


def test_what_a_terminal_would_obey_is_shown_and_json_stays_the_same_json(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = "select chr(27) || '[2J' || chr(155) || chr(8238) || chr(10) || chr(13) || '民政厅' as 部门"
    said = run(capsys, "query", statement, "--root", str(root))
    assert said.out == "部门\n" + r"\u001b[2J\u009b\u202e\n\u000d民政厅" + "\n"
    answered = run(capsys, "query", statement, "--json", "--root", str(root)).out
    assert "\x1b" not in answered and "\u202e" not in answered
    assert json.loads(answered) == [{"部门": "\x1b[2J\x9b\u202e\n\r民政厅"}]


def test_without_a_warehouse_a_question_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    said = run(capsys, "query", "select 1", "--root", str(tmp_path))
    assert (said.exit_code, said.err.startswith("There is no warehouse yet")) == (6, True)
