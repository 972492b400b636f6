"""status 现状: deliveries, files to load, open rows, problems."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, add_json, open_root
from flows.cli.terminal import draw_table
from flows.domain.holidays import say_how_to_announce
from flows.domain.runs import Overview
from flows.domain.text import CheckFailed, CommandLine, Lines, Text, say
from flows.root.command_line import shorten
from flows.root.project import Project

if TYPE_CHECKING:
    from flows.jobs.status import Status

COMMAND = Command(
    "status",
    ASKING,
    Text("deliveries, new files, open rows, verdicts"),
    Text("Lists deliveries, files to load, quarantined rows, warnings, the size and content hash of the warehouse."),
    "status --json",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_json(own)
    own.add_argument(
        "--health",
        action="store_true",
        help=say("only print whether there are problems: exit code 0 or 4, for monitoring"),
    )


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs.status import read_overview, read_status

    project = open_root(arguments)
    if arguments.health:
        overview = read_overview(project)
        print(describe_health(overview))
        return CheckFailed.exit_code if overview.problems else 0
    status = read_status(project)
    if arguments.json:
        problems = [{"zh": problem.zh, "en": problem.en} for problem in status.problems]
        print(write_json({**asdict(status), "problems": problems}))
    else:
        print(describe_status(status, project))
    return 0


def describe_status(status: "Status", project: Project) -> str:
    """Deliveries as a table, then one line each: waiting, quarantine, warnings, warehouse, reports."""
    place = f"{shorten(project.root)} · {status.profile}" + (" · 示例数据 / invented data" if status.is_sample else "")
    problems = [f"✗ {problem}" for problem in status.problems]
    unannounced = [str(_describe_unannounced(status.years_unannounced))] if status.years_unannounced else []
    facts = str(_describe_facts(status))
    return "\n".join([place, *_draw_deliveries(status), facts, *_draw_runs(status), *problems, *unannounced])


def _draw_deliveries(status: "Status") -> list[str]:
    header = say("delivery,cut-off,received,files,read,loaded,repeated,quarantined").split(",")
    keys = (
        *("delivery_id", "cut_off", "received_on", "file_count"),
        *("rows_read", "rows_loaded", "rows_repeated", "rows_quarantined"),
    )
    return draw_table(header, [[str(delivery[key]) for key in keys] for delivery in status.deliveries], left=3)


def _describe_facts(status: "Status") -> Text:
    age = say(" ({days} days ago)", days=status.warehouse_age_days)
    built = f"{status.warehouse_built_at:%Y-%m-%d %H:%M}{age}" if status.warehouse_built_at else "–"
    upcoming = (
        f"{status.next_run:%Y-%m-%d %H:%M}"
        if status.next_run
        else Text("no service runs: {command}", command=CommandLine("up"))
    )
    return Text(
        "files to load {number}: {waiting}\n"
        "cases {cases}, rows quarantined {rows_quarantined} (open: {rows_open}, new: {rows_new}), warnings: {warned}\n"
        "warehouse {size:.1f} MB, built {built}, content hash {content_hash}\n"
        "reports: {reports}; not yet published: {unpublished}\n"
        "next run: {upcoming}",
        number=len(status.waiting),
        waiting=status.waiting[:5] or "–",
        cases=status.cases,
        rows_quarantined=status.rows_quarantined,
        rows_open=status.rows_open,
        rows_new=status.rows_new,
        warned=", ".join(status.checks_failed_or_warned) or "–",
        size=status.warehouse_bytes / 1e6,
        built=built,
        content_hash=status.content_hash or "–",
        reports=status.reports[-5:] or "–",
        unpublished=len(status.unpublished),
        upcoming=upcoming,
    )


def _draw_runs(status: "Status") -> list[str]:
    runs = [
        (
            run.at[:16].replace("T", " "),
            run.command,
            run.verdict,
            f"{run.seconds.get('total', 0):.1f}",
            str(run.exit_code),
        )
        for run in status.runs
    ]
    titles = say("run,command,outcome,seconds,exit code").split(",")
    return draw_table(titles, runs, left=3) if runs else []


def _describe_unannounced(years: list[int]) -> Text:
    missing = Text(
        "The days off of {years} are missing: working days are counted there from Monday to Friday.", years=years
    )
    return Lines((missing, say_how_to_announce(years)))


def describe_health(overview: Overview) -> str:
    """ok, or a line for each problem."""
    return "\n".join(map(str, overview.problems)) or say("ok")
