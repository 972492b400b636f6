"""What a delivered file was recognised as: its form, its header, what its columns mean, and what the reader was not sure of."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.domain.text import Text


@dataclass(frozen=True)
class Doubt:
    """One thing that the reader was not sure of. `kind` names it for programs, `taken_for` says what it was taken for.

    `row` counts from 1, 0 for a whole table; `rows` are those concerned. What `is_loss` holds rows that were not read.
    """

    kind: str
    taken_for: Text
    sheet: str = ""
    row: int = 0
    column: str = ""
    rows: int = 0
    is_loss: bool = False


@dataclass(frozen=True)
class TableTakenFor:
    """One case table of a file. `columns` maps canonical names to headers; other columns are counted and dropped.

    `header_row` counts from 1; `header_height` is 0 if the names take no row, as in Parquet.
    """

    sheet: str
    form: str
    is_hidden: bool
    has_acceptance: bool
    has_completion: bool
    header_row: int
    header_height: int
    columns: Mapping[str, str]
    personal_columns: int
    other_columns: int


@dataclass(frozen=True)
class PassedOver:
    """A sheet, a table or a member of an archive that was not read. `holds_rows`: what looks like cases stands in it."""

    name: str
    holds_rows: bool


@dataclass(frozen=True)
class FileTakenFor:
    """The case tables of a file, what was passed over, and what the reader was not sure of."""

    tables: tuple[TableTakenFor, ...]
    passed_over: tuple[PassedOver, ...]
    doubts: tuple[Doubt, ...] = ()
