"""key 密钥: make a key that signs, or trust another one."""

import argparse

from flows.cli.asking import ask_for
from flows.cli.common import KEEPING, Arguments, Command, ask_passphrase
from flows.domain.names import refuse_example
from flows.domain.text import Text, WrongUsage, say

COMMAND = Command(
    "key",
    KEEPING,
    Text("make a key that signs, or trust somebody's public key"),
    Text(
        "new makes an Ed25519 pair outside every root, under a passphrase. show prints a public key. trust adds one to those\n"
        "that `verify` believes on this computer: compare it with what its owner gave you."
    ),
    "key new --name 甲",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    own.add_argument("act", metavar="ACT", choices=("new", "show", "trust"), help="new · show · trust")
    own.add_argument(
        "key", nargs="?", metavar="KEY", help=say("of show and trust: a public key, or a file that holds one")
    )
    own.add_argument("--name", metavar="NAME", help=say("whose key it is"))


def run(arguments: Arguments) -> int:
    from flows.root import keys
    from flows.root.settings import keys_folder

    if arguments.act == "new":
        name = arguments.name or ask_for(Text("Whose key is it?"), "--name")
        refuse_example(name)
        public = keys.make_key(name, ask_passphrase(keys_folder() / f"{name}.key", is_new=True))
        place = keys_folder() / f"{name}.pub"
        print(say("made the key of {name}. Its public half, to be given away: {place}", name=name, place=place))
    else:
        if not arguments.key:
            raise WrongUsage("which key? Give a public key, or a file that holds one.")
        public = keys.read_public(arguments.key)
        if arguments.act == "trust":
            keys.trust(public, arguments.name or "")
    print(public)
    return 0
