"""Rules, verdicts on them, waivers, and all that the page of the checks shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.domain.cases import Week
from flows.domain.text import CheckFailed, Text


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

    `places` are up to ten of the `broken` places; `waivers` is empty unless they cover all of them.
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

    @property
    def stops(self) -> bool:
        """Whether this verdict forbids swapping in and publishing."""
        return not self.is_passed and self.severity is Severity.CRITICAL and not self.waivers


COMMAND_LINE = "command line"


@dataclass(frozen=True)
class WaiverRequest:
    """What a person waives: rule → reason, and who; `by` is '' if not given."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    by: str = ""


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


def refuse_failures(verdicts: Iterable[Verdict]) -> None:
    """Raise CheckFailed if a critical rule is broken and not waived; its message lists them all."""
    failed = [verdict for verdict in verdicts if verdict.stops]
    if failed:
        zh = "\n".join(f"  ✗ {v.name}：{v.zh}；实际：{v.observed}" for v in failed)
        en = "\n".join(f"  ✗ {v.name}: {v.en}; found: {v.observed}" for v in failed)
        rule = failed[0].name
        raise CheckFailed(
            zh=f"关键检查未通过，数据仓库保持原样：\n{zh}\n请更正或重新导出有关文件，再运行一次；"
            f'确认无误的，说明理由放行：bulletin weekly --accept {rule}="理由"',
            en=f"Critical checks failed; the warehouse stays as it was:\n{en}\nCorrect or re-export the files and run again. "
            f'If the data are right, waive the rule with a reason: bulletin weekly --accept {rule}="reason"',
            rules=[verdict.name for verdict in failed],
        )
