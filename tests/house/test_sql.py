"""The files of sql/: what each gives, that two engines read them alike, and that the warehouse explains itself."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlglot
from drawing import draw, fold_in_memory
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from flows.checks import judge
from flows.checks.judge import list_weeks
from flows.domain.calendar import week_ending
from flows.domain.profile import comparable, load_profile
from flows.engine.duckdb.connection import Engine
from flows.engine.duckdb.storage import open_engine
from flows.engine.query import list_queries, load_query
from flows.engine.schema import VIEWS
from flows.figures import causes
from flows.root.project import CHECKOUT
from flows.warehouse.fold import reclassify

# DESIGN.md §5: what another engine would read differently, or not at all.
FORBIDDEN = (
    r"\bqualify\b",
    r"\bgroup by all\b",
    r"\*\s*(exclude|replace)\b",
    r"\bcolumns\s*\(",
    r"\brecursive\b",
    r"\blateral\b",
    r"\basof\b",
    r"\b(un)?pivot\b",
    r"\bunion by name\b|\bunion all by name\b",
    r"date_diff\(\s*'(?!day'|second')",
    r"\b(isodow|dayofweek|weekday)\b",
    r"\b[lr]?trim\s*\(",
    r"\b(try_)?strptime\s*\(",
    r"\bfrom\s+generate_series\b",
    r"\blist\s*\(",
    r"::",
    r"\\d",
    r"\\1",
    r"\b(insert|update|delete|merge|create|drop|copy|read_csv|read_parquet)\b",
)
PARAMETERS: dict[str, object] = {
    "start_on": "2022-01-01",
    "end_on": "2022-07-22",
    "as_of": "9999-12-31",
    "first_delivery": 1,
    "through_delivery": 1,
    "previous_delivery": 0,
    "known_delivery": 1,
    "other_delivery": 0,
    "previous_end": "2022-07-15",
    "now": "2022-07-25 08:00:00",
    "table_no": 1,
    "type_hint": "",
    "type_pattern": "(x)",
    "around_pattern": "x",
    "is_month_first": False,
    "area_pattern": "(x)",
    "rule": "type_unknown",
    "reason": "",
}
LAYERS = ("staging", "core", "checks", "rules/frames", "public", "figures", "explain", "handover", "look")
QUERIES = [name for folder in (*LAYERS, "functions") for name in list_queries(folder)]
GIVING_ROWS = [name for name in QUERIES if not name.startswith("functions/")]


# ---------------------------------------------------------------- sql/


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A warehouse after one delivery and a change of rules, so that the temporary tables of both are there."""
    with fold_in_memory({"2022-07-22": draw("case | type | accepted\n1 | 行政许可 | 2022-07-01")}) as filled:
        reclassify(filled, load_profile("sichuan"))
        filled.execute("create temp view sampled_rows as from staged_rows")  # only large texts are sampled
        judge.recount(filled)
        judge.list_departments(filled)
        list_weeks(filled, week_ending(date(2022, 7, 22)))
        causes.ask(filled, "licence", "accepted", week_ending(date(2022, 7, 22)), 1, 0)
        yield filled


@pytest.mark.parametrize("name", [name for name in GIVING_ROWS if not name.startswith("checks/")])
def test_the_header_of_a_query_names_its_columns(engine: Engine, name: str) -> None:
    header = dict(load_query(name).header)
    grain = header.pop("grain")
    if same_as := re.search(r"Columns: as the table (\w+)\.", grain):
        named = list_columns(engine, same_as[1])
    elif same_as := re.search(r"Columns: as (\w+)\.", grain):
        named = describe(engine, find_query(same_as[1])) | set(header)
    else:
        named = set(header)
    assert named == describe(engine, name)


@pytest.mark.parametrize("name", list_queries("checks"))
def test_a_check_gives_places_and_says_what_is_wrong_in_both_languages(engine: Engine, name: str) -> None:
    header = load_query(name).header
    assert header["severity"] in ("quarantine", "warning")
    assert re.search(r"[\u4e00-\u9fff]", header["zh"])
    assert header["en"].isascii()
    assert describe(engine, name) == {"table_no", "row_no", "column_name", "value"}


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
    assert casting.keys() == {"functions/plain_time", "functions/read_time"}
    for select in casting.values():
        guards = re.findall(r"when \(?(regexp_matches\(|value like '____[-/])", select)
        assert select.count("try_cast") == select.count("then try_cast") <= len(guards)


def test_no_layer_reads_from_a_later_one() -> None:
    """The views of a warehouse are there from its beginning, as its tables are."""
    order = ("staging", "core", "figures", "explain")
    made = {Path(name).name: order.index(layer) for layer in order for name in list_queries(layer) if name not in VIEWS}
    wrong = [
        f"{name} reads {table.name}"
        for layer in order
        for name in list_queries(layer)
        for table in sqlglot.parse_one(load_query(name).select, read="duckdb").find_all(exp.Table)
        if made.get(table.name, 0) > order.index(layer)
    ]
    assert wrong == []


def find_query(table: str) -> str:
    (name,) = (name for name in GIVING_ROWS if Path(name).name == table)
    return name


def describe(engine: Engine, name: str) -> set[str]:
    wanted = set(re.findall(r"\$(\w+)", load_query(name).select))
    engine.create("described", name, **{key: value for key, value in PARAMETERS.items() if key in wanted})
    return list_columns(engine, "described")


def list_columns(engine: Engine, table: str) -> set[str]:
    rows = engine.execute("select column_name from duckdb_columns() where table_name = $name", name=table)
    return {row["column_name"] for row in rows}


# ---------------------------------------------------------------- the warehouse


def test_every_table_view_and_column_of_the_warehouse_is_explained() -> None:
    with open_engine() as empty:
        empty.create_schema()
        silent = empty.execute(
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
def test_python_and_sql_fold_a_name_alike(engine: Engine, written: str, beginning: str) -> None:
    (row,) = engine.execute("select comparable($written) as folded", written=beginning + written)
    assert row["folded"] == comparable(beginning + written)


@pytest.mark.parametrize("profile", sorted(path.stem for path in (CHECKOUT / "flows/domain/profiles").glob("*.toml")))
def test_a_name_means_one_type_and_a_header_one_column(profile: str) -> None:
    known = load_profile(profile)
    types = Counter(name for item_type in known.types for name in item_type.names)
    headers = Counter(
        folded
        for name, aliases in known.columns.items()
        for folded in {comparable(alias) for alias in (name, *aliases)}
    )
    assert [name for name, count in (types + headers).items() if types[name] > 1 or headers[name] > 1] == []
