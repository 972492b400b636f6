"""A text that the engine cannot read as it lies – GB18030, UTF-16, mixed line ends, in an archive – as UTF-8 through pipes.

Nothing of it is written anywhere, since personal columns are still among it, and memory holds a few blocks at a time.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.engine.duckdb import transcoder
from flows.sources.content import BLOCK_BYTES, Content
from flows.sources.encoding import decode_blocks, refuse_encoding, unify_line_ends
from flows.sources.table import TextSource

LARGE_BYTES = 1 << 24  # from here on two processes are quicker than a thread


@dataclass(frozen=True)
class Part:
    """Where the engine finds part of a text in UTF-8, how many rows of it to skip, and which bytes of the file it is."""

    path: Path
    skip: int
    start: int
    end: int


@contextmanager
def open_parts(source: TextSource, header_row: int) -> Iterator[list[Part]]:
    """The parts of a text, one or two, to be read at once and in this order: the file itself, or pipes.

    Raises:
        BadInput: at the end, where a byte did not belong to the encoding.
    """
    content, facts = source.content, source.facts
    if facts.encoding == "utf-8" and not facts.has_mixed_line_ends and not content.is_in_memory:
        yield [Part(content.path, header_row, 0, 0)]
        return
    with tempfile.TemporaryDirectory(prefix="bulletin-") as folder:
        large = not content.member and content.path.stat().st_size >= LARGE_BYTES
        if facts.encoding == "gb18030" and not facts.has_mixed_line_ends and large:
            with _run_processes(content, header_row, Path(folder)) as parts:
                yield parts
        else:
            with _run_thread(source, header_row, Path(folder)) as part:
                yield [part]


def count_lines(content: Content, end: int) -> int:
    """The lines among the first bytes of a text; a line end within quotes ends none."""
    lines, is_quoted = 0, False
    for block in content.blocks():
        for i, part in enumerate(block[:end].split(b'"')):
            is_quoted ^= i > 0
            lines += 0 if is_quoted else part.count(b"\n")
        end -= len(block)
        if end <= 0:
            break
    return lines


@contextmanager
def _run_processes(content: Content, header_row: int, folder: Path) -> Iterator[list[Part]]:
    start, size = _find_rows(content, header_row), content.path.stat().st_size
    middle = _find_middle(content, start, size // 2)
    parts = [Part(folder / "first", 0, start, middle), Part(folder / "second", 0, middle, size)]
    for part in parts:
        os.mkfifo(part.path)
    program = [sys.executable, "-I", "-S", transcoder.__file__, str(content.path)]
    processes = [
        subprocess.Popen(
            [*program, str(part.start), str(part.end), str(part.path), str(os.getpid())], stderr=subprocess.PIPE
        )
        for part in parts
    ]
    try:
        yield parts
        for process in processes:
            if failure := process.communicate()[1]:
                refuse_encoding(content, "gb18030", int(failure))
    finally:
        for process in processes:
            process.kill()
            process.wait()
            assert process.stderr
            process.stderr.close()


def _find_rows(content: Content, header_row: int) -> int:
    """The byte after the header: after so many line ends outside quotes."""
    is_quoted = False
    beginning = content.start(BLOCK_BYTES)
    for place, byte in enumerate(beginning):
        is_quoted ^= byte == ord('"')
        if byte == ord("\n") and not is_quoted:
            header_row -= 1
            if not header_row:
                return place + 1
    return len(beginning)


def _find_middle(content: Content, start: int, wanted: int) -> int:
    """The end of a record near the middle. A stray quotation mark may hide it for a while: then any line end does."""
    done = quotes = 0
    for block in content.blocks():
        if done + len(block) > wanted:
            first = place = block.find(b"\n", max(wanted - done, 0))
            while place >= 0:
                if (quotes + block.count(b'"', 0, place)) % 2 == 0:
                    return max(start, done + place + 1)
                place = block.find(b"\n", place + 1)
            return max(start, done + first + 1) if first >= 0 else start
        done += len(block)
        quotes += block.count(b'"')
    return start


@contextmanager
def _run_thread(source: TextSource, header_row: int, folder: Path) -> Iterator[Part]:
    part = Part(folder / "whole", header_row, 0, 0)
    os.mkfifo(part.path)
    feeder = _Feeder(source, part.path)
    feeder.start()
    yield part
    feeder.join()
    if feeder.failure:
        raise feeder.failure


class _Feeder(threading.Thread):
    """Writes a text into a pipe. A text that turns out to be damaged ends early; `failure` says why."""

    def __init__(self, source: TextSource, pipe: Path) -> None:
        super().__init__(daemon=True)
        self._source, self._pipe = source, pipe
        self.failure: Exception | None = None

    def run(self) -> None:
        with self._pipe.open("wb") as sink:
            try:
                blocks = decode_blocks(self._source.content, self._source.facts.encoding)
                for block in unify_line_ends(blocks) if self._source.facts.has_mixed_line_ends else blocks:
                    sink.write(block)
            except BrokenPipeError:  # the reader stopped early and tells why itself
                return
            except Exception as error:  # handed over to the reader, who raises it
                self.failure = error
