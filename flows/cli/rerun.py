"""rerun 重出: write any range of days again."""

import argparse
from typing import TYPE_CHECKING

from flows.cli.common import (
    KEEPING,
    Arguments,
    Command,
    Say,
    add_json,
    add_notify,
    add_question,
    add_wait,
    open_root,
    parse_day,
    read_question,
    run_on_server,
)
from flows.cli.terminal import draw_table, say_command, shorten
from flows.cli.words import list_unread
from flows.domain.figures import RangeWeek
from flows.domain.text import CheckFailed, Text
from flows.root.project import Project
from flows.service.environment import server_address

if TYPE_CHECKING:
    from flows.jobs.rerun import RangeRun

COMMAND = Command(
    "rerun",
    KEEPING,
    Text("重出任意区间：各周报告和区间合计", "rerun any range of days: its weeks and its own figures"),
    Text(
        "区间内截止的每个通报周写入 reports/<起>_<止>/<周末日>/，区间自身的数字写入 reports/<起>_<止>/；\n"
        "不改动 reports/<周末日>/。中断后再运行同一命令，从断处继续。",
        "Writes every bulletin week that ends in the range to reports/<from>_<to>/<week ending>/, and the range itself to\n"
        "reports/<from>_<to>/; reports/<week ending>/ is never touched. To resume a stopped run, give the same command.",
    ),
    "rerun --from 2022-07-04 --to 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    first = say("第一天", "first day")
    own.add_argument("--from", dest="first", type=parse_day, metavar="D", required=True, help=first)
    last = say("最后一天，含", "last day, inclusive")
    own.add_argument("--to", dest="last", type=parse_day, metavar="D", required=True, help=last)
    add_question(own, say)
    add_json(own, say, "range.json")
    add_notify(own, say)
    add_wait(own, say)


def run(arguments: Arguments, language: str) -> int:
    project, language = open_root(arguments, language)
    ranged = _rerun(project, arguments, language)
    if arguments.json:
        print((ranged.folder / "range.json").read_text(encoding="utf-8"), end="")
    else:
        print(describe_range(ranged, project, language))
    return CheckFailed.exit_code if ranged.failed else 0


def _rerun(project: Project, arguments: Arguments, language: str) -> "RangeRun":
    """Here, or on the Prefect server that is configured."""
    options = {"wait_seconds": arguments.wait, "notify": arguments.notify}
    if address := server_address():
        days = {"first_day": arguments.first, "last_day": arguments.last}
        asked = {"as_of": arguments.as_of, "known_on": arguments.known_on}
        ranged: RangeRun = run_on_server("rerun", project, address, arguments.quiet, **days, **asked, **options)
        return ranged
    from flows.cli.terminal import show_progress
    from flows.domain.cases import Window
    from flows.jobs import rerun

    window = Window(arguments.first, arguments.last)
    with show_progress(language, quiet=arguments.quiet) as progress:
        return rerun.rerun(project, window, read_question(arguments), progress, **options)


def describe_range(ranged: "RangeRun", project: Project, language: str) -> str:
    """The paragraph and figures of the range, failed weeks, and weeks that differ from what was published."""
    from flows.report.paragraph import write_range_paragraph

    figures = ranged.statistics
    header = Text("组别,受理,办结,结转", "group,accepted,completed,carried over").within(language).split(",")
    rows = [
        (figures.labels[group], str(counts.accepted), str(counts.completed), str(counts.carried_over))
        for group, counts in figures.counts.items()
    ]
    changed = [week for week in figures.weeks if week.published and _differs(week)]
    lines = [write_range_paragraph(figures), *draw_table(header, rows)]
    lines += [f"✗ {week.end}: {week.failure}" for week in ranged.failed]
    lines += [
        Text(
            f"! {week.end} 与已刊发的不同：bulletin revisions --week-ending {week.end}",
            f"! {week.end} differs from what was published: bulletin revisions --week-ending {week.end}",
        ).within(language)
        for week in changed
    ]
    if ranged.waiting:
        note = Text(
            f"! 另有 {ranged.waiting} 个文件待载入，不在其中：{say_command(project, 'weekly')}",
            f"! {ranged.waiting} new files are not in these figures: {say_command(project, 'weekly')}",
        )
        lines.append(note.within(language))
    lines += list_unread(project, language)
    written = ranged.written - len(ranged.failed)
    number, failed = len(figures.weeks), len(ranged.failed)
    counted = Text(
        f"{number} 个通报周：写出 {written}，此前已有 {ranged.kept}，未能写出 {failed} · {ranged.seconds:.1f} 秒",
        f"{number} bulletin weeks: {written} written, {ranged.kept} already written, {failed} failed · {ranged.seconds:.1f} s",
    )
    return "\n".join(
        [
            *lines,
            counted.within(language),
            Text(f"报告：{shorten(ranged.folder)}", f"report: {shorten(ranged.folder)}").within(language),
        ]
    )


def _differs(week: RangeWeek) -> bool:
    published = week.published or {}
    return any(
        (counts.accepted, counts.completed) != (published[group].accepted, published[group].completed)
        for group, counts in week.counts.items()
    )
