"""receive 接收: hand exported files in."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import EVERY_WEEK, Arguments, Command, Say, open_root, parse_day
from flows.cli.terminal import say_command, shorten
from flows.cli.words import describe_file
from flows.domain.text import Text
from flows.root.deliveries import readable_suffixes
from flows.root.project import Project

if TYPE_CHECKING:
    from flows.jobs.receive import ReceivedFile, Receiving

COMMAND = Command(
    "receive",
    EVERY_WEEK,
    Text("接收导出文件", "receive exported files"),
    Text(
        "识别文件，推断截止日期，整份复制到 data/raw/<截止日期>/。\n复制中断不会留下半个文件；内容相同的文件只收一次。",
        "Recognises the files, proposes their cut-off and copies them whole into data/raw/<cut-off>/.\n"
        "An interrupted copy leaves nothing behind; content received before is not stored again.",
    ),
    "receive 行政许可_20220722.csv --cut-off 2022-07-22",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    suffixes = " ".join(readable_suffixes())
    own.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help=say(f"导出文件（{suffixes}）", f"exported files ({suffixes})"),
    )
    own.add_argument(
        "--cut-off",
        type=parse_day,
        metavar="D",
        help=say(
            "数据完整到哪一天（默认：按文件名或内容推断）",
            "the last day they are complete for (default: inferred from names or contents)",
        ),
    )


def run(arguments: Arguments, language: str) -> int:
    from flows.jobs.receive import receive

    project, language = open_root(arguments, language)
    received = receive(project, arguments.files, arguments.cut_off)
    if not arguments.quiet:
        print(describe_receiving(received, project, language))
    return 0


def describe_receiving(receiving: "Receiving", project: Project, language: str) -> str:
    lines = [_describe_received(file, language) for file in receiving.files]
    if any(file.stored for file in receiving.files):
        why = receiving.reason.within(language)
        lines.append(
            Text(
                f"截止日期 {receiving.cut_off}（{why}）。不对请移到正确日期的文件夹。下一步：{say_command(project, 'weekly')}",
                f"cut-off {receiving.cut_off} ({why}). If that is wrong, move it to the folder of the right day. "
                f"Next: {say_command(project, 'weekly')}",
            ).within(language)
        )
    return "\n".join(lines)


def _describe_received(file: "ReceivedFile", language: str) -> str:
    """One line: what a file was recognised as, and where it was stored."""
    where = (
        Text(f"已存入 {shorten(file.stored)}", f"stored as {shorten(file.stored)}")
        if file.stored
        else Text("内容已接收过，未再存", "received before, not stored again")
    ).within(language)
    return describe_file(file.path, file.taken_for, file.type_hint, language) + Text(f"；{where}", f"; {where}").within(
        language
    )
