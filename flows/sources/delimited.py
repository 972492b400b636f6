"""Delimited text: its encoding is found by strict decoding of every byte, its delimiter by its header."""

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
from flows.domain.text import BadInput
from flows.sources.archive import Content
from flows.sources.header import HEADER_ROWS, count_matches, find_header
from flows.sources.table import ArrowSource, Table, TextFacts, TextSource

_BEGINNING = 1 << 18  # bytes in which the header is looked for
_ENDING = 2000  # bytes in which a notice of truncation is looked for
_DELIMITERS = (",", "\t", ";", "|")
_SUFFIXES = (".csv", ".txt", ".tsv")
_LARGE_BYTES = 1 << 24  # from here on a second thread is worth its start, and a sample
_SAMPLES = 64  # places of a large text that are looked at
_SAMPLED_BYTES = 1 << 23  # at most, in all of them
_SAMPLED_SHARE = 1 / 200
_looked_at: dict[tuple[Path, int, int], "Future[TextFacts]"] = {}
_looker = ThreadPoolExecutor(1)


def read_tables(content: Content, profile: Profile) -> list[Table]:
    """The one table of a text.

    Raises:
        BadInput: bytes of no known encoding, NUL bytes, or no header.
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
        verify(content, facts)  # what no encoding can read has no header either, but that is not what is wrong
        raise
    width = max(i for i, cell in enumerate(header.cells, 1) if cell)  # a comma at the end of the header adds no field
    source = TextSource(content, facts, delimiter, width)
    is_truncated = profile.says_truncated(facts.ending)
    return [Table(content.path, content.member, facts.encoding, header, False, is_truncated, source)]


def sample_rows(table: Table) -> Table | None:
    """Some rows from all over a large text, in memory; what cannot be told there is left out. None of a small one, or in an archive.

    It is for guessing what is frequent, never for counting.
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
            lines = stream.read(length).partition(b"\n")[2].rpartition(b"\n")[0]  # no character is cut at a line end
            text = io.StringIO(lines.decode(source.facts.encoding, "replace"), newline="")
            with suppress(csv.Error):
                rows += (row for row in csv.reader(text, delimiter=source.delimiter) if len(row) >= source.width)
    columns = {name: pa.array([row[i] for row in rows], pa.string()) for name, i in table.columns.items()}
    return replace(table, source=ArrowSource(pa.table(columns)))


def look_ahead(path: Path) -> None:
    """Begin to look at a large text, while the caller does something else with it, such as taking its digest."""
    state = _describe_state(path)
    if path.suffix.lower() in _SUFFIXES and path.stat().st_size >= _LARGE_BYTES and state not in _looked_at:
        _looked_at[state] = _looker.submit(_examine, Content(path, "", lambda: path.open("rb")))


def examine(content: Content) -> TextFacts:
    """What a look at every byte tells, begun before or done now (see `_examine`).

    Raises:
        BadInput: the file holds NUL bytes, or is not the UTF-16 it says to be.
    """
    begun = None if content.member else _looked_at.pop(_describe_state(content.path), None)
    return begun.result() if begun else _examine(content)


def _describe_state(path: Path) -> tuple[Path, int, int]:
    facts = path.stat()
    return path, facts.st_size, facts.st_mtime_ns


