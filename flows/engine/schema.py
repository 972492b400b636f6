"""The statements that make an empty warehouse: tables, views, macros, and a comment on each of them and their columns."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from flows.engine.query import FOLDER, list_queries, load_query, quote

SCHEMA = FOLDER / "schema.sql"
_CALL = re.compile(r"\b([a-z]\w*)\(")


# In the order in which they are made: some read others.
VIEWS = (
    *("figures/counted_states", "public/described_states", "public/cases", "public/case_versions"),
    *("public/calendar", "figures/covered_spells", "public/coverage", "public/bulletin_weeks"),
    *("public/daily_totals", "public/weekly_counts", "public/calendar_week_counts", "public/department_counts"),
    *("public/item_counts", "public/delivered_files", "public/late_deliveries"),
    *("figures/deadlines", "public/durations", "public/open_cases", "public/办件"),
)
_YEAR = "date_trunc('year', cast(end_on as date))"
_YEAR_EARLIER = "cast(cast({day} as date) - interval 1 year as date)"
_COUNTS = "public/counts_in_window"
# Each macro: the query it asks, and what the query's parameters become.
_MACROS = {
    "counts_in_window(start_on, end_on, as_of)": (
        _COUNTS,
        {"start_on": "start_on", "end_on": "end_on", "as_of": "as_of"},
    ),
    "year_to_date(end_on)": (_COUNTS, {"start_on": _YEAR, "end_on": "end_on", "as_of": "'9999-12-31'"}),
    "year_to_date_as_of(end_on, as_of)": (_COUNTS, {"start_on": _YEAR, "end_on": "end_on", "as_of": "as_of"}),
    "year_on_year(end_on)": (
        "figures/compared_counts",
        {
            "start_on": _YEAR,
            "end_on": "end_on",
            "earlier_start_on": _YEAR_EARLIER.format(day=_YEAR),
            "earlier_end_on": _YEAR_EARLIER.format(day="end_on"),
            "as_of": "'9999-12-31'",
        },
    ),
    "cases_as_of(as_of)": ("public/cases_as_of", {"as_of": "as_of"}),
}


def write_schema() -> str:
    """One script, since a statement at a time costs a second where another thread is busy."""
    return "\n".join([SCHEMA.read_text(encoding="utf-8"), *_comment_tables(), *_create_views(), *_create_macros()])


def write_functions(names: Iterable[str]) -> str:
    """Functions of sql/functions, as temporary macros: they serve a run and are not part of the warehouse.

    The header of each names its parameters, in their order.
    """
    queries = [load_query(f"functions/{name}") for name in names]
    return "\n".join(
        f"create or replace temp macro {Path(query.name).name}({', '.join(query.header)}) "
        f"as {query.select.removeprefix('select ')};"
        for query in queries
    )


@cache
def list_functions() -> tuple[str, ...]:
    """The names of all functions, each after those that it calls."""
    return tuple(
        dict.fromkeys(name for query in list_queries("functions") for name in (*list_called(query), Path(query).name))
    )


@cache
def list_called(query: str) -> tuple[str, ...]:
    """The names of the functions that a file of sql/ calls, and of those that they call, which come first."""
    calls = dict.fromkeys(_CALL.findall(load_query(query).select))
    called = [name for name in calls if f"functions/{name}" in _list_function_files()]
    return tuple(dict.fromkeys(each for name in called for each in (*list_called(f"functions/{name}"), name)))


@cache
def _list_function_files() -> frozenset[str]:
    return frozenset(list_queries("functions"))


def read_schema() -> list[tuple[str, str, dict[str, str]]]:
    """Each table of schema.sql: its name, its grain, the words of each column."""
    tables = []
    text = SCHEMA.read_text(encoding="utf-8")
    for name, grain, body in re.findall(r"create table (\w+) \( *-- Grain: (.*)\n((?: .*\n)+)\);", text):
        columns = dict(re.findall(r"^ *(\w+) \w+,? *-- (.*)$", body, re.M))
        tables.append((name, grain, columns))
    return tables


def _comment_tables() -> Iterator[str]:
    for name, grain, columns in read_schema():
        yield from _comment("table", name, grain, columns)


def _create_views() -> Iterator[str]:
    for query in VIEWS:
        name = Path(query).name
        yield f"create view {name} as {load_query(query).select};"
        yield from _comment("view", name, *_read_words(query))


def _create_macros() -> Iterator[str]:
    for signature, (query, arguments) in _MACROS.items():
        select = load_query(query).select
        for parameter, expression in arguments.items():
            select = select.replace(f"${parameter}", expression)
        yield f"create macro {signature} as table {select};"
        name = signature.partition("(")[0]
        grain, _ = _read_words(query)
        yield f"comment on macro table {name} is {quote(grain)};"


def _read_words(query: str) -> tuple[str, dict[str, str]]:
    """The grain of a view's query and the words of its columns; where it says "Columns: as cases.", first those of that view."""
    words = dict(load_query(query).header)
    grain, _, same_as = words.pop("grain").partition(" Columns: as ")
    if same_as:
        _, columns = _read_words(next(view for view in VIEWS if Path(view).name == same_as.removesuffix(".")))
        words = columns | words
    return grain, words


def _comment(kind: str, name: str, grain: str, columns: dict[str, str]) -> Iterator[str]:
    yield f"comment on {kind} {name} is {quote(grain)};"
    for column, words in columns.items():
        yield f"comment on column {name}.{column} is {quote(words)};"
