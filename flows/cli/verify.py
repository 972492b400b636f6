"""verify 核对"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import (
    ASKING,
    Arguments,
    Command,
    Say,
    open_root,
    parse_day,
)
from flows.domain.text import CheckFailed, Text, WrongUsage

if TYPE_CHECKING:
    from flows.jobs.verify import Proof
    from flows.report.proofreader import Reading


def _add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    file = say("改过的稿件（.docx .txt .md）", "a section that was edited (.docx .txt .md)")
    own.add_argument("file", type=Path, nargs="?", metavar="FILE", help=file)
    week = say("重算这一期已刊发的数字", "count this published week again")
    own.add_argument("--week-ending", type=parse_day, metavar="D", help=week)


def _run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import verify
    from flows.jobs.verify import check_file

    project, language = open_root(arguments, language)
    if not arguments.file and not arguments.week_ending:
        raise WrongUsage(zh="请给出稿件，或 --week-ending 日期。", en="give a FILE, or --week-ending D.")
    if arguments.file:
        read = check_file(project, arguments.file, arguments.week_ending)
        print(describe_reading(read, language))
        return CheckFailed.exit_code if read.faults else 0
    with show_progress(language, quiet=arguments.quiet) as progress:
        proof = verify.verify(project, arguments.week_ending, progress)
    print(describe_proof(proof, language))
    return 0


def describe_proof(proof: "Proof", language: str) -> str:
    lines = [
        Text(
            f"{proof.publication.week_ending} 未被改动；用冻结的 {len(proof.publication.files)} 个文件重算，"
            f"{len(proof.same)} 个文件逐字节一致",
            f"{proof.publication.week_ending} is unchanged; counted again from its {len(proof.publication.files)} frozen files, "
            f"{len(proof.same)} forms come out byte for byte",
        ).within(language)
    ]
    if proof.other_form:
        names = ", ".join(proof.other_form)
        told = Text(
            f"程序已更新：数字和段落一致，只有形式不同的有 {names}",
            f"the program is newer: figures and paragraph are the same, these differ in form only: {names}",
        )
        lines.append(told.within(language))
    return "\n".join(lines)


def describe_reading(reading: "Reading", language: str) -> str:
    lines = [
        Text(
            f"✗ {fault.what}：稿件 {fault.written or '没有'}，应为 {fault.right}",
            f"✗ {fault.what}: written {fault.written or 'nowhere'}, should be {fault.right}",
        ).within(language)
        for fault in reading.faults
    ]
    lines += [Text(f"? 未核对：{words}", f"? not checked: {words}").within(language) for words in reading.unchecked]
    right = reading.checked - len(reading.faults)
    lines.append(
        Text(f"核对 {reading.checked} 处，{right} 处相符", f"{reading.checked} places checked, {right} right").within(
            language
        )
    )
    return "\n".join(lines)


COMMAND = Command(
    "verify",
    ASKING,
    Text("核对改过的稿件，或重算已刊发的一期", "check an edited section, or count a published week again"),
    Text(
        "给出稿件时：逐个核对其中的数字、合计和比率，指出不符的。\n给出 --week-ending 时：用冻结的文件重算该期，须与刊发的逐字节一致。",
        "With a file: compares each number, sum and rate in it with the warehouse and names what disagrees.\n"
        "With --week-ending: counts the published week again from its frozen files; it has to come out byte for byte.",
    ),
    "verify 通报稿.docx",
    _add_arguments,
    _run,
)
