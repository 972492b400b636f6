"""Delimited text. Every byte is decoded strictly to find the encoding; the header decides the delimiter."""

import codecs
import csv
import io
import struct
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from flows.domain.profile import Profile
from flows.domain.text import BadInput, Text
from flows.sources.archive import Content
from flows.sources.header import HEADER_ROWS, count_matches, find_header
from flows.sources.table import ArrowSource, Table, TextFacts, TextSource

_BEGINNING = 1 << 18  # bytes searched for the header
_ENDING = 2000  # bytes searched for a notice of truncation
_DELIMITERS = (",", "\t", ";", "|")
_SUFFIXES = (".csv", ".txt", ".tsv")
_LARGE_BYTES = 1 << 24  # larger texts are worth a second thread, and a sample
_SAMPLES = 64  # places of a large text to sample
_SAMPLED_BYTES = 1 << 23  # in total, at most
_SAMPLED_SHARE = 1 / 200
_looked_at: dict[tuple[Path, int, int], "Future[TextFacts]"] = {}
_looker = ThreadPoolExecutor(1)


def read_tables(content: Content, profile: Profile) -> list[Table]:
    """The table of a text.

    Raises:
        BadInput: an unknown encoding, NUL bytes, or no header.
    """
    facts = examine(content)
    sample = decode_start(content, facts.encoding)
    delimiter, rows = max(
        ((mark, _split(sample, mark)) for mark in _DELIMITERS),
        key=lambda found: max((count_matches(row, profile) for row in found[1]), default=0),
    )
    try:
        header = find_header(content.place, rows, profile)
    except BadInput:
        verify(content, facts)  # report an undecodable file as such, not as one without a header
        raise
    width = max(i for i, cell in enumerate(header.cells, 1) if cell)  # a trailing comma in the header is not a field
    source = TextSource(content, facts, delimiter, width)
    is_truncated = profile.says_truncated(facts.ending)
    return [Table(content.path, content.member, facts.encoding, header, False, is_truncated, source)]


def sample_rows(table: Table) -> Table | None:
    """Some rows from all over a large text, in memory; unreadable ones are left out. None for small or archived texts.

    Only for guessing frequent values, never for counting.
    """
    source = table.source
    if not isinstance(source, TextSource) or source.content.member or source.facts.encoding == "utf-16":
        return None
    size = source.content.path.stat().st_size
    if size < _LARGE_BYTES:
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


def look_ahead(path: Path) -> None:
    """Begin to examine a large text in a second thread, while the caller does something else, such as hashing it."""
    state = _describe_state(path)
    if path.suffix.lower() in _SUFFIXES and path.stat().st_size >= _LARGE_BYTES and state not in _looked_at:
        _looked_at[state] = _looker.submit(_examine, Content(path, "", lambda: path.open("rb")))


def examine(content: Content) -> TextFacts:
    """The facts of a text: the result of `look_ahead`, or examined now.

    Raises:
        BadInput: NUL bytes, or invalid UTF-16.
    """
    begun = None if content.member else _looked_at.pop(_describe_state(content.path), None)
    return begun.result() if begun else _examine(content)


def _describe_state(path: Path) -> tuple[Path, int, int]:
    facts = path.stat()
    return path, facts.st_size, facts.st_mtime_ns


