"""explain 追问: take a figure apart."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice

from flows.cli.common import (
    ASKING,
    Arguments,
    Command,
    add_json,
    add_out,
    add_question,
    add_week,
    open_root,
    read_question,
)
from flows.cli.terminal import draw_table
from flows.domain.cases import Cause
from flows.domain.figures import Explanation, Part
from flows.domain.text import Text, say
from flows.root.project import Project

COMMAND = Command(
    "explain",
    ASKING,
    Text("take a figure apart: files, departments, months, single cases"),
    Text(
        "Takes a year-to-date figure apart into deliveries and files, departments, months, years of acceptance, and what\n"
        "changed since the week before, with its cause. The parts always add up. --out lists the cases with file and row."
    ),
    "explain 行政许可 办结 --week-ending 2022-07-22",
)
SHOWN_CHANGES = 50
_SHOWN_PARTS = 12


def add_arguments(own: argparse._ArgumentGroup) -> None:
    group = say("licence, public_service, other_power, unclassified, out_of_scope")
    own.add_argument("group", metavar="GROUP", help=group)
    measure = say("accepted, completed, carried_over")
    own.add_argument("measure", metavar="MEASURE", help=measure)
    add_week(own, say("last day of the week (default: the newest week with data)"))
    add_question(own)
    own.add_argument(
        "--changes",
        action="store_true",
        help=say("list the cases that changed since the week before"),
    )
    add_json(own)
    add_out(own, say("write the cases, one by one (.csv .xlsx .json)"))


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress, write_json
    from flows.jobs import explain
    from flows.jobs.explain import read_words
    from flows.report.listing import write_listing
    from flows.root.files import replacing

    project = open_root(arguments)
    group, measure = read_words((arguments.group, arguments.measure), project.profile)
    question = read_question(arguments)
    with (
        show_progress(quiet=arguments.quiet) as progress,
        explain.explain(project, group, measure, arguments.week_ending, question, progress) as explained,
    ):
        if arguments.out and arguments.changes:
            write_listing(arguments.out, explained.list_changes(), explain.CHANGE_COLUMNS, replacing)
        elif arguments.out:
            write_listing(arguments.out, explained.list_cases(), explain.CASE_COLUMNS, replacing)
        shown = arguments.changes and not arguments.out
        changes = list(islice(explained.list_changes(), SHOWN_CHANGES + 1)) if shown else []
    if arguments.json:
        print(write_json(asdict(explained.explanation)))
    else:
        print(describe_explanation(explained.explanation, project))
        print(*describe_changes(changes, SHOWN_CHANGES), sep="\n", end="\n" if changes else "")
    return 0


def describe_explanation(explanation: Explanation, project: Project) -> str:
    """A figure and its parts; every list adds up to the figure."""
    label = {
        **project.profile.group_labels,
        "unclassified": "未归类",
    }.get(explanation.group, f"{project.profile.scope_label}以外")
    window = explanation.window
    lines = [
        say(
            "{label} {measure_zh} ({measure}), {window_start} through {window_end}: {cases}",
            label=label,
            measure_zh=explanation.measure.zh,
            measure=explanation.measure,
            window_start=window.start,
            window_end=window.end,
            cases=explanation.cases,
        )
    ]
    listed = (
        (Text("deliveries and files"), explanation.files),
        (Text("departments"), explanation.departments),
        (Text("months"), explanation.months),
        (Text("years of acceptance"), explanation.acceptance_years),
    )
    for title, parts in listed:
        lines += [f"= {title}", *_draw_parts(parts)]
    lines.append(
        say(
            "= since the week before (through {before}): {cases_before} → {cases}",
            before=explanation.before,
            cases_before=explanation.cases_before,
            cases=explanation.cases,
        )
    )
    causes = [(str(Cause(part.name[0]).words), part.cases) for part in explanation.causes]
    lines += [f"  {line}" for line in draw_table(("", ""), [(name, f"{cases:+}") for name, cases in causes])[1:]]
    return "\n".join(lines)


def describe_changes(changes: Sequence[dict[str, object]], most: int) -> list[str]:
    """A line for each case gained or lost, with its cause; at most `most` lines."""
    rows = [(f"{row['cases']:+}", str(row["case_no"]), str(Cause(str(row["cause"])).words)) for row in changes]
    lines = [f"  {line}" for line in draw_table(("", "", ""), rows[:most], left=3)[1:]]
    if len(rows) > most:
        note = Text("only the first {most}; add --out FILE for all of them", most=most)
        lines.append(f"  {note}")
    return lines


def _draw_parts(parts: Sequence[Part]) -> list[str]:
    """Up to twelve parts in their order; if there are more, the twelve largest and the sum of the rest."""
    shown = parts if len(parts) <= _SHOWN_PARTS else sorted(parts, key=lambda part: -part.cases)[:_SHOWN_PARTS]
    rows = [("  ".join(filter(None, part.name)) or "–", str(part.cases)) for part in shown]
    if rest := len(parts) - len(shown):
        others = sum(part.cases for part in parts) - sum(part.cases for part in shown)
        rows.append((say("{rest} others", rest=rest), str(others)))
    return [f"  {line}" for line in draw_table(("", ""), rows)[1:]]
