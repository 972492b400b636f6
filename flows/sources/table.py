"""A case table in an export: its name, its first row, its columns."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.domain.profile import Profile
from flows.sources.archive import Content
from flows.sources.header import HEADER_ROWS, Header, find_header

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class TextFacts:
    """Facts about a whole text: `lines` is their number, `ending` the text of the last ones."""

    encoding: str
    has_mixed_line_ends: bool
    lines: int
    ending: str


@dataclass(frozen=True)
class TextSource:
    """Delimited text, to be read by the engine. `width` is the number of fields of the header."""

    content: Content
    facts: TextFacts
    delimiter: str
    width: int


@dataclass(frozen=True)
class ArrowSource:
    """Rows in memory as Arrow text: allow-listed columns under canonical names; row i is row header_row + 1 + i."""

    rows: "pa.Table"


@dataclass(frozen=True)
class Table:
    """One case table. `sheet` is its worksheet or its path in an archive, '' for a plain text file."""

    path: Path
    sheet: str
    form: str
    header: Header
    is_hidden: bool
    is_truncated: bool
    source: TextSource | ArrowSource

    @property
    def place(self) -> str:
        return f"{self.path}［{self.sheet}］" if self.sheet else str(self.path)

    @property
    def columns(self) -> dict[str, int]:
        """Canonical names → positions from 0."""
        return self.header.columns

    @property
    def header_row(self) -> int:
        return self.header.row

    @property
    def has_acceptance(self) -> bool:
        """Whether its rows hold acceptances; a table without them does not change acceptances (docs/architecture.md §4)."""
        return "accepted_at" in self.columns

    @property
    def has_completion(self) -> bool:
        return "completed_at" in self.columns

    @property
    def has_outcome(self) -> bool:
        return bool(self.columns.keys() & {"result", "status"})


_LAST_ROWS = 5  # searched for a notice of truncation


def read_top(rows: "pa.Table") -> list[list[str | None]]:
    """The first rows as lists, to be searched for the header."""
    return [[column[i].as_py() for column in rows.columns] for i in range(min(HEADER_ROWS, rows.num_rows))]


def find_table(
    path: Path,
    sheet: str,
    form: str,
    rows: "pa.Table",
    profile: Profile,
    *,
    header: Header | None = None,
    is_hidden: bool = False,
) -> Table:
    """A table of its allow-listed columns only; its header is searched for if none is given.

    Raises:
        BadInput: no header, two columns of the same meaning, or a mandatory column is missing.
    """
    header = header or find_header(f"{path}［{sheet}］" if sheet else str(path), read_top(rows), profile)
    kept = (
        _widen(rows, max(header.columns.values()) + 1)
        .select(list(header.columns.values()))
        .rename_columns(list(header.columns))
        .slice(header.row)
    )
    is_truncated = profile.says_truncated(str(rows.slice(max(header.row, rows.num_rows - _LAST_ROWS)).to_pylist()))
    return Table(path, sheet, form, header, is_hidden, is_truncated, ArrowSource(kept))


def _widen(rows: "pa.Table", width: int) -> "pa.Table":
    """Add empty columns at the end, if a sheet has fewer than its header."""
    import pyarrow as pa

    for i in range(rows.num_columns, width):
        rows = rows.append_column(f"empty {i}", pa.nulls(rows.num_rows, pa.string()))
    return rows
