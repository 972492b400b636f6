"""check 检查: how files would be read and judged."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, Say, add_wait, open_root
from flows.cli.terminal import draw_table
from flows.cli.words import describe_file, describe_verdicts
from flows.domain.text import Text
from flows.domain.verdicts import Inspection, Rule

if TYPE_CHECKING:
    from flows.jobs.check import Checked, CheckedFile

COMMAND = Command(
    "check",
    ASKING,
    Text("看文件会怎样被读入、能否通过检查，不载入", "how files would be read and judged, without loading them"),
    Text(
        "显示编码、表头、列的含义、事项类型、会被隔离的行，并运行检查。不写任何文件。\n"
        "不给文件时检查 data/raw 中待载入的批次。--rules 列出全部规则。",
        "Shows encoding, header, what each column means, the types found and the rows that would be quarantined,\n"
        "and runs the checks. Writes nothing. Without files it checks new deliveries in data/raw. --rules lists all rules.",
    ),
    "check 行政许可_20220722.csv",
)


_FIRST_ROW_COLUMNS = ("case_no", "item_type_label", "department", "area_code", "accepted_at", "completed_at", "result")


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "paths",
        type=Path,
        nargs="*",
        metavar="PATH",
        help=say(
            "导出文件或文件夹（默认：data/raw 中待载入的批次）",
            "exported files, or folders of them (default: new deliveries in data/raw)",
        ),
    )
    own.add_argument("--rules", action="store_true", help=say("列出全部规则和界限", "list all rules and tolerances"))
    add_wait(own, say)


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.domain.verdicts import refuse_failures
    from flows.jobs import weekly
    from flows.jobs.check import check_files, list_rules

    project, language = open_root(arguments, language)
    if arguments.rules:
        print(describe_rules(list_rules(project), language))
        return 0
    with show_progress(language, quiet=arguments.quiet) as progress:
        if arguments.paths:
            checked = check_files(project, arguments.paths, progress)
            text, verdicts = describe_checked(checked, language), checked.verdicts
        else:
            shown = weekly.preview(project, None, progress, wait_seconds=arguments.wait)
            text, verdicts = describe_inspection(shown.inspection, language), shown.inspection.verdicts
    print(text)
    refuse_failures(verdicts)
    return 0


def describe_checked(checked: "Checked", language: str) -> str:
    """Per file: its form, columns, types, and the rows that would be quarantined; then the verdicts."""
    lines = []
    for file in checked.files:
        lines += [describe_file(file.path, file.taken_for, "", language), *_describe_rows(file, language)]
    judged_as = Text(f"作为截止 {checked.cut_off} 的批次检查：", f"judged as a delivery of cut-off {checked.cut_off}:")
    return "\n".join([*lines, judged_as.within(language), *describe_verdicts(checked.verdicts, language)])


def describe_inspection(inspection: Inspection, language: str) -> str:
    """The verdicts on all deliveries, loaded and new."""
    waiting = Text(f"截至 {inspection.cut_off} 的批次：", f"the deliveries through {inspection.cut_off}:")
    return "\n".join([waiting.within(language), *describe_verdicts(inspection.verdicts, language)])


def describe_rules(rules: Sequence[Rule], language: str) -> str:
    effects = {"quarantine": "隔离", "critical": "关键", "warning": "警告"}
    rows = [
        (rule.name, effects[rule.effect] if language == "zh" else rule.effect, rule.text.within(language))
        for rule in rules
    ]
    header = Text("规则,后果,要求", "rule,effect,requirement").within(language).split(",")
    return "\n".join(draw_table(header, rows, left=3))


def _describe_rows(file: "CheckedFile", language: str) -> list[str]:
    from flows.jobs.quarantine import explain

    columns = [f"{header} → {name}" for table in file.taken_for.tables[:1] for name, header in table.columns.items()]
    types = [
        f"{row['item_type_label']} ({row['group_key']}) {row['row_count']}"
        + ("" if row["is_in_scope"] else Text("，范围外", ", out of scope").within(language))
        for row in file.types
    ]
    rows = file.rows
    sums = f"{rows['read']} = {rows['loaded']} + {rows['repeated']} + {rows['quarantined']}"
    around = Text(f"；合计、注释等 {rows['around']} 行", f"; totals, notes and similar rows: {rows['around']}").within(
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
