"""A case table in an export: its name, its first row, its columns, the lines of it that gave no row."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.domain.taken_for import Doubt
from flows.sources.content import Content
from flows.sources.header import Header

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class TextFacts:
    """Facts about a whole text: `lines` is their number, `ending` the text of the last ones.

    `ends_with_line`: it does not stop in the middle of one. `is_damaged`: some bytes belong to no character of the encoding
    that all the others are written in.
    """

    encoding: str
    has_mixed_line_ends: bool
    lines: int
    ending: str
    ends_with_line: bool = True
    is_damaged: bool = False


@dataclass(frozen=True)
class TextSource:
    """Delimited text, to be read by the engine. `width` is the number of fields of the header."""

    content: Content
    facts: TextFacts
    delimiter: str
    width: int


@dataclass(frozen=True)
class SkippedLine:
    """A line that gave no row, counted from 1. `flaw`: what is wrong with it; '' of a blank line, `around` of one that is no case.

    `evidence` is what may be shown of a flaw, never a cell; `case_no` the number of its case, where that is certain.
    """

    line: int
    flaw: str
    evidence: str = ""
    case_no: str = ""


@dataclass(frozen=True)
class ArrowSource:
    """Rows in memory as Arrow text: allow-listed columns under canonical names, where `skipped` lines are no rows."""

    rows: "pa.Table"
    skipped: tuple[SkippedLine, ...] = ()


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
    doubts: tuple[Doubt, ...] = ()

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
