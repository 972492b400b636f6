"""Delimited text. Every byte is decoded strictly to find the encoding; the header decides the delimiter."""

import codecs
import csv
import io
import re
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
from flows.sources.lines import Dialect, parse_strictly, read_lines, split_top
from flows.sources.table import ArrowSource, Table, TextFacts, TextSource

_BEGINNING = 1 << 18  # bytes searched for the header
_ENDING = 2000  # bytes searched for a notice of truncation
_DELIMITERS = (",", "\t", ";", "|", "\x01")
_RULER = r" *[-=]{2,}( +[-=]+)+ *"
_TOP_ROWS = 200  # looked at for the header
_WINDOW_BYTES = 1 << 15  # around a byte that is no UTF-8, from which is told what the text is
_SUFFIXES = (".csv", ".txt", ".tsv")
_LARGE_BYTES = 1 << 24  # larger texts are worth a second thread, and a sample
_SAMPLES = 64  # places of a large text to sample
_SAMPLED_BYTES = 1 << 23  # in total, at most
_SAMPLED_SHARE = 1 / 200
_looked_at: dict[tuple[Path, int, int], "Future[TextFacts]"] = {}
_looker = ThreadPoolExecutor(1)


def read_tables(content: Content, profile: Profile) -> list[Table]:
    """The table of a text, to be read by the engine; the tables, if it has to be read line by line.

    Raises:
        BadInput: an unknown encoding, NUL bytes, or no header.
    """
    facts = examine(content)
    sample = decode_start(content, facts.encoding).splitlines()[:_TOP_ROWS]
    dialect = _choose_dialect(sample, profile)
    if facts.is_damaged or dialect.is_wrapped or dialect.ruler:
        return read_lines(content, facts, dialect, profile)
    try:
        header = find_header(content.place, split_top(sample, dialect), profile)
    except BadInput:
        verify(content, facts)  # report an undecodable file as such, not as one without a header
        raise
    source = TextSource(content, facts, dialect.delimiter, header.width)
    is_truncated = profile.says_truncated(facts.ending)
    return [Table(content.path, content.member, facts.encoding, header, False, is_truncated, source)]


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
        return max((count_matches(row, profile) for row in rows), default=0)

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
    """Read every byte once: utf-16 if it has the mark or its zeros, utf-8 if all or nearly all of it is valid, else gb18030.

    GB18030 is decoded strictly only when it is read (`decode_blocks`), since decoding takes as long as all the rest. Line
    ends, quotes and NUL are the same bytes in both encodings, and never part of a character.
    """
    utf16 = _find_utf16(content)
    done, crlf, lf, cr = 0, 0, 0, 0
    last, rest, ending = b"", b"", b""
    is_utf8, is_damaged = True, False
    for block in decode_blocks(content, utf16) if utf16 else content.blocks():
        if (position := block.find(b"\0")) >= 0:
            _refuse_nul(content.place, done + position)
        ends = _count_line_ends(block)
        lf, cr, crlf = lf + ends[0], cr + ends[1], crlf + ends[2]
        crlf += last == b"\r" and block.startswith(b"\n")
        if is_utf8 and not utf16:
            first, end = block.find(b"\n") + 1, block.rfind(b"\n") + 1  # a line end never splits a character
            is_utf8 = not end or (_is_utf8(rest + block[:first]) and _is_utf8(memoryview(block)[first:end]))
            is_damaged = not is_utf8 and _was_utf8(rest + block)
            rest = block[end:] if end else rest + block
        done += len(block)
        last = block[-1:]
        ending = (ending + block[-_ENDING:])[-_ENDING:]
    if is_utf8 and not utf16 and not _is_utf8(rest):
        is_utf8, is_damaged = False, _was_utf8(rest)
    encoding = utf16 or ("utf-8" if is_utf8 or is_damaged else "gb18030")
    ends_with_line = last in (b"\n", b"\r")
    lines = lf + cr - crlf + (not ends_with_line)
    whole = ending if done <= _ENDING else ending.partition(b"\n")[2]
    shown = whole.decode("gb18030" if encoding == "gb18030" else "utf-8", errors="replace")
    return TextFacts(encoding, cr > crlf or 0 < crlf < lf, lines, shown, ends_with_line, is_damaged)


def _find_utf16(content: Content) -> str:
    """utf-16 if the text has its mark; with the order of its bytes if it has none, which its zeros tell; else ''."""
    start = content.start(_BEGINNING)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    zeros = [start[place::2].count(0) for place in (0, 1)]
    if not any(zeros) or all(zeros):
        return ""
    encoding = "utf-16-le" if zeros[1] else "utf-16-be"
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    return encoding if "\n" in text and "\ufffd" not in text else ""


def _was_utf8(text: bytes) -> bool:
    """Whether bytes that are not all UTF-8 are damaged UTF-8: around the first wrong one, most characters beyond ASCII are whole.

    GB18030 gives none or next to none when it is taken for UTF-8.
    """
    wrong = _find_wrong_byte(text)
    window = text[max(0, wrong - _WINDOW_BYTES) : wrong + _WINDOW_BYTES].decode("utf-8", "replace")
    return sum(mark > "\u07ff" and mark != "\ufffd" for mark in window) > window.count("\ufffd")


def _find_wrong_byte(text: bytes) -> int:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return len(text)


def verify(content: Content, facts: TextFacts) -> None:
    """Decode strictly what `examine` has not decoded.

    Raises:
        DamagedText: an invalid byte.
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
                if len(held) > _LARGE_BYTES:
                    return True
    return is_quoted and bool(held)


def _swallows(field: bytes, delimiter: bytes, width: int) -> bool:
    if b"\n" not in field and b"\r" not in field:
        return False
    starts = re.split(rb"[\r\n]+", field)[1:]
    return field.count(delimiter) >= width - 1 or any(re.match(rb"\W*\w*[0-9]{5}", start) for start in starts)


def find_blank_lines(source: TextSource) -> Iterator[int]:
    """The numbers, from 1, of empty lines; a line end within quotes does not end a line."""
    content = source.content
    is_utf16 = source.facts.encoding.startswith("utf-16")
    raw = decode_blocks(content, source.facts.encoding) if is_utf16 else content.blocks()
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
        DamagedText: an invalid byte (the message gives its position).
        BadInput: a NUL character.
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


class DamagedText(BadInput):
    """A byte of a text belongs to no character of its encoding. Its other lines may be whole (see lines)."""


def refuse_encoding(content: Content, encoding: str, position: int) -> NoReturn:
    """Raise BadInput with the position of the first invalid byte in each encoding."""
    failure = _say_failure(encoding, position)
    if encoding == "gb18030":
        before = _say_failure("utf-8", _find_failure(content))
        failure = Text("{failure}, {other_failure}", failure=before, other_failure=failure)
    raise DamagedText(
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
