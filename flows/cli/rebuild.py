"""rebuild 重建: build the warehouse again from data/raw."""

import argparse

from flows.cli.common import (
    KEEPING,
    Arguments,
    Command,
    add_memory,
    add_wait,
    add_waivers,
    open_root,
    read_waivers,
)
from flows.domain.text import Text

COMMAND = Command(
    "rebuild",
    KEEPING,
    Text("rebuild the warehouse from data/raw and compare"),
    Text(
        "Builds the warehouse again from data/raw and its receipts, checks it, swaps it in\nand compares the content hashes."
    ),
    "rebuild",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_waivers(own)
    add_memory(own)
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.cli.words import list_unread
    from flows.jobs import rebuild

    project = open_root(arguments)
    with show_progress(quiet=arguments.quiet) as progress:
        before, after = rebuild.rebuild(project, progress, waive=read_waivers(arguments), wait_seconds=arguments.wait)
    same = Text("as before") if before == after else Text("before: {before}", before=before or Text("–"))
    result = Text("rebuilt, content hash {after} ({same})", after=after, same=same)
    print(str(result), *list_unread(project), sep="\n")
    return 0
