"""追问: questions that change nothing."""

import argparse
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from flows.commands.common import (
    ASKING,
    Arguments,
    Command,
    Say,
    add_question,
    add_wait,
    open_root,
    parse_day,
    read_question,
)
from flows.vocabulary import CheckFailed, Text, WrongUsage

if TYPE_CHECKING:
    pass


SHOWN_CHANGES = 50


def _status_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))
    own.add_argument(
        "--health",
        action="store_true",
        help=say(
            "只说是否正常：退出码 0 或 4，供监控使用", "only say whether all is well: exit code 0 or 4, for monitoring"
        ),
    )


def _status(arguments: Arguments, language: str) -> int:
    from flows import console, summaries
    from flows.overview import read_overview
    from flows.status import read_status

    project, language = open_root(arguments, language)
    if arguments.health:
        overview = read_overview(project)
        print(summaries.describe_health(overview, language))
        return CheckFailed.exit_code if overview.problems else 0
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
        nargs="*",
        metavar="PATH",
        help=say(
            "导出文件或文件夹（默认：data/raw 中待载入的批次）",
            "exported files, or folders of them (default: what waits in data/raw)",
        ),
    )
    own.add_argument("--rules", action="store_true", help=say("列出全部规则和界限", "list all rules and tolerances"))
    add_wait(own, say)


def _check(arguments: Arguments, language: str) -> int:
    from flows import console, gates, pipeline, summaries
    from flows.checking import check_files

    project, language = open_root(arguments, language)
    if arguments.rules:
        print(summaries.describe_rules(gates.list_rules(project.profile), language))
        return 0
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        if arguments.paths:
            checked = check_files(project, arguments.paths, progress)
            said, checks = summaries.describe_checked(checked, language), checked.checks
        else:
            shown = pipeline.preview(project, None, progress, wait_seconds=arguments.wait)
            said, checks = summaries.describe_inspection(shown.inspection, language), shown.inspection.checks
    print(said)
    gates.refuse_failures(checks)
    return 0


def _verify_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    file = say("改过的稿件（.docx .txt .md）", "a section that was edited (.docx .txt .md)")
    own.add_argument("file", type=Path, nargs="?", metavar="FILE", help=file)
    week = say("重算这一期已刊发的数字", "count this published week again")
    own.add_argument("--week-ending", type=parse_day, metavar="D", help=week)


def _verify(arguments: Arguments, language: str) -> int:
    from flows import console, publication, summaries
    from flows.proofreading import check_file

    project, language = open_root(arguments, language)
    if not arguments.file and not arguments.week_ending:
        raise WrongUsage(zh="请给出稿件，或 --week-ending 日期。", en="give a FILE, or --week-ending D.")
    if arguments.file:
        read = check_file(project, arguments.file, arguments.week_ending)
        print(summaries.describe_reading(read, language))
        return CheckFailed.exit_code if read.faults else 0
    with console.show_progress(language, quiet=arguments.quiet) as progress:
        proof = publication.verify(project, arguments.week_ending, progress)
    print(summaries.describe_proof(proof, language))
    return 0


def _explain_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    group = say("哪一类，如 行政许可、公共服务", "licence, public_service, other_power, unclassified, out_of_scope")
    own.add_argument("group", metavar="GROUP", help=group)
    measure = say("哪一项：受理、办结、结转", "accepted, completed, carried_over")
    own.add_argument("measure", metavar="MEASURE", help=measure)
    own.add_argument(
        "--week-ending",
        type=parse_day,
        metavar="D",
        help=say("周末日（默认：最近一个有数据的通报周）", "last day of the week (default: the newest covered one)"),
    )
    add_question(own, say)
    own.add_argument(
        "--changes",
        action="store_true",
        help=say("逐件列出较上期的增减", "list the cases that changed since the week before"),
    )
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))
    out = say("把办件逐件写入文件（.csv .xlsx .json）", "write the cases, one by one (.csv .xlsx .json)")
    own.add_argument("--out", type=Path, metavar="FILE", help=out)


