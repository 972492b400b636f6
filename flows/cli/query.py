"""query 查询: ask the warehouse in SQL."""

import argparse
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, add_json, add_out, open_root
from flows.cli.terminal import draw_table
from flows.domain.dictionary import Dictionary
from flows.domain.text import Text, WrongUsage, say

if TYPE_CHECKING:
    from flows.jobs.query import Answer

COMMAND = Command(
    "query",
    ASKING,
    Text("ask the warehouse in SQL (read-only)"),
    Text(
        "Answers one SELECT; it cannot write, read other files or reach the network.\n"
        "Without a SELECT it lists the tables and some examples."
    ),
    "query \"select * from year_to_date('2022-07-22')\"",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument("statement", nargs="?", metavar="SQL", help=say("one SELECT"))
    own.add_argument("-f", "--file", type=Path, metavar="FILE", help=say("read the SQL from a file"))
    limit = say("rows shown on the terminal (default 100)")
    own.add_argument("--limit", type=int, default=100, metavar="N", help=limit)
    add_json(own)
    add_out(own, say("write all rows to a file (.csv .xlsx .json .parquet)"))


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import write_json
    from flows.jobs import query
    from flows.jobs.query import open_dictionary, read_statement, write_answer

    project = open_root(arguments)
    if arguments.statement and arguments.file:
        raise WrongUsage("give the SQL or --file, not both.")
    statement = read_statement(arguments.file) if arguments.file else arguments.statement
    if statement is None:
        print(describe_dictionary(open_dictionary(project)))
    elif arguments.out:
        write_answer(project, statement, arguments.out)
    else:
        with query.ask(project, statement) as answer:
            if arguments.json:
                print(write_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows]))
            else:
                print(describe_answer(answer, arguments.limit))
    return 0


def describe_dictionary(dictionary: Dictionary) -> str:
    """A line for each table, view and macro, then examples."""
    lines = draw_table(("", ""), [(entry.name, entry.words) for entry in dictionary.entries], left=2)[1:]
    lines += ["", say("for example:")]
    for words, statement in dictionary.examples:
        lines += [f"  -- {words}", f"  {statement}"]
    return "\n".join(lines)


def describe_answer(answer: "Answer", limit: int) -> str:
    """Up to `limit` rows as a table, and a note if there are more."""
    rows = list(islice(answer.rows, limit + 1))
    shown = [["" if value is None else str(value) for value in row] for row in rows[:limit]]
    lines = draw_table(answer.columns, shown, left=len(answer.columns))
    if len(rows) > limit:
        note = Text("only the first {limit} rows; add --out FILE for all of them", limit=limit)
        lines.append(str(note))
    return "\n".join(lines)
