"""The console command `bulletin`, with the exit codes of docs/architecture.md §3."""

import argparse
import contextlib
import os
import sys
import traceback
from collections.abc import Sequence
from contextvars import copy_context
from pathlib import Path
from typing import Any, NoReturn

from flows.cli import (
    approve,
    check,
    explain,
    init,
    key,
    profile,
    proofread,
    publish,
    quarantine,
    query,
    rebuild,
    receive,
    rerun,
    revisions,
    sample,
    signers,
    status,
    up,
    verify,
    weekly,
    withdraw,
)
from flows.cli.common import GROUPS, Door
from flows.cli.terminal import showing
from flows.domain.machine import is_of_machine, name_place
from flows.domain.text import BadInput, Text, UserError, WrongUsage, say, speaking
from flows.root.files import keep_private
from flows.root.settings import preferred_language

# In the order of help.
_DOORS: tuple[Door, ...] = (
    *(receive, weekly, publish, approve, revisions),
    *(status, quarantine, explain, query, verify, proofread, check),
    *(init, rerun, up, withdraw, rebuild, key, signers, profile, sample),
)
COMMANDS = tuple(door.COMMAND for door in _DOORS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 if done, 2 for wrong usage, 3 to 6 for other errors a user can fix. Bugs raise."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with speaking(_find_language(words)), showing():
        # In a context of its own: what the root decides, language and how commands are typed, is this command's alone.
        return copy_context().run(_run, build_parser().parse_args(words))


def _run(parsed: argparse.Namespace) -> int:
    try:
        return int(parsed.run(parsed))
    except UserError as error:
        print(error.text, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has closed it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, a missing permission, a file instead of a folder
        if not is_of_machine(error):
            raise
        print(name_place(error).text, file=sys.stderr)
        return BadInput.exit_code
    except KeyboardInterrupt:
        print(say("interrupted; the warehouse stays as it was."), file=sys.stderr)
        return 130


def run() -> None:
    """The console command. It exits without an orderly shutdown of Python, which would take half a second."""
    code = 1
    keep_private()
    try:
        code = main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else WrongUsage.exit_code
    except BaseException:  # a bug: traceback and exit code 1
        with showing():
            traceback.print_exc()
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    if "prefect" in sys.modules:
        sys.exit(code)  # it may still have log lines to send
    os._exit(code)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(WrongUsage.exit_code, f"{self.prog}: {message}\n{self.prog} --help\n")


def build_parser() -> Parser:

    parser = Parser(
        prog="bulletin",
        add_help=False,
        allow_abbrev=False,
        usage="bulletin COMMAND [--root DIR] …",
        description=_list_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(root=None, lang=None, quiet=False)
    _add_common(parser.add_argument_group(say("options of every command")))
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", help=argparse.SUPPRESS, prog="bulletin"
    )
    for door in _DOORS:
        _add_command(commands, door)
    return parser


def _add_command(commands: Any, door: Door) -> None:
    command = door.COMMAND
    parser = commands.add_parser(
        command.name,
        add_help=False,
        allow_abbrev=False,
        description=f"{command.summary}\n\n{command.details}",
        epilog=f"{say('example')}:  bulletin {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    own = parser.add_argument_group(say("arguments"))
    door.add_arguments(own)
    _add_common(parser.add_argument_group(say("common options")))
    parser.set_defaults(run=door.run)


def _add_common(group: argparse._ArgumentGroup) -> None:
    """Accepted before and after the command, hence no defaults here: they would override options before it."""
    suppressed: dict[str, Any] = {"default": argparse.SUPPRESS}
    root = say("root folder (default: BULLETIN_ROOT, else the checkout with its sample data)")
    group.add_argument("--root", type=Path, metavar="DIR", help=root, **suppressed)
    language = say("language of messages")
    group.add_argument("--lang", choices=("zh", "en"), help=language, **suppressed)
    quiet = say("show no progress")
    group.add_argument("--quiet", action="store_true", help=quiet, **suppressed)
    group.add_argument("-h", "--help", action="help", help=say("show this help"))


def _list_commands() -> str:
    title = Text(
        "From the case exports of a government-service platform to a warehouse and the statistics section of the bulletin."
    )
    lines = [str(title)]
    for group in GROUPS:
        lines += ["", f"{group.zh} · {group.en}"]
        lines += [f"  {c.name:<10} {c.summary}" for c in COMMANDS if c.group == group]
    return "\n".join(lines)


def _find_language(words: list[str]) -> str:
    """The language has to be known before the arguments are parsed: help is written in it."""
    for i, word in reversed(list(enumerate(words))):
        value = (
            word.removeprefix("--lang=")
            if word.startswith("--lang=")
            else "".join(words[i + 1 : i + 2])
            if word == "--lang"
            else ""
        )
        if value in ("zh", "en"):
            return value
    return preferred_language()
