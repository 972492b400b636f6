"""The nouns of the project: item types' groups, weeks, windows, figures, and the errors a user can cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol


class Group(StrEnum):
    """The three groups of the published paragraph, in its order (DOMAIN.md §1)."""

    LICENCE = "licence"
    PUBLIC_SERVICE = "public_service"
    OTHER_POWER = "other_power"


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"


@dataclass(frozen=True)
class Window:
    """Days from `start` through `end`, both inclusive, Asia/Shanghai wall time."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Week:
    """One bulletin week: Monday through its last working day, or through the day a user named.

    `previous_end` is the last day of the bulletin week before.
    """

    window: Window
    previous_end: date

    @property
    def end(self) -> date:
        return self.window.end

    @property
    def year_to_date(self) -> Window:
        return Window(date(self.end.year, 1, 1), self.end)

    @property
    def since_previous(self) -> Window:
        """What the year-to-date grew by, corrections apart: it starts anew each 1 January."""
        return Window(max(self.previous_end + timedelta(days=1), self.year_to_date.start), self.end)


@dataclass(frozen=True)
class Counts:
    """Cases; `carried_over` are those of `completed` whose acceptance lies in an earlier year."""

    accepted: int = 0
    completed: int = 0
    carried_over: int = 0


@dataclass(frozen=True)
class GroupFigures:
    """The figures of one group within the scope, in cases.

    `last_year` is the same window a year before; None where the deliveries do not tell of that year.
    """

    group: Group
    label: str
    year_to_date: Counts
    week: Counts
    since_previous: Counts
    previous_week: Counts = Counts()
    last_year: Counts | None = None


@dataclass(frozen=True)
class DailyCounts:
    """Cases of one group in scope on one day."""

    day: date
    group: Group
    counts: Counts


@dataclass(frozen=True)
class Wording:
    """How the paragraph is written: `unit` '' or 万, with `decimals`; `template` '' is the usual one."""

    has_separators: bool = False
    unit: str = ""
    decimals: int = 2
    template: str = ""


@dataclass(frozen=True)
class PartCounts:
    """Cases of one department, area or kind of case, in the year-to-date window."""

    name: str
    counts: Counts


@dataclass(frozen=True)
class WeekCounts:
    """Cases of the three groups in one bulletin week, from the day after the week before through its end."""

    end: date
    counts: Mapping[Group, Counts]


@dataclass(frozen=True)
class HandlingTimes:
    """How long the completed cases of one group took, in working days (行政许可法 §82); see sql/marts/handling_times."""

    group: Group
    completed: int
    measured: int
    working_days: int
    median_days: float | None
    judged: int
    on_time: int
    limited: int
    days_ahead: int
    still_open: int


@dataclass(frozen=True)
class Change:
    """Cases that one year-to-date gained or lost since the deliveries of the week before, and why."""

    group: Group
    measure: str
    cause: str
    cases: int


@dataclass(frozen=True)
class Source:
    """One file that the figures come from."""

    delivery: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Reconciliation:
    """Rows of all loaded deliveries: every row read is loaded, repeated or quarantined.

    `personal_columns` and `other_columns` count the columns that were outside the allow-list, file by file.
    """

    files: int
    read: int
    loaded: int
    repeated: int
    quarantined: int
    personal_columns: int
    other_columns: int

    @property
    def is_exact(self) -> bool:
        return self.read == self.loaded + self.repeated + self.quarantined


@dataclass(frozen=True)
class Place:
    """Where a rule is broken, and what was found there. `cut_off` is that of the delivery concerned; '' in `name`: all of it."""

    cut_off: date
    name: str
    observed: str


@dataclass(frozen=True)
class Acceptance:
    """Somebody's decision to go on although `rule` is broken by what was delivered with a cut-off of `cut_off`."""

    rule: str
    cut_off: date
    reason: str
    by: str
    on: date
    source: str


