"""withdraw 撤回: take a delivery back."""

import argparse

from flows.cli.common import KEEPING, Arguments, Command, Say, add_wait, add_waivers, open_root, read_waivers
from flows.domain.cases import cut_off_of
from flows.domain.text import Text

COMMAND = Command(
    "withdraw",
    KEEPING,
    Text("撤回一个载入错了的批次", "take back a delivery that was loaded by mistake"),
    Text(
        "记录原因，重建数据仓库，如同该批次从未来过。\n文件仍留在 data/raw；要恢复，重新 receive 即可。",
        "Keeps the reason and rebuilds the warehouse as if the delivery had never come.\n"
        "Its files stay in data/raw; to restore it, receive them again.",
    ),
    'withdraw 2022-07-15 --reason "错发了上月数据"',
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "delivery",
        metavar="DELIVERY",
        help=say("批次名，如 2022-07-15（见 status）", "name of the delivery, e.g. 2022-07-15 (see status)"),
    )
    own.add_argument("--reason", required=True, help=say("为什么撤回（记入收件记录）", "why (kept in the receipts)"))
    add_waivers(own, say)
    add_wait(own, say)


def run(arguments: Arguments, language: str) -> int:
    from flows.cli.terminal import say_command, show_progress
    from flows.cli.words import list_unread
    from flows.jobs import withdraw

    project, language = open_root(arguments, language)
    with show_progress(language, quiet=arguments.quiet) as progress:
        withdraw.withdraw(
            project,
            arguments.delivery,
            arguments.reason,
            progress,
            waive=read_waivers(arguments),
            wait_seconds=arguments.wait,
        )
    if not arguments.quiet:
        command = say_command(project, f"weekly --week-ending {cut_off_of(arguments.delivery)}")
        print(
            Text(
                f"批次 {arguments.delivery} 已撤回，文件仍在 data/raw。重出报告，例如：{command}",
                f"delivery {arguments.delivery} is withdrawn; its files stay in data/raw. To write a report again, e.g.: {command}",
            ).within(language),
            *list_unread(project, language),
            sep="\n",
        )
    return 0
