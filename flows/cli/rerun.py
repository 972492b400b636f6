"""rerun 重出: write any range of days again."""

import argparse
from typing import TYPE_CHECKING

from flows.cli.common import (
    KEEPING,
    Arguments,
    Command,
    add_json,
    add_notify,
    add_question,
    add_wait,
    open_root,
    parse_day,
    read_question,
    run_on_server,
)
from flows.cli.terminal import draw_table
from flows.cli.words import list_unread
from flows.domain.figures import RangeWeek
from flows.domain.text import CheckFailed, CommandLine, Text, say
from flows.root.command_line import shorten
from flows.root.project import Project
from flows.service.environment import server_address

if TYPE_CHECKING:
    from flows.jobs.rerun import RangeRun

COMMAND = Command(
    "rerun",
    KEEPING,
    Text("rerun any range of days: its weeks and its own figures"),
    Text(
        "Writes every bulletin week that ends in the range to reports/<from>_<to>/<week ending>/, and the range itself to\n"
        "reports/<from>_<to>/; reports/<week ending>/ is never touched. To resume a stopped run, give the same command."
    ),
    "rerun --from 2022-07-04 --to 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    first = say("first day")
    own.add_argument("--from", dest="first", type=parse_day, metavar="D", required=True, help=first)
    last = say("last day, inclusive")
    own.add_argument("--to", dest="last", type=parse_day, metavar="D", required=True, help=last)
    add_question(own)
    add_json(own, "range.json")
    add_notify(own)
    add_wait(own)


def run(arguments: Arguments) -> int:
    project = open_root(arguments)
    ranged = _rerun(project, arguments)
    if arguments.json:
        print((ranged.folder / "range.json").read_text(encoding="utf-8"), end="")
    else:
        print(describe_range(ranged, project))
    return CheckFailed.exit_code if ranged.failed else 0


def _rerun(project: Project, arguments: Arguments) -> "RangeRun":
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
    with show_progress(quiet=arguments.quiet) as progress:
        return rerun.rerun(project, window, read_question(arguments), progress, **options)


def describe_range(ranged: "RangeRun", project: Project) -> str:
    """The paragraph and figures of the range, failed weeks, and weeks that differ from what was published."""
    from flows.report.paragraph import write_range_paragraph

    figures = ranged.statistics
    header = say("group,accepted,completed,carried over").split(",")
    rows = [
        (figures.labels[group], str(counts.accepted), str(counts.completed), str(counts.carried_over))
        for group, counts in figures.counts.items()
    ]
    changed = [week for week in figures.weeks if week.published and _differs(week)]
    lines = [write_range_paragraph(figures), *draw_table(header, rows)]
    lines += [f"✗ {week.end}: {week.failure}" for week in ranged.failed]
    lines += [
        say(
            "! {week_end} differs from what was published: {command}",
            week_end=week.end,
            command=CommandLine("revisions --week-ending {week_end}", week_end=week.end),
        )
        for week in changed
    ]
    if ranged.waiting:
        note = Text(
            "! {waiting} new files are not in these figures: {command}",
            waiting=ranged.waiting,
            command=CommandLine("weekly"),
        )
        lines.append(str(note))
    lines += list_unread(project)
    written = ranged.written - len(ranged.failed)
    number, failed = len(figures.weeks), len(ranged.failed)
    counted = Text(
        "{number} bulletin weeks: {written} written, {kept} already written, {failed} failed · {seconds:.1f} s",
        number=number,
        written=written,
        kept=ranged.kept,
        failed=failed,
        seconds=ranged.seconds,
    )
    return "\n".join(
        [
            *lines,
            str(counted),
            say("report: {folder}", folder=shorten(ranged.folder)),
        ]
    )


def _differs(week: RangeWeek) -> bool:
    published = week.published or {}
    return any(
        (counts.accepted, counts.completed) != (published[group].accepted, published[group].completed)
        for group, counts in week.counts.items()
    )
