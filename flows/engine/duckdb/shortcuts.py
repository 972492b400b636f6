"""Quicker ways of single steps. Each gives what the plain SELECT of its step gives; a law holds it to that on generated rows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flows.engine.duckdb.connection import Connection, Parameters, Preparation, Shortcut, identifier
from flows.engine.query import Query, load_query
from flows.sources.delimited import sample_rows
from flows.sources.table import Table

# While the cases are exported, these views, each made of those before it, read copies of these tables whose texts are numbers into
# lists of them.
_EXPORTED_VIEWS, _EXPORTED_TABLES = (
    ("described_states", "cases"),
    ("facets", "outcomes", "deliveries", "delivered_tables"),
)

_BITS = 1 << 20
_PLACE = f"cast(hash(value) % {_BITS} as integer)"


def _refuse_by_key(connection: Connection, query: Query, _: Parameters) -> None:
    """Case numbers that come twice: where few of millions do, sorting numbers made of them takes a fifth of grouping the texts.

    Rows whose number comes twice are suspected, and only their texts are compared.
    """
    import numpy as np  # both cost a fifth of a second, and a run without news needs neither
    import pyarrow as pa

    keys = connection.fetch_numbers("select hash(case_no) as case_key from described_rows")
    keys = np.asarray(keys)
    keys.sort()
    connection.put("repeated_keys", pa.table({"case_key": np.unique(keys[1:][keys[1:] == keys[:-1]])}))
    connection.execute(
        "create or replace temp table suspected_rows as select r.* from described_rows r "
        "semi join repeated_keys k on k.case_key = hash(r.case_no)"
    )
    connection.execute(f"create or replace temp table repeated_cases as {_from_suspected(query)}")


def _find_rivals(connection: Connection, query: Query, _: Parameters) -> None:
    """Of the suspected rows, which are at hand, instead of all."""
    connection.execute(f"create or replace temp table rival_rows as {_from_suspected(query)}")


def _from_suspected(query: Query) -> str:
    return query.select.replace("from described_rows", "from suspected_rows")


def _remember_places(connection: Connection, query: Query, _: Parameters) -> None:
    """Known states with their places in the table: what ends or confirms them need not look for them again."""
    known = query.select.replace("select s.*", "select s.rowid as state_row, s.*")
    connection.execute(f"create or replace temp table prior_states as {known}")


def _update_by_place(connection: Connection, query: Query, parameters: Parameters) -> None:
    where = "prior.case_no = news.case_no and case_states.rowid = prior.state_row"
    connection.update(query, parameters, where, source="news, prior_states prior")


def _insert_states(connection: Connection, query: Query, parameters: Parameters) -> None:
    """Texts are not tried to be stored as dictionaries, a fifth of the time of writing: hardly a case number comes twice."""
    connection.execute("set disabled_compression_methods = 'dictionary'")
    try:
        connection.perform(query, parameters)
    finally:
        connection.execute("reset disabled_compression_methods")


def _rewind_states(connection: Connection, _: Query, parameters: Parameters) -> None:
    """What is dropped or open again is a fraction of all: nothing else is written."""
    connection.execute("delete from case_states where from_delivery >= $first_delivery", parameters)
    connection.execute("update case_states set to_delivery = null where to_delivery >= $first_delivery", parameters)


SHORTCUTS: Mapping[str, Shortcut] = {
    "fold/3_refuse/repeated_cases": _refuse_by_key,
    "fold/3_refuse/rival_rows": _find_rivals,
    "fold/4_merge/prior_states": _remember_places,
    "fold/4_merge/ended_states": _update_by_place,
    "fold/4_merge/confirmed_states": _update_by_place,
    "fold/4_merge/new_states": _insert_states,
    "rewind/case_states": _rewind_states,
}


def _learn_descriptions(connection: Connection, table: Table, query: Query, parameters: Parameters) -> None:
    """Number the descriptions that a sample of a large text repeats: its rows are staged with the number, not with the text.

    Number and text are added to `known_descriptions`, behind those of earlier tables. Any other description is staged as it is,
    so a bad guess costs time and nothing else.
    """
    connection.number_descriptions()  # nothing is known yet of this table
    sample = sample_rows(table)
    if not sample:
        return
    with connection.source_rows(sample):
        connection.execute(f"create or replace temp table sampled_rows as {query.select}", parameters)
    connection.execute(
        "create temp table if not exists known_descriptions (description_key bigint, description varchar); "
        "create or replace temp table frequent_descriptions as select distinct description from sampled_rows where is_case; "
        "create or replace temp type known_texts as enum (select description from frequent_descriptions)"
    )
    first = connection.fetch("select count(*) as first from known_descriptions")[0]["first"]
    # A cast that fails costs DuckDB 2.0 a millisecond: a set of bits, one for the hash of each known text, keeps most of them away.
    connection.execute(
        f"set variable known_bits = (select bitstring_agg({_PLACE}, 0, {_BITS - 1}) from (select description as value from frequent_descriptions))"
    )
    number = (
        f"case when get_bit(getvariable('known_bits'), {_PLACE}) = 1 "
        f"then cast({first:d} + enum_code(try_cast(value as known_texts)) as bigint) end"
    )
    connection.number_descriptions(number)
    connection.execute(
        "insert into known_descriptions select description_number(description), description from frequent_descriptions"
    )


PREPARATIONS: Mapping[str, Preparation] = {"fold/1_read/staged_rows": _learn_descriptions}


@contextmanager
def shared_texts(connection: Connection) -> Iterator[None]:
    """Millions of rows that share a few texts are exported in half the time where the texts are numbers into lists of them."""
    for table in _EXPORTED_TABLES:
        columns = []
        for row in connection.fetch(f"describe {table}"):
            name = identifier(row["column_name"])
            if row["column_type"] == "VARCHAR":
                kind = f"{table}_{name}"
                texts = f"select distinct {name} from {table} where {name} is not null"
                connection.execute(f"create or replace temp type {kind} as enum ({texts})")
                name = f"cast({name} as {kind}) as {name}"
            columns.append(name)
        connection.execute(f"create temp table {table} as select {', '.join(columns)} from {table}")
    for view in _EXPORTED_VIEWS:
        connection.execute(f"create or replace temp view {view} as {load_query(f'public/{view}').select}")
    try:
        yield
    finally:
        for view in reversed(_EXPORTED_VIEWS):
            connection.execute(f"drop view temp.{view}")
        for table in _EXPORTED_TABLES:
            connection.execute(f"drop table temp.{table}")
