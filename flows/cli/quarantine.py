"""quarantine 隔离: list the rows that could not be read."""

import argparse
from collections.abc import Sequence

from flows.cli.common import ASKING, Arguments, Command, add_json, add_out, open_root
from flows.cli.terminal import draw_table
from flows.domain.text import Text, say

COMMAND = Command(
    "quarantine",
    ASKING,
    Text("list the quarantined rows: where, what, why"),
    Text(
        "Lists delivery, file, sheet, row, column, value and reason of each; --out writes a file.\n"
        "Never a value of a personal column."
    ),
    "quarantine --out 隔离.xlsx",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument("--all", action="store_true", help=say("list closed items, too"))
    add_json(own)
    add_out(own, say("write to a file (.csv .xlsx .json)"))


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs import quarantine
    from flows.jobs.quarantine import list_items
    from flows.report.listing import write_listing
    from flows.root.files import replacing

    project = open_root(arguments)
    rows = list_items(project, with_closed=arguments.all)
    if arguments.out:
        write_listing(arguments.out, rows, quarantine.COLUMNS, replacing)
    if arguments.json:
        print(write_json(rows))
    elif not arguments.out:
        print(describe_quarantine(rows))
    elif not arguments.quiet:
        print(say("{rows} items written to {out}", rows=len(rows), out=arguments.out))
    return 0


def describe_quarantine(rows: Sequence[dict[str, object]]) -> str:
    """One line an item, then their number."""
    any_closed = any(row["closed_by"] for row in rows)
    header = say("delivery,file,row,column,value,reason").split(",")
    header += [say("closed by")] if any_closed else []
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
    total = say("{rows} items", rows=len(rows))
    return "\n".join([*(draw_table(header, lines, left=len(header)) if lines else []), total])
