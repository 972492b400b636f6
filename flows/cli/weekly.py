"""weekly 每周"""

import argparse
import json
import shlex
from typing import TYPE_CHECKING

from flows.cli.common import (
    EVERY_WEEK,
    Arguments,
    Command,
    Say,
    add_decisions,
    add_memory,
    add_notify,
    add_wait,
    open_root,
    parse_day,
    read_decisions,
    refuse_memory,
    run_recorded,
)
from flows.cli.terminal import say_command, shorten
from flows.cli.words import describe_checks, draw_groups, list_unread, say_reconciliation
from flows.domain.figures import Statistics
from flows.domain.text import Text
from flows.domain.verdicts import Severity
from flows.root.project import Project
from flows.service.environment import server_address

if TYPE_CHECKING:
    from flows.jobs.weekly import Preview, WeeklyRun


def _add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--week-ending",
        type=parse_day,
        metavar="D",
        help=say(
            "周末日，如 2022-07-22（默认：今天之前最近一个完整的通报周）",
            "last day of the week, e.g. 2022-07-22 (default: the last complete bulletin week)",
        ),
    )
    own.add_argument(
        "--json", action="store_true", help=say("输出 statistics.json 的内容", "print what statistics.json says")
    )
    own.add_argument(
        "--dry-run",
        action="store_true",
        help=say("只看结果和检查，什么也不写", "show figures and checks, write nothing"),
    )
    add_decisions(own, say)
    add_notify(own, say)
    add_memory(own, say)
    add_wait(own, say)


def _run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import weekly

    project, language = open_root(arguments, language)
    waive = read_decisions(arguments)
    if arguments.dry_run:
        return _preview(project, arguments, language)
    if address := server_address():
        refuse_memory(arguments)
        run = run_recorded(
            "weekly",
            project,
            address,
            arguments.quiet,
            week_end=arguments.week_ending,
            accept=dict(arguments.accept),
            by=arguments.by,
            wait_seconds=arguments.wait,
            notify=arguments.notify,
        )
    else:
        with show_progress(language, quiet=arguments.quiet) as progress:
            run = weekly.weekly(
                project,
                arguments.week_ending,
                progress,
                waive=waive,
                wait_seconds=arguments.wait,
                notify=arguments.notify,
            )
    if arguments.json:
        print((run.folder / "statistics.json").read_text(encoding="utf-8"), end="")
    else:
        print(summarise_week(run, project, language))
    return 0


def _preview(project: Project, arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.domain.verdicts import refuse_failures
    from flows.jobs import weekly
    from flows.report.json_form import write_json

    with show_progress(language, quiet=arguments.quiet) as progress:
        shown = weekly.preview(
            project,
            arguments.week_ending,
            progress,
            waive=read_decisions(arguments),
            wait_seconds=arguments.wait,
        )
    if arguments.json and shown.statistics:
        print(write_json(shown.statistics), end="")
    else:
        print(describe_preview(shown, project, language))
    refuse_failures(shown.inspection.checks)
    return 0


def summarise_week(run: "WeeklyRun", project: Project, language: str) -> str:
    """The result of a weekly run in at most 14 lines: paragraph, table, reconciliation, checks, what to do next."""
    figures = run.statistics
    paragraph = (run.folder / "statistics.txt").read_text(encoding="utf-8").rstrip("\n")
    week = figures.week
    lines = [
        *(["示例数据 / invented data"] if figures.is_sample else []),
        paragraph,
        *draw_groups(figures, language),
        say_reconciliation(figures, language),
        _say_checks(run, language),
        *_say_caught_up(run, language),
        *list_unread(project, language),
        Text(f"报告：{shorten(run.folder)}", f"report: {shorten(run.folder)}").within(language),
        Text("接下来：", "next:").within(language),
        *(
            f"  {say_command(*command)}"
            for command in (
                (project, f"weekly --week-ending {week.previous_end}"),
                (project, "status"),
                (None, f"init --root {shlex.quote(shorten(project.root.parent / 'bulletin-office'))}"),
            )
        ),
    ]
    return "\n".join(lines)


def _say_caught_up(run: "WeeklyRun", language: str) -> list[str]:
    """A line for each week that had been missed."""
    lines = []
    for each in run.caught_up:
        told = Text("已补出", "caught up")
        if each.failure:
            told = Text(f"未能补出：{each.failure.zh}", f"could not be caught up: {each.failure.en}")
        lines.append(f"{each.week_end}: {told.within(language)} ({each.as_of})")
    return lines


def describe_preview(shown: "Preview", project: Project, language: str) -> str:
    """What a weekly run would publish, how that differs from the last report, and the checks."""
    from flows.report.paragraph import write_paragraph

    figures = shown.statistics
    if figures is None:
        nothing = Text("没有该年截至该日的数据。", "there are no data of that year through that day.").within(language)
        return "\n".join(
            [nothing, *list_unread(project, language), *describe_checks(shown.inspection.checks, language)]
        )
    lines = [write_paragraph(figures), *draw_groups(figures, language), *_draw_differences(figures, project, language)]
    lines += list_unread(project, language)
    return "\n".join(
        [*lines, say_reconciliation(figures, language), *describe_checks(shown.inspection.checks, language)]
    )


def _draw_differences(figures: Statistics, project: Project, language: str) -> list[str]:
    """Against the last report before this week, and against this week's own, where they exist."""
    reports = {path.parent.name: path for path in project.reports.glob("2*/statistics.json")}
    end = figures.week.end.isoformat()
    earlier = max((name for name in reports if name < end), default=None)
    lines = []
    for name in filter(None, (earlier, end if end in reports else None)):
        told = {group["group"]: group for group in json.loads(reports[name].read_text(encoding="utf-8"))["groups"]}
        parts = [
            f"{group.label} {group.year_to_date.accepted - told[group.group]['accepted']:+d} / "
            f"{group.year_to_date.completed - told[group.group]['completed']:+d}"
            for group in figures.groups
        ]
        title = Text(f"与 reports/{name} 相比（受理/办结）：", f"against reports/{name} (accepted/completed): ")
        lines.append(title.within(language) + " · ".join(parts))
    return lines


def _say_checks(run: "WeeklyRun", language: str) -> str:
    checks = run.statistics.checks
    passed = sum(check.is_passed for check in checks)
    warned = [
        check.name
        for check in checks
        if not check.is_passed and check.severity is Severity.WARNING and not check.waivers
    ]
    names = f" ({', '.join(warned)})" if warned else ""
    decided = [f"{check.name}: {decision.reason}" for check in checks for decision in check.waivers]
    said = (
        Text(f"，放行 {'；'.join(decided)}", f", let through {'; '.join(decided)}").within(language) if decided else ""
    )
    return Text(
        f"检查：{passed} 项通过，{len(warned)} 项警告{names}{said} · {run.seconds:.1f} 秒",
        f"checks: {passed} passed, {len(warned)} warned{names}{said} · {run.seconds:.1f} s",
    ).within(language)


COMMAND = Command(
    "weekly",
    EVERY_WEEK,
    Text("载入新批次，出一周的统计段落", "load what is new, write the week's section"),
    Text(
        "载入 data/raw 中尚未载入的批次（全部成功或全部不动），检查，换上新的数据仓库，\n"
        "写出 reports/<周末日>/。没有新数据时只重新写出报告。",
        "Takes in every delivery not yet loaded (all or nothing), checks, swaps the new warehouse in\n"
        "and writes reports/<week ending>/. With nothing new it only writes the report again.",
    ),
    "weekly --week-ending 2022-07-22",
    _add_arguments,
    _run,
)
