"""revisions 更正: compare published figures with today's."""

import argparse

from flows.cli.common import EVERY_WEEK, Arguments, Command, Say, add_json, add_week, open_root
from flows.cli.terminal import draw_table, shorten
from flows.domain.figures import Revision
from flows.domain.text import Text
from flows.root.project import Project

COMMAND = Command(
    "revisions",
    EVERY_WEEK,
    Text("已刊发的数字有何变化，出更正说明", "what has changed since publication, as a notice"),
    Text(
        "逐组逐项比较已刊发的数字和现在的数字，按原因拆分，各项之和必等于差额；有变化的写出更正说明（.txt .md .docx）。",
        "Compares what was published with what is known today, by cause; the causes always add up.\n"
        "If something has changed, it writes 更正说明 (.txt .md .docx).",
    ),
    "revisions --week-ending 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    add_week(own, say("只看这一期（默认：所有已刊发的）", "only this week (default: all published weeks)"))
    add_json(own, say)


def run(arguments: Arguments, language: str) -> int:
    from dataclasses import asdict

    from flows.cli.terminal import show_progress, write_json
    from flows.jobs.revisions import revise

    project, language = open_root(arguments, language)
    with show_progress(language, quiet=arguments.quiet) as progress:
        revisions = revise(project, arguments.week_ending, progress)
    if arguments.json:
        print(write_json([asdict(revision) for revision in revisions]))
    else:
        print("\n".join(describe_revision(revision, project, language) for revision in revisions))
    return 0


def describe_revision(revision: Revision, project: Project, language: str) -> str:
    """Each changed figure with its causes, and the folder of the notice."""
    title = Text(
        f"{revision.week.end}（第{revision.issue}期，总第{revision.serial}期）：",
        f"{revision.week.end} (issue {revision.issue}, serial {revision.serial}):",
    )
    rows = [
        (
            f"{figure.label} {figure.measure.zh}",
            str(figure.published),
            str(figure.today),
            f"{figure.today - figure.published:+}",
            ", ".join(f"{cause.words.within(language)} {cases:+}" for cause, cases in figure.causes),
        )
        for figure in revision.figures
        if figure.causes
    ]
    if not rows:
        return title.within(language) + Text("没有变化", " nothing has changed").within(language)
    header = Text(",已刊发,现为,增减,原因", ",published,today,difference,causes").within(language).split(",")
    lines = [title.within(language), *(f"  {line}" for line in draw_table(header, rows))]
    if revision.is_needed:
        folder = shorten(project.report_folder(revision.week.end) / "revision")
        lines.append(Text(f"  更正说明：{folder}", f"  the notice: {folder}").within(language))
    return "\n".join(lines)
