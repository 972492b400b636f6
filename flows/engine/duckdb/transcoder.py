"""Turns part of a GB18030 text into UTF-8: run as a process of its own, so that both halves of a file are decoded at once.

Needs nothing but the standard library and is started by its path: importing the project would take longer than it does.
"""

import codecs
import contextlib
import fcntl
import os
import sys
import time
from pathlib import Path

BLOCK_BYTES = 1 << 20


def main(source: str, start: int, end: int, pipe: str, parent: int) -> int:
    """Write bytes `start` to `end` of a file into a pipe, as UTF-8; a wrong byte is told by its position, on standard error."""
    decoder = codecs.getincrementaldecoder("gb18030")("strict")
    with Path(source).open("rb") as file, os.fdopen(_open_pipe(pipe, parent), "wb") as sink:
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
