"""revisions 更正: compare published figures with today's."""

import argparse

from flows.cli.common import EVERY_WEEK, Arguments, Command, add_json, add_week, open_root
from flows.cli.terminal import draw_table
from flows.domain.figures import Revision
from flows.domain.text import Text, say
from flows.root.command_line import shorten
from flows.root.project import Project

COMMAND = Command(
    "revisions",
    EVERY_WEEK,
    Text("what has changed since publication, as a notice"),
    Text(
        "Compares what was published with what is known today, by cause; the causes always add up.\n"
        "If something has changed, it writes 更正说明 (.txt .md .docx)."
    ),
    "revisions --week-ending 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_week(own, say("only this week (default: all published weeks)"))
    add_json(own)


def run(arguments: Arguments) -> int:
    from dataclasses import asdict

    from flows.cli.terminal import show_progress, write_json
    from flows.jobs.revisions import revise

    project = open_root(arguments)
    with show_progress(quiet=arguments.quiet) as progress:
        revisions = revise(project, arguments.week_ending, progress)
    if arguments.json:
        print(write_json([asdict(revision) for revision in revisions]))
    else:
        print("\n".join(describe_revision(revision, project) for revision in revisions))
    return 0


def describe_revision(revision: Revision, project: Project) -> str:
    """Each changed figure with its causes, and the folder of the notice."""
    title = Text(
        "{week_end} (issue {issue}, serial {serial}):",
        week_end=revision.week.end,
        issue=revision.issue,
        serial=revision.serial,
    )
    rows = [
        (
            f"{figure.label} {figure.measure.zh}",
            str(figure.published),
            str(figure.today),
            f"{figure.today - figure.published:+}",
            ", ".join(f"{cause.words} {cases:+}" for cause, cases in figure.causes),
        )
        for figure in revision.figures
        if figure.causes
    ]
    if not rows:
        return str(title) + say(" nothing has changed")
    header = say(",published,today,difference,causes").split(",")
    lines = [str(title), *(f"  {line}" for line in draw_table(header, rows))]
    if revision.is_needed:
        folder = shorten(project.report_folder(revision.week.end) / "revision")
        lines.append(say("  the notice: {folder}", folder=folder))
    return "\n".join(lines)
