"""Sentences of several commands: groups, verdicts, what a file was recognised as."""

from collections.abc import Sequence
from pathlib import Path

from flows.cli.terminal import draw_table
from flows.domain.figures import Statistics
from flows.domain.taken_for import FileTakenFor, TableTakenFor
from flows.domain.text import Text, legible, say
from flows.domain.verdicts import Severity, Verdict, Waiver
from flows.root.deliveries import describe_unread, find_unread
from flows.root.project import Project


def list_unread(project: Project) -> list[str]:
    """A line for each folder of data/raw that was skipped."""
    return [f"! {describe_unread(folder)}" for folder in find_unread(project)]


def describe_verdicts(verdicts: Sequence[Verdict]) -> list[str]:
    """A line for each broken rule, then how many passed."""
    lines = []
    for verdict in verdicts:
        if not verdict.is_passed:
            mark = "◦" if verdict.waivers else "✗" if verdict.severity is Severity.CRITICAL else "!"
            lines.append(f"{mark} {verdict.name}{say(': ')}{verdict.said}")
            lines += [f"  {_describe_waiver(waiver)}" for waiver in verdict.waivers]
    passed = sum(verdict.is_passed for verdict in verdicts)
    total = Text("checks: {passed} passed; nothing was loaded", passed=passed)
    return [*lines, str(total)]


def _describe_waiver(waiver: Waiver) -> str:
    who = f"{waiver.by}, " if waiver.by else ""
    reason = f"{waiver.reason} ({who}{waiver.on}, {waiver.source})"
    return say("waived: {reason}", reason=reason)


def describe_file(path: Path, taken_for: FileTakenFor, type_hint: str) -> str:
    """What a file was recognised as: a line for each table, and one for what was passed over."""
    lines = [
        f"{legible(path.name)}{f'［{table.sheet}］' if table.sheet else ''}{say(': ')}"
        + str(_describe_table(table, type_hint))
        for table in taken_for.tables
    ]
    if taken_for.passed_over:
        names = "、".join(part.name for part in taken_for.passed_over)
        lines.append(say("  not case tables, passed over: {names}", names=names))
    return "\n".join(lines)


def _describe_table(table: TableTakenFor, type_hint: str) -> Text:
    content = {
        (True, True): Text("acceptance and completion"),
        (True, False): Text("acceptance only"),
        (False, True): Text("completion only"),
    }[table.has_acceptance, table.has_completion]
    header = _locate_header(table)
    hidden = Text(", a hidden sheet") if table.is_hidden else Text("")
    hint = Text(", {type_hint}", type_hint=type_hint) if type_hint else Text("")
    return Text(
        "{form}{hidden}{hint}, {content}, {header}, {columns} columns recognised, "
        "{personal_columns} personal and {other_columns} other ones left out",
        form=table.form,
        hidden=hidden,
        hint=hint,
        content=content,
        header=header,
        columns=len(table.columns),
        personal_columns=table.personal_columns,
        other_columns=table.other_columns,
    )


def _locate_header(table: TableTakenFor) -> Text:
    """Where the header is, and how many rows above it were skipped."""
    row, above = table.header_row, table.header_row - table.header_height
    skipped = Text(" ({above} rows above it skipped)", above=above) if above else Text("")
    if not table.header_height:
        return Text("names take no row")
    if table.header_height == 1:
        return Text("header in row {row}{skipped}", row=row, skipped=skipped)
    return Text("header in rows {first} and {row}{skipped}", first=row - 1, row=row, skipped=skipped)


def draw_groups(figures: Statistics) -> list[str]:
    header = Text("group,accepted,completed,since last week,carried over")
    rows = [
        (
            group.label,
            str(group.year_to_date.accepted),
            str(group.year_to_date.completed),
            f"{group.since_previous.accepted:+d} / {group.since_previous.completed:+d}",
            str(group.year_to_date.carried_over),
        )
        for group in figures.groups
    ]
    return draw_table(str(header).split(","), rows)


def say_reconciliation(figures: Statistics) -> str:
    sums = figures.reconciliation
    mark = "✓" if sums.is_exact else "✗"
    return say(
        "read {read} = loaded {loaded} + repeated {repeated} + quarantined {quarantined} {mark} · "
        "{files} files, {personal_columns} personal columns dropped",
        read=sums.read,
        loaded=sums.loaded,
        repeated=sums.repeated,
        quarantined=sums.quarantined,
        mark=mark,
        files=sums.files,
        personal_columns=sums.personal_columns,
    )
