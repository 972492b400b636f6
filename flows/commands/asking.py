"""追问: questions that change nothing."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import ASKING, Arguments, Command, Say, open_root
from flows.vocabulary import Text

if TYPE_CHECKING:
    pass


def _status_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))


def _status(arguments: Arguments, language: str) -> int:
    from flows import console, summaries
    from flows.status import read_status

    project, language = open_root(arguments, language)
    status = read_status(project)
    print(
        console.write_json(asdict(status)) if arguments.json else summaries.describe_status(status, project, language)
    )
    return 0


def _quarantine_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("--all", action="store_true", help=say("也列出已关闭的", "list closed items, too"))
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))
    out = say("写入文件（.csv .xlsx .json）", "write to a file (.csv .xlsx .json)")
    own.add_argument("--out", type=Path, metavar="FILE", help=out)


def _quarantine(arguments: Arguments, language: str) -> int:
    from flows import console, quarantine, summaries
    from flows.listing import write_listing

    project, language = open_root(arguments, language)
    rows = quarantine.list_items(project, language, with_closed=arguments.all)
    if arguments.out:
        write_listing(arguments.out, rows, quarantine.COLUMNS)
    if arguments.json:
        print(console.write_json(rows))
    elif not arguments.out:
        print(summaries.describe_quarantine(rows, language))
    elif not arguments.quiet:
        print(
            Text(f"{len(rows)} 条，已写入 {arguments.out}", f"{len(rows)} items written to {arguments.out}").within(
                language
            )
        )
    return 0


def _check_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help=say("导出文件或文件夹", "exported files, or folders of them"),
    )


def _check(arguments: Arguments, language: str) -> int:
    from flows import console, summaries
    from flows.checking import check_files
    from flows.expectations import refuse_failures

    project, language = open_root(arguments, language)
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        checked = check_files(project, arguments.paths, progress)
    print(summaries.describe_checked(checked, language))
    refuse_failures(checked.checks)
    return 0


COMMANDS = (
    Command(
        "status",
        ASKING,
        Text("看现状：已载入、待载入、隔离、检查", "what is loaded, what waits, what is open"),
        Text(
            "列出批次、待载入的文件、隔离行数、警告，以及数据仓库的大小和内容哈希。",
            "Lists deliveries, waiting files, quarantined rows, warnings, the warehouse's size and content hash.",
        ),
        "status --json",
        _status_arguments,
        _status,
    ),
    Command(
        "quarantine",
        ASKING,
        Text("列出隔离的行：在哪里、是什么、为什么", "list the quarantined rows: where, what, why"),
        Text(
            "逐项列出批次、文件、工作表、行、列、值和原因；--out 写成文件。不含个人信息列的值。",
            "Lists delivery, file, sheet, row, column, value and reason of each; --out writes a file.\n"
            "Never a value of a personal column.",
        ),
        "quarantine --out 隔离.xlsx",
        _quarantine_arguments,
        _quarantine,
    ),
    Command(
        "check",
        ASKING,
        Text("看文件会怎样被读入，不载入", "how files would be read, without loading them"),
        Text(
            "显示编码、表头、列的含义、事项类型、会被隔离的行，并运行检查。不写任何文件。",
            "Shows encoding, header, what each column means, the types found and the rows that would be quarantined,\n"
            "and runs the checks. Writes nothing.",
        ),
        "check 行政许可_20220722.csv",
        _check_arguments,
        _check,
    ),
)
