"""publish 刊发: sign a week."""

import argparse

from flows.cli.common import EVERY_WEEK, Arguments, Command, add_wait, add_week, open_root
from flows.cli.terminal import say_command, shorten
from flows.domain.text import Text, say
from flows.root.project import Project
from flows.root.publications import Publication

COMMAND = Command(
    "publish",
    EVERY_WEEK,
    Text("sign a week: its figures and files are frozen"),
    Text(
        "Freezes the draft of reports/<week ending>/ with its figures, sources and definitions in published/, for good.\n"
        "Author and checker must be two people."
    ),
    "publish --week-ending 2022-07-22 --by 甲 --checked-by 乙 --issue 24 --serial 399",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_week(own, say("last day of the week, e.g. 2022-07-22"), is_required=True)
    own.add_argument("--by", metavar="NAME", required=True, help=say("who publishes"))
    own.add_argument("--checked-by", metavar="NAME", required=True, help=say("who checked (someone else)"))
    number = say("issue of the year (default: the next one)")
    own.add_argument("--issue", type=int, metavar="N", help=number)
    own.add_argument("--serial", type=int, metavar="N", help=say("serial number (default: the next one)"))
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import publish

    project = open_root(arguments)
    with show_progress(quiet=arguments.quiet) as progress:
        published = publish.publish(
            project,
            arguments.week_ending,
            arguments.by,
            arguments.checked_by,
            progress,
            issue=arguments.issue,
            serial=arguments.serial,
            wait_seconds=arguments.wait,
        )
    print(describe_publication(published, project))
    return 0


def describe_publication(publication: Publication, project: Project) -> str:
    folder = shorten(project.published_folder(publication.week_end))
    return say(
        "published {week_end} (issue {issue}, serial {serial}): {folder}\nSHA-256 {sha256}\nto verify: {command}",
        week_end=publication.week_ending,
        issue=publication.issue,
        serial=publication.serial,
        folder=folder,
        sha256=publication.sha256,
        command=say_command(project, f"verify --week-ending {publication.week_ending}"),
    )
