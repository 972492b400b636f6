"""What a command is, and the options that several commands share."""

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from flows.cli.asking import ask_for
from flows.domain.text import BadInput, Text, UserError, WrongUsage, say, speak
from flows.root.command_line import type_here
from flows.root.project import Project, open_project
from flows.root.settings import allows, given_passphrase
from flows.service.environment import configure_prefect, given_secret

if TYPE_CHECKING:
    from flows.domain.cases import Question
    from flows.domain.verdicts import WaiverRequest


GROUPS = EVERY_WEEK, ASKING, KEEPING = Text("every week"), Text("asking"), Text("keeping")
Arguments = argparse.Namespace


@dataclass(frozen=True)
class Command:
    """The name of a command, and its help in both languages with one example."""

    name: str
    group: Text
    summary: Text
    details: Text
    example: str


class Door(Protocol):
    """The module of a command."""

    COMMAND: Command

    def add_arguments(self, own: argparse._ArgumentGroup) -> None:
        """Add its own arguments."""

    def run(self, arguments: Arguments) -> int:
        """Do it, print the result, return the exit code."""


def open_root(arguments: Arguments) -> Project:
    """The root; without --lang, the language of messages is from here on the one of its settings, where they name one."""
    project = open_project(arguments.root)
    type_here(project)
    if project.settings.language and not arguments.lang:
        speak(project.settings.language)
    if memory := getattr(arguments, "memory", None):
        project = replace(project, settings=replace(project.settings, memory_limit=memory))
    return project


def parse_day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        day = date.fromisoformat(text)
        if not 1990 <= day.year <= 2100:
            raise ValueError
        return day
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” is not a date; write it as 2022-07-22 · 日期应写作 2022-07-22"
        ) from None


def add_week(own: argparse._ArgumentGroup, text: str, *, is_required: bool = False) -> None:
    own.add_argument("--week-ending", type=parse_day, metavar="D", required=is_required, help=text)


def add_json(own: argparse._ArgumentGroup, form: str = "") -> None:
    """`form` is the file of the report that is printed, such as statistics.json."""
    text = say("print the content of {form}", form=form) if form else say("print as JSON")
    own.add_argument("--json", action="store_true", help=text)


def add_out(own: argparse._ArgumentGroup, text: str) -> None:
    own.add_argument("--out", type=Path, metavar="FILE", help=text)


def add_question(own: argparse._ArgumentGroup) -> None:
    """--as-of or --known-on, never both (docs/architecture.md §4)."""
    either = own.add_mutually_exclusive_group()
    either.add_argument(
        "--as-of",
        type=parse_day,
        metavar="D",
        help=say("only deliveries with a cut-off up to D"),
    )
    either.add_argument(
        "--known-on",
        type=parse_day,
        metavar="D",
        help=say("only files received by D: what was known then"),
    )


def read_question(arguments: Arguments) -> "Question":
    from flows.domain.cases import Question

    return Question(arguments.as_of or date.max, arguments.known_on)


def ask_passphrase(key: Path, *, is_new: bool = False) -> str:
    """Of a private key: BULLETIN_PASSPHRASE, else what is typed on the terminal, twice for a new one.

    Raises:
        BadInput: there is no terminal, or the two differ.
    """
    if (given := given_passphrase()) is not None:
        return given
    if not sys.stdin.isatty():
        raise BadInput("{key}: there is no terminal to ask for the passphrase. Set BULLETIN_PASSPHRASE.", key=key)
    from getpass import getpass

    typed = getpass(say("passphrase of {key}: ", key=key))
    if is_new and getpass(say("the same again: ")) != typed:
        raise BadInput("the two passphrases differ. Nothing was made.")
    return typed


def add_wait(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "--wait",
        type=float,
        default=0,
        metavar="SECONDS",
        help=say("wait up to that long for another run to end"),
    )


def add_memory(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "--memory",
        type=_parse_memory,
        metavar="SIZE",
        help=say("memory of the engine, e.g. 1GiB; above it, it spills to disk (default: the setting memory_limit)"),
    )


def add_waivers(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "--accept",
        type=_parse_waiver,
        action="append",
        default=[],
        metavar="RULE=REASON",
        help=say("waive a rule, with the reason (may be repeated)"),
    )
    own.add_argument("--by", default="", metavar="NAME", help=say("who waives it"))


def read_waivers(arguments: Arguments) -> "WaiverRequest":
    """What is waived; a reason that is missing is asked for, once.

    Raises:
        WrongUsage: there is no terminal to ask on, or a reason is a word out of an example.
    """
    from flows.domain.verdicts import WaiverRequest

    arguments.accept = [
        (rule, reason or ask_for(Text("Why may {rule} be waived?", rule=rule), f'--accept {rule}="…"'))
        for rule, reason in arguments.accept
    ]
    return WaiverRequest(dict(arguments.accept), arguments.by)


def _parse_waiver(text: str) -> tuple[str, str]:
    rule, mark, reason = text.partition("=")
    if not rule.strip() or (mark and not reason.strip()):
        raise argparse.ArgumentTypeError(f'“{text}”: RULE="reason" · 应写作 规则="理由"')
    return rule.strip(), reason.strip()


def refuse_memory(arguments: Arguments) -> None:
    """Raise WrongUsage for --memory: a run on a server opens the root itself and knows only its settings."""
    if arguments.memory:
        raise WrongUsage(
            "--memory cannot be used while PREFECT_API_URL is set. Change the setting memory_limit, or unset the variable."
        )


def _parse_memory(text: str) -> str:
    if not allows("memory_limit", text):
        raise argparse.ArgumentTypeError(f"“{text}” is not a size; write it as 1GiB · 大小应写作 1GiB")
    return text


def add_notify(own: argparse._ArgumentGroup) -> None:
    own.add_argument(
        "--notify",
        action="store_true",
        help=say("send e-mail or group messages according to the settings"),
    )


def run_on_server(flow: str, project: Project, address: str, quiet: bool, **parameters: Any) -> Any:
    """Run a flow here as a run of the Prefect server at `address`.

    Raises:
        UserError: that of the run.
        BadInput: the server does not answer, or refuses the secret.
    """
    from flows.service.secret import find_service, say_secret

    own = None if given_secret() else find_service(project, address)
    configure_prefect(level="ERROR" if quiet else None, address=own and own[0], secret=own and own[1])
    import httpx

    from flows.rerun import rerun
    from flows.weekly import weekly

    flows: dict[str, Callable[..., Any]] = {"weekly": weekly, "rerun": rerun}
    try:
        return flows[flow](root=project.root, **parameters)
    except UserError as error:
        raise error.with_traceback(None) from None  # Prefect keeps the error, and with it every frame
    except httpx.HTTPStatusError as error:
        if error.response.status_code != HTTPStatus.UNAUTHORIZED:
            raise
        command = f'export PREFECT_API_AUTH_STRING="$({say_secret(project)})"'
        raise BadInput(
            "The Prefect server {address} requires its secret: PREFECT_API_AUTH_STRING is not set, or wrong. "
            "If it is the service of {root}: {command}",
            address=address,
            root=project.root,
            command=command,
        ) from None
    except (httpx.TransportError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "Failed to reach API" not in str(error):
            raise
        raise BadInput(
            "The Prefect server {address} does not answer. Start it, or unset PREFECT_API_URL to run without it.",
            address=address,
        ) from None
