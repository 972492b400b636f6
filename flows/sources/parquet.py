"""Parquet: its column names are the header; its values become text as in other exports."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.domain.profile import Profile
from flows.domain.text import BadInput
from flows.sources.content import Content
from flows.sources.header import find_header
from flows.sources.sheets import join_clocks
from flows.sources.table import ArrowSource, Table

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

_TOP_ROWS = 200  # looked at for columns that hold a time of day


def read_tables(content: Content, profile: Profile) -> list[Table]:
    """The table of a Parquet file; its rows count from 1, since the header takes no row.

    Raises:
        BadInput: damaged, no header of the profile, or a column of nested values.
    """
    import pyarrow as pa

    with open_parquet(content) as file:
        names = file.schema_arrow.names
        found = find_header(content.place, [names, *_read_top(content, file, names, profile)], profile)
        header = replace(found, row=0, height=0)
        used = sorted({*found.columns.values(), *found.clocks.values()})
        rows = file.read(columns=[found.cells[i] for i in used])
        rows.validate(full=True)
    empty = pa.nulls(rows.num_rows, pa.string())
    texts = [
        _to_text(content, name, rows.column(name), profile) if i in used else empty for i, name in enumerate(names)
    ]
    source = ArrowSource(join_clocks(pa.table(texts, [f"c{i}" for i in range(len(names))]), header))
    return [Table(content.path, content.member, "parquet", header, False, False, source)]


@contextmanager
def open_parquet(content: Content) -> Iterator["parquet.ParquetFile"]:
    """A Parquet file to be read from.

    Raises:
        BadInput: damaged, as far as it is read.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        yield parquet.ParquetFile(io.BytesIO(content.read()) if content.is_in_memory else content.path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BadInput(
            "{place}: this Parquet file is incomplete or damaged ({reason}). Export it again.",
            place=content.place,
            reason=str(error).splitlines()[0],
        ) from None


def _read_top(
    content: Content, file: "parquet.ParquetFile", names: list[str], profile: Profile
) -> list[list[str | None]]:
    """The first rows of the columns that the header alone does not tell apart, the other cells empty.

    These are columns of one meaning (one may hold the day, another the time of day), and those that count beside unknown ones.
    """
    import pyarrow as pa

    meanings = [profile.canonical(name) for name in names]
    plain = [pa.types.is_string(kind) or pa.types.is_temporal(kind) for kind in file.schema_arrow.types]
    rivals = [
        name
        for name, meaning, is_plain in zip(names, meanings, plain, strict=True)
        if (meaning and (meanings.count(meaning) > 1 or meaning.endswith("_at")))
        or (is_plain and not meaning and not profile.is_personal(name) and not profile.is_ignored(name))
    ]
    batch = next(file.iter_batches(batch_size=_TOP_ROWS, columns=rivals), None) if rivals else None
    if batch is None:
        return []
    texts = {
        name: _to_text(content, name, pa.chunked_array([batch.column(name)]), profile).to_pylist()
        for name in batch.schema.names
    }
    return [[texts[name][i] if name in texts else None for name in names] for i in range(batch.num_rows)]


def _to_text(content: Content, name: str, column: "pa.ChunkedArray", profile: Profile) -> "pa.ChunkedArray":
    """Values as a text export would write them: times of the source's zone, whole numbers without a point."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if pa.types.is_timestamp(column.type):
            if column.type.tz:
                column = pc.local_timestamp(column.cast(pa.timestamp("us", tz=profile.time_zone)))
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
