"""approve 审核: sign a week as its checker."""

import argparse

from flows.cli.asking import choose_signer
from flows.cli.common import EVERY_WEEK, Arguments, Command, add_wait, add_week, ask_passphrase, open_root
from flows.domain.text import Text, say
from flows.root.signers import Role

COMMAND = Command(
    "approve",
    EVERY_WEEK,
    Text("sign a week as its checker: it is published"),
    Text(
        "Proves the author's signature and that the warehouse still says the same, then signs with another key.\n"
        "The week is published: published/ is read-only and never written over."
    ),
    "approve --week-ending 2022-07-22 --by 乙",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    add_week(own, say("last day of the week, e.g. 2022-07-22"), is_required=True)
    own.add_argument("--by", metavar="NAME", help=say("who has checked it"))
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.publish import describe_publication
    from flows.cli.terminal import show_progress
    from flows.jobs import approve

    project = open_root(arguments)
    by = arguments.by or choose_signer(project, Role.CHECKER, Text("Who has checked it?"))
    with show_progress(quiet=arguments.quiet) as progress:
        published = approve.approve(
            project, arguments.week_ending, by, progress, ask=ask_passphrase, wait_seconds=arguments.wait
        )
    print(describe_publication(published, project))
    return 0
