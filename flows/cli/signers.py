"""signers 签名人: who may sign."""

import argparse
from datetime import date

from flows.cli.common import KEEPING, Arguments, Command, ask_passphrase, open_root, parse_day
from flows.domain.text import Text, WrongUsage, say

COMMAND = Command(
    "signers",
    KEEPING,
    Text("list who may sign, add somebody, or end somebody's right"),
    Text(
        "signers.toml names them, with role and days. Each change is signed by somebody who may sign already, and recorded in\n"
        "signers.jsonl; the first one signs for himself."
    ),
    "signers add --name 乙 --role 审核 --key 乙.pub --by 甲",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "act", nargs="?", metavar="ACT", choices=("list", "add", "end"), default="list", help="list · add · end"
    )
    own.add_argument("--name", metavar="NAME", help=say("who"))
    own.add_argument("--role", choices=("编发", "审核"), help=say("as author 编发 or checker 审核"))
    own.add_argument("--key", metavar="KEY", help=say("a public key, or a file that holds one"))
    own.add_argument("--from", dest="start", type=parse_day, metavar="D", help=say("first day (default: today)"))
    own.add_argument("--until", type=parse_day, metavar="D", help=say("last day"))
    own.add_argument("--by", metavar="NAME", help=say("who signs the change (default: the one who is added first)"))


def run(arguments: Arguments) -> int:
    from flows.jobs import signers

    project = open_root(arguments)
    if arguments.act == "add":
        if not (arguments.name and arguments.role and arguments.key):
            raise WrongUsage("whom, as what, with which key? --name NAME --role 编发 --key FILE")
        signers.add(
            project, arguments.name, arguments.role, arguments.key, arguments.by or arguments.name, ask_passphrase,
            start=arguments.start, until=arguments.until,
        )  # fmt: skip
    elif arguments.act == "end":
        if not (arguments.name and arguments.by):
            raise WrongUsage("whose right ends, and who signs that? --name NAME --by NAME")
        signers.end(project, arguments.name, arguments.by, ask_passphrase, until=arguments.until, role=arguments.role)
    print(describe_signers(signers.list_all(project)))
    return 0


def describe_signers(signers: list[tuple[str, str, str, date, date | None]]) -> str:
    if not signers:
        return say("nobody may sign here. To begin: bulletin key new --name NAME, then bulletin signers add")
    return "\n".join(f"{name}  {role}  {start} – {until or ''}  {key}" for name, role, key, start, until in signers)
