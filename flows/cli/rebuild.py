"""rebuild 重建: build the warehouse again from data/raw."""

import argparse

from flows.cli.common import (
    KEEPING,
    Arguments,
    Command,
    Say,
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
    Text("从 data/raw 重建数据仓库并比对", "rebuild the warehouse from data/raw and compare"),
    Text(
        "用 data/raw 和收件记录从头重建，检查，换上，并比较内容哈希。",
        "Builds the warehouse again from data/raw and its receipts, checks it, swaps it in\nand compares the content hashes.",
    ),
    "rebuild",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    add_waivers(own, say)
    add_memory(own, say)
    add_wait(own, say)


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.cli.words import list_unread
    from flows.jobs import rebuild

    project, language = open_root(arguments, language)
    with show_progress(language, quiet=arguments.quiet) as progress:
        before, after = rebuild.rebuild(project, progress, waive=read_waivers(arguments), wait_seconds=arguments.wait)
    same = (
        Text("与重建前一致", "as before")
        if before == after
        else Text(f"重建前为 {before or '—'}", f"before: {before or '–'}")
    )
    result = Text(f"已重建，内容哈希 {after}（{same.zh}）", f"rebuilt, content hash {after} ({same.en})")
    print(result.within(language), *list_unread(project, language), sep="\n")
    return 0
