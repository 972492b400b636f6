"""quarantine 隔离: list the rows that could not be read."""

import argparse
from collections.abc import Sequence

from flows.cli.common import ASKING, Arguments, Command, Say, add_json, add_out, open_root
from flows.cli.terminal import draw_table
from flows.domain.text import Text

COMMAND = Command(
    "quarantine",
    ASKING,
    Text("列出隔离的行：在哪里、是什么、为什么", "list the quarantined rows: where, what, why"),
    Text(
        "逐项列出批次、文件、工作表、行、列、值和原因；--out 写成文件。不含个人信息列的值。",
        "Lists delivery, file, sheet, row, column, value and reason of each; --out writes a file.\n"
        "Never a value of a personal column.",
    ),
    "quarantine --out 隔离.xlsx",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("--all", action="store_true", help=say("也列出已关闭的", "list closed items, too"))
    add_json(own, say)
    add_out(own, say("写入文件（.csv .xlsx .json）", "write to a file (.csv .xlsx .json)"))


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs import quarantine
    from flows.jobs.quarantine import list_items
    from flows.report.listing import write_listing

    project, language = open_root(arguments, language)
    rows = list_items(project, language, with_closed=arguments.all)
    if arguments.out:
        write_listing(arguments.out, rows, quarantine.COLUMNS)
    if arguments.json:
        print(write_json(rows))
    elif not arguments.out:
        print(describe_quarantine(rows, language))
    elif not arguments.quiet:
        print(
            Text(f"{len(rows)} 条，已写入 {arguments.out}", f"{len(rows)} items written to {arguments.out}").within(
                language
            )
        )
    return 0


def describe_quarantine(rows: Sequence[dict[str, object]], language: str) -> str:
    """One line an item, then their number."""
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
