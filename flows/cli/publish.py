"""publish 刊发: sign a week as its author."""

import argparse

from flows.cli.common import EVERY_WEEK, Arguments, Command, add_wait, add_week, ask_passphrase, open_root
from flows.cli.terminal import say_command, shorten
from flows.domain.text import Text, WrongUsage, say
from flows.root.project import Project
from flows.root.publications import Publication

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
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import publish

    project = open_root(arguments)
    week, by, checker = arguments.week_ending, arguments.by, arguments.checked_by
    if arguments.discard:
        with show_progress(quiet=arguments.quiet) as progress:
            publish.discard(project, week, progress)
        print(say("{week_end} does not wait for its checker any more", week_end=week))
        return 0
    if not by:
        raise WrongUsage("who publishes? --by NAME")
    if arguments.unsigned != bool(checker):
        raise WrongUsage(
            "author and checker sign with a key each: bulletin publish --week-ending {week_end} --by {by}, then bulletin approve "
            "--week-ending {week_end} --by NAME. By names alone: --checked-by NAME --unsigned, both.",
            week_end=week,
            by=by,
        )
    numbers = {"issue": arguments.issue, "serial": arguments.serial, "wait_seconds": arguments.wait}
    with show_progress(quiet=arguments.quiet) as progress:
        if checker:
            print(
                describe_publication(publish.publish_unsigned(project, week, by, checker, progress, **numbers), project)
            )
            return 0
        proposed = publish.publish(project, week, by, progress, ask=ask_passphrase, **numbers)
    print(
        say(
            "{by} has signed {week_end} (issue {issue}, serial {serial}): {folder}\nit waits for its checker: {command}",
            by=by,
            week_end=week,
            issue=proposed.issue,
            serial=proposed.serial,
            folder=shorten(project.proposed_folder(week)),
            command=say_command(project, f"approve --week-ending {week} --by NAME"),
        )
    )
    return 0


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
        command=say_command(project, f"verify --week-ending {publication.week_ending}"),
    )
