"""publish 刊发: sign a week."""

import argparse

from flows.cli.common import EVERY_WEEK, Arguments, Command, Say, add_wait, add_week, open_root
from flows.cli.terminal import say_command, shorten
from flows.domain.text import Text
from flows.root.project import Project
from flows.root.publications import Publication

COMMAND = Command(
    "publish",
    EVERY_WEEK,
    Text("刊发一期：冻结数字和文件", "sign a week: its figures and files are frozen"),
    Text(
        "把 reports/<周末日>/ 的草稿连同数字、文件清单、口径冻结到 published/，此后不再改写；编发人和审核人须是两个人。",
        "Freezes the draft of reports/<week ending>/ with its figures, sources and definitions in published/, for good.\n"
        "Author and checker must be two people.",
    ),
    "publish --week-ending 2022-07-22 --by 甲 --checked-by 乙 --issue 24 --serial 399",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    add_week(own, say("周末日，如 2022-07-22", "last day of the week, e.g. 2022-07-22"), is_required=True)
    own.add_argument("--by", metavar="NAME", required=True, help=say("编发人", "who publishes"))
    own.add_argument(
        "--checked-by", metavar="NAME", required=True, help=say("审核人，须是另一人", "who checked (someone else)")
    )
    number = say("期号（默认接上一期）", "issue of the year (default: the next one)")
    own.add_argument("--issue", type=int, metavar="N", help=number)
    own.add_argument(
        "--serial", type=int, metavar="N", help=say("总期号（默认接上一期）", "serial number (default: the next one)")
    )
    add_wait(own, say)


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import show_progress
    from flows.jobs import publish

    project, language = open_root(arguments, language)
    with show_progress(language, quiet=arguments.quiet) as progress:
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
    print(describe_publication(published, project, language))
    return 0


def describe_publication(publication: Publication, project: Project, language: str) -> str:
    folder = shorten(project.published_folder(publication.week_end))
    return Text(
        f"已刊发 {publication.week_ending}（第{publication.issue}期，总第{publication.serial}期）：{folder}\n"
        f"SHA-256 {publication.sha256}\n核对：{say_command(project, f'verify --week-ending {publication.week_ending}')}",
        f"published {publication.week_ending} (issue {publication.issue}, serial {publication.serial}): {folder}\n"
        f"SHA-256 {publication.sha256}\nto verify: {say_command(project, f'verify --week-ending {publication.week_ending}')}",
    ).within(language)