def _examine(content: Content) -> TextFacts:
    """Read every byte once: utf-16 if it has the mark, utf-8 if all of it is valid, else gb18030.

    GB18030 is decoded strictly only when it is read (`decode_blocks`), since decoding takes as long as all the rest. Line
    ends, quotes and NUL are the same bytes in both encodings, and never part of a character.
    """
    is_utf16 = content.start(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    done, crlf, lf, cr = 0, 0, 0, 0
    last, rest, ending = b"", b"", b""
    is_utf8 = True
    for block in decode_blocks(content, "utf-16") if is_utf16 else content.blocks():
        if (position := block.find(b"\0")) >= 0:
            _refuse_nul(content.place, done + position)
        ends = _count_line_ends(block)
        lf, cr, crlf = lf + ends[0], cr + ends[1], crlf + ends[2]
        crlf += last == b"\r" and block.startswith(b"\n")
        if is_utf8 and not is_utf16:
            first, end = block.find(b"\n") + 1, block.rfind(b"\n") + 1  # a line end never splits a character
            is_utf8 = not end or (_is_utf8(rest + block[:first]) and _is_utf8(memoryview(block)[first:end]))
            rest = block[end:] if end else rest + block
        done += len(block)
        last = block[-1:]
        ending = (ending + block[-_ENDING:])[-_ENDING:]
    is_utf8 = is_utf8 and _is_utf8(rest)
    encoding = "utf-16" if is_utf16 else "utf-8" if is_utf8 else "gb18030"
    lines = lf + cr - crlf + (last not in (b"\n", b"\r"))
    whole = ending if done <= _ENDING else ending.partition(b"\n")[2]
    shown = whole.decode("gb18030" if encoding == "gb18030" else "utf-8", errors="replace")
    return TextFacts(encoding, cr > crlf or 0 < crlf < lf, lines, shown)


def verify(content: Content, facts: TextFacts) -> None:
    """Decode strictly what `examine` has not decoded.

    Raises:
        BadInput: an invalid byte.
    """
    if facts.encoding == "gb18030":
        for _ in decode_blocks(content, facts.encoding):
            pass


def _count_line_ends(block: bytes) -> tuple[int, int, int]:
    """Line feeds, returns, and returns before a line feed. Three times as fast as bytes.count, and releases the GIL."""
    import numpy as np

    marks = np.frombuffer(block, dtype=np.uint8)
    feeds = int(np.count_nonzero(marks == ord("\n")))
    if b"\r" not in block:
        return feeds, 0, 0
    returns = np.flatnonzero(marks == ord("\r"))
    followed = returns[: -1 if block.endswith(b"\r") else None] + 1
    return feeds, len(returns), int(np.count_nonzero(marks[followed] == ord("\n")))


def _is_utf8(text: bytes | memoryview) -> bool:
    """Strict: no surrogates, no overlong forms. Arrow validates three gigabytes a second."""
    import pyarrow as pa

    places = pa.py_buffer(struct.pack("<qq", 0, len(text)))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, places, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def find_blank_lines(source: TextSource) -> Iterator[int]:
    """The numbers, from 1, of empty lines; a line end within quotes does not end a line."""
    content = source.content
    raw = decode_blocks(content, "utf-16") if source.facts.encoding == "utf-16" else content.blocks()
    line, is_empty, is_quoted = 1, True, False
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
                    yield line
                line, is_empty = line + 1, True
            is_empty = is_empty and not begun


def decode_start(content: Content, encoding: str) -> str:
    """The first quarter of a megabyte, without a character that is cut at its end."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return codecs.getincrementaldecoder(name)("replace").decode(content.start(_BEGINNING))


def decode_blocks(content: Content, encoding: str) -> Iterator[bytes]:
    """A text as UTF-8 blocks, strictly decoded, without a byte order mark.

    Raises:
        BadInput: an invalid byte (the message gives its position), or a NUL character.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("strict")
    done = 0
    for block in _with_end(content.blocks()):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            refuse_encoding(content, encoding, done - pending + error.start)
        if "\0" in text:
            _refuse_nul(content.place, done)
        yield text.encode()
        done += len(block)


def unify_line_ends(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same text with a line feed at every line end."""
    held = b""
    for block in blocks:
        text = held + block
        held = b"\r" if text.endswith(b"\r") else b""
        yield text.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if held:
        yield b"\n"


def _with_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield from blocks
    yield b""


def _split(sample: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == HEADER_ROWS:
                break
    except csv.Error:  # a field above the limit of the csv module: use the rows read so far
        pass
    return rows


def refuse_encoding(content: Content, encoding: str, position: int) -> NoReturn:
    """Raise BadInput with the position of the first invalid byte in each encoding."""
    failure = _say_failure(encoding, position)
    if encoding == "gb18030":
        before = _say_failure("utf-8", _find_failure(content))
        failure = Text("{failure}, {other_failure}", failure=before, other_failure=failure)
    raise BadInput(
        "{place}: the encoding is unknown ({failure}). The file may be damaged or mix encodings: export it again as UTF-8.",
        place=content.place,
        failure=failure,
    ) from None


def _say_failure(encoding: str, position: int) -> Text:
    return Text("{encoding} fails at byte {position}", encoding=encoding, position=position)


def _find_failure(content: Content) -> int:
    """The position of the first byte that is not UTF-8."""
    decoder, done = codecs.getincrementaldecoder("utf-8")("strict"), 0
    for block in _with_end(content.blocks()):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return done - pending + error.start
        done += len(block)
    return done


def _refuse_nul(place: str, position: int) -> None:
    raise BadInput(
        "{place}: a NUL byte at position {position}: this is not an intact text file. Export it again.",
        place=place,
        position=position,
    )
