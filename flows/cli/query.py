"""query 查询: ask the warehouse in SQL."""

import argparse
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, Say, add_json, add_out, open_root
from flows.cli.terminal import draw_table
from flows.domain.dictionary import Dictionary
from flows.domain.text import Text, WrongUsage

if TYPE_CHECKING:
    from flows.jobs.query import Answer

COMMAND = Command(
    "query",
    ASKING,
    Text("用 SQL 查询数据仓库（只读）", "ask the warehouse in SQL (read-only)"),
    Text(
        "回答一条 SELECT；不能写入，读不到其他文件，也连不上网络。不带参数时列出可查的表和例子。",
        "Answers one SELECT; it cannot write, read other files or reach the network.\n"
        "Without a SELECT it lists the tables and some examples.",
    ),
    "query \"select * from year_to_date('2022-07-22')\"",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument("statement", nargs="?", metavar="SQL", help=say("一条 SELECT", "one SELECT"))
    own.add_argument("-f", "--file", type=Path, metavar="FILE", help=say("从文件读取 SQL", "read the SQL from a file"))
    limit = say("终端上最多显示多少行（默认 100）", "rows shown on the terminal (default 100)")
    own.add_argument("--limit", type=int, default=100, metavar="N", help=limit)
    add_json(own, say)
    add_out(
        own, say("全部写入文件（.csv .xlsx .json .parquet）", "write all rows to a file (.csv .xlsx .json .parquet)")
    )


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs import query
    from flows.jobs.query import open_dictionary, read_statement, write_answer

    project, language = open_root(arguments, language)
    if arguments.statement and arguments.file:
        raise WrongUsage(zh="SQL 和 --file 只能给一个。", en="give the SQL or --file, not both.")
    statement = read_statement(arguments.file) if arguments.file else arguments.statement
    if statement is None:
        print(describe_dictionary(open_dictionary(project), language))
    elif arguments.out:
        write_answer(project, statement, arguments.out)
    else:
        with query.ask(project, statement) as answer:
            if arguments.json:
                print(write_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows]))
            else:
                print(describe_answer(answer, arguments.limit, language))
    return 0


def describe_dictionary(dictionary: Dictionary, language: str) -> str:
    """A line for each table, view and macro, then examples."""
    lines = draw_table(("", ""), [(entry.name, entry.words) for entry in dictionary.entries], left=2)[1:]
    lines += ["", Text("例如：", "for example:").within(language)]
    for words, statement in dictionary.examples:
        lines += [f"  -- {words.within(language)}", f"  {statement}"]
    return "\n".join(lines)


def describe_answer(answer: "Answer", limit: int, language: str) -> str:
    """Up to `limit` rows as a table, and a note if there are more."""
    rows = list(islice(answer.rows, limit + 1))
    shown = [["" if value is None else str(value) for value in row] for row in rows[:limit]]
    lines = draw_table(answer.columns, shown, left=len(answer.columns))
    if len(rows) > limit:
        note = Text(
            f"只显示前 {limit} 行；全部请加 --out 文件", f"only the first {limit} rows; add --out FILE for all of them"
        )
        lines.append(note.within(language))
    return "\n".join(lines)
