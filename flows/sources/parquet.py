"""Parquet: its column names are the header; its values become text as in other exports."""

import io
from typing import TYPE_CHECKING

from flows.domain.profile import Profile
from flows.domain.text import BadInput
from flows.sources.archive import Content
from flows.sources.header import Header, find_header
from flows.sources.table import ArrowSource, Table

if TYPE_CHECKING:
    import pyarrow as pa


def read_tables(content: Content, profile: Profile) -> list[Table]:
    """The table of a Parquet file; its rows count from 1, since the header takes no row.

    Raises:
        BadInput: damaged, no header of the profile, or a column of nested values.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(content.read()) if content.member else content.path)
        found = find_header(content.place, [file.schema_arrow.names], profile)
        header = Header(0, 0, found.cells, found.columns, found.personal)
        rows = file.read(columns=[found.cells[i] for i in found.columns.values()])
    except (pa.ArrowInvalid, OSError) as error:
        raise BadInput(
            "{place}: this Parquet file is incomplete or damaged ({reason}). Export it again.",
            place=content.place,
            reason=str(error).splitlines()[0],
        ) from None
    texts = {name: _to_text(content, name, rows.column(found.cells[i])) for name, i in found.columns.items()}
    return [Table(content.path, content.member, "parquet", header, False, False, ArrowSource(pa.table(texts)))]


def _to_text(content: Content, name: str, column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Values as a text export would write them: local times, whole numbers without a point."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if pa.types.is_timestamp(column.type):
            if column.type.tz:
                column = pc.local_timestamp(column.cast(pa.timestamp("us", tz="Asia/Shanghai")))
            return column.cast(pa.timestamp("us")).cast(pa.string())
        text = column.cast(pa.string())
        return pc.replace_substring_regex(text, "[.]0$", "") if pa.types.is_floating(column.type) else text
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        raise BadInput(
            "{place}: the column {name} is of type {type}, neither text, number nor time. Export it again as text.",
            place=content.place,
            name=name,
            type=column.type,
        ) from None
