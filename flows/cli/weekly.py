"""weekly 每周: load new deliveries, write the section of the week."""

import argparse
import json
from typing import TYPE_CHECKING

from flows.cli.common import (
    EVERY_WEEK,
    Arguments,
    Command,
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
from flows.cli.words import describe_verdicts, draw_groups, list_unread, say_reconciliation
from flows.domain.figures import Statistics
from flows.domain.runs import say_publish
from flows.domain.text import CommandLine, Text, say
from flows.domain.verdicts import Severity
from flows.root.command_line import shorten
from flows.root.project import Project
from flows.root.reports import find_reports
from flows.root.signers import has_signers
from flows.service.environment import server_address

if TYPE_CHECKING:
    from flows.jobs.weekly import Preview, WeeklyRun

COMMAND = Command(
    "weekly",
    EVERY_WEEK,
    Text("load new deliveries, write the section of the week"),
    Text(
        "Loads all new deliveries or none, checks, swaps the new warehouse in and writes\n"
        "reports/<week ending>/. Without new deliveries it only writes the report again."
    ),
    "weekly --week-ending 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    week = say("last day of the week, e.g. 2022-07-22 (default: the last complete bulletin week)")
    add_week(own, week)
    add_json(own, "statistics.json")
    own.add_argument(
        "--dry-run",
        action="store_true",
        help=say("show figures and verdicts, write nothing"),
    )
    add_waivers(own)
    add_notify(own)
    add_memory(own)
    add_wait(own)


def run(arguments: Arguments) -> int:
    project = open_root(arguments)
    if arguments.dry_run:
        return _preview(project, arguments)
    done = _run_week(project, arguments)
    if arguments.json:
        print((done.folder / "statistics.json").read_text(encoding="utf-8"), end="")
    else:
        print(summarise_week(done, project))
    return 0


def _run_week(project: Project, arguments: Arguments) -> "WeeklyRun":
    """Here, or on the Prefect server that is configured."""
    options = {"wait_seconds": arguments.wait, "notify": arguments.notify}
    if address := server_address():
        refuse_memory(arguments)
        waive = read_waivers(arguments)
        week = {"week_end": arguments.week_ending, "accept": dict(waive.reasons), "by": waive.by}
        done: WeeklyRun = run_on_server("weekly", project, address, arguments.quiet, **week, **options)
        return done
    from flows.cli.terminal import show_progress
    from flows.jobs import weekly

    waive = read_waivers(arguments)
    with show_progress(quiet=arguments.quiet) as progress:
        return weekly.weekly(project, arguments.week_ending, progress, waive=waive, **options)


def _preview(project: Project, arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.domain.verdicts import refuse_failures
    from flows.jobs import weekly
    from flows.jobs.steps import say_weekly
    from flows.report.json_form import write_json

    with show_progress(quiet=arguments.quiet) as progress:
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
        print(describe_preview(shown, project))
    refuse_failures(shown.inspection.verdicts, say_weekly(shown.inspection.week), read_waivers(arguments))
    return 0


def summarise_week(run: "WeeklyRun", project: Project) -> str:
    """The result of a weekly run in at most 14 lines: paragraph, table, reconciliation, verdicts, what to do next."""
    figures = run.statistics
    paragraph = (run.folder / "statistics.txt").read_text(encoding="utf-8").rstrip("\n")
    lines = [
        *(["示例数据 / invented data"] if figures.is_sample else []),
        paragraph,
        *draw_groups(figures),
        say_reconciliation(figures),
        _say_verdicts(run),
        *_say_caught_up(run),
        *list_unread(project),
        say("report: {folder}", folder=shorten(run.folder)),
        say("next:"),
        *(f"  {line}" for line in _list_next(run, project)),
    ]
    return "\n".join(lines)


def _list_next(run: "WeeklyRun", project: Project) -> list[Text]:
    """Read the page of the checks, then publish; of invented data there is nothing to publish."""
    week = run.statistics.week
    if run.statistics.is_sample:
        return [
            CommandLine("weekly --week-ending {week_end}", week_end=week.previous_end),
            CommandLine("status"),
            CommandLine("init --root {folder}", folder=shorten(project.neighbour)),
        ]
    checks = Text("read {page}", page=shorten(run.folder / "checks.html"))
    if project.published_folder(week.end).is_dir():
        return [checks, CommandLine("revisions --week-ending {week_end}", week_end=week.end)]
    return [checks, say_publish(week.end, is_signed=has_signers(project))]


def _say_caught_up(run: "WeeklyRun") -> list[str]:
    """A line for each missed week."""
    lines = []
    for each in run.caught_up:
        result = Text("caught up")
        if each.failure:
            result = Text("could not be caught up: {failure}", failure=each.failure)
        lines.append(f"{each.week_end}: {result} ({each.as_of})")
    return lines


def describe_preview(shown: "Preview", project: Project) -> str:
    """The figures that a weekly run would write, their differences to earlier reports, and the verdicts."""
    from flows.report.paragraph import write_paragraph

    figures = shown.statistics
    if figures is None:
        nothing = say(
            "the deliveries tell nothing of that week, so there are no figures. To ask for another one: --week-ending DAY"
        )
        return "\n".join([nothing, *list_unread(project), *describe_verdicts(shown.inspection.verdicts)])
    lines = [write_paragraph(figures), *draw_groups(figures), *_draw_differences(figures, project)]
    lines += list_unread(project)
    return "\n".join([*lines, say_reconciliation(figures), *describe_verdicts(shown.inspection.verdicts)])


def _draw_differences(figures: Statistics, project: Project) -> list[str]:
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
            if group.group in known  # a group that the profile has got since has nothing to compare with
        ]
        title = Text("against reports/{end} (accepted/completed): ", end=end)
        lines.append(str(title) + " · ".join(parts))
    return lines


def _say_verdicts(run: "WeeklyRun") -> str:
    verdicts = run.statistics.verdicts
    passed = sum(verdict.is_passed for verdict in verdicts)
    warned = [v.name for v in verdicts if not v.is_passed and v.severity is Severity.WARNING and not v.waivers]
    names = f" ({', '.join(warned)})" if warned else ""
    waived = [f"{verdict.name}: {waiver.reason}" for verdict in verdicts for waiver in verdict.waivers]
    rest = say(", waived {waivers}", waivers=say("; ").join(waived)) if waived else ""
    return say(
        "checks: {passed} passed, {warned} warned{names}{rest} · {seconds:.1f} s",
        passed=passed,
        warned=len(warned),
        names=names,
        rest=rest,
        seconds=run.seconds,
    )
