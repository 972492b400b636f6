"""The home page, reports/index.html: the newest week, the state of each week, files to load, what to do next."""

from collections.abc import Iterator

from flows.domain.figures import RevisionState
from flows.domain.runs import Overview, WeekOverview, WeekState, say_publish
from flows.domain.text import CommandLine
from flows.report.templates import fill

_STATES = {
    WeekState.REFUSED: "未通过检查，没有报告",
    WeekState.DRAFT: "草稿",
    WeekState.PROPOSED: "编发人已签名，待审核",
    WeekState.PUBLISHED: "已刊发",
}
_REVISIONS = {
    RevisionState.UNCHANGED: "",
    RevisionState.TAKEN_UP: "，数字有变，下期累计已含",
    RevisionState.DUE: "，数字有变，须出更正说明",
    RevisionState.ISSUED: "，数字有变，已说明",
}


_VERDICTS = {"passed": "✓ 通过", "warned": "! 有警告", "refused": "✗ 未通过"}
_CLASSES = {"passed": "passed", "warned": "warning", "refused": "failed"}


_FORMS = {
    "statistics.html": "报告",
    "checks.html": "检查",
    "statistics.docx": "DOCX",
    "statistics.xlsx": "XLSX",
    "statistics.txt": "段落",
    "更正说明.docx": "更正说明",
}


def write_home(overview: Overview) -> str:
    """In Chinese; one file that needs no network, with relative links."""
    return fill(
        "index.html.j2",
        overview=overview,
        newest=overview.weeks[0] if overview.weeks else None,
        describe_state=_describe_state,
        verdicts=_VERDICTS,
        classes=_CLASSES,
        list_links=_list_links,
        steps=list(_list_steps(overview)),
    )


def _describe_state(week: WeekOverview) -> str:
    day = f"（{week.noticed_on}）" if week.revision is RevisionState.ISSUED else ""
    return f"{_STATES[week.state]}{_REVISIONS[week.revision]}{day}"


def _list_links(week: WeekOverview) -> list[tuple[str, str]]:
    """Address and label of the files that people open; a draft beside a publication is labelled as such, a notice with the day of issue."""
    links = []
    for path in week.files:
        name = path.rpartition("/")[2]
        below = path.split("/")[1:-1]  # none, published, draft, revision, or revision and the day of issue
        label = "草稿 " if below == ["draft"] else "".join(f"{day} " for day in below[1:])
        links += [(path, f"{label}{_FORMS[name]}")] if name in _FORMS else []
    return links


def _list_steps(overview: Overview) -> Iterator[tuple[str, CommandLine]]:
    """What to do next, and the command that does it."""
    if overview.waiting:
        yield f"{len(overview.waiting)} 个文件待载入", CommandLine("weekly")
    elif not overview.weeks:
        yield "尚无报告：请接收导出文件，再运行一次", CommandLine("receive")
    for week in overview.weeks[:1]:
        yield from _suggest(week, overview)
    for week in overview.weeks:
        if week.state is WeekState.PROPOSED:
            yield f"{week.end} 待审核", CommandLine("approve --week-ending {week_end}", week_end=week.end)
        if week.revision is RevisionState.DUE:
            yield f"{week.end} 须出更正说明", CommandLine("revisions --week-ending {week_end}", week_end=week.end)
    if overview.rows_open:
        new = f"（本期新增 {overview.rows_new} 行）" if overview.rows_new else ""
        yield f"{overview.rows_open} 行被隔离{new}，等待更正", CommandLine("quarantine")


def _suggest(week: WeekOverview, overview: Overview) -> Iterator[tuple[str, CommandLine]]:
    if week.state is WeekState.REFUSED:
        yield (
            f"请查看 {week.end} 的检查，更正文件后再运行",
            CommandLine("weekly --week-ending {week_end}", week_end=week.end),
        )
    if week.state is WeekState.DRAFT and not overview.is_sample:  # invented data are never published
        yield f"{week.end} 尚未刊发：请先查看检查，再刊发", say_publish(week.end, is_signed=overview.is_signed)