def _explain(arguments: Arguments, language: str) -> int:
    from flows import console, explanation, summaries
    from flows.listing import write_listing

    project, language = open_root(arguments, language)
    group, measure = explanation.read_words((arguments.group, arguments.measure), project.profile)
    question = read_question(arguments)
    with (
        console.show_progress(language, quiet=arguments.quiet) as progress,
        explanation.explain(project, group, measure, arguments.week_ending, question, progress) as explained,
    ):
        if arguments.out and arguments.changes:
            write_listing(arguments.out, explained.list_changes(), explanation.CHANGE_COLUMNS)
        elif arguments.out:
            write_listing(arguments.out, explained.list_cases(), explanation.CASE_COLUMNS)
        shown = arguments.changes and not arguments.out
        changes = list(islice(explained.list_changes(), SHOWN_CHANGES + 1)) if shown else []
    if arguments.json:
        print(console.write_json(asdict(explained.explanation)))
    else:
        print(summaries.describe_explanation(explained.explanation, project, language))
        print(*summaries.describe_changes(changes, SHOWN_CHANGES, language), sep="\n", end="\n" if changes else "")
    return 0


def _query_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("statement", nargs="?", metavar="SQL", help=say("一条 SELECT", "one SELECT"))
    own.add_argument("-f", "--file", type=Path, metavar="FILE", help=say("从文件读取 SQL", "read the SQL from a file"))
    limit = say("终端上最多显示多少行（默认 100）", "rows shown on the terminal (default 100)")
    own.add_argument("--limit", type=int, default=100, metavar="N", help=limit)
    own.add_argument("--json", action="store_true", help=say("以 JSON 输出", "print as JSON"))
    out = say("全部写入文件（.csv .xlsx .json .parquet）", "write all of it (.csv .xlsx .json .parquet)")
    own.add_argument("--out", type=Path, metavar="FILE", help=out)


def _query(arguments: Arguments, language: str) -> int:
    from flows import console, query, summaries

    project, language = open_root(arguments, language)
    if arguments.statement and arguments.file:
        raise WrongUsage(zh="SQL 和 --file 只能给一个。", en="give the SQL or --file, not both.")
    statement = query.read_statement(arguments.file) if arguments.file else arguments.statement
    if statement is None:
        print(summaries.describe_entries(query.list_entries(project), language))
    elif arguments.out:
        query.write_answer(project, statement, arguments.out)
    else:
        with query.ask(project, statement) as answer:
            if arguments.json:
                print(console.write_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows]))
            else:
                print(summaries.describe_answer(answer, arguments.limit, language))
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
        "explain",
        ASKING,
        Text("把一个数字拆到文件、部门、月份和逐件", "take a figure apart: files, departments, months, single cases"),
        Text(
            "累计数分解为批次和文件、实施主体、月份、受理年度，以及较上期的增减和原因；各项之和必等于该数。\n"
            "--out 列出每一件及其所在文件和行。--as-of 只看截止日期不晚于该日的批次，--known-on 只看该日之前收到的文件。",
            "Takes a year-to-date figure apart into deliveries and files, departments, months, years of acceptance, and what\n"
            "changed since the week before, with its cause. The parts always add up. --out lists the cases with file and row.",
        ),
        "explain 行政许可 办结 --week-ending 2022-07-22",
        _explain_arguments,
        _explain,
    ),
    Command(
        "query",
        ASKING,
        Text("用 SQL 查询数据仓库（只读）", "ask the warehouse in SQL (read-only)"),
        Text(
            "回答一条 SELECT；不能写入，读不到其他文件，也连不上网络。不带参数时列出可查的表和例子。",
            "Answers one SELECT; it cannot write, read other files or reach the network.\n"
            "Without one it lists what can be asked for, and examples.",
        ),
        "query \"select * from year_to_date('2022-07-22')\"",
        _query_arguments,
        _query,
    ),
    Command(
        "verify",
        ASKING,
        Text("核对改过的稿件，或重算已刊发的一期", "check an edited section, or count a published week again"),
        Text(
            "给出稿件时：逐个核对其中的数字、合计和比率，指出不符的。\n给出 --week-ending 时：用冻结的文件重算该期，须与刊发的逐字节一致。",
            "With a file: compares each number, sum and rate in it with the warehouse and names what disagrees.\n"
            "With --week-ending: counts the published week again from its frozen files; it has to come out byte for byte.",
        ),
        "verify 通报稿.docx",
        _verify_arguments,
        _verify,
    ),
    Command(
        "check",
        ASKING,
        Text("看文件会怎样被读入、能否通过检查，不载入", "how files would be read and judged, without loading them"),
        Text(
            "显示编码、表头、列的含义、事项类型、会被隔离的行，并运行检查。不写任何文件。\n"
            "不给文件时检查 data/raw 中待载入的批次。--rules 列出全部规则。",
            "Shows encoding, header, what each column means, the types found and the rows that would be quarantined,\n"
            "and runs the checks. Writes nothing. Without files it checks what waits in data/raw. --rules lists the rules.",
        ),
        "check 行政许可_20220722.csv",
        _check_arguments,
        _check,
    ),
)
