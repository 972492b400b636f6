"""The journal of runs, reports/runs.jsonl: one line a run, for people and for monitoring. It quotes no data."""

import functools
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import ParamSpec, Protocol, TypeVar

from flows.files import append_text
from flows.project import Project
from flows.vocabulary import CheckFailed, UserError

P = ParamSpec("P")
R = TypeVar("R")
_INTERRUPTED = 130


class Runner(Protocol):
    """How a step is run: plainly, or as the recorded task of a flow."""

    def __call__(self, step: Callable[P, R], /) -> Callable[P, R]: ...


@dataclass
class Entry:
    """One run, as it is filled in while it goes on.

    `week_endings` were written; `deliveries` and `rows` are those newly loaded; `seconds` of wall time, by step and in total;
    `verdict` is passed, warned, refused (by a check) or failed; `error` is the kind of what went wrong, never its sentence.
    `hashes` are SHA-256 of what was written; `told` says who was sent a message and whether it went out.
    """

    command: str
    at: str
    week_endings: list[str] = field(default_factory=list)
    failed_weeks: list[str] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    verdict: str = "passed"
    checks: list[str] = field(default_factory=list)
    exit_code: int = 0
    error: str = ""
    folder: str = ""
    hashes: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def timing(self, run: Runner) -> Runner:
        """The same runner, which notes how long each step takes."""

        def timed(step: Callable[P, R], /) -> Callable[P, R]:
            done = run(step)

            @functools.wraps(step)
            def measured(*args: P.args, **kwargs: P.kwargs) -> R:
                started = time.monotonic()
                try:
                    return done(*args, **kwargs)
                finally:
                    self._add(step.__name__, time.monotonic() - started)

            return measured

        return timed

    def note_checks(self, broken: list[str]) -> None:
        """The checks that did not pass, though they did not stop the run."""
        self.checks += [name for name in broken if name not in self.checks]
        if self.checks and self.verdict == "passed":
            self.verdict = "warned"

    def note_error(self, error: BaseException) -> None:
        """What ended the run: its kind and exit code, and the rules that refused it."""
        interrupted = _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
        self.exit_code = error.exit_code if isinstance(error, UserError) else interrupted
        self.error = type(error).__name__
        self.verdict = "failed"
        if isinstance(error, CheckFailed):
            self.verdict = "refused"
            self.checks = [*error.rules, *(name for name in self.checks if name not in error.rules)]

    def _add(self, step: str, seconds: float) -> None:
        self.seconds[step] = round(self.seconds.get(step, 0) + seconds, 3)


def read_runs(project: Project, most: int) -> list[Entry]:
    """The last runs, newest first; lines that a machine's end has torn are passed over."""
    if not project.journal.is_file():
        return []
    runs: list[Entry] = []
    for line in reversed(project.journal.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            runs.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            continue
        if len(runs) == most:
            break
    return runs


def append_run(project: Project, entry: Entry) -> None:
    append_text(project.journal, json.dumps(asdict(entry), ensure_ascii=False) + "\n")
