"""The figures of a section, a range and a revision, and the parts of one figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.domain.asked import AskedTable
from flows.domain.cases import PRINTED, Cause, Counts, Group, Measure, Week, Window
from flows.domain.verdicts import FoundDoubt, Verdict


@dataclass(frozen=True)
class Compared:
    """Cases of one group in a window and in an earlier one: of the departments that are complete in both; `left_out` names the others."""

    now: Counts
    earlier: Counts
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupFigures:
    """The figures of one group within the scope, in cases.

    `week_on_week` compares with the bulletin week before, `year_on_year` the year-to-date with that of a year before; None where
    the deliveries are not complete in both (sql/figures/covered_spells).
    """

    group: Group
    label: str
    year_to_date: Counts
    week: Counts
    since_previous: Counts
    previous_week: Counts = Counts()
    week_on_week: Compared | None = None
    year_on_year: Compared | None = None


@dataclass(frozen=True)
class DailyCounts:
    """Cases of one group in scope on one day."""

    day: date
    group: Group
    counts: Counts


@dataclass(frozen=True)
class Wording:
    """How the paragraph is written: `unit` '' or 万 with `decimals`; `template` '' means the standard one."""

    has_separators: bool = False
    unit: str = ""
    decimals: int = 2
    template: str = ""


@dataclass(frozen=True)
class PartCounts:
    """Cases of one department, area or kind of case, in the year-to-date window.

    `label` is the name of an area that the source profile knows, '' of what has no other name than `name`.
    """

    name: str
    counts: Counts
    label: str = ""


@dataclass(frozen=True)
class WeekCounts:
    """Cases of each group in one bulletin week, from the day after the week before through its end."""

    end: date
    counts: Mapping[Group, Counts]


@dataclass(frozen=True)
class HandlingTimes:
    """How long the completed cases of one group or department took, in working days (行政许可法 §82), and which are open.

    `name` is the key of the group, or the department; see sql/figures/handling_times.
    """

    name: str
    completed: int
    measured: int
    working_days: int
    median_days: float | None
    judged: int
    on_time: int
    limited: int
    days_ahead: int
    still_open: int
    open_with_deadline: int = 0
    overdue: int = 0
    due_soon: int = 0
    departments: int = 0
    silent_departments: int = 0


@dataclass(frozen=True)
class Change:
    """Cases that one year-to-date gained or lost since the deliveries of the week before, and why."""

    group: Group
    measure: Measure
    cause: Cause
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
class KnownThrough:
    """Which deliveries the figures are counted from: newest cut-off, newest day of receipt, number of deliveries."""

    cut_off: date
    received_on: date
    deliveries: int


@dataclass(frozen=True)
class Part:
    """A part of a figure: its name and its cases (signed for a change)."""

    name: tuple[str, ...]
    cases: int


@dataclass(frozen=True)
class FigureParts:
    """What one year-to-date leads on to: its departments, and the files (delivery, file, sheet) that its cases were read from; each adds
    up to it, the largest first.
    """

    group: Group
    measure: Measure
    departments: tuple[Part, ...]
    files: tuple[Part, ...]


@dataclass(frozen=True)
class Statistics:
    """Everything one statistics section says. Each count is within the scope, except `out_of_scope`."""

    source: str
    scope: str
    is_sample: bool
    week: Week
    known_through: KnownThrough
    groups: tuple[GroupFigures, ...]
    unclassified: Counts
    unclassified_labels: Mapping[str, Counts]
    out_of_scope: Counts
    quarantined_rows: int
    quarantine_reasons: Mapping[str, int]
    definitions: Mapping[str, str]
    daily: tuple[DailyCounts, ...]
    reconciliation: Reconciliation
    verdicts: tuple[Verdict, ...]
    departments: tuple[PartCounts, ...] = ()
    areas: tuple[PartCounts, ...] = ()
    kinds: tuple[PartCounts, ...] = ()
    weeks: tuple[WeekCounts, ...] = ()
    handling: tuple[HandlingTimes, ...] = ()
    handling_by_department: tuple[HandlingTimes, ...] = ()
    changes: tuple[Change, ...] = ()
    sources: tuple[Source, ...] = ()
    doubts: tuple[FoundDoubt, ...] = ()
    wording: Wording = Wording()
    figure_parts: tuple[FigureParts, ...] = ()
    asked: tuple[AskedTable, ...] = ()


class RevisionState(StrEnum):
    """How a published week stands today. Taken up: it has changed by no more than is announced, and the next issue's year-to-date holds
    that. Due: a notice of correction has to be issued. Issued: readers were told of what has changed.
    """

    UNCHANGED = "unchanged"
    TAKEN_UP = "taken_up"
    DUE = "due"
    ISSUED = "issued"


@dataclass(frozen=True)
class Notice:
    """A notice of correction 更正说明 that was issued: the day, who issued it, and the printed figures that it told, in cases."""

    on: date
    by: str
    figures: Mapping[Group, Mapping[str, int]]


@dataclass(frozen=True)
class RevisedFigure:
    """One published figure against today's, in cases. `told` is what readers know: the figure of the newest notice, else the published
    one. `causes` (cause, cases) add up to the difference between today's and the published one.
    """

    group: Group
    label: str
    measure: Measure
    published: int
    told: int
    today: int
    causes: tuple[tuple[Cause, int], ...] = ()

    @property
    def is_changed(self) -> bool:
        return not self.published == self.told == self.today


@dataclass(frozen=True)
class Revision:
    """One published week against what is known on the day `on`.

    `notice_cases`: a printed number may differ by as many cases before a notice is due; `is_taken_up`: a later issue of the same year
    counts what this one lacks; `notice` is the newest one, None if none was issued; `has_policy`: the office has written down when it
    revises.
    """

    week: Week
    issue: int
    serial: int
    scope: str
    figures: tuple[RevisedFigure, ...]
    on: date
    notice_cases: int = 0
    is_taken_up: bool = True
    notice: Notice | None = None
    has_policy: bool = False

    @property
    def printed(self) -> tuple[RevisedFigure, ...]:
        return tuple(figure for figure in self.figures if figure.measure in PRINTED)

    @property
    def state(self) -> RevisionState:
        most = self.notice_cases if self.is_taken_up else 0
        if any(abs(figure.today - figure.told) > most for figure in self.printed):
            return RevisionState.DUE
        if self.notice:
            return RevisionState.ISSUED
        is_changed = any(figure.is_changed for figure in self.printed)
        return RevisionState.TAKEN_UP if is_changed else RevisionState.UNCHANGED


@dataclass(frozen=True)
class RangeWeek:
    """One bulletin week of a range: year-to-date cases by group, today and as published.

    `published` is None if the week was not published; `failure` says why its report could not be written.
    """

    end: date
    counts: Mapping[Group, Counts]
    published: Mapping[Group, Counts] | None = None
    failure: str = ""


@dataclass(frozen=True)
class RangeStatistics:
    """The figures of any range of days, in cases. `known` says in Chinese which deliveries were used, '' for all of them."""

    source: str
    scope: str
    is_sample: bool
    window: Window
    known_through: KnownThrough
    known: str
    labels: Mapping[Group, str]
    counts: Mapping[Group, Counts]
    unclassified: Counts
    out_of_scope: Counts
    daily: tuple[DailyCounts, ...]
    weeks: tuple[RangeWeek, ...]
    wording: Wording = Wording()


@dataclass(frozen=True)
class Explanation:
    """One figure, in cases, and the parts that add up to it.

    `files` (delivery, file, sheet), `departments`, `months` and `acceptance_years` each add up to `cases`;
    `causes` add up to `cases` minus `cases_before`, the year-to-date through `before`.
    """

    group: str
    measure: Measure
    window: Window
    cases: int
    before: date
    cases_before: int
    files: tuple[Part, ...]
    departments: tuple[Part, ...]
    months: tuple[Part, ...]
    acceptance_years: tuple[Part, ...]
    causes: tuple[Part, ...]
