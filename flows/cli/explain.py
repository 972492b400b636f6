"""explain 追问: take a figure apart."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice

from flows.cli.common import (
    ASKING,
    Arguments,
    Command,
    Say,
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
from flows.domain.text import Text
from flows.root.project import Project

COMMAND = Command(
    "explain",
    ASKING,
    Text("把一个数字拆到文件、部门、月份和逐件", "take a figure apart: files, departments, months, single cases"),
    Text(
        "累计数分解为批次和文件、实施主体、月份、受理年度，以及较上期的增减和原因；各项之和必等于该数。\n"
        "--out 列出每一件及其所在文件和行。--as-of 只看截止日期不晚于该日的批次，--known-on 只看截至该日已收到的文件。",
        "Takes a year-to-date figure apart into deliveries and files, departments, months, years of acceptance, and what\n"
        "changed since the week before, with its cause. The parts always add up. --out lists the cases with file and row.",
    ),
    "explain 行政许可 办结 --week-ending 2022-07-22",
)
SHOWN_CHANGES = 50
_SHOWN_PARTS = 12


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    group = say("哪一类，如 行政许可、公共服务", "licence, public_service, other_power, unclassified, out_of_scope")
    own.add_argument("group", metavar="GROUP", help=group)
    measure = say("哪一项：受理、办结、结转", "accepted, completed, carried_over")
    own.add_argument("measure", metavar="MEASURE", help=measure)
    add_week(
        own, say("周末日（默认：最近一个有数据的通报周）", "last day of the week (default: the newest week with data)")
    )
    add_question(own, say)
    own.add_argument(
        "--changes",
        action="store_true",
        help=say("逐件列出较上期的增减", "list the cases that changed since the week before"),
    )
    add_json(own, say)
    add_out(own, say("把办件逐件写入文件（.csv .xlsx .json）", "write the cases, one by one (.csv .xlsx .json)"))


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress, write_json
    from flows.jobs import explain
    from flows.jobs.explain import read_words
    from flows.report.listing import write_listing

    project, language = open_root(arguments, language)
    group, measure = read_words((arguments.group, arguments.measure), project.profile)
    question = read_question(arguments)
    with (
        show_progress(language, quiet=arguments.quiet) as progress,
        explain.explain(project, group, measure, arguments.week_ending, question, progress) as explained,
    ):
        if arguments.out and arguments.changes:
            write_listing(arguments.out, explained.list_changes(), explain.CHANGE_COLUMNS)
        elif arguments.out:
            write_listing(arguments.out, explained.list_cases(), explain.CASE_COLUMNS)
        shown = arguments.changes and not arguments.out
        changes = list(islice(explained.list_changes(), SHOWN_CHANGES + 1)) if shown else []
    if arguments.json:
        print(write_json(asdict(explained.explanation)))
    else:
        print(describe_explanation(explained.explanation, project, language))
        print(*describe_changes(changes, SHOWN_CHANGES, language), sep="\n", end="\n" if changes else "")
    return 0


def describe_explanation(explanation: Explanation, project: Project, language: str) -> str:
    """A figure and its parts; every list adds up to the figure."""
    label = {
        **{group.value: label for group, label in project.profile.group_labels.items()},
        "unclassified": "未归类",
    }.get(explanation.group, f"{project.profile.scope_label}以外")
    window = explanation.window
    lines = [
        Text(
            f"{label} {explanation.measure.zh}，{window.start} 至 {window.end}：{explanation.cases} 件",
            f"{label} {explanation.measure.zh} ({explanation.measure}), {window.start} through {window.end}: {explanation.cases}",
        ).within(language)
    ]
    listed = (
        (Text("批次和文件", "deliveries and files"), explanation.files),
        (Text("实施主体", "departments"), explanation.departments),
        (Text("月份", "months"), explanation.months),
        (Text("受理年度", "years of acceptance"), explanation.acceptance_years),
    )
    for title, parts in listed:
        lines += [f"= {title.within(language)}", *_draw_parts(parts, language)]
    lines.append(
        Text(
            f"= 较上期（截至 {explanation.before}）：{explanation.cases_before} → {explanation.cases}",
            f"= since the week before (through {explanation.before}): {explanation.cases_before} → {explanation.cases}",
        ).within(language)
    )
    causes = [(Cause(part.name[0]).words.within(language), part.cases) for part in explanation.causes]
    lines += [f"  {line}" for line in draw_table(("", ""), [(name, f"{cases:+}") for name, cases in causes])[1:]]
    return "\n".join(lines)


def describe_changes(changes: Sequence[dict[str, object]], most: int, language: str) -> list[str]:
    """A line for each case gained or lost, with its cause; at most `most` lines."""
    rows = [
        (f"{row['cases']:+}", str(row["case_no"]), Cause(str(row["cause"])).words.within(language)) for row in changes
    ]
    lines = [f"  {line}" for line in draw_table(("", "", ""), rows[:most], left=3)[1:]]
    if len(rows) > most:
        note = Text(f"只列前 {most} 件；全部请加 --out 文件", f"only the first {most}; add --out FILE for all of them")
        lines.append(f"  {note.within(language)}")
    return lines


def _draw_parts(parts: Sequence[Part], language: str) -> list[str]:
    """Up to twelve parts in their order; if there are more, the twelve largest and the sum of the rest."""
    shown = parts if len(parts) <= _SHOWN_PARTS else sorted(parts, key=lambda part: -part.cases)[:_SHOWN_PARTS]
    rows = [("  ".join(filter(None, part.name)) or "–", str(part.cases)) for part in shown]
    if rest := len(parts) - len(shown):
        others = sum(part.cases for part in parts) - sum(part.cases for part in shown)
        rows.append((Text(f"其余 {rest} 项", f"{rest} others").within(language), str(others)))
    return [f"  {line}" for line in draw_table(("", ""), rows)[1:]]
