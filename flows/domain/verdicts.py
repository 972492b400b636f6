"""Rules, verdicts on them, waivers, and all that the page of the checks shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.domain.cases import Week
from flows.domain.holidays import say_how_to_announce
from flows.domain.names import refuse_example
from flows.domain.text import Bilingual, CheckFailed, CommandLine, Lines, Text


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """One rule as a person reads it: `effect` is quarantine, warning or critical."""

    name: str
    effect: str
    text: Text


@dataclass(frozen=True)
class Place:
    """Where a rule is broken, and what was found there. `cut_off` is the delivery's; `name` is '' for all of it."""

    cut_off: date
    name: str
    observed: str


@dataclass(frozen=True)
class Waiver:
    """Somebody's decision to accept that the deliveries of `cut_off` break `rule`."""

    rule: str
    cut_off: date
    reason: str
    by: str
    on: date
    source: str


@dataclass(frozen=True)
class Verdict:
    """The verdict on one rule. `observed` is what was found, `zh` and `en` are what the rule requires.

    `said_zh` and `said_en` say of a broken rule what is the case, `due_zh` and `due_en` what should have been found, in short, such
    as 0; all four are '' in a verdict that was signed before there were any. `places` are up to ten of the `broken` places;
    `waivers` is empty unless they cover all of them. Nobody can let a rule through that is not waivable.
    """

    name: str
    severity: Severity
    is_passed: bool
    observed: str
    zh: str
    en: str
    broken: int = 0
    places: tuple[Place, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    is_waivable: bool = True
    said_zh: str = ""
    said_en: str = ""
    due_zh: str = ""
    due_en: str = ""

    @property
    def said(self) -> Text:
        """What is the case; of a rule that holds, what it requires."""
        return Bilingual(self.said_zh, self.said_en) if self.said_en else Bilingual(self.zh, self.en)

    @property
    def stops(self) -> bool:
        """Whether this verdict forbids swapping in and publishing."""
        return not self.is_passed and self.severity is Severity.CRITICAL and not self.waivers


COMMAND_LINE = "command line"
DAYS_OFF_ANNOUNCED = "days_off_announced"  # its places are the years that are not


@dataclass(frozen=True)
class WaiverRequest:
    """What a person waives: rule → reason, and who; `by` is '' if not given.

    Raises:
        WrongUsage: a name or reason is a word out of an example.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    by: str = ""

    def __post_init__(self) -> None:
        refuse_example(self.by, *self.reasons.values())


NO_WAIVERS = WaiverRequest()


@dataclass(frozen=True)
class Fall:
    """One year-to-date figure against the week before: cases of its fall that `corrections` (in Chinese) do not explain."""

    place: str
    unexplained: int
    corrections: str


@dataclass(frozen=True)
class Finding:
    """Rows of one file that break one rule of sql/rules/rows; `cells` are examples: where, column, masked value."""

    rule: str
    zh: str
    is_quarantined: bool
    rows: int
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class FoundDoubt:
    """One thing that is not sure of a file of the newest cut-off: what the reader doubted, or a rule that rows break.

    `row` counts from 1, 0 for a whole table; `taken_for` is in Chinese. What `is_loss` holds rows that were not read.
    """

    delivery: str
    file: str
    sheet: str
    row: int
    column: str
    kind: str
    taken_for: str
    rows: int
    is_loss: bool
    is_rule: bool


@dataclass(frozen=True)
class DeliveredFile:
    """One loaded file; counts in rows. `taken_for` says in Chinese what its tables tell: acceptances, results, or both."""

    name: str
    taken_for: str
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
    """What one department delivered for the newest cut-off, against what was expected (sql/rules/frames/coverage)."""

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
    """What the page of the checks shows for one week: what came, what is missing, what is odd, what was waived."""

    scope: str
    is_sample: bool
    week: Week
    cut_off: date
    is_swapped_in: bool
    verdicts: tuple[Verdict, ...]
    deliveries: tuple[Delivery, ...]
    departments: tuple[Department, ...]
    doubts: tuple[FoundDoubt, ...] = ()


def refuse_failures(
    verdicts: Iterable[Verdict], command: CommandLine, waive: WaiverRequest = NO_WAIVERS, ways: Sequence[Text] = ()
) -> None:
    """Raise CheckFailed if a critical rule is broken and not waived; its message lists them all.

    `command` is how the run was started, without its waivers, such as bulletin weekly --week-ending 2022-07-22: the message
    says it again with all that it takes, those of `waive` among them, since a run that is refused records none. `ways` are others
    than to let it through.
    """
    failed = [verdict for verdict in verdicts if verdict.stops]
    if failed:
        raise CheckFailed(
            "Critical checks failed; the warehouse stays as it was:\n{checks}\nCorrect or re-export the files and run again.\n{ways}",
            checks=Lines(map(_describe_failure, failed)),
            ways=Lines([*ways, _advise(failed, command, waive)]),
            rules=[verdict.name for verdict in failed],
        )


def _describe_failure(failed: Verdict) -> Text:
    said = Text("  ✗ {rule}: {said}", rule=failed.name, said=failed.said)
    if failed.name != DAYS_OFF_ANNOUNCED:
        return said
    return Lines((said, say_how_to_announce(int(place.name) for place in failed.places)))


def _advise(failed: Sequence[Verdict], command: CommandLine, waive: WaiverRequest) -> Text:
    """How all of it is let through at once, or what nobody can let through."""
    if fixed := [verdict.name for verdict in failed if not verdict.is_waivable]:
        return Text("Nobody can let {names} through: the program's own sums differ. Please report it.", names=fixed)
    for rule, reason in waive.reasons.items():
        command = command.and_words("--accept {waiver}", waiver=f"{rule}={reason}")
    for verdict in failed:
        command = command.and_words("--accept {rule}", rule=verdict.name)
    if waive.by:
        command = command.and_words("--by {name}", name=waive.by)
    return Text(
        "If the data are right, let them through, each with its reason, which the command asks for: {command}",
        command=command,
    )
