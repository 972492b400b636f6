"""query 查询: ask the warehouse in SQL."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from itertools import islice
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, add_json, add_memory, add_out, open_root
from flows.cli.terminal import draw_table, write_json
from flows.domain.dictionary import Dictionary, TookTooLong
from flows.domain.text import Text, WrongUsage, say
from flows.root.settings import allows

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


_GRACE_SECONDS = 10


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument("statement", nargs="?", metavar="SQL", help=say("one SELECT"))
    own.add_argument("-f", "--file", type=Path, metavar="FILE", help=say("read the SQL from a file"))
    limit = say("rows shown on the terminal (default 100)")
    own.add_argument("--limit", type=int, default=100, metavar="N", help=limit)
    seconds = say("stop a query that takes longer (default: the setting query_seconds)")
    own.add_argument("--timeout", type=_parse_seconds, metavar="SECONDS", help=seconds)
    add_memory(own)
    add_json(own)
    add_out(own, say("write all rows to a file (.csv .xlsx .json .parquet)"))


def run(arguments: Arguments) -> int:
    from flows.jobs import query
    from flows.jobs.query import open_dictionary, read_statement, write_answer

    project = open_root(arguments)
    if arguments.statement and arguments.file:
        raise WrongUsage("give the SQL or --file, not both.")
    statement = read_statement(arguments.file) if arguments.file else arguments.statement
    if statement is None:
        print(describe_dictionary(open_dictionary(project)))
        return 0
    seconds = arguments.timeout or project.settings.query_seconds
    with _ending_after(seconds):
        if arguments.out:
            write_answer(project, statement, arguments.out, seconds)
            return 0
        with query.ask(project, statement, seconds) as answer:
            if arguments.json:
                said = write_json([dict(zip(answer.columns, row, strict=True)) for row in answer.rows])
            else:
                said = describe_answer(answer, arguments.limit)
    print(said)
    return 0


def _parse_seconds(text: str) -> int:
    if not allows("query_seconds", int(text) if text.isdecimal() else text):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds, 1 … 999999 · 应写作秒数")
    return int(text)


@contextmanager
def _ending_after(seconds: int) -> Iterator[None]:
    """End the program some seconds later than the engine ends a query: some functions of it cannot be interrupted."""

    def end() -> None:
        print(error.text, file=sys.stderr, flush=True)
        os._exit(error.exit_code)

    error = TookTooLong(seconds)
    clock = Timer(seconds + _GRACE_SECONDS, copy_context().run, [end])
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


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
