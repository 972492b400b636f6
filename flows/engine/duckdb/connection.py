"""One connection to DuckDB: reads tables, runs the SELECTs of sql/, writes what they give."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

from flows.domain.text import BadInput, WrongUsage
from flows.engine.duckdb.reading import Part, count_records, open_parts
from flows.engine.query import load_query
from flows.engine.schema import quote, write_functions, write_schema
from flows.sources.table import Table, TextSource

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


COLUMNS = (
    *("case_no", "item_type", "item_code", "item_name", "department", "department_code", "area_code"),
    *("applied_at", "accepted_at", "due_at", "completed_at", "result", "status", "version_at", "case_kind", "channel"),
    "statutory_limit",
)


_BATCH_ROWS = 500
_STREAMED_ROWS = 10_000
# Level 1: a quarter larger in two thirds of the time. What is distinct in nearly every row is not held in a dictionary first.
_PARQUET = "compression zstd, compression_level 1, dictionary_size_limit 10000, write_bloom_filter false"
# Of a text: half of what is usual at most, since a pipe fills it sooner and less memory is held; of a small text less, so that
# there is something for each thread; but never less than two of the longest lines.
_MOST_BUFFERED, _LEAST_BUFFERED = 1 << 24, 1 << 22


class Engine:
    """One connection. Queries are named by their place in sql/; parameters are bound, never written into the text."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._parts: Sequence[Part] = ()

    def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """The result of sql/<query>.sql, a dict for each row."""
        return self._fetch(load_query(query).select, parameters)

    def stream(self, query: str, **parameters: object) -> Iterator[dict[str, Any]]:
        """As `rows`, some thousands at a time; nothing else may be asked meanwhile."""
        cursor = self._connection.execute(load_query(query).select, parameters or None)
        names = [column[0] for column in cursor.description or []]
        return (dict(zip(names, row, strict=True)) for row in _fetch_batches(cursor))

    @contextmanager
    def connect_again(self) -> Iterator["Engine"]:
        """A second connection to what this one has open, for another thread; it sees the warehouse, but no temporary tables.

        Not of a working copy, which is attached: it would stand beside it.
        """
        other = Engine(self._connection.cursor())
        try:
            yield other
        finally:
            other.close()

    def lock_down(self) -> None:
        """From here on the connection sees the warehouse alone."""
        self._run(
            "set enable_external_access = false; set python_enable_replacements = false; set lock_configuration = true",
            {},
        )

    def ask(self, statement: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """The columns and rows of a statement that somebody wrote: one that reads, and only one.

        Raises:
            WrongUsage: it is none, several, or one that does more than read.
            BadInput: it cannot be answered.
        """
        try:
            kinds = [found.type.name for found in duckdb.extract_statements(statement)]
            if kinds not in (["SELECT"], ["EXPLAIN"]):
                raise WrongUsage(
                    zh=f"只能查询：应为一条 SELECT 语句，而不是 {'、'.join(kinds) or '空白'}。",
                    en=f"Only questions: one SELECT statement, not {', '.join(kinds) or 'nothing'}.",
                )
            cursor = self._connection.execute(statement)
        except duckdb.Error as error:
            raise BadInput(zh=f"无法回答这个查询：{error}", en=f"This query cannot be answered: {error}") from None
        return [column[0] for column in cursor.description or []], _fetch_batches(cursor)

    def ask_arrow(self, statement: str) -> "pa.Table":
        """As `ask`, as an Arrow table."""
        self.ask(statement)
        return self._connection.execute(statement).to_arrow_table()

    def export_parquet(self, query: str, folder: Path, partition: str) -> None:
        """Write the rows of sql/<query>.sql as Parquet files below a folder, one subfolder for each value of a column of numbers."""
        name, rows = _identifier(partition), f"({load_query(query).select})"
        # one by one: told to part the rows itself, the engine takes a third longer
        for value in self._fetch(f"select distinct {name} as value from {rows} order by value", {}):
            place = folder / f"{name}={value['value']}"
            place.mkdir(parents=True)
            self._run(
                f"copy (select * exclude ({name}) from {rows} where {name} = $value) to {quote(str(place / 'data_0.parquet'))} "
                f"(format parquet, {_PARQUET})",
                value,
            )

    @contextmanager
    def shared_texts(self, views: Sequence[str], *tables: str) -> Iterator[None]:
        """Meanwhile views, each made of those before it, read temporary tables in place of the warehouse's, whose texts are numbers
        into lists of them.

        They give the same texts, but millions of rows that share a few are written in half the time.
        """
        for table in tables:
            columns = []
            for row in self._fetch(f"describe {_identifier(table)}", {}):
                name = _identifier(row["column_name"])
                if row["column_type"] == "VARCHAR":
                    kind = f"{table}_{name}"
                    texts = f"select distinct {name} from {table} where {name} is not null"
                    self._run(f"create or replace temp type {kind} as enum ({texts})", {})
                    name = f"cast({name} as {kind}) as {name}"
                columns.append(name)
            self._run(f"create temp table {table} as select {', '.join(columns)} from {table}", {})
        for view in views:
            self.define(view, f"public/{view}")
        try:
            yield
        finally:
            for view in reversed(views):
                self._run(f"drop view temp.{_identifier(view)}", {})
            for table in tables:
                self._run(f"drop table temp.{table}", {})

    def register(self, name: str, rows: "pa.Table") -> None:
        """Make Arrow rows readable as the temporary table `name`."""
        self._connection.register("registered_rows", rows)
        self._run(f"create or replace temp table {_identifier(name)} as from registered_rows", {})
        self._connection.unregister("registered_rows")

    def table(self, name: str) -> list[dict[str, Any]]:
        return self._fetch(f"from {_identifier(name)}", {})

    def frame(self, query: str, **parameters: object) -> "pd.DataFrame":
        return self._connection.execute(load_query(query).select, parameters or None).df()

    def arrow(self, name: str) -> "pa.Table":
        """As `table`, each column of its own type even where there is no row."""
        return self._connection.execute(f"from {_identifier(name)}").to_arrow_table()

    def create(self, name: str, query: str, **parameters: object) -> Self:
        """Make the temporary table `name` from sql/<query>.sql, in place of an earlier one."""
        self._run(f"create or replace temp table {_identifier(name)} as {load_query(query).select}", parameters)
        return self

    def define(self, name: str, query: str, **numbers: int) -> None:
        """Make the temporary view `name` of sql/<query>.sql: what is read once or twice is not worth a table.

        The engine binds no parameters of a view, so they are numbers, and written into it.
        """
        select = load_query(query).select
        for parameter, number in numbers.items():
            select = select.replace(f"${parameter}", f"{number:d}")
        self._run(f"create or replace temp view {_identifier(name)} as {select}", {})

    def create_repeated(self, name: str, query: str) -> None:
        """Make the temporary table `name` of the numbers that sql/<query>.sql, of one column, gives more than once.

        Where few of millions do, sorting the numbers takes a fifth of the time that grouping their texts does.
        """
        import numpy as np
        import pyarrow as pa

        ((column, given),) = self._connection.execute(load_query(query).select).fetchnumpy().items()
        numbers = np.asarray(given)
        numbers.sort()
        self.register(name, pa.table({column: np.unique(numbers[1:][numbers[1:] == numbers[:-1]])}))

    def create_rows(self, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
        """Make the temporary table `name` with the given rows."""
        self._run(f"create or replace temp table {_identifier(name)} ({columns})", {})
        self.insert_rows(name, rows)

    def insert(self, name: str, query: str, **parameters: object) -> None:
        self._run(f"insert into {_identifier(name)} {load_query(query).select}", parameters)

    @contextmanager
    def without_dictionaries(self) -> Iterator[None]:
        """Meanwhile texts are not tried to be stored as dictionaries: a fifth of the time of writing those that hardly repeat."""
        self._run("set disabled_compression_methods = 'dictionary'", {})
        try:
            yield
        finally:
            self._run("reset disabled_compression_methods", {})

    def insert_rows(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        for start in range(0, len(rows), _BATCH_ROWS):
            batch = rows[start : start + _BATCH_ROWS]
            marks = ", ".join([f"({', '.join('?' * len(batch[0]))})"] * len(batch))
            values = [value for row in batch for value in row]
            self._connection.execute(f"insert into {_identifier(name)} values {marks}", values).fetchall()

    def number_rows(self, name: str, view: str, number: str) -> None:
        """Make the temporary view `view` of a table, with the number of each row: its place, in the order of insertion."""
        self._run(
            f"create or replace temp view {_identifier(view)} as select rowid as {_identifier(number)}, * from {_identifier(name)}",
            {},
        )

    def number_texts(self, function: str, source: str, numbered: str) -> None:
        """Have the temporary function `function` give the number of each text of the table `source`, NULL of any other.

        Number and text are added to the table `numbered`, which nothing else may add to: numbers begin behind those in it.
        """
        name, texts, numbers = _identifier(function), _identifier(source), _identifier(numbered)
        first = self._fetch(f"select count(*) as first from {numbers}", {})[0]["first"]
        self._run(f"create or replace temp type {name}_texts as enum (select * from {texts})", {})
        code = f"enum_code(try_cast(value as {name}_texts))"
        self._run(f"create or replace temp macro {name}(value) as cast({first} + {code} as ubigint)", {})
        self._run(f"insert into {numbers} select {name}(text), text from {texts} as texts(text)", {})

    def update(self, name: str, source: str, *, key: str) -> None:
        """Set the columns that the temporary table `source` has beside `key`, in the rows of `name` with its key."""
        self._update(name, source, f"{_identifier(name)}.{_identifier(key)}", key)

    def update_rows(self, name: str, source: str, number: str) -> None:
        """As `update`, of the rows that `source` gives by number (see number_rows)."""
        self._update(name, source, f"{_identifier(name)}.rowid", number)

    def _update(self, name: str, source: str, place: str, key: str) -> None:
        described = self._fetch(f"describe {_identifier(source)}", {})
        columns = [row["column_name"] for row in described if row["column_name"] != key]
        assignments = ", ".join(f"{column} = news.{column}" for column in columns)
        self._run(f"update {_identifier(name)} set {assignments} from {source} news where {place} = news.{key}", {})

    def execute(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        """Run one statement that only the engine can: an update, a delete, a setting."""
        return self._fetch(statement, parameters)

    def create_schema(self) -> None:
        """Make the empty tables, views and macros of a warehouse, each with its comments."""
        self._run(write_schema(), {})
        self.create_functions()

    def create_functions(self) -> None:
        """The functions of sql/functions, as they are before any of them is told more (number_texts)."""
        self._run(write_functions(), {})

    @contextmanager
    def source_rows(self, table: Table) -> Iterator[None]:
        """Make the rows of a delivered table readable, once, as `source_rows`: the canonical columns, all text.

        Rows whose structure cannot be read are missing from `source_rows` and listed by `rejected_lines`.
        """
        self._parts = []
        if isinstance(table.source, TextSource):
            with open_parts(table.source, table.header_row) as self._parts:
                self._view_text(table, table.source, self._parts)
                yield
        else:
            self._connection.register("delivered_sheet", table.source.rows)
            self._run(
                f"create or replace temp view source_rows as select {_projection(table, None)} from delivered_sheet", {}
            )
            yield
            self._connection.unregister("delivered_sheet")

    def rejected_lines(self, table: Table) -> list[dict[str, Any]]:
        """`line` (from 1), `error_type` and `content` of what the text read last did not give as rows; asked once."""
        if not self._fetch("select 1 from duckdb_tables() where table_name = 'rejected_cells'", {}):
            return []
        lines = self._fetch(
            "select s.file_path as path, c.line, min(c.error_type) as error_type, min(c.csv_line) as content from rejected_cells c "
            "join rejected_scans s on s.scan_id = c.scan_id and s.file_id = c.file_id "
            "group by s.file_path, c.line order by s.file_path, c.line",
            {},
        )
        self._run("drop table rejected_cells; drop table rejected_scans", {})
        before = {
            str(part.path): count_records(table.source.content, part.start)
            for part in self._parts
            if part.start
            and isinstance(table.source, TextSource)
            and any(row["path"] == str(part.path) for row in lines)
        }
        return [{**row, "line": before.get(row["path"], 0) + row["line"]} for row in lines]

    def attach_without_log(self, path: Path) -> None:
        """Work in a database file from here on, under the name it has when it is opened itself: views remember it."""
        name = _identifier(path.stem)
        self._run(f"attach {quote(str(path))} as {name} (recovery_mode no_wal_writes); use {name}", {})

    def close(self) -> None:
        """Let go of the file and of the connection itself, which an exception's traceback might keep alive."""
        if hasattr(self, "_connection"):
            self._connection.close()
            del self._connection

    def checkpoint(self) -> None:
        self._run("checkpoint", {})

    def _view_text(self, table: Table, source: TextSource, parts: Sequence[Part]) -> None:
        fields = ", ".join(f"'c{i}': 'varchar'" for i in range(source.width))
        paths = ", ".join(quote(str(part.path)) for part in parts)
        buffered = min(_MOST_BUFFERED, max(_LEAST_BUFFERED, source.content.path.stat().st_size // 4))
        self._run(
            f"""create or replace temp view source_rows as select {_projection(table, "c")} from read_csv(
                [{paths}], auto_detect = false, header = false, skip = {parts[0].skip},
                delim = {quote(source.delimiter)}, quote = '"', escape = '"', columns = {{{fields}}},
                encoding = 'utf-8', store_rejects = true, rejects_table = 'rejected_cells', rejects_scan = 'rejected_scans',
                rejects_limit = 0, buffer_size = {buffered})""",
            {},
        )

    def _run(self, statement: str, parameters: dict[str, object]) -> None:
        self._connection.execute(statement, parameters or None).fetchall()

    def _fetch(self, statement: str, parameters: dict[str, object]) -> list[dict[str, Any]]:
        cursor = self._connection.execute(statement, parameters or None)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _fetch_batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(_STREAMED_ROWS):
        yield from batch


def _projection(table: Table, prefix: str | None) -> str:
    """The canonical columns, from their positions (`prefix` + position) or under their own names; absent ones empty."""

    def source(name: str) -> str:
        if name not in table.columns:
            return f"cast(null as varchar) as {name}"
        return f"{prefix}{table.columns[name]} as {name}" if prefix else name

    return ", ".join(source(name) for name in COLUMNS)


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise ValueError(f"{name!r} is no table name")
    return name
