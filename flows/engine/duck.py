"""DuckDB: reads tables, runs the SELECTs of sql/, writes what they give."""

import io
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

from flows.engine.queries import list_queries, load_query
from flows.exports.tables import Table, TextFacts, TextSource
from flows.exports.text import decode_blocks

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = Path(__file__).with_name("schema.sql")
COLUMNS = (
    *("case_no", "item_type", "item_code", "item_name", "department", "department_code", "area_code"),
    *("applied_at", "accepted_at", "due_at", "completed_at", "result", "status", "version_at", "case_kind", "channel"),
)
_VIEWS = ("core/counted_states", "marts/cases", "marts/case_versions", "marts/daily_totals", "marts/delivered_files")
_MACROS = {
    "counts_in_window(start_on, end_on, as_of)": {"start_on": "start_on", "end_on": "end_on", "as_of": "as_of"},
    "year_to_date(end_on)": {
        "start_on": "date_trunc('year', cast(end_on as date))",
        "end_on": "end_on",
        "as_of": "'9999-12-31'",
    },
    "year_to_date_as_of(end_on, as_of)": {
        "start_on": "date_trunc('year', cast(end_on as date))",
        "end_on": "end_on",
        "as_of": "as_of",
    },
}


@contextmanager
def open_engine(
    path: Path | None = None,
    *,
    read_only: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
) -> Iterator["Engine"]:
    """An engine over the warehouse file `path`, or in memory; closed at the end, whatever happens."""
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "preserve_insertion_order": "true",  # row numbers come from the order of insertion
    }
    if threads:
        config["threads"] = threads
    if memory_limit:
        config["memory_limit"] = memory_limit
    engine = Engine(duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config))
    try:
        yield engine
    finally:
        engine.close()


