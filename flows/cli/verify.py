"""verify 核对: proofread a section, or recount a published week."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.common import ASKING, Arguments, Command, add_week, open_root
from flows.cli.proofread import describe
from flows.domain.text import CheckFailed, Text, WrongUsage, say

if TYPE_CHECKING:
    from flows.jobs.verify import Proof
    from flows.report.proofreader import Reading

COMMAND = Command(
    "verify",
    ASKING,
    Text("proofread an edited section, or recount a published week"),
    Text(
        "With a file: compares each number, sum and rate in it with the warehouse and lists the differences; of a published week with\n"
        "what was published, and says apart what has changed since.\n"
        "With --week-ending: recounts the published week from its frozen files; the result must be equal byte for byte."
    ),
    "verify 通报稿.docx",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    file = say("an edited section (.docx .html .txt .md)")
    own.add_argument("file", type=Path, nargs="?", metavar="FILE", help=file)
    add_week(own, say("recount this published week"))
    own.add_argument("--unsigned", action="store_true", help=say("let a week pass that was published without keys"))
    own.add_argument(
        "--restore",
        action="store_true",
        help=say("write again, byte for byte, what is damaged of the published week, then recount it"),
    )


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import restoring, verify
    from flows.jobs.proofread import find_own_contradictions, proofread_file

    project = open_root(arguments)
    if not arguments.file and not arguments.week_ending:
        raise WrongUsage("give a FILE, or --week-ending D.")
    if arguments.restore and not arguments.week_ending:
        raise WrongUsage("--restore needs the week: --week-ending D.")
    if arguments.file:
        read = proofread_file(project, arguments.file, arguments.week_ending)
        print(describe_reading(read))
        if own := find_own_contradictions(arguments.file):
            print(describe(own))
        return CheckFailed.exit_code if read.faults or own else 0
    with show_progress(quiet=arguments.quiet) as progress:
        restored = restoring.restore(project, arguments.week_ending, progress) if arguments.restore else ()
        proof = verify.verify(project, arguments.week_ending, progress, is_unsigned_allowed=arguments.unsigned)
    if restored:
        print(say("written again: {names}", names=restored))
    print(describe_proof(proof))
    return 0


def describe_proof(proof: "Proof") -> str:
    lines = [
        say(
            "{week_end} is unchanged; recounted from its {frozen} frozen files, {same} forms are equal byte for byte",
            week_end=proof.publication.week_ending,
            frozen=len(proof.publication.files),
            same=len(proof.same),
        )
    ]
    lines += [
        say(
            "signed as {role} by {name}, {at}, with {key}",
            role=each.role,
            name=each.name,
            at=each.at[:16].replace("T", " "),
            key=each.key,
        )
        for each in proof.signatures
    ]
    if proof.timestamped_at:
        lines.append(say("time-stamped at {at} UTC", at=f"{proof.timestamped_at:%Y-%m-%d %H:%M:%S}"))
    if not proof.signatures:
        lines.append(say("it carries no signature: who published it is what the record says, not what a key proves"))
    if proof.other_form:
        names = ", ".join(proof.other_form)
        note = Text(
            "the program is newer: figures and paragraph are equal, only the form of these differs: {names}",
            names=names,
        )
        lines.append(str(note))
    return "\n".join(lines)


def describe_reading(reading: "Reading") -> str:
    lines = [
        say(
            "✗ {fault_what}: written {written}, should be {right}",
            fault_what=fault.what,
            written=fault.written or Text("nothing"),
            right=fault.right,
        )
        for fault in reading.faults
    ]
    lines += [say("? not checked: {words}", words=words) for words in reading.unchecked]
    right = reading.checked - len(reading.faults)
    lines.append(say("{checked} places checked, {right} right", checked=reading.checked, right=right))
    if reading.is_published:
        lines.append(say("compared with what was published"))
    lines += [
        say(
            "changed since: {label} {measure}: published {published}, today {today}",
            label=figure.label,
            measure=figure.measure.zh,
            published=figure.published,
            today=figure.today,
        )
        for figure in reading.changed
    ]
    return "\n".join(lines)
