"""A table found in an export: what it is called, where its rows begin, what its columns mean."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.exports.contents import Content

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class TextFacts:
    """What a look at the whole text has told; `lines` counts them all, `ending` is what the last ones say."""

    encoding: str
    has_mixed_line_ends: bool
    lines: int
    ending: str


@dataclass(frozen=True)
class TextSource:
    """Delimited text, read by the engine. `width` is the number of fields of the header."""

    content: Content
    facts: TextFacts
    delimiter: str
    width: int


@dataclass(frozen=True)
class ArrowSource:
    """Rows in memory as all-text Arrow: allow-listed columns under canonical names; row i is row header_row + 1 + i."""

    rows: "pa.Table"


@dataclass(frozen=True)
class Header:
    """A header found by matching the profile: its last row, counted from 1, and how many rows it takes (1 or 2)."""

    row: int
    height: int
    cells: tuple[str, ...]
    columns: dict[str, int]
    personal: frozenset[int]

    @property
    def personal_columns(self) -> int:
        return len(self.personal)

    @property
    def other_columns(self) -> int:
        known = {*self.columns.values(), *self.personal}
        return sum(1 for i, cell in enumerate(self.cells) if cell and i not in known)


@dataclass(frozen=True)
class Table:
    """One case table. `sheet` is its worksheet or its place in an archive, '' for a plain text file."""

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
        """Whether its rows speak of acceptance; one that does not leaves acceptance as it was (DESIGN.md §4)."""
        return "accepted_at" in self.columns

    @property
    def has_completion(self) -> bool:
        return "completed_at" in self.columns

    @property
    def has_outcome(self) -> bool:
        return bool(self.columns.keys() & {"result", "status"})