class Engine:
    """One connection. Queries are named by their place in sql/; parameters are bound, never written into the text."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """The result of sql/<query>.sql, a dict for each row."""
        return self._fetch(load_query(query).select, parameters)

    def table(self, name: str) -> list[dict[str, Any]]:
        return self._fetch(f"from {_identifier(name)}", {})

    def frame(self, query: str) -> "pd.DataFrame":
        return self._connection.execute(load_query(query).select).df()

    def create(self, name: str, query: str, **parameters: object) -> Self:
        """Make the temporary table `name` from sql/<query>.sql, in place of an earlier one."""
        self._run(f"create or replace temp table {_identifier(name)} as {load_query(query).select}", parameters)
        return self

    def create_rows(self, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
        """Make the temporary table `name` with the given rows."""
        self._run(f"create or replace temp table {_identifier(name)} ({columns})", {})
        self.insert_rows(name, rows)

    def insert(self, name: str, query: str, **parameters: object) -> None:
        self._run(f"insert into {_identifier(name)} {load_query(query).select}", parameters)

    def insert_rows(self, name: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"insert into {_identifier(name)} values ({marks})", [list(r) for r in rows])

    def update(self, name: str, source: str, *, key: str, only_where_null: str | None = None) -> None:
        """Set the columns that the temporary table `source` has beside `key`, in the rows of `name` with its key."""
        described = self._fetch(f"describe {_identifier(source)}", {})
        columns = [row["column_name"] for row in described if row["column_name"] != key]
        assignments = ", ".join(f"{column} = news.{column}" for column in columns)
        condition = f" and {name}.{_identifier(only_where_null)} is null" if only_where_null else ""
        self._run(
            f"update {_identifier(name)} set {assignments} from {source} news "
            f"where {name}.{_identifier(key)} = news.{key}{condition}",
            {},
        )

    def execute(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        """Run one statement that only the engine can: an update, a delete, a setting."""
        return self._fetch(statement, parameters)

    def create_schema(self) -> None:
        """Make the empty tables, views and macros of a warehouse, each with its comments."""
        self._run(SCHEMA.read_text(encoding="utf-8"), {})
        for table, grain, columns in read_schema():
            self._comment("table", table, grain, columns)
        self.create_functions()
        for name in _VIEWS:
            self._create_view(name)
        for signature, arguments in _MACROS.items():
            select = load_query("marts/counts_in_window").select
            for parameter, expression in arguments.items():
                select = select.replace(f"${parameter}", expression)
            self._run(f"create macro {signature} as table {select}", {})

    def create_functions(self) -> None:
        for name in list_queries("functions"):
            expression = load_query(name).select.removeprefix("select ")
            self._run(f"create or replace temp macro {Path(name).name}(value) as {expression}", {})

    @contextmanager
    def source_rows(self, table: Table) -> Iterator[None]:
        """Make the rows of a delivered table readable, once, as `source_rows`: the canonical columns, all text.

        GB18030 is decoded into a pipe, so that nothing of the file is written anywhere. Rows whose structure cannot
        be read are missing from `source_rows` and listed by `rejected_lines`.
        """
        if isinstance(table.source, TextSource):
            with _plain_text(table.path, table.source.facts) as path:
                self._view_text(table, table.source, path)
                yield
        else:
            self._connection.register("delivered_sheet", table.source.rows)
            self._run(
                f"create or replace temp view source_rows as select {_projection(table, None)} from delivered_sheet", {}
            )
            yield
            self._connection.unregister("delivered_sheet")

    def rejected_lines(self) -> list[dict[str, Any]]:
        """`line` (counted from 1) and `error_type` of what the text read last did not give as rows; asked once."""
        if not self._fetch("select 1 from duckdb_tables() where table_name = 'rejected_cells'", {}):
            return []
        lines = self._fetch(
            "select line, min(error_type) as error_type from rejected_cells group by line order by line", {}
        )
        self._run("drop table rejected_cells; drop table rejected_scans", {})
        return lines

    def close(self) -> None:
        """Let go of the file and of the connection itself, which an exception's traceback might keep alive."""
        if hasattr(self, "_connection"):
            self._connection.close()
            del self._connection

    def checkpoint(self) -> None:
        self._run("checkpoint", {})

    def _view_text(self, table: Table, source: TextSource, path: Path) -> None:
        fields = ", ".join(f"'c{i}': 'varchar'" for i in range(source.width))
        self._run(
            f"""create or replace temp view source_rows as select {_projection(table, "c")} from read_csv(
                {_literal(str(path))}, auto_detect = false, header = false, skip = {table.header_row},
                delim = {_literal(source.delimiter)}, quote = '"', escape = '"', columns = {{{fields}}},
                encoding = 'utf-8', store_rejects = true, rejects_table = 'rejected_cells', rejects_scan = 'rejected_scans',
                rejects_limit = 0)""",
            {},
        )

    def _create_view(self, query: str) -> None:
        found, name = load_query(query), Path(query).name
        self._run(f"create view {name} as {found.select}", {})
        self._comment("view", name, found.header["grain"], {c: t for c, t in found.header.items() if c != "grain"})

    def _comment(self, kind: str, name: str, grain: str, columns: dict[str, str]) -> None:
        self._run(f"comment on {kind} {name} is {_literal(grain)}", {})
        for column, words in columns.items():
            self._run(f"comment on column {name}.{column} is {_literal(words)}", {})

    def _run(self, statement: str, parameters: dict[str, object]) -> None:
        self._connection.execute(statement, parameters or None).fetchall()

    def _fetch(self, statement: str, parameters: dict[str, object]) -> list[dict[str, Any]]:
        cursor = self._connection.execute(statement, parameters or None)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def read_schema() -> list[tuple[str, str, dict[str, str]]]:
    """Each table of schema.sql: its name, its grain, the words of each column."""
    tables = []
    for name, grain, body in re.findall(
        r"create table (\w+) \( *-- Grain: (.*)\n((?: .*\n)+)\);", SCHEMA.read_text(encoding="utf-8")
    ):
        columns = dict(re.findall(r"^ *(\w+) \w+,? *-- (.*)$", body, re.M))
        tables.append((name, grain, columns))
    return tables


def _projection(table: Table, prefix: str | None) -> str:
    """The canonical columns, from their positions (`prefix` + position) or under their own names; absent ones empty."""

    def source(name: str) -> str:
        if name not in table.columns:
            return f"cast(null as varchar) as {name}"
        return f"{prefix}{table.columns[name]} as {name}" if prefix else name

    return ", ".join(source(name) for name in COLUMNS)


@contextmanager
def _plain_text(path: Path, facts: TextFacts) -> Iterator[Path]:
    """A path that gives the text in UTF-8 with one kind of line end: the file itself, or a pipe that a thread fills."""
    if facts.encoding == "utf-8" and not facts.has_mixed_line_ends:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
        pipe = Path(folder) / "pipe"
        os.mkfifo(pipe)
        feeder = threading.Thread(target=_feed, args=(path, facts.encoding, pipe), daemon=True)
        feeder.start()
        yield pipe
        feeder.join()


def _feed(path: Path, encoding: str, pipe: Path) -> None:
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    with pipe.open("wb") as sink:
        try:
            for text in decode_blocks(path, encoding):
                sink.write(ends.decode(text).encode())
        except BrokenPipeError:  # the reader stopped early and tells why itself
            return


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z_]+", name):
        raise ValueError(f"{name!r} is no table name")
    return name
