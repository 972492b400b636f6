"""Bytes → text: the encoding of a text is told by reading all of it once, then every byte is decoded strictly."""

import codecs
import struct
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

from flows.domain.text import BadInput, Text
from flows.sources.apart import prepare_reader
from flows.sources.content import Content, whole_file
from flows.sources.forms import is_text
from flows.sources.table import TextFacts

BEGINNING_BYTES = 1 << 18  # bytes searched for the header
_ENDING = 2000  # bytes searched for a notice of truncation
_SUFFIXES = (".csv", ".txt", ".tsv")
LARGE_BYTES = 1 << 24  # larger texts are worth a second thread, and a sample
_WINDOW_BYTES = 1 << 15  # around a byte that is no UTF-8, from which is told what the text is
_ZEROS_OF_UTF16 = 8  # times as many zeros in one half of the bytes as in the other tell UTF-16 without a mark
_looked_at: dict[tuple[Path, int, int], "Future[TextFacts]"] = {}
_looker = ThreadPoolExecutor(1)


class DamagedText(BadInput):
    """A byte of a text belongs to no character of its encoding. Its other lines may be whole (see lines)."""


def look_ahead(path: Path) -> None:
    """While the caller does something else, such as hashing a file, begin to examine a large text in a second thread; for what is no
    text, start the process that will read it.
    """
    if not is_text(path):
        prepare_reader()
        return
    state = _describe_state(path)
    if path.suffix.lower() in _SUFFIXES and path.stat().st_size >= LARGE_BYTES and state not in _looked_at:
        _looked_at[state] = _looker.submit(_examine, whole_file(path))


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
    start = content.start(BEGINNING_BYTES)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    high_first, low_first = (
        start[place::2].count(0) for place in (0, 1)
    )  # a few Chinese characters hold a zero byte, too
    if max(high_first, low_first) < _ZEROS_OF_UTF16 * (1 + min(high_first, low_first)):
        return ""
    encoding = "utf-16-le" if low_first > high_first else "utf-16-be"
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    return encoding if ("\n" in text or "\r" in text) and "\ufffd" not in text else ""


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


def decode_start(content: Content, encoding: str) -> tuple[str, bool]:
    """The first quarter of a megabyte, without a character that is cut at its end, and whether the text goes on behind it."""
    name = "utf-8-sig" if encoding == "utf-8" else encoding
    start = content.start(BEGINNING_BYTES)
    return codecs.getincrementaldecoder(name)("replace").decode(start), len(start) == BEGINNING_BYTES


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
