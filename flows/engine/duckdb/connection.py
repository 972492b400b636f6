"""One connection to DuckDB: reads tables, runs the SELECTs of sql/, writes what they give."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any

import duckdb

from flows.domain.text import BadInput, Bilingual, WrongUsage
from flows.engine.duckdb.reading import Part, count_lines, open_parts
from flows.engine.query import Query, load_query, quote
from flows.engine.schema import list_called, list_functions, write_functions, write_schema
from flows.sources.table import Table, TextSource

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from flows.engine.protocols import GivenRows

COLUMNS = (
    *("case_no", "item_type", "item_code", "item_name", "department", "department_code", "area_code"),
    *("applied_at", "accepted_at", "due_at", "completed_at", "result", "status", "version_at", "case_kind", "channel"),
    *("statutory_limit", "key_part"),
)
# What the SELECTs of sql/ expect of every engine, as this one has it. (md5_number_lower and _upper it has of itself.)
_SUPPLIED = """
create or replace temp macro text_key(value) as cast(hash(value) >> 1 as bigint);
create or replace temp macro at_zone(value, zone) as timezone(zone, timezone('UTC', value));
create or replace temp macro first_group(value, pattern) as regexp_replace(value, pattern, '\\1');
"""
_NUMBERLESS = "create or replace temp macro description_number(value) as cast(null as bigint)"
_OWN_QUERIES = {"dictionary": Path(__file__).with_name("dictionary.sql")}
# Its successors (from v1.3.0 on) try more on texts: a third more time for as many bytes.
_FILE_VERSION = "v1.0.0"
_IS_2 = not duckdb.__version__.startswith("1.")
_BATCH_ROWS = 500
_STREAMED_ROWS = 10_000
# Level 1: a quarter larger in two thirds of the time. What is distinct in nearly every row is not held in a dictionary first.
_PARQUET = "compression zstd, compression_level 1, dictionary_size_limit 10000, write_bloom_filter false"
# Of a text: half of what is usual at most, since a pipe fills it sooner and less memory is held; of a small text less, so that
# there is something for each thread; but never less than two of the longest lines.
_MOST_BUFFERED, _LEAST_BUFFERED = 1 << 24, 1 << 22
Parameters = Mapping[str, object]
# A quicker way of one step; it has to give what its plain SELECT gives.
Shortcut = Callable[["Connection", Query, Parameters], None]
# What is done before a delivered table is read by a step.
Preparation = Callable[["Connection", Table, Query, Parameters], None]


class DuckRows:
    """See Rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, statement: str, parameters: Parameters) -> None:
        self._connection, self._statement, self._parameters = connection, statement, parameters
        self._cursor: duckdb.DuckDBPyConnection | None = None

    @property
    def columns(self) -> list[str]:
        return [column[0] for column in self._execute().description or []]

    def dicts(self) -> list[dict[str, Any]]:
        return list(self.stream())

    def stream(self) -> Iterator[dict[str, Any]]:
        names = self.columns
        return (dict(zip(names, row, strict=True)) for row in self.tuples())

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        cursor = self._execute()
        while batch := cursor.fetchmany(_STREAMED_ROWS):
            yield from batch

    def frame(self) -> "pd.DataFrame":
        return self._execute().df()

    def arrow(self) -> "pa.Table":
        return self._arrow().to_arrow_table()

    def batches(self) -> "Iterator[pa.RecordBatch]":
        reader: pa.RecordBatchReader = self._arrow().to_arrow_reader(_STREAMED_ROWS)
        yield from reader

    def _arrow(self) -> "duckdb.DuckDBPyConnection | duckdb.DuckDBPyRelation":
        """What gives Arrow without holding all rows: a relation of 2.0, a statement of 1.5; the other one of each holds them all."""
        if _IS_2:
            if self._cursor:  # of which the columns were asked: it would hold up what comes now
                self._cursor.abort()
            return self._connection.sql(self._statement, params=dict(self._parameters) or None)
        return self._execute()

    def _execute(self) -> duckdb.DuckDBPyConnection:
        if self._cursor is None:
            self._cursor = self._connection.execute(self._statement, dict(self._parameters) or None)
        return self._cursor


