"""Turns part of a GB18030 text into UTF-8: run as a process of its own, so that both halves of a file are decoded at once.

Needs nothing but the standard library and is started by its path: importing the project would take longer than it does.
"""

import codecs
import contextlib
import fcntl
import sys
from pathlib import Path

BLOCK_BYTES = 1 << 20


def main(source: str, start: int, end: int, pipe: str) -> int:
    """Write bytes `start` to `end` of a file into a pipe, as UTF-8; a wrong byte is told by its position, on standard error."""
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    with Path(source).open("rb") as file, Path(pipe).open("wb") as sink:
        with contextlib.suppress(AttributeError, OSError):  # a wider pipe is quicker, where the system grants one
            fcntl.fcntl(sink.fileno(), fcntl.F_SETPIPE_SZ, BLOCK_BYTES)
        file.seek(start)
        while start < end:
            pending = len(decoder.getstate()[0])
            block = file.read(min(BLOCK_BYTES, end - start))
            try:
                sink.write(decoder.decode(block, final=start + len(block) == end).encode())
            except UnicodeDecodeError as error:
                sys.stderr.write(str(start - pending + error.start))
                return 1
            except BrokenPipeError:  # the reader stopped early and tells why itself
                return 0
            start += len(block)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
