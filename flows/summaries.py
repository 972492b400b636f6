"""Results in words: a week, a status, files handed in or looked at, the quarantine."""

import json
import shlex
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from flows.bulletin import Reading, write_paragraph, write_range_paragraph
from flows.checking import Checked, CheckedFile
from flows.console import draw_table, say_command, shorten
from flows.deliveries import describe_unread, find_unread
from flows.dictionary import EXAMPLES, Entry
from flows.explanation import MEASURES, Explanation, Part
from flows.exports import Export, Table
from flows.gates import Rule
from flows.pipeline import Preview, WeeklyRun
from flows.project import Project
from flows.publication import Proof
from flows.quarantine import explain
from flows.query import Answer
from flows.ranges import RangeRun
from flows.receiving import Received, Receiving
from flows.record import Publication
from flows.status import Status
from flows.vocabulary import Acceptance, Check, Inspection, Overview, RangeWeek, Revision, Severity, Statistics, Text

_SHOWN_PARTS = 12
_CAUSES = {
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
_FIRST_ROW_COLUMNS = ("case_no", "item_type_label", "department", "area_code", "accepted_at", "completed_at", "result")


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
        *_say_caught_up(run, language),
        *list_unread(project, language),
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


def list_unread(project: Project, language: str) -> list[str]:
    """A line for each folder of data/raw that was passed over."""
    return [f"! {describe_unread(folder).within(language)}" for folder in find_unread(project)]


def _say_caught_up(run: WeeklyRun, language: str) -> list[str]:
    """A line for each week that had been missed."""
    lines = []
    for each in run.caught_up:
        told = Text("已补出", "caught up")
        if each.failure:
            told = Text(f"未能补出：{each.failure.zh}", f"could not be caught up: {each.failure.en}")
        lines.append(f"{each.week_end}: {told.within(language)} ({each.as_of})")
    return lines


def describe_range(ranged: RangeRun, project: Project, language: str) -> str:
    """The range's paragraph and figures, its weeks, those that failed, and what differs from what was published."""
    figures = ranged.statistics
    header = Text("组别,受理,办结,结转", "group,accepted,completed,carried over").within(language).split(",")
    rows = [
        (figures.labels[group], str(counts.accepted), str(counts.completed), str(counts.carried_over))
        for group, counts in figures.counts.items()
    ]
    changed = [week for week in figures.weeks if week.published and _differs(week)]
    lines = [write_range_paragraph(figures), *draw_table(header, rows)]
    lines += [f"✗ {week.end}: {week.failure}" for week in ranged.failed]
    lines += [
        Text(
            f"! {week.end} 与已刊发的不同：bulletin revisions --week-ending {week.end}",
            f"! {week.end} differs from what was published: bulletin revisions --week-ending {week.end}",
        ).within(language)
        for week in changed
    ]
    if ranged.waiting:
        told = Text(
            f"! 另有 {ranged.waiting} 个文件待载入，不在其中：{say_command(project, 'weekly')}",
            f"! {ranged.waiting} files wait and are not in these figures: {say_command(project, 'weekly')}",
        )
        lines.append(told.within(language))
    lines += list_unread(project, language)
    written = ranged.written - len(ranged.failed)
    counted = Text(
        f"{len(figures.weeks)} 个通报周：写出 {written}，此前已有 {ranged.kept}，未能写出 {len(ranged.failed)} · {ranged.seconds:.1f} 秒",
        f"{len(figures.weeks)} bulletin weeks: {written} written, {ranged.kept} written before, {len(ranged.failed)} failed · {ranged.seconds:.1f} s",
    )
    return "\n".join(
        [
            *lines,
            counted.within(language),
            Text(f"报告：{shorten(ranged.folder)}", f"report: {shorten(ranged.folder)}").within(language),
        ]
    )


def _differs(week: RangeWeek) -> bool:
    published = week.published or {}
    return any(
        (counts.accepted, counts.completed) != (published[group].accepted, published[group].completed)
        for group, counts in week.counts.items()
    )


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
    return describe_export(file.path, file.export, file.type_hint, language) + Text(f"；{where}", f"; {where}").within(
        language
    )


def describe_checked(checked: Checked, language: str) -> str:
    """Per file: what it was taken for, its mapping, the types found, what would be quarantined; then the checks."""
    lines = []
    for file in checked.files:
        lines += [describe_export(file.path, file.export, "", language), *_describe_rows(file, language)]
    judged_as = Text(f"作为截止 {checked.cut_off} 的批次检查：", f"judged as a delivery of cut-off {checked.cut_off}:")
    return "\n".join([*lines, judged_as.within(language), *_describe_checks(checked.checks, language)])


def describe_inspection(inspection: Inspection, language: str) -> str:
    """What the gates say of all that is loaded and waits, without loading it."""
    waiting = Text(f"截至 {inspection.cut_off} 的批次：", f"the deliveries through {inspection.cut_off}:")
    return "\n".join([waiting.within(language), *_describe_checks(inspection.checks, language)])


def describe_preview(shown: Preview, project: Project, language: str) -> str:
    """What a weekly run would publish, how that differs from the last report, and the checks."""
    figures = shown.statistics
    if figures is None:
        nothing = Text("没有该年截至该日的数据。", "there are no data of that year through that day.").within(language)
        return "\n".join(
            [nothing, *list_unread(project, language), *_describe_checks(shown.inspection.checks, language)]
        )
    lines = [write_paragraph(figures), *_draw_groups(figures, language), *_draw_differences(figures, project, language)]
    lines += list_unread(project, language)
    return "\n".join(
        [*lines, _say_reconciliation(figures, language), *_describe_checks(shown.inspection.checks, language)]
    )


def _draw_differences(figures: Statistics, project: Project, language: str) -> list[str]:
    """Against the last report before this week, and against this week's own, where they exist."""
    reports = {path.parent.name: path for path in project.reports.glob("2*/statistics.json")}
    end = figures.week.end.isoformat()
    earlier = max((name for name in reports if name < end), default=None)
    lines = []
    for name in filter(None, (earlier, end if end in reports else None)):
        told = {group["group"]: group for group in json.loads(reports[name].read_text(encoding="utf-8"))["groups"]}
        parts = [
            f"{group.label} {group.year_to_date.accepted - told[group.group]['accepted']:+d} / "
            f"{group.year_to_date.completed - told[group.group]['completed']:+d}"
            for group in figures.groups
        ]
        title = Text(f"与 reports/{name} 相比（受理/办结）：", f"against reports/{name} (accepted/completed): ")
        lines.append(title.within(language) + " · ".join(parts))
    return lines


def describe_publication(publication: Publication, project: Project, language: str) -> str:
    folder = shorten(project.published_folder(publication.week_end))
    return Text(
        f"已刊发 {publication.week_ending}（第{publication.issue}期，总第{publication.serial}期）：{folder}\n"
        f"SHA-256 {publication.sha256}\n核对：{say_command(project, f'verify --week-ending {publication.week_ending}')}",
        f"published {publication.week_ending} (issue {publication.issue}, serial {publication.serial}): {folder}\n"
        f"SHA-256 {publication.sha256}\nto prove it: {say_command(project, f'verify --week-ending {publication.week_ending}')}",
    ).within(language)


def describe_proof(proof: Proof, language: str) -> str:
    lines = [
        Text(
            f"{proof.publication.week_ending} 未被改动；用冻结的 {len(proof.publication.files)} 个文件重算，"
            f"{len(proof.same)} 个文件逐字节一致",
            f"{proof.publication.week_ending} is unchanged; counted again from its {len(proof.publication.files)} frozen files, "
            f"{len(proof.same)} forms come out byte for byte",
        ).within(language)
    ]
    if proof.other_form:
        names = ", ".join(proof.other_form)
        told = Text(
            f"程序已更新：数字和段落一致，只有形式不同的有 {names}",
            f"the program is newer: figures and paragraph are the same, these differ in form only: {names}",
        )
        lines.append(told.within(language))
    return "\n".join(lines)


def describe_reading(reading: Reading, language: str) -> str:
    lines = [
        Text(
            f"✗ {fault.what}：稿件 {fault.written or '没有'}，应为 {fault.right}",
            f"✗ {fault.what}: written {fault.written or 'nowhere'}, should be {fault.right}",
        ).within(language)
        for fault in reading.faults
    ]
    lines += [Text(f"? 未核对：{words}", f"? not checked: {words}").within(language) for words in reading.unchecked]
    right = reading.checked - len(reading.faults)
    lines.append(
        Text(f"核对 {reading.checked} 处，{right} 处相符", f"{reading.checked} places checked, {right} right").within(
            language
        )
    )
    return "\n".join(lines)


def describe_revision(revision: Revision, project: Project, language: str) -> str:
    """Each figure with its parts, and where the notice is."""
    title = Text(
        f"{revision.week.end}（第{revision.issue}期，总第{revision.serial}期）：",
        f"{revision.week.end} (issue {revision.issue}, serial {revision.serial}):",
    )
    rows = [
        (
            f"{figure.label} {MEASURES[figure.measure]}",
            str(figure.published),
            str(figure.today),
            f"{figure.today - figure.published:+}",
            ", ".join(f"{_CAUSES[cause].within(language)} {cases:+}" for cause, cases in figure.causes),
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


def describe_rules(rules: Sequence[Rule], language: str) -> str:
    effects = {"quarantine": "隔离", "critical": "关键", "warning": "警告"}
    rows = [
        (rule.name, effects[rule.effect] if language == "zh" else rule.effect, rule.text.within(language))
        for rule in rules
    ]
    header = Text("规则,后果,要求", "rule,effect,what it says").within(language).split(",")
    return "\n".join(draw_table(header, rows, left=3))


def _describe_checks(checks: Sequence[Check], language: str) -> list[str]:
    """A line for each check that did not pass, then how many did."""
    lines = []
    for check in checks:
        if not check.is_passed:
            mark = "◦" if check.acceptances else "✗" if check.severity is Severity.CRITICAL else "!"
            lines.append(f"{mark} {check.name}: {Text(check.zh, check.en).within(language)} ({check.observed})")
            lines += [f"  {_say_decision(decision, language)}" for decision in check.acceptances]
    passed = sum(check.is_passed for check in checks)
    told = Text(f"检查：{passed} 项通过；未载入任何数据", f"checks: {passed} passed; nothing was loaded")
    return [*lines, told.within(language)]


def _say_decision(decision: Acceptance, language: str) -> str:
    who = f"{decision.by}, " if decision.by else ""
    told = f"{decision.reason} ({who}{decision.on}, {decision.source})"
    return Text(f"放行：{told}", f"let through: {told}").within(language)


def _describe_rows(file: CheckedFile, language: str) -> list[str]:
    columns = [
        f"{table.header.cells[at]} → {name}" for table in file.export.tables[:1] for name, at in table.columns.items()
    ]
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
        *(
            f"  {row['row_no']}: "
            + " | ".join(str(row[name] if row[name] is not None else "") for name in _FIRST_ROW_COLUMNS)
            for row in file.first_rows
        ),
        "  "
        + Text(f"读入 = 载入 + 重复 + 隔离：{sums}", f"read = loaded + repeated + quarantined: {sums}").within(language)
        + around,
        *(
            Text("  隔离 ", "  quarantined: ").within(language)
            + f"{bad['sheet'] + ' ' if bad['sheet'] else ''}{bad['row_no']} {bad['column_name']} {bad['value']!r} {explain(bad['rule'], language)}"
            for bad in file.quarantine[:10]
        ),
    ]


def describe_quarantine(rows: Sequence[dict[str, object]], language: str) -> str:
    """One line an item, then how many there are."""
    any_closed = any(row["closed_by"] for row in rows)
    header = Text("批次,文件,行,列,值,原因", "delivery,file,row,column,value,reason").within(language).split(",")
    header += [Text("由何批次关闭", "closed by").within(language)] if any_closed else []
    lines = [
        [
            str(row["delivery_id"]),
            str(row["file"]) + (f"［{row['sheet']}］" if row["sheet"] else ""),
            str(row["row_no"]),
            *(str(row[name]) for name in ("column_name", "value", "reason")),
            *([str(row["closed_by"])] if any_closed else []),
        ]
        for row in rows
    ]
    total = Text(f"共 {len(rows)} 条", f"{len(rows)} items").within(language)
    return "\n".join([*(draw_table(header, lines, left=len(header)) if lines else []), total])


def describe_entries(entries: Sequence[Entry], language: str) -> str:
    """A line for each table, view and macro, then examples."""
    lines = draw_table(("", ""), [(entry.name, entry.words) for entry in entries], left=2)[1:]
    lines += ["", Text("例如：", "for example:").within(language)]
    for words, statement in EXAMPLES:
        lines += [f"  -- {words.within(language)}", f"  {statement}"]
    return "\n".join(lines)


def describe_answer(answer: Answer, limit: int, language: str) -> str:
    """Up to `limit` rows as a table; a note where there are more."""
    rows = list(islice(answer.rows, limit + 1))
    shown = [["" if value is None else str(value) for value in row] for row in rows[:limit]]
    lines = draw_table(answer.columns, shown, left=len(answer.columns))
    if len(rows) > limit:
        note = Text(
            f"只显示前 {limit} 行；全部请加 --out 文件", f"the first {limit} rows; for all of them add --out FILE"
        )
        lines.append(note.within(language))
    return "\n".join(lines)


def describe_explanation(explanation: Explanation, project: Project, language: str) -> str:
    """A figure and its parts, each list with the greatest first where it is long; every list adds up to the figure."""
    label = {
        **{group.value: label for group, label in project.profile.group_labels.items()},
        "unclassified": "未归类",
    }.get(explanation.group, f"{project.profile.scope_label}以外")
    window = explanation.window
    lines = [
        Text(
            f"{label} {MEASURES[explanation.measure]}，{window.start} 至 {window.end}：{explanation.cases} 件",
            f"{label} {MEASURES[explanation.measure]} ({explanation.measure}), {window.start} through {window.end}: {explanation.cases}",
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
    causes = [(_CAUSES[part.name[0]].within(language), part.cases) for part in explanation.causes]
    lines += [f"  {line}" for line in draw_table(("", ""), [(name, f"{cases:+}") for name, cases in causes])[1:]]
    return "\n".join(lines)


def describe_changes(changes: Sequence[dict[str, object]], most: int, language: str) -> list[str]:
    """A line for each case gained or lost, with its cause; of more than `most`, the first."""
    rows = [(f"{row['cases']:+}", str(row["case_no"]), _CAUSES[str(row["cause"])].within(language)) for row in changes]
    lines = [f"  {line}" for line in draw_table(("", "", ""), rows[:most], left=3)[1:]]
    if len(rows) > most:
        note = Text(f"只列前 {most} 件；全部请加 --out 文件", f"the first {most}; for all of them add --out FILE")
        lines.append(f"  {note.within(language)}")
    return lines


def _draw_parts(parts: Sequence[Part], language: str) -> list[str]:
    """Up to twelve parts in their order; of more, the twelve greatest and the sum of the rest."""
    shown = parts if len(parts) <= _SHOWN_PARTS else sorted(parts, key=lambda part: -part.cases)[:_SHOWN_PARTS]
    rows = [("  ".join(filter(None, part.name)) or "–", str(part.cases)) for part in shown]
    if rest := len(parts) - len(shown):
        others = sum(part.cases for part in parts) - sum(part.cases for part in shown)
        rows.append((Text(f"其余 {rest} 项", f"{rest} others").within(language), str(others)))
    return [f"  {line}" for line in draw_table(("", ""), rows)[1:]]


def describe_export(path: Path, export: Export, type_hint: str, language: str) -> str:
    """What a file was taken for: a line for each table, and one for what in it is no table."""
    lines = [
        f"{path.name}{f'［{table.sheet}］' if table.sheet else ''}{Text('：', ': ').within(language)}"
        + _describe_table(table, type_hint).within(language)
        for table in export.tables
    ]
    if export.passed_over:
        names = "、".join(export.passed_over)
        lines.append(Text(f"  不是办件表，略过：{names}", f"  no case tables, passed over: {names}").within(language))
    return "\n".join(lines)


def _describe_table(table: Table, type_hint: str) -> Text:
    header, columns = table.header, len(table.columns)
    told = {
        (True, True): Text("受理和办结", "acceptance and completion"),
        (True, False): Text("只有受理", "acceptance only"),
        (False, True): Text("只有办结", "completion only"),
    }[table.has_acceptance, table.has_completion]
    above = header.row - header.height
    where = (
        Text(f"表头在第 {header.row} 行", f"header in row {header.row}")
        if header.height == 1
        else Text(f"表头在第 {header.row - 1}、{header.row} 行", f"header in rows {header.row - 1} and {header.row}")
        if header.height
        else Text("列名不占行", "no row taken by names")
    )
    skipped = Text(f"（其上 {above} 行略过）", f" ({above} rows above it skipped)") if above else Text("", "")
    hidden = Text("，隐藏的工作表", ", a hidden sheet") if table.is_hidden else Text("", "")
    hint = Text(f"，{type_hint}", f", {type_hint}") if type_hint else Text("", "")
    return Text(
        f"{table.form}{hidden.zh}{hint.zh}，{told.zh}，{where.zh}{skipped.zh}，识别 {columns} 列，"
        f"不读入个人信息 {header.personal_columns} 列、其他 {header.other_columns} 列",
        f"{table.form}{hidden.en}{hint.en}, {told.en}, {where.en}{skipped.en}, {columns} columns recognised, "
        f"{header.personal_columns} personal and {header.other_columns} other ones left out",
    )


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
    age = Text(f"（{status.warehouse_age_days} 天前）", f" ({status.warehouse_age_days} days ago)").within(language)
    built = f"{status.warehouse_built_at:%Y-%m-%d %H:%M}{age}" if status.warehouse_built_at else "–"
    warned = ", ".join(status.checks_failed_or_warned) or "–"
    facts = Text(
        f"待载入文件 {len(status.waiting)} 个：{'、'.join(status.waiting[:5]) or '–'}\n"
        f"办件 {status.cases} 件，隔离 {status.rows_quarantined} 行（未处理 {status.rows_open}），警告：{warned}\n"
        f"数据仓库 {status.warehouse_bytes / 1e6:.1f} MB，建于 {built}，内容哈希 {status.content_hash or '–'}\n"
        f"已出报告：{'、'.join(status.reports[-5:]) or '–'}；尚未刊发 {len(status.unpublished)} 期\n"
        f"下次运行：{_say_next(status, '服务未运行（bulletin up）')}",
        f"waiting files {len(status.waiting)}: {', '.join(status.waiting[:5]) or '–'}\n"
        f"cases {status.cases}, rows quarantined {status.rows_quarantined} (open: {status.rows_open}), warnings: {warned}\n"
        f"warehouse {status.warehouse_bytes / 1e6:.1f} MB, built {built}, content hash {status.content_hash or '–'}\n"
        f"reports: {', '.join(status.reports[-5:]) or '–'}; not yet published: {len(status.unpublished)}\n"
        f"next run: {_say_next(status, 'no service runs (bulletin up)')}",
    )
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
    titles = Text("运行,命令,结果,秒,退出码", "run,command,outcome,seconds,exit code").within(language).split(",")
    problems = [f"✗ {problem.within(language)}" for problem in status.problems]
    place = f"{shorten(project.root)} · {status.profile}" + (" · 示例数据 / invented data" if status.is_sample else "")
    deliveries = draw_table(header.within(language).split(","), rows, left=3)
    last = draw_table(titles, runs, left=3) if runs else []
    return "\n".join([place, *deliveries, facts.within(language), *last, *problems])


def describe_health(overview: Overview, language: str) -> str:
    """One line: in order, or what is amiss."""
    if not overview.problems:
        return Text("正常", "ok").within(language)
    return Text("；", "; ").within(language).join(problem.within(language) for problem in overview.problems)


def _say_next(status: Status, none: str) -> str:
    return f"{status.next_run:%Y-%m-%d %H:%M}" if status.next_run else none


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
    warned = [
        check.name
        for check in checks
        if not check.is_passed and check.severity is Severity.WARNING and not check.acceptances
    ]
    names = f" ({', '.join(warned)})" if warned else ""
    decided = [f"{check.name}: {decision.reason}" for check in checks for decision in check.acceptances]
    said = (
        Text(f"，放行 {'；'.join(decided)}", f", let through {'; '.join(decided)}").within(language) if decided else ""
    )
    return Text(
        f"检查：{passed} 项通过，{len(warned)} 项警告{names}{said} · {run.seconds:.1f} 秒",
        f"checks: {passed} passed, {len(warned)} warned{names}{said} · {run.seconds:.1f} s",
    ).within(language)
