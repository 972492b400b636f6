"""Sentences of several commands: groups, verdicts, what a file was recognised as."""

from collections.abc import Sequence
from pathlib import Path

from flows.cli.terminal import draw_table
from flows.domain.figures import Statistics
from flows.domain.taken_for import FileTakenFor, TableTakenFor
from flows.domain.text import Text
from flows.domain.verdicts import Severity, Verdict, Waiver
from flows.root.deliveries import describe_unread, find_unread
from flows.root.project import Project


def list_unread(project: Project, language: str) -> list[str]:
    """A line for each folder of data/raw that was skipped."""
    return [f"! {describe_unread(folder).within(language)}" for folder in find_unread(project)]


def describe_verdicts(verdicts: Sequence[Verdict], language: str) -> list[str]:
    """A line for each broken rule, then how many passed."""
    lines = []
    for verdict in verdicts:
        if not verdict.is_passed:
            mark = "◦" if verdict.waivers else "✗" if verdict.severity is Severity.CRITICAL else "!"
            lines.append(f"{mark} {verdict.name}: {Text(verdict.zh, verdict.en).within(language)} ({verdict.observed})")
            lines += [f"  {_describe_waiver(waiver, language)}" for waiver in verdict.waivers]
    passed = sum(verdict.is_passed for verdict in verdicts)
    total = Text(f"检查：{passed} 项通过；未载入任何数据", f"checks: {passed} passed; nothing was loaded")
    return [*lines, total.within(language)]


def _describe_waiver(waiver: Waiver, language: str) -> str:
    who = f"{waiver.by}, " if waiver.by else ""
    reason = f"{waiver.reason} ({who}{waiver.on}, {waiver.source})"
    return Text(f"放行：{reason}", f"waived: {reason}").within(language)


def describe_file(path: Path, taken_for: FileTakenFor, type_hint: str, language: str) -> str:
    """What a file was recognised as: a line for each table, and one for what was passed over."""
    lines = [
        f"{path.name}{f'［{table.sheet}］' if table.sheet else ''}{Text('：', ': ').within(language)}"
        + _describe_table(table, type_hint).within(language)
        for table in taken_for.tables
    ]
    if taken_for.passed_over:
        names = "、".join(taken_for.passed_over)
        lines.append(Text(f"  不是办件表，略过：{names}", f"  not case tables, passed over: {names}").within(language))
    return "\n".join(lines)


def _describe_table(table: TableTakenFor, type_hint: str) -> Text:
    content = {
        (True, True): Text("受理和办结", "acceptance and completion"),
        (True, False): Text("只有受理", "acceptance only"),
        (False, True): Text("只有办结", "completion only"),
    }[table.has_acceptance, table.has_completion]
    header = _locate_header(table)
    hidden = Text("，隐藏的工作表", ", a hidden sheet") if table.is_hidden else Text("", "")
    hint = Text(f"，{type_hint}", f", {type_hint}") if type_hint else Text("", "")
    return Text(
        f"{table.form}{hidden.zh}{hint.zh}，{content.zh}，{header.zh}，识别 {len(table.columns)} 列，"
        f"不读入个人信息 {table.personal_columns} 列、其他 {table.other_columns} 列",
        f"{table.form}{hidden.en}{hint.en}, {content.en}, {header.en}, {len(table.columns)} columns recognised, "
        f"{table.personal_columns} personal and {table.other_columns} other ones left out",
    )


def _locate_header(table: TableTakenFor) -> Text:
    """Where the header is, and how many rows above it were skipped."""
    row, above = table.header_row, table.header_row - table.header_height
    skipped = Text(f"（其上 {above} 行略过）", f" ({above} rows above it skipped)") if above else Text("", "")
    if not table.header_height:
        return Text("列名不占行", "names take no row")
    if table.header_height == 1:
        return Text(f"表头在第 {row} 行{skipped.zh}", f"header in row {row}{skipped.en}")
    return Text(f"表头在第 {row - 1}、{row} 行{skipped.zh}", f"header in rows {row - 1} and {row}{skipped.en}")


def draw_groups(figures: Statistics, language: str) -> list[str]:
    header = Text("组别,受理,办结,较上期（受理/办结）,结转", "group,accepted,completed,since last week,carried over")
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
    return draw_table(header.within(language).split(","), rows)


def say_reconciliation(figures: Statistics, language: str) -> str:
    sums = figures.reconciliation
    mark = "✓" if sums.is_exact else "✗"
    return Text(
        f"读入 {sums.read} = 载入 {sums.loaded} + 重复 {sums.repeated} + 隔离 {sums.quarantined} {mark} · "
        f"{sums.files} 个文件，不读入个人信息 {sums.personal_columns} 列",
        f"read {sums.read} = loaded {sums.loaded} + repeated {sums.repeated} + quarantined {sums.quarantined} {mark} · "
        f"{sums.files} files, {sums.personal_columns} personal columns dropped",
    ).within(language)
