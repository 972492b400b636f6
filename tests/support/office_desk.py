"""The desk of a simulated office: its root, the clock on its wall, and commands, in this process or in one that may be killed."""

import contextlib
import errno
import io
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flows.cli.main import main
from flows.domain import calendar

FIRST_CUT_OFF = date(2022, 1, 7)
SECRET = "一句口令"
KEYS = ("甲", "乙")  # who writes, who checks
PATIENCE = ("--wait", "300")  # seconds


class Desk:
    """`weeks` are the cut-offs so far, all Fridays; `step` counts what happened, a minute each."""

    def __init__(self, root: Path) -> None:
        self.root, self.step, self.days = root, 0, 0
        self.weeks: list[date] = []
        self.slow_clock = timedelta(0)
        (root / "data/raw").mkdir(parents=True)

    @property
    def now(self) -> datetime:
        """Some days after the Monday that follows the newest cut-off; the clock may be slow, never back before the cut-off."""
        newest = self.weeks[-1] if self.weeks else FIRST_CUT_OFF - timedelta(weeks=1)
        monday = datetime.combine(newest, datetime.min.time()) + timedelta(days=3, hours=9)
        return monday + timedelta(days=self.days, minutes=self.step % 60) - self.slow_clock

    @property
    def today(self) -> date:
        return self.now.date()

    def say(self, *words: str) -> tuple[int, str]:
        """The exit code of a command in this root, and what it said."""
        said, office = io.StringIO(), self

        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return office.now.replace(tzinfo=tz)

        with (
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
            patch.object(calendar, "datetime", Clock),
            patch.dict(os.environ, {"BULLETIN_PASSPHRASE": SECRET}),
        ):
            code = main(["--lang", "en", "--root", str(self.root), *words, *(() if "query" in words else ("--quiet",))])
        return code, said.getvalue()

    def do(self, *words: str) -> str:
        """What a command said that has to succeed."""
        code, said = self.say(*words)
        assert code == 0, f"{' '.join(words)}: exit {code}\n{said}"
        return said

    def start(self, *words: str, last_syncing: int | None = None) -> int:
        """A command in a process of its own, which begins with what this one has imported; at a syncing it may be killed."""
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # newer Pythons warn of threads at each fork; those of the engine have ended
            child = os.fork()
        if child == 0:
            code = 1
            try:
                with at_syncing(last_syncing, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                    code, _ = self.say(*words)
            finally:
                os._exit(code)
        return child


def end(child: int) -> int:
    """The exit code of a command that was started; -9 of one that was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def refuse() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextlib.contextmanager
def at_syncing(last: int | None, happen: Callable[[], None]) -> Iterator[None]:
    """From the `last`-th syncing on, it happens; None: never. The disk is touched nowhere as often as there."""
    left, sync = last, os.fsync

    def pass_by(descriptor: int) -> None:
        nonlocal left
        if left is not None:
            left -= 1
            if left < 0:
                happen()
        sync(descriptor)

    with patch.object(os, "fsync", pass_by):
        yield


def make_keys() -> None:
    """A key for each of the two, where there is none yet."""
    folder = Path(os.environ["BULLETIN_KEYS"])
    for name in KEYS:
        if not (folder / f"{name}.pub").is_file():
            with contextlib.redirect_stdout(io.StringIO()), patch.dict(os.environ, {"BULLETIN_PASSPHRASE": SECRET}):
                assert main(["--lang", "en", "key", "new", "--name", name]) == 0


def read_key(name: str) -> str:
    return (Path(os.environ["BULLETIN_KEYS"]) / f"{name}.pub").read_text().strip()
