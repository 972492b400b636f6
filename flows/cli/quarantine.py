"""quarantine 隔离: list the rows that could not be read, and close those that nobody will deliver again."""

import argparse
from collections.abc import Sequence

from flows.cli.asking import ask_for
from flows.cli.common import ASKING, Arguments, Command, add_json, add_out, open_root
from flows.cli.terminal import draw_table
from flows.domain.text import CommandLine, Text, say
from flows.root.project import Project

COMMAND = Command(
    "quarantine",
    ASKING,
    Text("list the quarantined rows: where, what, why"),
    Text(
        "Lists name, delivery, file, sheet, row, column, value and reason of each, those of the newest cut-off first; --out writes a\n"
        "file. Never a value of a personal column. `close ID…` closes rows that nobody will deliver again, with a reason and a name, on\n"
        "the record; `open ID…` undoes it."
    ),
    "quarantine --out 隔离.xlsx",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "act", nargs="?", metavar="ACT", choices=("list", "close", "open"), default="list", help="list · close · open"
    )
    own.add_argument("rows", nargs="*", metavar="ID", help=say("names of rows, as the list shows them"))
    own.add_argument("--reason", help=say("why a row is closed, or opened again"))
    own.add_argument("--by", metavar="NAME", help=say("who closes or opens it"))
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
    if arguments.act != "list":
        print(_decide(project, arguments))
        return 0
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


def _decide(project: Project, arguments: Arguments) -> str:
    """Close or open rows; what is missing is asked for."""
    from flows.cli.terminal import show_progress
    from flows.jobs.quarantine import close, reopen

    rows = arguments.rows or ask_for(Text("Which rows (names, with blanks between)?"), "ID").split()
    question = Text("Why is it closed?") if arguments.act == "close" else Text("Why is it opened again?")
    reason = arguments.reason or ask_for(question, "--reason")
    by = arguments.by or ask_for(Text("Who decides it?"), "--by")
    with show_progress(quiet=arguments.quiet) as progress:
        (close if arguments.act == "close" else reopen)(project, rows, reason, by, progress)
    if arguments.act == "close":
        return say(
            "{rows} closed; to undo it: {command}", rows=rows, command=CommandLine("quarantine open {rows}", rows=rows)
        )
    return say("{rows} open again", rows=rows)


def describe_quarantine(rows: Sequence[dict[str, object]]) -> str:
    """One line an item: those of the newest cut-off, the others, then their number."""
    new, older = [row for row in rows if row["is_new"]], [row for row in rows if not row["is_new"]]
    lines = [say("new with the newest cut-off: {rows}", rows=len(new)), *_draw(new)] if new else []
    lines += [say("of earlier cut-offs: {rows}", rows=len(older)), *_draw(older)] if older else []
    return "\n".join([*lines, say("{rows} items", rows=len(rows))])


def _draw(rows: Sequence[dict[str, object]]) -> list[str]:
    """Case number, department and who closed a row have a column where one is known."""
    optional = {
        "case_no": say("case number"),
        "department": say("department"),
        "closed_by": say("closed by"),
        "closed_reason": say("why"),
    }
    shown = [name for name in optional if any(row[name] for row in rows)]
    header = [*say("id,delivery,file,row,column,value,reason").split(","), *(optional[name] for name in shown)]
    return draw_table(
        header,
        [
            [
                *(str(row["row_id"]), str(row["delivery_id"])),
                str(row["file"]) + (f"［{row['sheet']}］" if row["sheet"] else ""),
                str(row["row_no"]),
                *(str(row[name]) for name in ("column_name", "value", "reason", *shown)),
            ]
            for row in rows
        ],
        left=len(header),
    )
