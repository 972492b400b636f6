"""The files of sql/: what each gives, that two engines read them alike, and that the warehouse explains itself."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlglot
from drawing import deliver, draw, fold_steps
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from flows.checks import judge
from flows.checks.judge import list_weeks
from flows.domain.asked import Asked
from flows.domain.cases import Measure
from flows.domain.comparing import comparable
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.profile import load_profile
from flows.engine.duckdb.connection import Connection
from flows.engine.duckdb.storage import open_in_memory
from flows.engine.query import RULES_AS_A_STEP, load_query
from flows.engine.recipe import Recipe
from flows.engine.schema import read_schema
from flows.figures import causes
from flows.figures.asked import read_asked
from flows.figures.counts import count_weeks
from flows.figures.quarantine import count_open
from flows.root.project import CHECKOUT
from flows.warehouse.fold import FOLD, RECLASSIFY, reclassify
from flows.warehouse.reference import store_classification

# docs/architecture.md §5: functions that two engines share, alike in name and meaning or so transpiled.
SHARED = {
    *("abs", "avg", "bit_length", "cast", "chr", "coalesce", "concat", "concat_ws", "count", "date_diff", "date_trunc"),
    *(
        "extract",
        "floor",
        "generate_series",
        "greatest",
        "least",
        "length",
        "lower",
        "lpad",
        "max",
        "md5",
        "median",
        "min",
    ),
    *(
        "nullif",
        "power",
        "regexp_extract",
        "regexp_matches",
        "regexp_replace",
        "replace",
        "right",
        "round",
        "row_number",
        "sha256",
    ),
    *(
        "rpad",
        "split_part",
        "sqrt",
        "starts_with",
        "string_agg",
        "strpos",
        "substr",
        "sum",
        "translate",
        "try_cast",
        "unhex",
        "unnest",
    ),
    *("grouping", "grouping_sets", "sets"),
}
# What every engine has to bring itself.
SUPPLIED = {"at_zone", "text_key", "first_group", "description_number", "md5_number_lower", "md5_number_upper"}
# Words that a parenthesis may follow and that call nothing.
WORDS = {
    *(
        "and",
        "as",
        "by",
        "exists",
        "filter",
        "from",
        "in",
        "join",
        "not",
        "on",
        "or",
        "over",
        "select",
        "then",
        "union",
        "using",
    ),
    *("when", "where", "all", "distinct", "else"),
}
# Forms that another engine reads differently, or not at all.
FORBIDDEN = (
    r"\bqualify\b",
    r"\bgroup by all\b",
    r"\*\s*(exclude|replace)\b",
    r"\brecursive\b",
    r"\blateral\b",
    r"\basof\b",
    r"\b(un)?pivot\b",
    r"\bunion by name\b|\bunion all by name\b",
    r"date_diff\(\s*'(?!day'|second')",
    r"\bfrom\s+generate_series\b",
    r"::",
    r"\\d",
    r"\\1",
    r"\b(insert|update|delete|merge|create|drop|copy|rowid)\b",
)
PARAMETERS: dict[str, object] = {
    "start_on": "2022-01-01",
    "end_on": "2022-07-22",
    "as_of": "9999-12-31",
    "first_delivery": 1,
    "through_delivery": 1,
    "previous_delivery": 0,
    "known_delivery": 1,
    "start_at": "2022-07-01",
    "end_at": "2022-08-01",
    "other_delivery": 0,
    "last_delivery": 1,
    "previous_end": "2022-07-15",
    "earlier_start_on": "2021-01-01",
    "earlier_end_on": "2021-07-22",
    "now": "2022-07-25 08:00:00",
    "table_no": 1,
    "type_hint": "",
    "type_pattern": "(x)",
    "around_pattern": "x",
    "is_month_first": False,
    "key_parts": ",case_no,",
    "is_day_first": False,
    "has_two_digit_years": False,
    "none_days": "",
    "time_zone": "Asia/Shanghai",
    "must_be_last": False,
    "part": "year",
    "area_pattern": "(x)",
    "measure": "accepted",
}
FOLDER = CHECKOUT / "sql"
QUERIES = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.sql") if path.name != "schema.sql"
)
FUNCTIONS = [name for name in QUERIES if name.startswith("functions/")]
SEVERITIES = ("quarantine", "critical", "warning")
ROW_RULES = [name for name in QUERIES if name.startswith("rules/rows/")]
EXAMPLES = [name for name in QUERIES if name.startswith(("examples/", "questions/"))]  # asked by people, as they are
WITH_A_FATE = [name for name in QUERIES if "becomes" in load_query(name).header]
# What Python gives to the fold: facts of the files and the rows it has delivered.
GIVEN = {
    *(
        "source_rows",
        "known_descriptions",
        "deliveries_in_fold",
        "delivered_tables_in_fold",
        "doubts_in_fold",
        "delivered_columns_in_fold",
    ),
    *("table_starts", "skipped_lines", "completed_statuses"),
}


# ---------------------------------------------------------------- the recipe


@pytest.mark.parametrize("recipe", [FOLD, RECLASSIFY], ids=["fold", "reclassify"])
def test_no_step_reads_what_a_later_one_makes(recipe: Recipe) -> None:
    """Each step reads tables of the warehouse, what Python gives, and what an earlier step makes."""
    made = {*GIVEN, *(name for name, _, _ in read_schema()), "counted_states", "staged_rows"}
    for step in recipe:
        query = load_query(step)
        assert list_tables(query.select) <= made, step
        made.add(query.fate.target)


def test_every_file_of_the_fold_is_a_step_of_it_or_run_while_files_are_read() -> None:
    files = {name for name in QUERIES if name.startswith("fold/")}
    assert files - set(FOLD) == {
        *("fold/1_read/staged_rows", "fold/1_read/unstaged_rows", "fold/1_read/new_deliveries"),
        *(
            "fold/1_read/read_times",
            "fold/1_read/unusual_times",
            "fold/1_read/keys_with_parts",
            "fold/1_read/keys_with_time",
            "fold/1_read/events",
        ),
    }
    assert {step for step in FOLD if step not in files} == {
        "fold/3_refuse/quarantined_rows",
        "fold/5_count/odd_rows",
    }


@pytest.mark.parametrize("name", WITH_A_FATE)
def test_a_header_says_what_becomes_of_its_select_in_one_of_six_forms(name: str) -> None:
    assert load_query(name).fate.kind in ("a table", "a view", "rows", "newer values", "the table", "fewer rows")


@pytest.mark.parametrize("name", [name for name in WITH_A_FATE if load_query(name).fate.kind in ("rows", "the table")])
def test_rows_that_are_added_to_a_table_have_its_columns_in_its_order(engine: Connection, name: str) -> None:
    target = load_query(name).fate.target
    added = [column for column in list_columns(engine, target) if column != load_query(name).fate.number]
    assert describe(engine, name) == added


def test_each_row_rule_is_part_of_one_step() -> None:
    assert sum((len(severities) for severities in RULES_AS_A_STEP.values()), 0) == len(SEVERITIES)
    for step, severities in RULES_AS_A_STEP.items():
        rules = [name for name in ROW_RULES if load_query(name).header["severity"] in severities]
        assert load_query(step).select.count("union all\nselect table_no, row_no, '") == len(rules) - 1


def list_tables(select: str) -> set[str]:
    tree = sqlglot.parse_one(select, read="duckdb")
    return {table.name for table in tree.find_all(exp.Table)} - {cte.alias for cte in tree.find_all(exp.CTE)}


# ---------------------------------------------------------------- sql/


@pytest.fixture(scope="module")
def engine() -> Iterator[Connection]:
    """A warehouse after one delivery and a change of rules, so that the temporary tables of both are there."""
    files = {"2022-07-22": draw("case | type | accepted\n1 | 行政许可 | 2022年7月1日")}
    with TemporaryDirectory() as folder, open_in_memory(has_schema=True) as filled:
        project = deliver(Path(folder), files)
        store_classification(filled, project.profile)
        assert len(list(fold_steps(filled, project))) == 1
        reclassify(filled, project.profile)
        judge.recount(filled)
        judge.list_departments(filled)
        list_weeks(filled, PROGRAM_CALENDAR.week_ending(date(2022, 7, 22)))
        causes.list_changes(filled, {date(2022, 7, 22): [1]})
        causes.list_differences(filled, filled, {date(2022, 7, 22): 1})
        list(
            read_asked(
                filled, Asked(("results",), {}), PROGRAM_CALENDAR.week_ending(date(2022, 7, 22)).window, date.max, 1
            )
        )
        causes.ask(filled, "licence", Measure.ACCEPTED, PROGRAM_CALENDAR.week_ending(date(2022, 7, 22)), 1, 0)
        count_open(filled, [])
        count_weeks(filled, [date(2022, 7, 22)])
        yield filled


@pytest.mark.parametrize("name", sorted({*QUERIES} - {*FUNCTIONS, *ROW_RULES, *EXAMPLES}))
def test_the_header_of_a_query_names_its_columns(engine: Connection, name: str) -> None:
    header = dict(load_query(name).header)
    header.pop("becomes", None)
    grain = header.pop("grain")
    if same_as := re.search(r"Columns: as the table (\w+)\.", grain):
        named = set(list_columns(engine, same_as[1]))
    elif same_as := re.search(r"Columns: as (\w+)\.", grain):
        named = {*describe(engine, find_query(same_as[1])), *header}
    else:
        named = set(header)
    assert named - {load_query(name).fate.number if "becomes" in load_query(name).header else ""} == set(
        describe(engine, name)
    )


@pytest.mark.parametrize("name", ROW_RULES)
def test_a_row_rule_gives_places_and_says_what_is_wrong_in_both_languages(engine: Connection, name: str) -> None:
    header = load_query(name).header
    assert header["severity"] in SEVERITIES
    assert re.search(r"[\u4e00-\u9fff]", header["zh"])
    assert header["en"].isascii()
    assert set(describe(engine, name)) == {"table_no", "row_no", "column_name", "value"}


@pytest.mark.parametrize("name", QUERIES)
def test_a_file_calls_only_functions_that_two_engines_share(name: str) -> None:
    select = re.sub(r"'(?:[^']|'')*'", "''", load_query(name).select.lower())
    select = re.sub(r"--.*", "", select)
    called = set(re.findall(r"\b([a-z_][a-z0-9_]*)\s*\(", select)) - WORDS
    ours = {Path(each).name for each in FUNCTIONS}
    macros = {"year_to_date", "counts_in_window", "year_on_year"} if name in EXAMPLES else set()
    ctes = {cte.alias for cte in sqlglot.parse_one(load_query(name).select, read="duckdb").find_all(exp.CTE)}
    assert called - SHARED - SUPPLIED - ours - macros - ctes == set()


@pytest.mark.parametrize("name", QUERIES)
def test_a_file_holds_one_select(name: str) -> None:
    statements = sqlglot.parse(load_query(name).select, read="duckdb")
    assert [isinstance(statement, exp.Query) for statement in statements] == [True]


@pytest.mark.parametrize("name", QUERIES)
def test_a_file_keeps_to_what_two_engines_read_alike(name: str) -> None:
    select = load_query(name).select.lower()
    assert [pattern for pattern in FORBIDDEN if re.search(pattern, select)] == []
    assert select.count("regexp_replace(") == len(re.findall(r",\s*'g'\)", select)), "regexp_replace without 'g'"


def test_texts_are_cast_only_behind_a_pattern() -> None:
    """`try_cast` of any text differs between engines: two files do it, each time behind a pattern."""
    casting = {name: load_query(name).select for name in QUERIES if "try_cast" in load_query(name).select}
    assert casting.keys() == {"functions/plain_time", "functions/clock_time"}
    for select in casting.values():
        guards = re.findall(r"when \(?(regexp_matches\(|value like '____[-/])", select)
        assert select.count("try_cast") == select.count("then try_cast") <= len(guards)


def find_query(relation: str) -> str:
    (name,) = (
        name for name in QUERIES if Path(name).name == relation and not name.startswith(("reclassify/", "rewind/"))
    )
    return name


def describe(engine: Connection, name: str) -> list[str]:
    query = load_query(name)
    asked = {key: value for key, value in PARAMETERS.items() if key in query.parameters}
    return engine.read(name, **asked).columns


def list_columns(engine: Connection, table: str) -> list[str]:
    return engine.read(table).columns


# ---------------------------------------------------------------- the warehouse


def test_every_table_view_and_column_of_the_warehouse_is_explained() -> None:
    with open_in_memory(has_schema=True) as empty:
        silent = empty.fetch(
            "select table_name as name from duckdb_tables() where comment is null "
            "union all select view_name from duckdb_views() where not internal and comment is null "
            "union all select table_name || '.' || column_name from duckdb_columns() where not internal and comment is null"
        )
    assert silent == []


# ---------------------------------------------------------------- the profile

WRITTEN = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    | st.characters(min_codepoint=0xFF01, max_codepoint=0xFF5E)
    | st.sampled_from("其它他行政许可公共服务权力备案作废不予受理、。—《》 \t\n\u00a0\u3000"),
    max_size=12,
)


@given(written=WRITTEN, beginning=st.sampled_from(["", "\ufeff"]))
def test_python_and_sql_compare_names_alike(engine: Connection, written: str, beginning: str) -> None:
    (row,) = engine.fetch("select comparable($written) as folded", written=beginning + written)
    assert row["folded"] == comparable(beginning + written)


@pytest.mark.parametrize("profile", sorted(path.stem for path in (CHECKOUT / "flows/domain/profiles").glob("*.toml")))
def test_a_name_means_one_type_or_kind_and_a_header_one_column(profile: str) -> None:
    known = load_profile(profile)
    types = Counter(name for item_type in known.types for name in item_type.names)
    kinds = Counter(name for kind in known.case_kinds for name in kind.names)
    headers = Counter(
        folded
        for name, aliases in known.columns.items()
        for folded in {comparable(alias) for alias in (name, *aliases)}
    )
    assert [name for name, count in (types + headers).items() if types[name] > 1 or headers[name] > 1] == []
    assert [name for name, count in kinds.items() if count > 1] == []
