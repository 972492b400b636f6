"""Delimited text: the header decides the delimiter. The engine reads it as it lies, unless something in it is odd (see lines)."""

import codecs
import csv
import io
import re
from contextlib import suppress
from dataclasses import replace
from typing import NoReturn

from flows.domain.profile import Profile
from flows.domain.text import BadInput
from flows.sources.content import Content
from flows.sources.encoding import (
    BEGINNING_BYTES,
    LARGE_BYTES,
    decode_blocks,
    decode_start,
    examine,
    unify_line_ends,
    verify,
)
from flows.sources.header import HEADER_ROWS, MOST_COLUMNS, count_matches, find_header
from flows.sources.header_faults import NoHeader
from flows.sources.lines import read_lines
from flows.sources.records import Dialect, parse_strictly, split_top
from flows.sources.sheets import doubt_rows_above
from flows.sources.table import ArrowSource, Table, TextSource

_DELIMITERS = (",", "\t", ";", "|", "\x01")
_RULER = r" *[-=]{2,}( +[-=]+)+ *"
_TOP_ROWS = 200  # looked at for the header
_SAMPLES = 64  # places of a large text to sample
_SAMPLED_BYTES = 1 << 23  # in total, at most
_SAMPLED_SHARE = 1 / 200


def read_tables(content: Content, profile: Profile) -> list[Table]:
    """The table of a text, to be read by the engine; the tables, if it has to be read line by line.

    Raises:
        BadInput: an unknown encoding, NUL bytes, or no header.
    """
    facts = examine(content)
    start, is_cut = decode_start(content, facts.encoding)
    lines = start.splitlines()
    sample = lines[: -1 if is_cut else None][:_TOP_ROWS]
    dialect = _choose_dialect(sample, profile)
    if facts.is_damaged or dialect.is_wrapped or dialect.ruler:
        return read_lines(content, facts, dialect, profile)
    try:
        top = split_top(sample, dialect)
        header = find_header(content.place, top, profile)
    except BadInput as error:
        verify(content, facts)  # report an undecodable file as such, not as one without a header
        if isinstance(error, NoHeader) and is_cut and len(sample) < HEADER_ROWS:
            _refuse_long_line(content.place, len(sample) + 1)
        raise
    source = TextSource(content, facts, dialect.delimiter, header.width)
    is_truncated = profile.says_truncated(facts.ending)
    doubts = tuple(doubt_rows_above(content.member, top, header))
    return [Table(content.path, content.member, facts.encoding, header, False, is_truncated, source, doubts)]


def _refuse_long_line(place: str, line: int) -> NoReturn:
    raise BadInput(
        "{place}: line {line}, where the header should be, is longer than {kibibytes} KiB: this is no table with a line for each case. "
        "Export it again.",
        place=place,
        line=line,
        kibibytes=BEGINNING_BYTES >> 10,
    )


def read_closely(table: Table, profile: Profile) -> list[Table]:
    """A text of which the engine cannot make out every line, read line by line.

    Raises: see read_lines.
    """
    source = table.source
    assert isinstance(source, TextSource)
    return read_lines(source.content, source.facts, Dialect(source.delimiter), profile)


def _choose_dialect(lines: list[str], profile: Profile) -> Dialect:
    """What makes the most headers of the first lines."""

    def rate(dialect: Dialect) -> int:
        rows = split_top([dialect.unwrap(line) for line in lines[:HEADER_ROWS]], dialect)
        return max((count_matches(row[:MOST_COLUMNS], profile) for row in rows), default=0)

    dialects = [Dialect(mark) for mark in _DELIMITERS]
    if (best := max((rate(dialect), -i) for i, dialect in enumerate(dialects))) and best[0] >= 2:
        return dialects[-best[1]]
    odd = [Dialect(mark, is_wrapped=True) for mark in _DELIMITERS] if _are_wrapped(lines) else []
    if ruler := next((line for line in lines[:HEADER_ROWS] if re.fullmatch(_RULER, line)), ""):
        runs = [found.start() for found in re.finditer("[-=]+", ruler)]
        columns = tuple(zip(runs, [*runs[1:], 1 << 20], strict=True))
        odd += [Dialect(ruler=columns), Dialect(ruler=columns, is_wide=True)]
    return max(odd, key=rate, default=dialects[0])


