"""weekly 每周: load new deliveries, write the section of the week."""

import argparse
import json
import shlex
from typing import TYPE_CHECKING

from flows.cli.common import (
    EVERY_WEEK,
    Arguments,
    Command,
    Say,
    add_json,
    add_memory,
    add_notify,
    add_wait,
    add_waivers,
    add_week,
    open_root,
    read_waivers,
    refuse_memory,
    run_on_server,
)
from flows.cli.terminal import say_command, shorten
from flows.cli.words import describe_verdicts, draw_groups, list_unread, say_reconciliation
from flows.domain.figures import Statistics
from flows.domain.text import Text
from flows.domain.verdicts import Severity
from flows.root.project import Project
from flows.root.reports import find_reports
from flows.service.environment import server_address

if TYPE_CHECKING:
    from flows.jobs.weekly import Preview, WeeklyRun

COMMAND = Command(
    "weekly",
    EVERY_WEEK,
    Text("载入新批次，出一周的统计段落", "load new deliveries, write the section of the week"),
    Text(
        "载入 data/raw 中尚未载入的批次（全部成功或全部不动），检查，换上新的数据仓库，\n"
        "写出 reports/<周末日>/。没有新数据时只重新写出报告。",
        "Loads all new deliveries or none, checks, swaps the new warehouse in and writes\n"
        "reports/<week ending>/. Without new deliveries it only writes the report again.",
    ),
    "weekly --week-ending 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    week = say(
        "周末日，如 2022-07-22（默认：今天之前最近一个完整的通报周）",
        "last day of the week, e.g. 2022-07-22 (default: the last complete bulletin week)",
    )
    add_week(own, week)
    add_json(own, say, "statistics.json")
    own.add_argument(
        "--dry-run",
        action="store_true",
        help=say("只看结果和检查，什么也不写", "show figures and verdicts, write nothing"),
    )
    add_waivers(own, say)
    add_notify(own, say)
    add_memory(own, say)
    add_wait(own, say)


def run(arguments: Arguments, language: str) -> int:
    project, language = open_root(arguments, language)
    if arguments.dry_run:
        return _preview(project, arguments, language)
    done = _run_week(project, arguments, language)
    if arguments.json:
        print((done.folder / "statistics.json").read_text(encoding="utf-8"), end="")
    else:
        print(summarise_week(done, project, language))
    return 0


def _run_week(project: Project, arguments: Arguments, language: str) -> "WeeklyRun":
    """Here, or on the Prefect server that is configured."""
    options = {"wait_seconds": arguments.wait, "notify": arguments.notify}
    if address := server_address():
        refuse_memory(arguments)
        week = {"week_end": arguments.week_ending, "accept": dict(arguments.accept), "by": arguments.by}
        done: WeeklyRun = run_on_server("weekly", project, address, arguments.quiet, **week, **options)
        return done
    from flows.cli.terminal import show_progress
    from flows.jobs import weekly

    waive = read_waivers(arguments)
    with show_progress(language, quiet=arguments.quiet) as progress:
        return weekly.weekly(project, arguments.week_ending, progress, waive=waive, **options)


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
            waive=read_waivers(arguments),
            wait_seconds=arguments.wait,
        )
    if arguments.json and shown.statistics:
        print(write_json(shown.statistics), end="")
    else:
        print(describe_preview(shown, project, language))
    refuse_failures(shown.inspection.verdicts)
    return 0


def summarise_week(run: "WeeklyRun", project: Project, language: str) -> str:
    """The result of a weekly run in at most 14 lines: paragraph, table, reconciliation, verdicts, what to do next."""
    figures = run.statistics
    paragraph = (run.folder / "statistics.txt").read_text(encoding="utf-8").rstrip("\n")
    week = figures.week
    lines = [
        *(["示例数据 / invented data"] if figures.is_sample else []),
        paragraph,
        *draw_groups(figures, language),
        say_reconciliation(figures, language),
        _say_verdicts(run, language),
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
    """A line for each missed week."""
    lines = []
    for each in run.caught_up:
        result = Text("已补出", "caught up")
        if each.failure:
            result = Text(f"未能补出：{each.failure.zh}", f"could not be caught up: {each.failure.en}")
        lines.append(f"{each.week_end}: {result.within(language)} ({each.as_of})")
    return lines


def describe_preview(shown: "Preview", project: Project, language: str) -> str:
    """The figures that a weekly run would write, their differences to earlier reports, and the verdicts."""
    from flows.report.paragraph import write_paragraph

    figures = shown.statistics
    if figures is None:
        nothing = Text("没有该年截至该日的数据。", "there are no data for that year through that day.").within(language)
        return "\n".join(
            [nothing, *list_unread(project, language), *describe_verdicts(shown.inspection.verdicts, language)]
        )
    lines = [write_paragraph(figures), *draw_groups(figures, language), *_draw_differences(figures, project, language)]
    lines += list_unread(project, language)
    return "\n".join(
        [*lines, say_reconciliation(figures, language), *describe_verdicts(shown.inspection.verdicts, language)]
    )


def _draw_differences(figures: Statistics, project: Project, language: str) -> list[str]:
    """Against the last report before this week, and against this week's own, if they exist."""
    reports = find_reports(project)
    earlier = max((end for end in reports if end < figures.week.end), default=None)
    lines = []
    for end in filter(None, (earlier, figures.week.end if figures.week.end in reports else None)):
        known = {group["group"]: group for group in json.loads(reports[end].read_text(encoding="utf-8"))["groups"]}
        parts = [
            f"{group.label} {group.year_to_date.accepted - known[group.group]['accepted']:+d} / "
            f"{group.year_to_date.completed - known[group.group]['completed']:+d}"
            for group in figures.groups
        ]
        title = Text(f"与 reports/{end} 相比（受理/办结）：", f"against reports/{end} (accepted/completed): ")
        lines.append(title.within(language) + " · ".join(parts))
    return lines


def _say_verdicts(run: "WeeklyRun", language: str) -> str:
    verdicts = run.statistics.verdicts
    passed = sum(verdict.is_passed for verdict in verdicts)
    warned = [v.name for v in verdicts if not v.is_passed and v.severity is Severity.WARNING and not v.waivers]
    names = f" ({', '.join(warned)})" if warned else ""
    waived = [f"{verdict.name}: {waiver.reason}" for verdict in verdicts for waiver in verdict.waivers]
    rest = Text(f"，放行 {'；'.join(waived)}", f", waived {'; '.join(waived)}").within(language) if waived else ""
    return Text(
        f"检查：{passed} 项通过，{len(warned)} 项警告{names}{rest} · {run.seconds:.1f} 秒",
        f"checks: {passed} passed, {len(warned)} warned{names}{rest} · {run.seconds:.1f} s",
    ).within(language)
