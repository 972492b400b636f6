"""rebuild 重建"""

import argparse

from flows.cli.common import (
    KEEPING,
    Arguments,
    Command,
    Say,
    add_decisions,
    add_memory,
    add_wait,
    open_root,
    read_decisions,
)
from flows.domain.text import Text


def _add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    add_decisions(own, say)
    add_memory(own, say)
    add_wait(own, say)


def _run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.cli.words import list_unread
    from flows.jobs import rebuild

    project, language = open_root(arguments, language)
    with show_progress(language, quiet=arguments.quiet) as progress:
        before, after = rebuild.rebuild(project, progress, waive=read_decisions(arguments), wait_seconds=arguments.wait)
    same = (
        Text("与重建前一致", "as before")
        if before == after
        else Text(f"重建前为 {before or '—'}", f"before: {before or '–'}")
    )
    told = Text(f"已重建，内容哈希 {after}（{same.zh}）", f"rebuilt, content hash {after} ({same.en})")
    print(told.within(language), *list_unread(project, language), sep="\n")
    return 0


COMMAND = Command(
    "rebuild",
    KEEPING,
    Text("从 data/raw 重建数据仓库并比对", "rebuild the warehouse from data/raw and compare"),
    Text(
        "用 data/raw 和收件记录从头重建，检查，换上，并比较内容哈希。",
        "Builds the warehouse anew from data/raw and its receipts, checks it, swaps it in\nand compares the content hashes.",
    ),
    "rebuild",
    _add_arguments,
    _run,
)
