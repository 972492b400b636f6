"""verify 核对: proofread a section, or recount a published week."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, Say, add_week, open_root
from flows.domain.text import CheckFailed, Text, WrongUsage

if TYPE_CHECKING:
    from flows.jobs.verify import Proof
    from flows.report.proofreader import Reading

COMMAND = Command(
    "verify",
    ASKING,
    Text("核对改过的稿件，或重算已刊发的一期", "proofread an edited section, or recount a published week"),
    Text(
        "给出稿件时：逐个核对其中的数字、合计和比率，指出不符的。\n给出 --week-ending 时：用冻结的文件重算该期，须与刊发的逐字节一致。",
        "With a file: compares each number, sum and rate in it with the warehouse and lists the differences.\n"
        "With --week-ending: recounts the published week from its frozen files; the result must be equal byte for byte.",
    ),
    "verify 通报稿.docx",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    file = say("改过的稿件（.docx .txt .md）", "an edited section (.docx .txt .md)")
    own.add_argument("file", type=Path, nargs="?", metavar="FILE", help=file)
    add_week(own, say("重算这一期已刊发的数字", "recount this published week"))


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import verify
    from flows.jobs.verify import proofread_file

    project, language = open_root(arguments, language)
    if not arguments.file and not arguments.week_ending:
        raise WrongUsage(zh="请给出稿件，或 --week-ending 日期。", en="give a FILE, or --week-ending D.")
    if arguments.file:
        read = proofread_file(project, arguments.file, arguments.week_ending)
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
            f"{proof.publication.week_ending} is unchanged; recounted from its {len(proof.publication.files)} frozen files, "
            f"{len(proof.same)} forms are equal byte for byte",
        ).within(language)
    ]
    if proof.other_form:
        names = ", ".join(proof.other_form)
        note = Text(
            f"程序已更新：数字和段落一致，只有形式不同的有 {names}",
            f"the program is newer: figures and paragraph are equal, only the form of these differs: {names}",
        )
        lines.append(note.within(language))
    return "\n".join(lines)


def describe_reading(reading: "Reading", language: str) -> str:
    lines = [
        Text(
            f"✗ {fault.what}：稿件 {fault.written or '没有'}，应为 {fault.right}",
            f"✗ {fault.what}: written {fault.written or 'nothing'}, should be {fault.right}",
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
