"""A run of the program, and the state of a root after it."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ParamSpec, Protocol, TypeVar

from flows.domain.figures import RevisionState
from flows.domain.text import CheckFailed, CommandLine, Text, UserError

P = ParamSpec("P")
R = TypeVar("R")
_INTERRUPTED = 130


class Runner(Protocol):
    """Wraps a step, such as into a task of a Prefect flow."""

    def __call__(self, step: Callable[P, R], /) -> Callable[P, R]: ...


@dataclass
class Run:
    """One run, filled in while it goes on, then written to the run log under these names.

    `week_endings` were written; `deliveries` and `rows` are those newly loaded; `seconds` of wall time, by step and in total;
    `verdict` is passed, warned, refused (by a rule) or failed; `checks` are the broken rules; `error` is the kind of error,
    never its message; `hashes` are SHA-256 of what was written; `told` maps mail or webhook to sent or failed.
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

    def timing(self, runner: Runner | None = None) -> Runner:
        """The same runner (None: a plain call), noting how long each step takes."""

        def timed(step: Callable[P, R], /) -> Callable[P, R]:
            wrapped = runner(step) if runner else step

            @functools.wraps(step)
            def measured(*args: P.args, **kwargs: P.kwargs) -> R:
                started = time.monotonic()
                try:
                    return wrapped(*args, **kwargs)
                finally:
                    self._add(step.__name__, time.monotonic() - started)

            return measured

        return timed

    def note_broken(self, rules: list[str]) -> None:
        """Note rules that are broken but did not stop the run."""
        self.checks += [name for name in rules if name not in self.checks]
        if self.checks and self.verdict == "passed":
            self.verdict = "warned"

    def note_error(self, error: BaseException) -> None:
        """Note what ended the run: its kind and exit code, and the rules that refused it."""
        interrupted = _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
        self.exit_code = error.exit_code if isinstance(error, UserError) else interrupted
        # Of an error of a user its kind, which has an exit code; not the special case of it.
        kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == UserError.__module__]
        self.error = kinds[0] if kinds else type(error).__name__
        self.verdict = "failed"
        if isinstance(error, CheckFailed):
            self.verdict = "refused"
            self.checks = [*error.rules, *(name for name in self.checks if name not in error.rules)]

    def _add(self, step: str, seconds: float) -> None:
        self.seconds[step] = round(self.seconds.get(step, 0) + seconds, 3)


class WeekState(StrEnum):
    """The state of a bulletin week. Refused: no report. Proposed: its author has signed."""

    REFUSED = "refused"
    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"


@dataclass(frozen=True)
class WeekOverview:
    """One folder of reports; `verdict` of its checks is passed, warned or refused; `files` are relative to reports/.

    Of a published week, `revision` is how it stands today, `noticed_on` the day of its newest notice.
    """

    end: date
    state: WeekState
    verdict: str
    number: str
    files: tuple[str, ...]
    revision: RevisionState = RevisionState.UNCHANGED
    noticed_on: date | None = None


@dataclass(frozen=True)
class QuarantinedItem:
    """One thing that could not be read, as a page shows it: the name of its row, its place, and what is wrong in Chinese. Case number
    (masked) and department are '' where they are not known.
    """

    row_id: str
    file: str
    sheet: str
    row_no: int
    case_no: str
    department: str
    reason: str


@dataclass(frozen=True)
class Overview:
    """The state of a root: weeks (newest first), ranges, files to load, open rows of the quarantine, problems.

    `rows_new` are the open rows of the newest cut-off, `newest_items` the first ten of what is wrong in them. `is_signed`: in this
    office keys sign.
    """

    scope: str
    is_sample: bool
    cut_off: date | None
    weeks: tuple[WeekOverview, ...]
    ranges: tuple[str, ...]
    waiting: tuple[str, ...]
    rows_open: int
    rows_new: int
    newest_items: tuple[QuarantinedItem, ...]
    problems: tuple[Text, ...]
    has_dictionary: bool
    is_signed: bool = False

    @property
    def unpublished(self) -> list[date]:
        return [week.end for week in self.weeks if week.state in (WeekState.DRAFT, WeekState.PROPOSED)]


def say_publish(week_end: date, *, is_signed: bool) -> CommandLine:
    """The command that publishes a week: by keys where somebody may sign, else by two names."""
    return CommandLine("publish --week-ending {week_end}" + ("" if is_signed else " --unsigned"), week_end=week_end)
