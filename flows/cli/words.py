"""Sentences that several commands print: groups, checks, causes, what a file was taken for."""

from collections.abc import Sequence
from pathlib import Path

from flows.cli.terminal import draw_table
from flows.domain.figures import Statistics
from flows.domain.taken_for import FileTakenFor, TableTakenFor
from flows.domain.text import Text
from flows.domain.verdicts import Severity, Verdict, Waiver
from flows.root.deliveries import describe_unread, find_unread
from flows.root.project import Project

CAUSES = {
    "new": Text("新增", "new"),
    "late": Text("迟报：上期末以前的，现在才知道", "late: of days before, told only now"),
    "corrected": Text("更正时间", "times corrected"),
    "restored": Text("作废后恢复", "no longer void"),
    "retyped": Text("改事项类型", "type changed"),
    "moved": Text("改行政区划", "area changed"),
    "voided": Text("作废", "voided"),
    "withdrawn": Text("批次撤回", "delivery withdrawn"),
    "rules": Text("口径变化", "rules of the profile changed"),
}


def list_unread(project: Project, language: str) -> list[str]:
    """A line for each folder of data/raw that was passed over."""
    return [f"! {describe_unread(folder).within(language)}" for folder in find_unread(project)]


def describe_checks(checks: Sequence[Verdict], language: str) -> list[str]:
    """A line for each check that did not pass, then how many did."""
    lines = []
    for check in checks:
        if not check.is_passed:
            mark = "◦" if check.waivers else "✗" if check.severity is Severity.CRITICAL else "!"
            lines.append(f"{mark} {check.name}: {Text(check.zh, check.en).within(language)} ({check.observed})")
            lines += [f"  {_say_decision(decision, language)}" for decision in check.waivers]
    passed = sum(check.is_passed for check in checks)
    told = Text(f"检查：{passed} 项通过；未载入任何数据", f"checks: {passed} passed; nothing was loaded")
    return [*lines, told.within(language)]


def _say_decision(decision: Waiver, language: str) -> str:
    who = f"{decision.by}, " if decision.by else ""
    told = f"{decision.reason} ({who}{decision.on}, {decision.source})"
    return Text(f"放行：{told}", f"let through: {told}").within(language)


def describe_file(path: Path, taken_for: FileTakenFor, type_hint: str, language: str) -> str:
    """What a file was taken for: a line for each table, and one for what in it is no table."""
    lines = [
        f"{path.name}{f'［{table.sheet}］' if table.sheet else ''}{Text('：', ': ').within(language)}"
        + _describe_table(table, type_hint).within(language)
        for table in taken_for.tables
    ]
    if taken_for.passed_over:
        names = "、".join(taken_for.passed_over)
        lines.append(Text(f"  不是办件表，略过：{names}", f"  no case tables, passed over: {names}").within(language))
    return "\n".join(lines)


def _describe_table(table: TableTakenFor, type_hint: str) -> Text:
    told = {
        (True, True): Text("受理和办结", "acceptance and completion"),
        (True, False): Text("只有受理", "acceptance only"),
        (False, True): Text("只有办结", "completion only"),
    }[table.has_acceptance, table.has_completion]
    above = table.header_row - table.header_height
    where = (
        Text(f"表头在第 {table.header_row} 行", f"header in row {table.header_row}")
        if table.header_height == 1
        else Text(
            f"表头在第 {table.header_row - 1}、{table.header_row} 行",
            f"header in rows {table.header_row - 1} and {table.header_row}",
        )
        if table.header_height
        else Text("列名不占行", "no row taken by names")
    )
    skipped = Text(f"（其上 {above} 行略过）", f" ({above} rows above it skipped)") if above else Text("", "")
    hidden = Text("，隐藏的工作表", ", a hidden sheet") if table.is_hidden else Text("", "")
    hint = Text(f"，{type_hint}", f", {type_hint}") if type_hint else Text("", "")
    return Text(
        f"{table.form}{hidden.zh}{hint.zh}，{told.zh}，{where.zh}{skipped.zh}，识别 {len(table.columns)} 列，"
        f"不读入个人信息 {table.personal_columns} 列、其他 {table.other_columns} 列",
        f"{table.form}{hidden.en}{hint.en}, {told.en}, {where.en}{skipped.en}, {len(table.columns)} columns recognised, "
        f"{table.personal_columns} personal and {table.other_columns} other ones left out",
    )


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
