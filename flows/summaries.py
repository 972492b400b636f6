"""Results in words: a week, a status, files handed in or looked at, the quarantine."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from flows.checking import Checked, CheckedFile
from flows.console import draw_table, say_command, shorten
from flows.exports import Table
from flows.pipeline import WeeklyRun
from flows.project import Project
from flows.receiving import Received, Receiving
from flows.status import Status
from flows.vocabulary import Severity, Statistics, Text

QUARANTINE_COLUMNS = ("delivery_id", "file", "sheet", "row_no", "column_name", "value", "rule", "reason")


def summarise_week(run: WeeklyRun, project: Project, language: str) -> str:
    """The result of a weekly run in at most 14 lines: paragraph, table, reconciliation, checks, what to do next."""
    figures = run.statistics
    paragraph = (run.folder / "statistics.txt").read_text(encoding="utf-8").rstrip("\n")
    week = figures.week
    lines = [
        *(["示例数据 / invented data"] if figures.is_sample else []),
        paragraph,
        *_draw_groups(figures, language),
        _say_reconciliation(figures, language),
        _say_checks(run, language),
        Text(f"报告：{shorten(run.folder)}", f"report: {shorten(run.folder)}").within(language),
        Text("接下来：", "next:").within(language),
        *(
            f"  {say_command(*command)}"
            for command in (
                (project, f"weekly --week-ending {week.previous_end}"),
                (project, "status"),
                (None, f"init --root {shlex.quote(shorten(project.root.parent / 'bulletin-office'))}"),
            )
        ),
    ]
    return "\n".join(lines)


def describe_receiving(receiving: Receiving, project: Project, language: str) -> str:
    lines = [describe_file(file, language) for file in receiving.files]
    if any(file.stored for file in receiving.files):
        why = receiving.reason.within(language)
        lines.append(
            Text(
                f"截止日期 {receiving.cut_off}（{why}）。不对请移到正确日期的文件夹。下一步：{say_command(project, 'weekly')}",
                f"cut-off {receiving.cut_off} ({why}). If that is wrong, move it to the folder of the right day. "
                f"Next: {say_command(project, 'weekly')}",
            ).within(language)
        )
    return "\n".join(lines)


def describe_file(file: Received, language: str) -> str:
    """One line: what a file was taken for, and where it went."""
    where = (
        Text(f"已存入 {shorten(file.stored)}", f"stored as {shorten(file.stored)}")
        if file.stored
        else Text("内容已接收过，未再存", "received before, not stored again")
    ).within(language)
    taken_for = describe_tables(file.path, file.tables, file.type_hint, language)
    return taken_for + Text(f"；{where}", f"; {where}").within(language)


def describe_checked(checked: Checked, language: str) -> str:
    """Per file: what it was taken for, its mapping, the types found, what would be quarantined; then the checks."""
    lines = []
    for file in checked.files:
        lines += [describe_tables(file.path, file.tables, "", language), *_describe_rows(file, language)]
    for check in checked.checks:
        if not check.is_passed:
            mark = "✗" if check.severity is Severity.CRITICAL else "!"
            lines.append(f"{mark} {check.name}: {Text(check.zh, check.en).within(language)} ({check.observed})")
    passed = sum(check.is_passed for check in checked.checks)
    lines.append(
        Text(f"检查：{passed} 项通过；未载入任何数据", f"checks: {passed} passed; nothing was loaded").within(language)
    )
    return "\n".join(lines)


def _describe_rows(file: CheckedFile, language: str) -> list[str]:
    columns = [f"{table.headers[at]} → {name}" for table in file.tables for name, at in table.columns.items()]
    types = [
        f"{row['item_type_label']} ({row['group_key']}) {row['row_count']}"
        + ("" if row["is_in_scope"] else Text("，范围外", ", out of scope").within(language))
        for row in file.types
    ]
    rows = file.rows
    sums = f"{rows['read']} = {rows['loaded']} + {rows['repeated']} + {rows['quarantined']}"
    around = Text(f"；合计、注释等 {rows['around']} 行", f"; totals, notes and the like: {rows['around']}").within(
        language
    )
    return [
        "  " + " · ".join(columns),
        "  " + " · ".join(types),
        "  "
        + Text(f"读入 = 载入 + 重复 + 隔离：{sums}", f"read = loaded + repeated + quarantined: {sums}").within(language)
        + around,
        *(
            Text("  隔离 ", "  quarantined: ").within(language)
            + f"{bad['sheet'] + ' ' if bad['sheet'] else ''}{bad['row_no']} {bad['column_name']} {bad['value']!r} {bad['reason']}"
            for bad in file.quarantine[:10]
        ),
    ]


def describe_quarantine(rows: Sequence[dict[str, object]], language: str) -> str:
    """One line an item, then how many there are."""
    header = Text("批次,文件,行,列,值,原因", "delivery,file,row,column,value,reason").within(language).split(",")
    lines = [
        [
            str(row["delivery_id"]),
            str(row["file"]) + (f"［{row['sheet']}］" if row["sheet"] else ""),
            str(row["row_no"]),
            *(str(row[name]) for name in ("column_name", "value", "reason")),
        ]
        for row in rows
    ]
    total = Text(f"共 {len(rows)} 条", f"{len(rows)} items").within(language)
    return "\n".join([*(draw_table(header, lines, left=6) if lines else []), total])


def describe_tables(path: Path, tables: Sequence[Table], type_hint: str, language: str) -> str:
    """One line: what a file was taken for."""
    columns = sum(len(table.columns) for table in tables)
    personal = sum(table.personal_columns for table in tables)
    other = sum(table.other_columns for table in tables)
    has_acceptance = any(table.has_acceptance for table in tables)
    has_completion = any(table.has_completion for table in tables)
    rows = "、".join(str(table.header_row) for table in tables)
    told = {
        (True, True): Text("受理和办结", "acceptance and completion"),
        (True, False): Text("只有受理", "acceptance only"),
        (False, True): Text("只有办结", "completion only"),
    }[has_acceptance, has_completion].within(language)
    hint = f"{type_hint}，" if type_hint else ""
    return Text(
        f"{path.name}：{tables[0].form}，{hint}{told}，表头在第 {rows} 行，识别 {columns} 列，"
        f"不读入个人信息 {personal} 列、其他 {other} 列",
        f"{path.name}: {tables[0].form}, {hint.replace('，', ', ')}{told}, header in row {rows}, {columns} columns "
        f"recognised, {personal} personal and {other} other ones left out",
    ).within(language)


def describe_status(status: Status, project: Project, language: str) -> str:
    """Deliveries as a table, then one line each: waiting, quarantine, warnings, warehouse, reports."""
    header = Text(
        "批次,截止,收到,文件,读入,载入,重复,隔离", "delivery,cut-off,received,files,read,loaded,repeated,quarantined"
    )
    keys = (
        "delivery_id",
        "cut_off",
        "received_on",
        "file_count",
        "rows_read",
        "rows_loaded",
        "rows_repeated",
        "rows_quarantined",
    )
    rows = [[str(delivery[key]) for key in keys] for delivery in status.deliveries]
    built = f"{status.warehouse_built_at:%Y-%m-%d %H:%M}" if status.warehouse_built_at else "–"
    warned = ", ".join(status.checks_failed_or_warned) or "–"
    facts = Text(
        f"待载入文件 {len(status.waiting)} 个：{'、'.join(status.waiting[:5]) or '–'}\n"
        f"办件 {status.cases} 件，隔离 {status.rows_quarantined} 行，警告：{warned}\n"
        f"数据仓库 {status.warehouse_bytes / 1e6:.1f} MB，建于 {built}，内容哈希 {status.content_hash or '–'}\n"
        f"已出报告：{'、'.join(status.reports[-5:]) or '–'}",
        f"waiting files {len(status.waiting)}: {', '.join(status.waiting[:5]) or '–'}\n"
        f"cases {status.cases}, rows quarantined {status.rows_quarantined}, warnings: {warned}\n"
        f"warehouse {status.warehouse_bytes / 1e6:.1f} MB, built {built}, content hash {status.content_hash or '–'}\n"
        f"reports: {', '.join(status.reports[-5:]) or '–'}",
    )
    place = f"{shorten(project.root)} · {status.profile}" + (" · 示例数据 / invented data" if status.is_sample else "")
    return "\n".join([place, *draw_table(header.within(language).split(","), rows, left=3), facts.within(language)])


def _draw_groups(figures: Statistics, language: str) -> list[str]:
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


def _say_reconciliation(figures: Statistics, language: str) -> str:
    sums = figures.reconciliation
    mark = "✓" if sums.is_exact else "✗"
    return Text(
        f"读入 {sums.read} = 载入 {sums.loaded} + 重复 {sums.repeated} + 隔离 {sums.quarantined} {mark} · "
        f"{sums.files} 个文件，不读入个人信息 {sums.personal_columns} 列",
        f"read {sums.read} = loaded {sums.loaded} + repeated {sums.repeated} + quarantined {sums.quarantined} {mark} · "
        f"{sums.files} files, {sums.personal_columns} personal columns dropped",
    ).within(language)


def _say_checks(run: WeeklyRun, language: str) -> str:
    checks = run.statistics.checks
    passed = sum(check.is_passed for check in checks)
    warned = [check.name for check in checks if not check.is_passed and check.severity is Severity.WARNING]
    names = f" ({', '.join(warned)})" if warned else ""
    return Text(
        f"检查：{passed} 项通过，{len(warned)} 项警告{names} · {run.seconds:.1f} 秒",
        f"checks: {passed} passed, {len(warned)} warned{names} · {run.seconds:.1f} s",
    ).within(language)
