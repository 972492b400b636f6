"""receive 接收: hand exported files in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import EVERY_WEEK, Arguments, Command, open_root, parse_day
from flows.cli.terminal import say_command, shorten
from flows.cli.words import describe_file
from flows.domain.text import Text, say
from flows.root.deliveries import readable_suffixes
from flows.root.project import Project

if TYPE_CHECKING:
    from flows.jobs.receive import ReceivedFile, Receiving

COMMAND = Command(
    "receive",
    EVERY_WEEK,
    Text("receive exported files"),
    Text(
        "Recognises the files, proposes their cut-off and copies them whole into data/raw/<cut-off>/.\n"
        "An interrupted copy leaves nothing behind; content received before is not stored again."
    ),
    "receive 行政许可_20220722.csv --cut-off 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    suffixes = " ".join(readable_suffixes())
    own.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help=say("exported files ({suffixes})", suffixes=suffixes),
    )
    own.add_argument(
        "--cut-off",
        type=parse_day,
        metavar="D",
        help=say("the last day they are complete for (default: inferred from names or contents)"),
    )


def run(arguments: Arguments) -> int:
    from flows.jobs.receive import receive

    project = open_root(arguments)
    received = receive(project, arguments.files, arguments.cut_off)
    if not arguments.quiet:
        print(describe_receiving(received, project))
    return 0


def describe_receiving(receiving: "Receiving", project: Project) -> str:
    lines = [_describe_received(file) for file in receiving.files]
    if any(file.stored for file in receiving.files):
        why = str(receiving.reason)
        lines.append(
            say(
                "cut-off {cut_off} ({why}). If that is wrong, move it to the folder of the right day. Next: {command}",
                cut_off=receiving.cut_off,
                why=why,
                command=say_command(project, "weekly"),
            )
        )
    return "\n".join(lines)


def _describe_received(file: "ReceivedFile") -> str:
    """One line: what a file was recognised as, and where it was stored."""
    where = str(
        Text("stored as {path}", path=shorten(file.stored))
        if file.stored
        else Text("received before, not stored again")
    )
    return describe_file(file.path, file.taken_for, file.type_hint) + say("; {where}", where=where)
