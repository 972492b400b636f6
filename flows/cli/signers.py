"""signers 签名人: who may sign."""

import argparse
from datetime import date

from flows.cli.asking import ask_for, choose_signer
from flows.cli.common import KEEPING, Arguments, Command, ask_passphrase, open_root, parse_day
from flows.domain.text import CommandLine, Text, say
from flows.root.settings import keys_folder

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
        name = arguments.name or ask_for(Text("Who may sign?"), "--name")
        role = arguments.role or ask_for(Text("As author 编发 or checker 审核?"), "--role")
        key = arguments.key or _find_public(name) or ask_for(Text("With which public key (a file)?"), "--key")
        by = arguments.by or choose_signer(project, None, Text("Who signs this change?")) or name
        signers.add(project, name, role, key, by, ask_passphrase, start=arguments.start, until=arguments.until)
    elif arguments.act == "end":
        name = arguments.name or ask_for(Text("Whose right ends?"), "--name")
        by = arguments.by or choose_signer(project, None, Text("Who signs this change?"))
        signers.end(project, name, by, ask_passphrase, until=arguments.until, role=arguments.role)
    print(describe_signers(signers.list_all(project)))
    return 0


def _find_public(name: str) -> str:
    """The public half of a key that was made on this computer."""
    place = keys_folder() / f"{name}.pub"
    return str(place) if place.is_file() else ""


def describe_signers(signers: list[tuple[str, str, str, date, date | None]]) -> str:
    if not signers:
        return say(
            "nobody may sign here yet. Each signer makes a key, and is added:\n  {key}\n  {add}",
            key=CommandLine("key new"),
            add=CommandLine("signers add"),
        )
    return "\n".join(f"{name}  {role}  {start} – {until or ''}  {key}" for name, role, key, start, until in signers)
