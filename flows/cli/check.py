"""check 检查: how files would be read and judged."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli.common import ASKING, Arguments, Command, add_wait, open_root
from flows.cli.terminal import draw_table
from flows.cli.words import describe_file, describe_verdicts
from flows.domain.text import Bilingual, CommandLine, Text, say
from flows.domain.verdicts import Inspection, Rule

if TYPE_CHECKING:
    from flows.jobs.check import Checked, CheckedFile

COMMAND = Command(
    "check",
    ASKING,
    Text("how files would be read and judged, without loading them"),
    Text(
        "Shows encoding, header, what each column means, the types found and the rows that would be quarantined,\n"
        "and runs the checks. Writes nothing. Without files it checks new deliveries in data/raw. --rules lists all rules."
    ),
    "check 行政许可_20220722.csv",
)


_FIRST_ROW_COLUMNS = ("case_no", "item_type_label", "department", "area_code", "accepted_at", "completed_at", "result")


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "paths",
        type=Path,
        nargs="*",
        metavar="PATH",
        help=say("exported files, or folders of them (default: new deliveries in data/raw)"),
    )
    own.add_argument("--rules", action="store_true", help=say("list all rules and tolerances"))
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.domain.verdicts import refuse_failures
    from flows.jobs import weekly
    from flows.jobs.check import check_files, list_rules

    project = open_root(arguments)
    if arguments.rules:
        print(describe_rules(list_rules(project)))
        return 0
    with show_progress(quiet=arguments.quiet) as progress:
        if arguments.paths:
            checked = check_files(project, arguments.paths, progress)
            text, verdicts = describe_checked(checked), checked.verdicts
        else:
            shown = weekly.preview(project, None, progress, wait_seconds=arguments.wait)
            text, verdicts = describe_inspection(shown.inspection), shown.inspection.verdicts
    print(text)
    refuse_failures(verdicts, CommandLine("weekly"))
    return 0


def describe_checked(checked: "Checked") -> str:
    """Per file: its form, columns, types, and the rows that would be quarantined; then the verdicts."""
    lines = []
    for file in checked.files:
        lines += [describe_file(file.path, file.taken_for, ""), *_describe_rows(file)]
    judged_as = Text("judged as a delivery of cut-off {cut_off}:", cut_off=checked.cut_off)
    return "\n".join([*lines, str(judged_as), *describe_verdicts(checked.verdicts)])


def describe_inspection(inspection: Inspection) -> str:
    """The verdicts on all deliveries, loaded and new."""
    waiting = Text("the deliveries through {cut_off}:", cut_off=inspection.cut_off)
    return "\n".join([str(waiting), *describe_verdicts(inspection.verdicts)])


def describe_rules(rules: Sequence[Rule]) -> str:
    effects = {"quarantine": Text("quarantine"), "critical": Text("critical"), "warning": Text("warning")}
    rows = [(rule.name, str(effects[rule.effect]), str(rule.text)) for rule in rules]
    header = say("rule,effect,requirement").split(",")
    return "\n".join(draw_table(header, rows, left=3))


def _describe_rows(file: "CheckedFile") -> list[str]:
    from flows.jobs.quarantine import explain

    columns = [f"{header} → {name}" for table in file.taken_for.tables[:1] for name, header in table.columns.items()]
    types = [
        f"{row['item_type_label']} ({row['group_key']}) {row['row_count']}"
        + ("" if row["is_in_scope"] else say(", out of scope"))
        for row in file.types
    ]
    rows = file.rows
    sums = f"{rows['read']} = {rows['loaded']} + {rows['repeated']} + {rows['quarantined']}"
    around = say("; totals, notes and similar rows: {around}", around=rows["around"])
    return [
        "  " + " · ".join(columns),
        "  " + " · ".join(types),
        *(
            f"  {row['row_no']}: "
            + " | ".join(str(row[name] if row[name] is not None else "") for name in _FIRST_ROW_COLUMNS)
            for row in file.first_rows
        ),
        "  " + say("read = loaded + repeated + quarantined: {sums}", sums=sums) + around,
        *(str(_describe_doubt(doubt)) for doubt in file.doubts),
        *(
            say("  quarantined: ")
            + f"{bad['sheet'] + ' ' if bad['sheet'] else ''}{bad['row_no']} {bad['column_name']} {bad['value']!r} {explain(bad['rule'])}"
            for bad in file.quarantine[:10]
        ),
    ]


def _describe_doubt(doubt: dict[str, Any]) -> Text:
    place = Text(", row {row}", row=doubt["row_no"]) if doubt["row_no"] else Text("")
    return Text(
        "  not sure: {part}{place}: {taken_for}",
        part=doubt["sheet"] or doubt["file"],
        place=place,
        taken_for=Bilingual(doubt["taken_for"], doubt["taken_for_en"]),
    )
