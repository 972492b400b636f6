"""Rules, what was found of them and where, what somebody let through, and all that the page of the checks says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flows.domain.cases import Week
from flows.domain.text import CheckFailed, Text


class Severity(StrEnum):
    CRITICAL = "critical"
    WARNING = "warning"


ROW_STRUCTURE = "row_structure"  # the one rule of rows without a file of its own: such a line is no row
STRUCTURE = Text(zh="字段数与表头不符", en="the row has not as many fields as the header")


@dataclass(frozen=True)
class Rule:
    """One rule as a person reads it: `effect` is quarantine, warning or critical."""

    name: str
    effect: str
    text: Text


@dataclass(frozen=True)
class Place:
    """Where a rule is broken, and what was found there. `cut_off` is that of the delivery concerned; '' in `name`: all of it."""

    cut_off: date
    name: str
    observed: str


@dataclass(frozen=True)
class Waiver:
    """Somebody's decision to go on although `rule` is broken by what was delivered with a cut-off of `cut_off`."""

    rule: str
    cut_off: date
    reason: str
    by: str
    on: date
    source: str


@dataclass(frozen=True)
class Verdict:
    """The verdict on one rule. `observed` is what was found, `zh` and `en` say what the rule asks.

    `places` are up to ten of the `broken` places; `waivers` what was decided about them, empty unless it covers all.
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
        """Whether nothing may be swapped in or published."""
        return not self.is_passed and self.severity is Severity.CRITICAL and not self.waivers


COMMAND_LINE = "command line"


@dataclass(frozen=True)
class WaiverRequest:
    """What a person lets through: rule → reason, and who that is, where it is told."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    by: str = ""


NO_WAIVERS = WaiverRequest()


@dataclass(frozen=True)
class Fall:
    """One year-to-date figure against that of the week before: the cases that its `corrections` (in Chinese) do not explain."""

    place: str
    unexplained: int
    corrections: str


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
    """What came of one department at the newest cut-off, against what was expected (sql/rules/frames/coverage)."""

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
    checks: tuple[Verdict, ...]
    deliveries: tuple[Delivery, ...]
    departments: tuple[Department, ...]


def refuse_failures(checks: Iterable[Verdict]) -> None:
    """Raise CheckFailed with a table of the critical checks that failed and that nobody has accepted, if any did."""
    failed = [check for check in checks if check.stops]
    if failed:
        zh = "\n".join(f"  ✗ {c.name}：{c.zh}；实际：{c.observed}" for c in failed)
        en = "\n".join(f"  ✗ {c.name}: {c.en}; found: {c.observed}" for c in failed)
        rule = failed[0].name
        raise CheckFailed(
            zh=f"关键检查未通过，数据仓库保持原样：\n{zh}\n请更正或重新导出有关文件，再运行一次；"
            f'确认无误的，说明理由放行：bulletin weekly --accept {rule}="理由"',
            en=f"Critical checks failed; the warehouse stays as it was:\n{en}\nMend or re-export the files, then run again; "
            f'what is right all the same is let through with a reason: bulletin weekly --accept {rule}="reason"',
            rules=[check.name for check in failed],
        )
