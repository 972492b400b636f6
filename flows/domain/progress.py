"""How far a step has come: files and bytes done of all there are, the time that took, and what it lets expect."""

import time
from collections.abc import Callable, Sequence

from flows.domain.text import Progress, Text


class Reading(Text):
    """A file that is being read, of `size` bytes."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__("reading {file}", file=name)
        self.size = size


class Share(Text):
    """What is being done, and how much of all of it is done: `per_cent`, 0 … 100."""

    def __init__(self, what: Text, number: int, count: int, done: int, whole: int, seconds: float) -> None:
        """The file `number` of `count`; bytes `done` of `whole`, before it; `seconds` since the first."""
        self.per_cent = 100 * done // whole if whole else 100
        left = (
            Text(", about {left} left", left=say_time(seconds * (whole - done) / done))
            if 0 < done < whole
            else Text("")
        )
        super().__init__(
            "{what} · file {number} of {count} · {done:,.1f} of {whole:,.1f} MB · {per_cent} % · {elapsed} elapsed{left}",
            what=what,
            number=number,
            count=count,
            done=done / 1e6,
            whole=whole / 1e6,
            per_cent=self.per_cent,
            elapsed=say_time(seconds),
            left=left,
        )


class Counted:
    """Progress that adds to each file that is read, and to what is done with it then, how far all of them are."""

    def __init__(self, progress: Progress, sizes: Sequence[int], clock: Callable[[], float] = time.monotonic) -> None:
        """`sizes`: of all files, in bytes; `clock` gives seconds."""
        self._progress, self._count, self._whole = progress, len(sizes), sum(sizes)
        self._number, self._done, self._read = 0, 0, 0
        self._clock, self._started = clock, clock()

    def step(self, text: Text) -> None:
        self._progress.step(text)

    def detail(self, text: Text) -> None:
        self._done = self._read
        if isinstance(text, Reading):
            self._number += 1
            self._read += text.size
        seconds = self._clock() - self._started
        self._progress.detail(Share(text, self._number, self._count, self._done, self._whole, seconds))


def say_time(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any: 0:07, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
