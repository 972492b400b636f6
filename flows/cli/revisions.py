"""revisions 更正: compare published figures with today's."""

import argparse

from flows.cli.asking import ask_for
from flows.cli.common import EVERY_WEEK, Arguments, Command, add_json, add_week, open_root
from flows.cli.terminal import draw_table
from flows.domain.figures import Revision, RevisionState
from flows.domain.text import CommandLine, Text, WrongUsage, say
from flows.root.command_line import shorten
from flows.root.project import Project

COMMAND = Command(
    "revisions",
    EVERY_WEEK,
    Text("what has changed since publication, as a notice"),
    Text(
        "Compares what was published with what is known today, by cause; the causes always add up.\n"
        "Where a printed number has changed by more than the setting notice_cases, it writes 更正说明 (.txt .md .docx).\n"
        "--issued puts on record that the notice was issued; what changes later is held against what it said."
    ),
    "revisions --week-ending 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_week(own, say("only this week (default: all published weeks)"))
    own.add_argument("--issued", action="store_true", help=say("the notice of that week was issued: put it on record"))
    own.add_argument("--by", metavar="NAME", help=say("with --issued: who issues it"))
    add_json(own)


def run(arguments: Arguments) -> int:
    from dataclasses import asdict

    from flows.cli.terminal import show_progress, write_json
    from flows.jobs.revisions import issue, revise

    project = open_root(arguments)
    if arguments.issued:
        if not arguments.week_ending:
            raise WrongUsage("--issued needs the week: --week-ending D.")
        by = arguments.by or ask_for(Text("Who issues the notice?"), "--by")
        with show_progress(quiet=arguments.quiet) as progress:
            print(describe_issue(issue(project, arguments.week_ending, by, progress), project, by))
        return 0
    with show_progress(quiet=arguments.quiet) as progress:
        revisions = revise(project, arguments.week_ending, progress)
    if arguments.json:
        print(write_json([{**asdict(revision), "state": revision.state} for revision in revisions]))
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
    state = _describe_state(revision)
    header = say(",published,today,difference,causes").split(",")
    lines = [str(title), *(f"  {line}" for line in draw_table(header, rows))]
    lines += [f"  {state}"] if state else []
    folder = project.report_folder(revision.week.end) / "revision"
    if (folder / "更正说明.txt").is_file():
        lines.append(say("  the notice: {folder}", folder=shorten(folder)))
    return "\n".join(lines)


def _describe_state(revision: Revision) -> Text | None:
    if revision.state is RevisionState.TAKEN_UP:
        return Text("no more than {cases} cases: taken up by the next issue", cases=revision.notice_cases)
    if revision.state is RevisionState.DUE:
        return Text(
            "a notice is due; once it is issued: {command}",
            command=CommandLine("revisions --week-ending {week_end} --issued", week_end=revision.week.end),
        )
    if revision.notice:
        return Text("notice issued on {day} by {by}", day=revision.notice.on, by=revision.notice.by)
    return None


def describe_issue(revision: Revision, project: Project, by: str) -> str:
    return say(
        "on record: the notice of {week_end} was issued by {by}: {folder}",
        week_end=revision.week.end,
        by=by,
        folder=shorten(project.report_folder(revision.week.end) / "revision" / str(revision.on)),
    )