def _examine(content: Content) -> TextFacts:
    """Look at every byte once: utf-8 where all of it is, utf-16 by its mark, else gb18030.

    GB18030 is decoded, strictly, when it is read (`decode_blocks`), since that takes as long as all the rest; line ends,
    quotes and NUL are the same bytes in both, and part of no character.
    """
    is_utf16 = content.start(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    done, pairs, feeds, returns = 0, 0, 0, 0
    last, rest, ending = b"", b"", b""
    is_utf8 = True
    for block in decode_blocks(content, "utf-16") if is_utf16 else content.blocks():
        if (position := block.find(b"\0")) >= 0:
            _refuse_nul(content.place, done + position)
        ends = _count_line_ends(block)
        feeds, returns, pairs = feeds + ends[0], returns + ends[1], pairs + ends[2]
        pairs += last == b"\r" and block.startswith(b"\n")
        if is_utf8 and not is_utf16:
            first, end = block.find(b"\n") + 1, block.rfind(b"\n") + 1  # no character is cut at a line end
            is_utf8 = not end or (_is_utf8(rest + block[:first]) and _is_utf8(memoryview(block)[first:end]))
            rest = block[end:] if end else rest + block
        done += len(block)
        last = block[-1:]
        ending = (ending + block[-_ENDING:])[-_ENDING:]
    is_utf8 = is_utf8 and _is_utf8(rest)
    encoding = "utf-16" if is_utf16 else "utf-8" if is_utf8 else "gb18030"
    lines = feeds + returns - pairs + (last not in (b"\n", b"\r"))
    whole = ending if done <= _ENDING else ending.partition(b"\n")[2]
    shown = whole.decode("gb18030" if encoding == "gb18030" else "utf-8", errors="replace")
    return TextFacts(encoding, returns > pairs or 0 < pairs < feeds, lines, shown)


def verify(content: Content, facts: TextFacts) -> None:
    """Decode every byte of a text that `examine` has not, strictly.

    Raises:
        BadInput: a byte that does not belong to the encoding.
    """
    if facts.encoding == "gb18030":
        for _ in decode_blocks(content, facts.encoding):
            pass


def _count_line_ends(block: bytes) -> tuple[int, int, int]:
    """Line feeds, returns, and returns before a line feed: thrice as quick as bytes.count, and other threads go on meanwhile."""
    import numpy as np

    marks = np.frombuffer(block, dtype=np.uint8)
    feeds = int(np.count_nonzero(marks == ord("\n")))
    if b"\r" not in block:
        return feeds, 0, 0
    returns = np.flatnonzero(marks == ord("\r"))
    followed = returns[: -1 if block.endswith(b"\r") else None] + 1
    return feeds, len(returns), int(np.count_nonzero(marks[followed] == ord("\n")))


def _is_utf8(text: bytes | memoryview) -> bool:
    """Strictly so: neither surrogates nor longer forms than needed. Arrow looks at three gigabytes a second."""
    import pyarrow as pa

    places = pa.py_buffer(struct.pack("<qq", 0, len(text)))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, places, pa.py_buffer(text)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def find_blank_lines(source: TextSource) -> Iterator[int]:
    """Lines that are wholly empty, from 1, counted as records are: a line end within quotes ends no line."""
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
    """The first quarter of a megabyte; a character cut at its end is left out."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    return codecs.getincrementaldecoder(name)("replace").decode(content.start(_BEGINNING))


def decode_blocks(content: Content, encoding: str) -> Iterator[bytes]:
    """A text as UTF-8, block by block, strictly decoded, without a mark at its beginning.

    Raises:
        BadInput: a byte that does not belong to the encoding, named by its position, or a NUL character.
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
    """The same text with every line ended by a line feed."""
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
    except csv.Error:  # a field beyond the csv module's limit: what was read so far decides
        pass
    return rows


def refuse_encoding(content: Content, encoding: str, position: int) -> NoReturn:
    """Say by the position of the first wrong byte why a text is in none of the encodings."""
    failures = {encoding: position}
    if encoding == "gb18030":
        failures = {"utf-8": _find_failure(content), **failures}
    zh = "；".join(f"按 {name} 读到第 {start} 字节不符" for name, start in failures.items())
    en = ", ".join(f"{name} fails at byte {start}" for name, start in failures.items())
    raise BadInput(
        zh=f"{content.place}：编码无法识别（{zh}）。文件可能损坏或混用编码，请重新导出为 UTF-8。",
        en=f"{content.place}: the encoding is unknown ({en}). The file may be damaged or mix encodings: "
        "export it again as UTF-8.",
    ) from None


def _find_failure(content: Content) -> int:
    """The position of the first byte that is no UTF-8."""
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
        zh=f"{place}：第 {position} 字节处有 NUL（空字节），不是完好的文本文件。请重新导出。",
        en=f"{place}: a NUL byte at position {position}: this is no intact text file. Export it again.",
    )
