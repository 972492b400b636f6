"""What an engine can do, and where a warehouse lies: all that jobs and rooms may ask of a database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from flows.domain.text import BadInput, CommandLine
from flows.sources.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    GivenRows: TypeAlias = Sequence[Sequence[object]] | pa.Table


class DamagedWarehouse(BadInput):
    """The warehouse cannot be opened, or a part of it cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "{path} is damaged, or no warehouse of this program. Build it anew from data/raw: {command}",
            path=path,
            command=CommandLine("rebuild"),
        )


class Rows(Protocol):
    """The answer to a question. It may be taken once, in one of these forms."""

    @property
    def columns(self) -> list[str]: ...

    def dicts(self) -> list[dict[str, Any]]: ...

    def stream(self) -> Iterator[dict[str, Any]]:
        """As `dicts`, some thousands at a time; nothing else may be asked in between."""

    def tuples(self) -> Iterator[tuple[Any, ...]]:
        """As `stream`, without names: two columns may share one."""

    def frame(self) -> "pd.DataFrame": ...

    def arrow(self) -> "pa.Table":
        """Each column of its own type, even where there is no row."""

    def batches(self) -> "Iterator[pa.RecordBatch]":
        """As `stream`, in Arrow."""


class Engine(Protocol):
    """One connection to one warehouse, or to none but its own temporary relations.

    Queries are named by their place in sql/; parameters are bound, never written into the text.
    """

    def run(self, step: str, *, into: str = "", **parameters: Any) -> None:
        """Do with the SELECT of sql/<step>.sql what its header says becomes of it; `into` names a table or view otherwise."""

    def put(self, name: str, rows: "GivenRows", *, columns: str = "", like: str = "", number: str = "") -> None:
        """Rows from Python, in place of what stood in a table.

        With `columns` (names and types), with those of another table that it is `like`, or as Arrow, it is a temporary table; else
        one of the warehouse. With `number`, rows that steps add later are numbered from 0 in a column of that name.
        """

    def read(self, query: str, **parameters: Any) -> Rows:
        """The rows of sql/<query>.sql; a name without a folder is that of a table or view."""

    def deliver(self, table: Table, step: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a step that reads `source_rows`: the rows of a delivered table, in their order, canonical columns, all text.

        Returns the lines whose structure cannot be read, which gave no row: `line` (from 1), `error_type`, `content`.
        """

    def ask(self, statement: str, *, seconds: float = 0, parameters: Mapping[str, Any] | None = None) -> Rows:
        """Answer a statement that somebody wrote: one that reads, and only one. `seconds` are for all of the answer; 0: any.

        `parameters`: a value for each `$name` in it.

        Raises:
            WrongUsage: it is none, several, or one that does more than read.
            BadInput: it cannot be answered.
            TookTooLong: it goes on; also while rows are taken.
        """

    def export(self, query: str, files: Mapping[Path, Mapping[str, Any]]) -> None:
        """Write the rows of a query as Parquet: into each file those that its parameters ask for."""


class Storage(Protocol):
    """Where a warehouse lies. Readers keep what they opened; there is one writer at a time."""

    def open(self, *, is_locked_down: bool = False) -> AbstractContextManager[Engine]:
        """The warehouse as it is now, to be read only; locked down, it reaches no other file, no network, no setting.

        Raises:
            DamagedWarehouse: there is no warehouse of this program, or it is damaged; also while it is read.
            Locked: another program holds it open for writing.
        """

    def copy(self, folder: Path, *, is_empty: bool) -> AbstractContextManager[Engine]:
        """A working copy in a folder, or an empty warehouse there; invisible to readers, lost with the folder.

        Raises:
            BadInput: what it is asked for needs more memory, or more disk, than there is.
            DamagedWarehouse: what was copied cannot be read.
        """

    def swap_in(self, copy: Engine, sync: Callable[[Path], None]) -> AbstractContextManager[str]:
        """Make a working copy the warehouse: closed, read back, read-only, on the disk; renamed at the end of the block.

        `sync` brings a file, or the names in a folder, to the disk.
        Yields the digest that the warehouse will have. An exception in the block leaves the warehouse as it was.
        """

    def digest(self) -> str:
        """What no program can change in the warehouse without leaving another digest; it costs no more than a look."""
