"""Turns part of a GB18030 text into UTF-8: run as a process of its own, so that both halves of a file are decoded at once.

Needs nothing but the standard library and is started by its path: importing the project would take longer than it does.
"""

import codecs
import contextlib
import ctypes
import fcntl
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

BLOCK_BYTES = 1 << 20


def main(source: str, start: int, end: int, pipe: str, parent: int) -> int:
    """Write bytes `start` to `end` of a file into a pipe, as UTF-8; a wrong byte is told by its position, on standard error."""
    decode = Decoder()
    with Path(source).open("rb") as file, os.fdopen(_open_pipe(pipe, parent), "wb") as sink:
        with contextlib.suppress(AttributeError, OSError):  # a wider pipe is quicker, where the system grants one
            fcntl.fcntl(sink.fileno(), fcntl.F_SETPIPE_SZ, BLOCK_BYTES)
        file.seek(start)
        while start < end:
            pending = len(decode.pending)
            block = file.read(min(BLOCK_BYTES, end - start))
            try:
                sink.write(decode(block, is_last=start + len(block) == end))
            except UnicodeDecodeError as error:
                sys.stderr.write(str(start - pending + error.start))
                return 1
            except BrokenPipeError:  # the reader stopped early and tells why itself
                return 0
            start += len(block)
    return 0


class Decoder:
    """GB18030 to UTF-8, block by block and strictly: the bytes and the errors that Python's decoder gives, mostly by the C library.

    The C library's GBK knows two bytes for each of the characters that a text is made of, each as Python does. What it refuses
    (characters of four bytes, wrong ones) and what it alone accepts (the byte 80) goes Python's way.
    """

    def __init__(self) -> None:
        self.pending = b""  # of a character whose end has not come yet
        self._iconv = _open_iconv()
        self._room = ctypes.create_string_buffer(0)

    def __call__(self, block: bytes, *, is_last: bool) -> bytes:
        """Raises: UnicodeDecodeError, with the place within what was pending and the block."""
        given, done, parts = self.pending + block, 0, []
        if len(self._room) < 2 * len(given):  # a byte becomes one, two become three at most
            self._room = ctypes.create_string_buffer(2 * len(given))
        for _ in range(_MOST_STOPS if self._iconv else 0):
            read, written = self._convert(given, done)
            if _ONLY_THERE in written:
                break
            parts.append(written)
            done += read
            if len(given) - done < 4:  # the rest may lack its end
                break
            character, size = _read_character(given[done : done + 4])
            if not size:
                break
            parts.append(character)
            done += size
        rest, self.pending = given[done:], b""
        decoder = codecs.getincrementaldecoder("gb18030")("strict")
        try:
            parts.append(decoder.decode(rest, final=is_last).encode())
        except UnicodeDecodeError as error:
            error.start += done
            raise
        self.pending = decoder.getstate()[0]
        return b"".join(parts)

    def _convert(self, given: bytes, start: int) -> tuple[int, bytes]:
        """How many bytes of a text from `start` on are read, and what they become: up to its end, or the first that is refused."""
        base = ctypes.cast(ctypes.c_char_p(given), ctypes.c_void_p).value or 0
        source, left = ctypes.c_void_p(base + start), ctypes.c_size_t(len(given) - start)
        target, room = ctypes.c_void_p(ctypes.addressof(self._room)), ctypes.c_size_t(len(self._room))
        assert self._iconv
        self._iconv(*map(ctypes.byref, (source, left, target, room)))
        return len(given) - start - left.value, ctypes.string_at(self._room, len(self._room) - room.value)


def _read_character(given: bytes) -> tuple[bytes, int]:
    """The character that some bytes begin with, in UTF-8, and its length; a length of 0 where there is none."""
    for size in (2, 4):
        with contextlib.suppress(UnicodeDecodeError):
            return given[:size].decode("gb18030").encode(), size
    return b"", 0


_ONLY_THERE = "€".encode()  # which the C library makes of the byte 80, and of nothing else that it reads
_MOST_STOPS = 1000  # of a block; a text of many such characters is quicker Python's way


def _open_iconv() -> Callable[..., int] | None:
    """The C library's converter, where it has one that is called as glibc's."""
    try:
        library = ctypes.CDLL(None)
        _ = library.gnu_get_libc_version  # raises where it is another
        library.iconv_open.restype, library.iconv_open.argtypes = ctypes.c_void_p, [ctypes.c_char_p] * 2
        library.iconv.restype = ctypes.c_size_t
        descriptor = library.iconv_open(b"UTF-8", b"GBK")
    except (OSError, AttributeError, TypeError):
        return None
    if descriptor in (None, ctypes.c_void_p(-1).value):
        return None
    return partial(library.iconv, ctypes.c_void_p(descriptor))


def _open_pipe(pipe: str, parent: int) -> int:
    """Wait for the reader, as long as there is who may bring one: the run that started this may have been killed."""
    while True:
        try:
            descriptor = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            if os.getppid() != parent:
                raise SystemExit from None
            time.sleep(0.002)
        else:
            os.set_blocking(descriptor, True)
            return descriptor


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])))