def _are_wrapped(lines: list[str]) -> bool:
    """Whether each line is one quoted field."""
    cells = [parse_strictly(line, ",") for line in lines if line.strip()]
    return bool(cells) and all(cell is not None and len(cell) == 1 for cell in cells)


def sample_rows(table: Table) -> Table | None:
    """Some rows from all over a large text, in memory; unreadable ones are left out. None for small or archived texts.

    Only for guessing frequent values, never for counting.
    """
    source = table.source
    if not isinstance(source, TextSource) or source.content.member or source.facts.encoding.startswith("utf-16"):
        return None
    size = source.content.path.stat().st_size
    if size < LARGE_BYTES:
        return None
    import pyarrow as pa

    length = int(min(_SAMPLED_BYTES, size * _SAMPLED_SHARE)) // _SAMPLES
    rows: list[list[str]] = []
    with source.content.open() as stream:
        for i in range(_SAMPLES):
            stream.seek(size * i // _SAMPLES)
            lines = stream.read(length).partition(b"\n")[2].rpartition(b"\n")[0]  # a line end never splits a character
            text = io.StringIO(lines.decode(source.facts.encoding, "replace"), newline="")
            with suppress(csv.Error):
                rows += (row for row in csv.reader(text, delimiter=source.delimiter) if len(row) >= source.width)
    columns = {name: pa.array([row[i] for row in rows], pa.string()) for name, i in table.columns.items()}
    return replace(table, source=ArrowSource(pa.table(columns)))


def has_suspicious_quotes(source: TextSource) -> bool:
    """Whether a quoted field that spans lines may have swallowed a row: it holds separators, or a line of it begins with a long number."""
    content, delimiter = source.content, source.delimiter.encode()
    is_utf16 = source.facts.encoding.startswith("utf-16")
    raw = decode_blocks(content, source.facts.encoding) if is_utf16 else content.blocks()
    is_quoted, held = False, b""
    for block in raw:
        for i, part in enumerate(block.split(b'"')):
            if i:
                if is_quoted and _swallows(held, delimiter, source.width):
                    return True
                is_quoted, held = not is_quoted, b""
            if is_quoted:
                held += part
                if len(held) > LARGE_BYTES:
                    return True
    return is_quoted and bool(held)


def _swallows(field: bytes, delimiter: bytes, width: int) -> bool:
    if b"\n" not in field and b"\r" not in field:
        return False
    starts = re.split(rb"[\r\n]+", field)[1:]
    return field.count(delimiter) >= width - 1 or any(re.match(rb"\W*\w*[0-9]{5}", start) for start in starts)


def count_records(source: TextSource) -> tuple[int, list[int]]:
    """The lines of a text, and the numbers, from 1, of empty ones; a line end within quotes does not end a line."""
    content = source.content
    is_utf16 = source.facts.encoding.startswith("utf-16")
    raw = decode_blocks(content, source.facts.encoding) if is_utf16 else content.blocks()
    line, blank, is_empty, is_quoted = 1, [], True, False
    for number, block in enumerate(unify_line_ends(raw)):
        text = block if number else block.removeprefix(codecs.BOM_UTF8)
        for i, part in enumerate(text.split(b'"')):
            if i:
                is_quoted, is_empty = not is_quoted, False
            if is_quoted:
                continue
            *ended, begun = part.split(b"\n")
            for row in ended:
                if is_empty and not row:
                    blank.append(line)
                line, is_empty = line + 1, True
            is_empty = is_empty and not begun
    return line - is_empty, blank
