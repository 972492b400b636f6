"""publish 刊发: sign a week as its author."""

import argparse
from pathlib import Path

from flows.cli.asking import ask_for, ask_for_number, choose_signer
from flows.cli.common import EVERY_WEEK, Arguments, Command, add_wait, add_week, ask_passphrase, open_root
from flows.domain.text import CommandLine, Text, WrongUsage, say
from flows.root.command_line import shorten
from flows.root.project import Project
from flows.root.publications import Publication, read_publications
from flows.root.signers import Role

COMMAND = Command(
    "publish",
    EVERY_WEEK,
    Text("sign a week as its author: its figures and files are frozen"),
    Text(
        "Freezes the draft of reports/<week ending>/ with its figures, sources and definitions, gives it its numbers and signs it.\n"
        "It is published, for good, once somebody else has approved it (bulletin approve).\n"
        "Without keys, by two names alone: --checked-by NAME --unsigned; its forms are then marked 未签名."
    ),
    "publish --week-ending 2022-07-22 --by 甲 --issue 24 --serial 399",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_week(own, say("last day of the week, e.g. 2022-07-22"), is_required=True)
    own.add_argument("--by", metavar="NAME", help=say("who publishes"))
    own.add_argument("--issue", type=int, metavar="N", help=say("issue of the year (default: the next one)"))
    own.add_argument("--serial", type=int, metavar="N", help=say("serial number (default: the next one)"))
    own.add_argument("--unsigned", action="store_true", help=say("by names alone, without keys"))
    own.add_argument("--checked-by", metavar="NAME", help=say("with --unsigned: who checked (someone else)"))
    own.add_argument("--discard", action="store_true", help=say("take back what waits for its checker"))
    own.add_argument(
        "--tsq", type=Path, metavar="FILE", help=say("of a published week: write a request for a time-stamp (RFC 3161)")
    )
    own.add_argument("--tsr", type=Path, metavar="FILE", help=say("of a published week: keep the answer to it"))
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import publish
    from flows.jobs.freezing import refuse_unpublishable

    project = open_root(arguments)
    week = arguments.week_ending
    if arguments.discard:
        with show_progress(quiet=arguments.quiet) as progress:
            publish.discard(project, week, progress)
        print(say("{week_end} does not wait for its checker any more", week_end=week))
        return 0
    if arguments.tsq or arguments.tsr:
        print(_timestamp(project, arguments))
        return 0
    if arguments.checked_by and not arguments.unsigned:
        raise WrongUsage(
            "author and checker sign with a key each, the checker later:\n  {publish}\n  {approve}\nBy two names alone: {unsigned}",
            publish=CommandLine("publish --week-ending {week_end}", week_end=week),
            approve=CommandLine("approve --week-ending {week_end}", week_end=week),
            unsigned=CommandLine("publish --week-ending {week_end} --unsigned", week_end=week),
        )
    refuse_unpublishable(project, week)  # before anything is asked
    print(_publish_unsigned(project, arguments) if arguments.unsigned else _publish(project, arguments))
    return 0


def _publish(project: Project, arguments: Arguments) -> str:
    from flows.cli.terminal import show_progress
    from flows.jobs import publish

    week = arguments.week_ending
    by = arguments.by or choose_signer(project, Role.AUTHOR, Text("Who publishes?"))
    numbers = _ask_numbers(project, arguments) if by else {}  # '': nobody may sign, which is told
    with show_progress(quiet=arguments.quiet) as progress:
        proposed = publish.publish(
            project, week, by, progress, ask=ask_passphrase, wait_seconds=arguments.wait, **numbers
        )
    return say(
        "{by} has signed {week_end} (issue {issue}, serial {serial}): {folder}\nit waits for its checker: {command}",
        by=by,
        week_end=week,
        issue=proposed.issue,
        serial=proposed.serial,
        folder=shorten(project.proposed_folder(week)),
        command=CommandLine("approve --week-ending {week_end}", week_end=week),
    )


def _publish_unsigned(project: Project, arguments: Arguments) -> str:
    from flows.cli.terminal import show_progress
    from flows.jobs import publish

    by = arguments.by or ask_for(Text("Who publishes?"), "--by")
    checker = arguments.checked_by or ask_for(Text("Who has checked it?"), "--checked-by")
    numbers = _ask_numbers(project, arguments)
    with show_progress(quiet=arguments.quiet) as progress:
        done = publish.publish_unsigned(
            project, arguments.week_ending, by, checker, progress, wait_seconds=arguments.wait, **numbers
        )
    return describe_publication(done, project)


def _ask_numbers(project: Project, arguments: Arguments) -> dict[str, int | None]:
    """Of the first publication; later ones count on."""
    numbers = {"issue": arguments.issue, "serial": arguments.serial}
    if project.warehouse.exists() and not read_publications(project):
        questions = {"issue": Text("Which issue of the year is it?"), "serial": Text("Which serial number has it?")}
        for name, question in questions.items():
            numbers[name] = ask_for_number(question, f"--{name}") if numbers[name] is None else numbers[name]
    return numbers


def _timestamp(project: Project, arguments: Arguments) -> str:
    from flows.jobs import timestamp

    week = arguments.week_ending
    if arguments.tsq:
        timestamp.write_request_to(project, week, arguments.tsq)
        return say(
            "wrote {path}. When the answer is here: {command}",
            path=arguments.tsq,
            command=CommandLine(
                "publish --week-ending {week_end} --tsr {answer}",
                week_end=week,
                answer=arguments.tsq.with_suffix(".tsr"),
            ),
        )
    at = timestamp.keep(project, week, arguments.tsr)
    return say("{week_end} is time-stamped at {at} UTC", week_end=week, at=f"{at:%Y-%m-%d %H:%M:%S}")


def describe_publication(publication: Publication, project: Project) -> str:
    folder = shorten(project.published_folder(publication.week_end))
    unsigned = Text(" without signatures") if publication.is_unsigned else ""
    return say(
        "published {week_end}{unsigned} (issue {issue}, serial {serial}): {folder}\nSHA-256 {sha256}\nto verify: {command}",
        week_end=publication.week_ending,
        unsigned=unsigned,
        issue=publication.issue,
        serial=publication.serial,
        folder=folder,
        sha256=publication.sha256,
        command=CommandLine(
            "verify --week-ending {week_end}" + (" --unsigned" if publication.is_unsigned else ""),
            week_end=publication.week_ending,
        ),
    )
