"""What a delivered file was recognised as: its form, its header, what its columns mean."""

from collections.abc import Mapping
from dataclasses import dataclass


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
class FileTakenFor:
    """The case tables of a file, and the names of what was passed over: covers, notes, other members."""

    tables: tuple[TableTakenFor, ...]
    passed_over: tuple[str, ...]