class Connection:
    """See Engine."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        shortcuts: Mapping[str, Shortcut],
        preparations: Mapping[str, Preparation],
        around_export: Callable[["Connection"], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._shortcuts, self._preparations, self._around_export = shortcuts, preparations, around_export
        self.path = Path()  # of a working copy
        self.seconds = 0.0  # that a question may take
        self._clock: Timer | None = None
        self._parts: Sequence[Part] = ()
        self._numbered: dict[str, str] = {}  # relation → the table behind it
        self._functions: set[str] = set()  # that are there
        self._is_numbering = False  # descriptions that repeat

    def run(self, step: str, *, into: str = "", **parameters: Any) -> None:
        query = self._load(step)
        if into:
            query = replace(query, name=into)
        if shortcut := self._shortcuts.get(step):
            shortcut(self, query, parameters)
        else:
            self.perform(query, parameters)

    def perform(self, query: Query, parameters: Parameters) -> None:
        """What the header says, without a shortcut."""
        fate, target = query.fate, identifier(query.fate.target)
        if fate.kind == "a table":
            self.execute(f"create or replace temp table {target} as {query.select}", parameters)
        elif fate.kind == "a view":
            self.execute(f"create or replace temp view {target} as {_inline(query.select, parameters)}")
        elif fate.kind == "rows":
            self.execute(f"insert into {self._numbered.get(target, target)} {query.select}", parameters)
        elif fate.kind == "fewer rows":
            key = identifier(fate.key)
            self.execute(
                f"delete from {self._numbered.get(target, target)} where {key} in ({query.select})", parameters
            )
        elif fate.kind == "the table":
            kept = identifier(f"kept_{target}")
            self.execute(f"create or replace temp table {kept} as {query.select}", parameters)
            self.execute(f"delete from {target}; insert into {target} from {kept}; drop table {kept}")
        else:
            condition = f" and {target}.{fate.condition}" if fate.condition else ""
            stored, key = (self._numbered[target], "rowid") if target in self._numbered else (target, fate.key)
            self.update(query, parameters, f"{stored}.{key} = news.{identifier(fate.key)}{condition}")

    def update(self, query: Query, parameters: Parameters, where: str, source: str = "news") -> None:
        """Give the target the columns that a SELECT has beside the key; `where` joins it with `news`, `source` says what that is."""
        name, fate = identifier(Path(query.name).name), query.fate
        self.execute(f"create or replace temp table {name} as {query.select}", parameters)
        columns = [row["column_name"] for row in self.fetch(f"describe {name}") if row["column_name"] != fate.key]
        values = ", ".join(f"{column} = news.{column}" for column in columns)
        self.execute(
            f"update {self._numbered.get(fate.target, fate.target)} set {values} from {source.replace('news', f'{name} news', 1)} where {where}"
        )

    def put(self, name: str, rows: "GivenRows", *, columns: str = "", like: str = "", number: str = "") -> None:
        target = identifier(name)
        if not isinstance(rows, Sequence):
            self._connection.register("registered_rows", rows)
            self.execute(f"create or replace temp table {target} as from registered_rows")
            self._connection.unregister("registered_rows")
            return
        if number:  # a row's place, in the order of insertion, is nearly free
            stored = self._numbered[target] = f"{target}_stored"
            self.execute(f"create or replace temp table {stored} ({columns})")
            self.execute(
                f"create or replace temp view {target} as select rowid as {identifier(number)}, * from {stored}"
            )
            target = stored
        elif columns:
            self.execute(f"create or replace temp table {target} ({columns})")
        elif like:
            self.execute(f"create or replace temp table {target} as from {identifier(like)} limit 0")
        else:
            self.execute(f"delete from {target}")
        for start in range(0, len(rows), _BATCH_ROWS):
            batch = rows[start : start + _BATCH_ROWS]
            marks = ", ".join([f"({', '.join('?' * len(batch[0]))})"] * len(batch))
            values = [value for row in batch for value in row]
            self._connection.execute(f"insert into {target} values {marks}", values).fetchall()

    def read(self, query: str, **parameters: Any) -> DuckRows:
        if own := _OWN_QUERIES.get(query):
            statement = own.read_text(encoding="utf-8")
        else:
            statement = self._load(query).select if "/" in query else f"from {identifier(query)}"
        return DuckRows(self._connection, statement, parameters)

    def deliver(self, table: Table, step: str, **parameters: Any) -> list[dict[str, Any]]:
        if prepare := self._preparations.get(step):
            prepare(self, table, self._load(step), parameters)
        self.execute(
            "drop table if exists rejected_cells; drop table if exists rejected_scans"
        )  # of a text that was damaged
        with self.source_rows(table):
            self.run(step, **parameters)
        return self._list_broken_lines(table)

    def ask(self, statement: str, *, seconds: float = 0, parameters: Parameters | None = None) -> DuckRows:
        if seconds:
            self.seconds = seconds
            self._clock = Timer(seconds, self._connection.interrupt)
            self._clock.daemon = True
            self._clock.start()
        try:
            # by this connection, which may open no file: some statements are read from files while they are parsed
            kinds = [_name_kind(found) for found in self._connection.extract_statements(statement)]
            if kinds not in (["SELECT"], ["EXPLAIN"]):
                raise WrongUsage(
                    "Only questions: one SELECT statement, not {kinds}.", kinds=kinds or Bilingual("空白", "nothing")
                )
            rows = DuckRows(self._connection, statement, parameters or {})
            _ = rows.columns  # now, not when the first row is read
        except (duckdb.InterruptException, duckdb.OutOfMemoryException):
            raise
        except duckdb.Error as error:
            raise BadInput("This query cannot be answered: {error}", error=error) from None
        return rows

    def export(self, query: str, files: Mapping[Path, Parameters]) -> None:
        select = self._load(query).select
        with self._around_export(self):
            for path, parameters in files.items():
                self.execute(f"copy ({select}) to {quote(str(path))} (format parquet, {_PARQUET})", parameters)

    # What follows is this engine's own: only its folder and its tests call it.

    def execute(self, statement: str, parameters: Parameters | None = None) -> None:
        self._connection.execute(statement, dict(parameters or {}) or None).fetchall()

    def fetch(self, statement: str, **parameters: Any) -> list[dict[str, Any]]:
        return DuckRows(self._connection, statement, parameters).dicts()

    def fetch_numbers(self, statement: str) -> Any:
        """One column of numbers as an array of NumPy."""
        (numbers,) = self._connection.execute(statement).fetchnumpy().values()
        return numbers

    def create_schema(self) -> None:
        """Make the empty tables, views and macros of a warehouse, each with its comments."""
        self.execute(write_schema())

    def create_functions(self) -> None:
        """The functions that SELECTs of sql/ call: those of sql/functions, and those that the engine supplies."""
        self.supply()
        self._add_functions(list_functions())

    def _load(self, name: str) -> Query:
        """A file of sql/, and the functions that it calls, where they are not there yet: most questions call none."""
        self._add_functions(list_called(name))
        return load_query(name)

    def _add_functions(self, names: Iterable[str]) -> None:
        if missing := [name for name in names if name not in self._functions]:
            self.execute(write_functions(missing))
            self._functions.update(missing)

    def supply(self) -> None:
        """The functions that the engine supplies, as they are where nothing is known of what will be read."""
        self.execute(_SUPPLIED)
        self.execute(_NUMBERLESS)

    def number_descriptions(self, number: str = "") -> None:
        """Have the macro `description_number` give this number of a text; none where nothing is known of what will be read."""
        if number or self._is_numbering:
            self.execute(
                f"create or replace temp macro description_number(value) as {number}" if number else _NUMBERLESS
            )
        self._is_numbering = bool(number)

    def lock_down(self) -> None:
        """From here on the connection sees the warehouse alone."""
        self.execute(
            "set enable_external_access = false; set python_enable_replacements = false; set lock_configuration = true"
        )

    def attach(self, path: Path) -> None:
        """Work in a database file from here on, without a log, under the name it has when it is opened itself: views remember it.

        Analysts' programs of years ago read it, whatever engine wrote it.
        """
        name = identifier(path.stem)
        self.execute(
            f"attach {quote(str(path))} as {name} (storage_version '{_FILE_VERSION}', recovery_mode no_wal_writes); use {name}"
        )
        self.path = path

    def read_through(self) -> None:
        """Look at every value that is stored, so that a block that does not read is found now."""
        for table in self.fetch(
            "select table_name as name from duckdb_tables() where not temporary and database_name = current_database()"
        ):
            self.execute(f"select bit_xor(hash(stored)) from {identifier(table['name'])} stored")

    def checkpoint(self) -> None:
        self.execute("checkpoint")

    def close(self) -> None:
        """Let go of the file and of the connection itself, which an exception's traceback might keep alive."""
        if self._clock:
            self._clock.cancel()
        if hasattr(self, "_connection"):
            self._connection.close()
            del self._connection

    @contextmanager
    def source_rows(self, table: Table) -> Iterator[None]:
        self._parts = []
        if isinstance(table.source, TextSource):
            with open_parts(table.source, table.header_row) as self._parts:
                self._view_text(table, table.source, self._parts)
                yield
        else:
            self._connection.register("delivered_sheet", table.source.rows)
            self.execute(
                f"create or replace temp view source_rows as select {_project(table, None)} from delivered_sheet"
            )
            yield
            self._connection.unregister("delivered_sheet")

    def _list_broken_lines(self, table: Table) -> list[dict[str, Any]]:
        if not self.fetch("select 1 from duckdb_tables() where table_name = 'rejected_cells'"):
            return []
        lines = self.fetch(
            "select s.file_path as path, c.line, min(c.error_type) as error_type, min(c.csv_line) as content from rejected_cells c "
            "join rejected_scans s on s.scan_id = c.scan_id and s.file_id = c.file_id "
            "group by s.file_path, c.line order by s.file_path, c.line"
        )
        self.execute("drop table rejected_cells; drop table rejected_scans")
        before = {
            str(part.path): count_lines(table.source.content, part.start)
            for part in self._parts
            if part.start
            and isinstance(table.source, TextSource)
            and any(row["path"] == str(part.path) for row in lines)
        }
        return [{**row, "line": before.get(row["path"], 0) + row["line"]} for row in lines]

    def _view_text(self, table: Table, source: TextSource, parts: Sequence[Part]) -> None:
        fields = ", ".join(f"'c{i}': 'varchar'" for i in range(source.width))
        paths = ", ".join(quote(str(part.path)) for part in parts)
        buffered = min(_MOST_BUFFERED, max(_LEAST_BUFFERED, source.content.path.stat().st_size // 4))
        self.execute(
            f"""create or replace temp view source_rows as select {_project(table, "c")} from read_csv(
                [{paths}], auto_detect = false, header = false, skip = {parts[0].skip},
                delim = {quote(source.delimiter)}, quote = '"', escape = '"', columns = {{{fields}}},
                encoding = 'utf-8', store_rejects = true, rejects_table = 'rejected_cells', rejects_scan = 'rejected_scans',
                rejects_limit = 0, buffer_size = {buffered})"""
        )


def _name_kind(statement: duckdb.Statement) -> str:
    try:
        return str(statement.type.name)
    except ValueError:  # DuckDB 2.0 has kinds that its own list lacks
        return "OTHER"


def identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise ValueError(f"{name!r} is not the name of a table")
    return name


def _project(table: Table, prefix: str | None) -> str:
    """The canonical columns, from their positions (`prefix` + position) or under their own names; absent ones empty."""

    def source(name: str) -> str:
        if name not in table.columns:
            return f"cast(null as varchar) as {name}"
        if prefix and name in table.header.clocks:
            day, clock = (f"coalesce({prefix}{at}, '')" for at in (table.columns[name], table.header.clocks[name]))
            return f"trim(concat(regexp_replace({day}, '[ T]00:00(:00([.]0+)?)?$', ''), ' ', {clock})) as {name}"
        return f"{prefix}{table.columns[name]} as {name}" if prefix else name

    return ", ".join(source(name) for name in COLUMNS)


def _inline(select: str, parameters: Parameters) -> str:
    """The engine binds no parameters of a view, so numbers and days are written into it."""
    for name, value in parameters.items():
        literal = f"{value:d}" if isinstance(value, int) else quote(str(value))
        select = re.sub(rf"\${name}\b", literal.replace("\\", r"\\"), select)
    return select
