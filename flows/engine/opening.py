"""Which engine a warehouse has. Another one is a folder beside duckdb/ and a line here."""

from contextlib import AbstractContextManager
from pathlib import Path

from flows.engine.duckdb.storage import FileStorage, open_in_memory
from flows.engine.protocols import Engine, Storage


def find_storage(path: Path, *, threads: int | None = None, memory_limit: str | None = None) -> Storage:
    """Of the warehouse at `path`."""
    return FileStorage(path, threads, memory_limit)


def open_engine(*, threads: int | None = None, has_schema: bool = False) -> AbstractContextManager[Engine]:
    """An engine without a file, with the empty tables of a warehouse or with none."""
    return open_in_memory(threads, has_schema=has_schema)
