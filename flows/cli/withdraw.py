"""withdraw 撤回: take a delivery back."""

import argparse

from flows.cli.asking import ask_for
from flows.cli.common import KEEPING, Arguments, Command, add_wait, add_waivers, open_root, read_waivers
from flows.domain.cases import cut_off_of
from flows.domain.text import CommandLine, Text, say

COMMAND = Command(
    "withdraw",
    KEEPING,
    Text("take back a delivery that was loaded by mistake"),
    Text(
        "Keeps the reason and rebuilds the warehouse as if the delivery had never come.\n"
        "Its files stay in data/raw; to restore it, receive them again."
    ),
    'withdraw 2022-07-15 --reason "错发了上月数据"',
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "delivery",
        metavar="DELIVERY",
        help=say("name of the delivery, e.g. 2022-07-15 (see status)"),
    )
    own.add_argument("--reason", help=say("why (kept in the receipts)"))
    add_waivers(own)
    add_wait(own)


def run(arguments: Arguments) -> int:
    from flows.cli.terminal import show_progress
    from flows.cli.words import list_unread
    from flows.jobs import withdraw

    project = open_root(arguments)
    reason = arguments.reason or ask_for(Text("Why is {delivery} taken back?", delivery=arguments.delivery), "--reason")
    with show_progress(quiet=arguments.quiet) as progress:
        withdraw.withdraw(
            project,
            arguments.delivery,
            reason,
            progress,
            waive=read_waivers(arguments),
            wait_seconds=arguments.wait,
        )
    if not arguments.quiet:
        command = CommandLine("weekly --week-ending {week_end}", week_end=cut_off_of(arguments.delivery))
        print(
            say(
                "delivery {delivery} is withdrawn; its files stay in data/raw. To write a report again, e.g.: {command}",
                delivery=arguments.delivery,
                command=command,
            ),
            *list_unread(project),
            sep="\n",
        )
    return 0