@dataclass(frozen=True)
class Check:
    """The verdict on one rule. `observed` is what was found, `zh` and `en` say what the rule asks.

    `places` are up to ten of the `broken` places; `acceptances` what was decided about them, empty unless it covers all.
    """

    name: str
    severity: Severity
    is_passed: bool
    observed: str
    zh: str
    en: str
    broken: int = 0
    places: tuple[Place, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether nothing may be swapped in or published."""
        return not self.is_passed and self.severity is Severity.CRITICAL and not self.acceptances


@dataclass(frozen=True)
class Finding:
    """Rows of one file that break one rule of sql/checks; `cells` are the first of them: where, column, masked value."""

    rule: str
    zh: str
    is_quarantined: bool
    rows: int
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class DeliveredFile:
    """One loaded file; counts in rows."""

    name: str
    read: int
    loaded: int
    repeated: int
    quarantined: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Delivery:
    """One loaded delivery."""

    name: str
    cut_off: date
    received_on: date
    files: tuple[DeliveredFile, ...]


@dataclass(frozen=True)
class Department:
    """What came of one department at the newest cut-off, against what was expected (sql/gates/coverage)."""

    name: str
    expected: str
    cases: int
    cases_a_week: float
    rows_delivered: int
    newest_at: datetime | None
    working_days: int
    days_covered: int
    is_missing: bool
    is_cut: bool
    has_none: bool


@dataclass(frozen=True)
class Inspection:
    """All that the page of the checks says of one week: what came, what is missing, what is odd, what was decided."""

    scope: str
    is_sample: bool
    week: Week
    cut_off: date
    is_swapped_in: bool
    checks: tuple[Check, ...]
    deliveries: tuple[Delivery, ...]
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class AsOf:
    """What the figures know: the newest cut-off, the newest receipt, the number of deliveries."""

    cut_off: date
    received_on: date
    deliveries: int


@dataclass(frozen=True)
class Statistics:
    """Everything one statistics section says. Each count is within the scope, except `out_of_scope`."""

    source: str
    scope: str
    is_sample: bool
    week: Week
    as_of: AsOf
    groups: tuple[GroupFigures, ...]
    unclassified: Counts
    unclassified_labels: Mapping[str, Counts]
    out_of_scope: Counts
    quarantined_rows: int
    quarantine_reasons: Mapping[str, int]
    definitions: Mapping[str, str]
    daily: tuple[DailyCounts, ...]
    reconciliation: Reconciliation
    checks: tuple[Check, ...]
    departments: tuple[PartCounts, ...] = ()
    areas: tuple[PartCounts, ...] = ()
    kinds: tuple[PartCounts, ...] = ()
    weeks: tuple[WeekCounts, ...] = ()
    handling: tuple[HandlingTimes, ...] = ()
    changes: tuple[Change, ...] = ()
    sources: tuple[Source, ...] = ()
    wording: Wording = Wording()


@dataclass(frozen=True)
class RevisedFigure:
    """One published figure against today's, in cases; `causes` (cause, cases) add up to the difference."""

    group: Group
    label: str
    measure: str
    published: int
    today: int
    causes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Revision:
    """One published week against what is known on the day `on`."""

    week: Week
    issue: int
    serial: int
    scope: str
    figures: tuple[RevisedFigure, ...]
    on: date

    @property
    def is_needed(self) -> bool:
        """Whether a number that was printed is another one today."""
        return any(f.today != f.published for f in self.figures if f.measure != "carried_over")


@dataclass(frozen=True)
class RangeWeek:
    """One bulletin week written for a range: year-to-date cases by group, and what was published, where it was.

    `failure` says why it could not be written.
    """

    end: date
    counts: Mapping[Group, Counts]
    published: Mapping[Group, Counts] | None = None
    failure: str = ""


@dataclass(frozen=True)
class RangeStatistics:
    """The figures of any range of days, in cases; `known` says from which deliveries where that is not all of them."""

    source: str
    scope: str
    is_sample: bool
    window: Window
    as_of: AsOf
    known: str
    labels: Mapping[Group, str]
    counts: Mapping[Group, Counts]
    unclassified: Counts
    out_of_scope: Counts
    daily: tuple[DailyCounts, ...]
    weeks: tuple[RangeWeek, ...]
    wording: Wording = Wording()


class WeekState(StrEnum):
    """What became of a bulletin week: refused has no report; of superseded ones a published figure has changed since."""

    REFUSED = "refused"
    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class WeekOverview:
    """One folder of reports; `verdict` of its checks is passed, warned or refused; `files` are relative to reports/."""

    end: date
    state: WeekState
    verdict: str
    number: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """Where a root stands: weeks, newest first, ranges, files that wait, open rows of the quarantine, and what is amiss."""

    scope: str
    is_sample: bool
    cut_off: date | None
    weeks: tuple[WeekOverview, ...]
    ranges: tuple[str, ...]
    waiting: tuple[str, ...]
    rows_open: int
    problems: tuple["Text", ...]
    has_dictionary: bool

    @property
    def unpublished(self) -> list[date]:
        return [week.end for week in self.weeks if week.state is WeekState.DRAFT]


@dataclass(frozen=True)
class Text:
    """One sentence in both languages of the project."""

    zh: str
    en: str

    def within(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Progress(Protocol):
    """Tells a waiting user what is being done."""

    def step(self, text: Text) -> None:
        """A new part of the work begins."""

    def detail(self, text: Text) -> None:
        """Something within it, such as the next file."""


class UserError(Exception):
    """Something the user can mend: shown as one sentence, without traceback, with its own exit code."""

    exit_code: ClassVar[int]

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class WrongUsage(UserError):
    exit_code = 2


class BadInput(UserError):
    exit_code = 3


class CheckFailed(UserError):
    """`rules` are those that were broken, by name."""

    exit_code = 4

    def __init__(self, *, zh: str, en: str, rules: Sequence[str] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.rules = list(rules)


class Locked(UserError):
    exit_code = 5


class NothingToDo(UserError):
    exit_code = 6
