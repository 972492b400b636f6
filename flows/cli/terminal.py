"""The terminal: progress, tables, and commands and paths as a user can type them."""

import io
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, BinaryIO, TextIO

from flows.domain.text import Progress, Text

# What a terminal obeys instead of showing it – escapes and other controls but tab and line feed – and what changes the
# direction of the letters behind it; and halves of characters, which are in no output's encoding.
_OBEYED = (
    *range(9),
    *range(11, 32),
    *range(0x7F, 0xA0),
    0x61C,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_SHOWN = {code: f"\\u{code:04x}" for code in (*_OBEYED, *range(0xD800, 0xE000))}
_SHOWN_IN_A_CELL = _SHOWN | {ord("\t"): r"\t", ord("\n"): r"\n"}


class Shown(io.TextIOBase):
    """An output that shows what a terminal would obey, as JSON escapes it: JSON with such an escape is the same JSON.

    It is no terminal itself: nobody colours what he writes to it.
    """

    def __init__(self, output: TextIO) -> None:
        self.output = output

    def write(self, text: str, /) -> int:
        self.output.write(text.translate(_SHOWN))
        return len(text)

    def flush(self) -> None:
        self.output.flush()

    def fileno(self) -> int:
        return self.output.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self.output.encoding

    @property
    def buffer(self) -> BinaryIO:
        return self.output.buffer


@contextmanager
def showing() -> Iterator[None]:
    """For a while, whatever is printed is Shown."""
    with redirect_stdout(Shown(sys.stdout)), redirect_stderr(Shown(sys.stderr)):
        yield


class Silence:
    def step(self, text: Text) -> None:
        """--quiet"""

    def detail(self, text: Text) -> None:
        """--quiet"""


class PlainLines:
    """One line a step on standard error, for logs; without details."""

    def step(self, text: Text) -> None:
        print(f"… {text}", file=sys.stderr, flush=True)

    def detail(self, text: Text) -> None:
        """Too detailed for a log."""


class Spinner:
    """A moving line on a terminal, removed at the end."""

    def __init__(self, update: Callable[[str], None]) -> None:
        self._update = update
        self._step = ""

    def step(self, text: Text) -> None:
        self._step = str(text)
        self._update(self._step)

    def detail(self, text: Text) -> None:
        self._update(f"{self._step} · {text}")


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Progress]:
    if quiet:
        yield Silence()
    elif is_watched():
        from rich.console import Console
        from rich.markup import escape

        with Console(file=_find_stderr()).status("…") as status:
            yield Spinner(lambda line: status.update(escape(line.translate(_SHOWN_IN_A_CELL))))
    else:
        yield PlainLines()


def is_watched() -> bool:
    """Whether somebody sees what is written to standard error as it is written."""
    return _find_stderr().isatty()


def _find_stderr() -> TextIO:
    return sys.stderr.output if isinstance(sys.stderr, Shown) else sys.stderr


def draw_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Aligned lines; the first `left` columns are left-aligned, the others right-aligned. Chinese characters are two wide."""
    cells = [[text.translate(_SHOWN_IN_A_CELL) for text in row] for row in (header, *rows)]
    widths = [max(_width(row[i]) for row in cells) for i in range(len(header))]

    def draw(row: list[str]) -> str:
        padded = [
            text + " " * (width - _width(text)) if i < left else " " * (width - _width(text)) + text
            for i, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  ".join(padded).rstrip()

    return [draw(row) for row in cells]


def write_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
