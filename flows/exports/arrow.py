"""Tables that are in memory as all-text Arrow: worksheets, HTML, Parquet."""

from pathlib import Path
from typing import TYPE_CHECKING

from flows.exports.headers import HEADER_ROWS, find_header
from flows.exports.tables import ArrowSource, Header, Table
from flows.profiles import Profile

if TYPE_CHECKING:
    import pyarrow as pa

_LAST_ROWS = 5  # in which a notice of truncation is looked for


def read_top(rows: "pa.Table") -> list[list[str | None]]:
    """The first rows as lists, in which a header is looked for."""
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
    """A table of its allow-listed columns only; its header is looked for where none is given.

    Raises:
        BadInput: no header, two columns of one meaning, or a mandatory column missing.
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
    """With empty columns at its end, where a sheet has less than its header."""
    import pyarrow as pa

    for i in range(rows.num_columns, width):
        rows = rows.append_column(f"empty {i}", pa.nulls(rows.num_rows, pa.string()))
    return rows
