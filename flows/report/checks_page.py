"""The page of the checks, for the person who signs: the verdicts, what came, what is missing, what was waived."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from flows.domain.verdicts import Department, Inspection, Severity, Verdict, Waiver
from flows.report.templates import fill


class Grade(StrEnum):
    """What a verdict means to the reader, the worst first."""

    FAILED = "✗ 未通过"
    ACCEPTED = "◦ 已放行"
    WARNING = "! 警告"
    PASSED = "✓ 通过"


EXPECTED = {
    "listed": "数据源配置列明",
    "daily": "按以往每个工作日都有",
    "weekly": "按以往每周都有",
    "occasional": "不定",
}


def grade(verdicts: Iterable[Verdict]) -> list[tuple[Grade, Verdict]]:
    """Each verdict with its grade, the worst first, otherwise in their order."""
    order = list(Grade)
    return sorted(((_grade(verdict), verdict) for verdict in verdicts), key=lambda graded: order.index(graded[0]))


def write_checks_markdown(inspection: Inspection) -> str:
    """In Chinese, as GitHub Markdown."""
    return fill("checks.md.j2", **_shown(inspection))


def write_checks_html(inspection: Inspection) -> str:
    """In Chinese; one file that needs no network and no script."""
    return fill("checks.html.j2", **_shown(inspection))


def describe_waiver(waiver: Waiver) -> str:
    who = f"{waiver.by}，" if waiver.by else ""
    source = "命令行" if waiver.source == "command line" else waiver.source
    return f"{waiver.reason}（{who}{waiver.on}，{source}，截止日期 {waiver.cut_off} 的批次）"


def _grade(verdict: Verdict) -> Grade:
    if verdict.is_passed:
        return Grade.PASSED
    if verdict.waivers:
        return Grade.ACCEPTED
    return Grade.FAILED if verdict.severity is Severity.CRITICAL else Grade.WARNING


def _shown(inspection: Inspection) -> dict[str, object]:
    graded = grade(inspection.verdicts)
    tally = Counter(each.name for each, _ in graded)
    conclusion = "未通过，不得刊用" if tally["FAILED"] else "通过" if not tally["WARNING"] else "通过，有警告"
    departments = inspection.departments
    return {
        "inspection": inspection,
        "week": inspection.week,
        "conclusion": conclusion,
        "tally": tally,
        "by_grade": {each.name: [verdict for own, verdict in graded if own is each] for each in Grade},
        "describe_waiver": describe_waiver,
        "missing": [d for d in departments if d.is_missing],
        "partial": [d for d in departments if not d.is_missing and (d.is_cut or _lacks_days(d))],
        "idle": [d for d in departments if d.has_none],
        "learnt": [d for d in departments if d.expected in ("daily", "weekly")],
        "departments": [d for d in departments if not d.has_none],
        "expected_words": EXPECTED,
        "doubted": [doubt for doubt in inspection.doubts if not doubt.is_rule],
        "deliveries": list(reversed(inspection.deliveries)),
    }


def _lacks_days(department: Department) -> bool:
    return department.expected == "daily" and department.days_covered < department.working_days
