"""The page of the checks, for the person who signs: the verdict, what failed, what came, what is missing, what was decided."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from flows.domain.verdicts import Department, Inspection, Severity, Verdict, Waiver
from flows.report.templates import fill


class Outcome(StrEnum):
    """What a check means to the reader, the worst first."""

    FAILED = "✗ 未通过"
    ACCEPTED = "◦ 已放行"
    WARNING = "! 警告"
    PASSED = "✓ 通过"


EXPECTED = {"listed": "数据源配置列明", "daily": "按以往每天有", "weekly": "按以往每周有", "occasional": "不定"}


def judge(checks: Iterable[Verdict]) -> list[tuple[Outcome, Verdict]]:
    """Each check with its outcome, the worst first, else in their order."""
    order = list(Outcome)
    return sorted(((_tell(check), check) for check in checks), key=lambda judged: order.index(judged[0]))


def write_checks_markdown(inspection: Inspection) -> str:
    """In Chinese, as GitHub Markdown."""
    return fill("checks.md.j2", **_shown(inspection))


def write_checks_html(inspection: Inspection) -> str:
    """In Chinese; one file that needs no network and no script."""
    return fill("checks.html.j2", **_shown(inspection))


def describe_waiver(waiver: Waiver) -> str:
    who = f"{waiver.by}，" if waiver.by else ""
    source = "命令行" if waiver.source == "command line" else waiver.source
    return f"{waiver.reason}（{who}{waiver.on}，{source}，截止 {waiver.cut_off} 的批次）"


def _tell(check: Verdict) -> Outcome:
    if check.is_passed:
        return Outcome.PASSED
    if check.waivers:
        return Outcome.ACCEPTED
    return Outcome.FAILED if check.severity is Severity.CRITICAL else Outcome.WARNING


def _shown(inspection: Inspection) -> dict[str, object]:
    judged = judge(inspection.checks)
    tally = Counter(outcome.name for outcome, _ in judged)
    verdict = "未通过，不得刊用" if tally["FAILED"] else "通过" if not tally["WARNING"] else "通过，有警告"
    departments = inspection.departments
    return {
        "inspection": inspection,
        "week": inspection.week,
        "verdict": verdict,
        "tally": tally,
        "by_outcome": {outcome.name: [check for each, check in judged if each is outcome] for outcome in Outcome},
        "decisions": [describe_waiver(each) for check in inspection.checks for each in check.waivers],
        "describe_waiver": describe_waiver,
        "missing": [d for d in departments if d.is_missing],
        "partial": [d for d in departments if not d.is_missing and (d.is_cut or _lacks_days(d))],
        "idle": [d for d in departments if d.has_none],
        "learnt": [d for d in departments if d.expected in ("daily", "weekly")],
        "departments": [d for d in departments if not d.has_none],
        "expected_words": EXPECTED,
        "deliveries": list(reversed(inspection.deliveries)),
    }


def _lacks_days(department: Department) -> bool:
    return department.expected == "daily" and department.days_covered < department.working_days
