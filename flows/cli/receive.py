"""receive 接收: hand exported files in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.asking import ask_for, ask_for_files
from flows.cli.common import EVERY_WEEK, Arguments, Command, open_root, parse_day
from flows.cli.words import describe_file
from flows.domain.text import CommandLine, Text, say
from flows.root.command_line import shorten
from flows.root.deliveries import readable_suffixes
from flows.root.project import Project

if TYPE_CHECKING:
    from flows.jobs.receive import Proposal, ReceivedFile, Receiving

COMMAND = Command(
    "receive",
    EVERY_WEEK,
    Text("receive exported files"),
    Text(
        "Recognises the files, proposes their cut-off and copies them whole into data/raw/<cut-off>/.\n"
        "An interrupted copy leaves nothing behind; content received before is not stored again.\n"
        "--move and --undo change what is received and not loaded yet."
    ),
    "receive 行政许可_20220722.csv --cut-off 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    suffixes = " ".join(readable_suffixes())
    own.add_argument(
        "files",
        type=Path,
        nargs="*",
        metavar="FILE",
        help=say("exported files ({suffixes})", suffixes=suffixes),
    )
    own.add_argument(
        "--cut-off",
        type=parse_day,
        metavar="D",
        help=say("the last day they are complete for (default: inferred from names or contents)"),
    )
    own.add_argument("--corrects", action="store_true", help=say("they correct what was delivered for that day"))
    own.add_argument(
        "--move", nargs="+", metavar="NAME", help=say("put what waits under this name into another day's folder")
    )
    own.add_argument(
        "--undo", nargs="+", metavar="NAME", help=say("take what waits under this name out of data/raw again")
    )


def run(arguments: Arguments) -> int:
    from flows.jobs import receive

    project = open_root(arguments)
    if arguments.undo or arguments.move:
        print(_undo(project, arguments.undo) if arguments.undo else _move(project, arguments))
        return 0
    files = arguments.files or ask_for_files(Text("Which files? (type their paths, or drag them here)"), "FILE")
    received = receive.receive(project, files, arguments.cut_off, is_correction=arguments.corrects)
    if not arguments.quiet:
        print(describe_receiving(received, project))
    return 0


def _undo(project: Project, names: list[str]) -> str:
    from flows.jobs import receive

    kept = receive.undo(project, names)
    return say("not received any more; kept as {files}", files=list(map(shorten, kept)))


def _move(project: Project, arguments: Arguments) -> str:
    from flows.jobs import receive

    day = arguments.cut_off or parse_day(
        ask_for(Text("Through which day are they complete? (2022-07-22)"), "--cut-off")
    )
    moved = receive.move(project, arguments.move, day, is_correction=arguments.corrects)
    return say("stored as {files}", files=list(map(shorten, moved)))


def describe_receiving(receiving: "Receiving", project: Project) -> str:
    proposal = receiving.proposal
    lines = [_describe_received(file, proposal, project) for file in receiving.files]
    if new := [file.stored.relative_to(project.raw) for file in receiving.files if file.is_new]:
        lines += [
            say("cut-off {cut_off} ({why}).", cut_off=proposal.cut_off, why=proposal.reason),
            say("If that is wrong: {command}", command=CommandLine("receive --move {names}", names=new)),
            say("Next: {command}", command=CommandLine("weekly")),
        ]
    return "\n".join(lines)


def _describe_received(file: "ReceivedFile", proposal: "Proposal", project: Project) -> str:
    """What a file was recognised as, and where it was stored; content that was there already, where it lies and how to move it."""
    known = describe_file(file.path, file.taken_for, file.type_hint) + say("; ")
    if file.is_new:
        return known + say("stored as {path}", path=shorten(file.stored))
    name = file.stored.relative_to(project.raw)
    lines = [known + say("received before, not stored again: {path}", path=shorten(file.stored))]
    if name.parts[0] != str(proposal.cut_off):
        move = CommandLine("receive --move {name} --cut-off {day}", name=name, day=proposal.cut_off)
        lines.append(say("To put it under {cut_off}: {command}", cut_off=proposal.cut_off, command=move))
    return "\n".join(lines)
