"""What a subcommand is, and what several of them need."""

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flows.domain.text import BadInput, Text, UserError, WrongUsage
from flows.root.project import Project, open_project
from flows.root.settings import allows
from flows.service.environment import configure_prefect, given_secret

if TYPE_CHECKING:
    from flows.domain.cases import Question
    from flows.domain.verdicts import WaiverRequest


GROUPS = EVERY_WEEK, ASKING, KEEPING = Text("每周", "every week"), Text("追问", "asking"), Text("维护", "keeping")
Arguments = argparse.Namespace
Say = Callable[[str, str], str]


@dataclass(frozen=True)
class Command:
    """One subcommand: its help in both languages, one example, its own arguments, and what it does."""

    name: str
    group: Text
    summary: Text
    details: Text
    example: str
    add_arguments: Callable[[argparse._ArgumentGroup, Say], None]
    run: Callable[[Arguments, str], int]


def open_root(arguments: Arguments, language: str) -> tuple[Project, str]:
    """The root, and the language of messages: --lang, else the root's setting, else the locale."""
    project = open_project(arguments.root)
    if memory := getattr(arguments, "memory", None):
        project = replace(project, settings=replace(project.settings, memory_limit=memory))
    return project, arguments.lang or project.settings.language or language


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
            f"“{text}” is no day; write it as 2022-07-22 · 日期应写作 2022-07-22"
        ) from None


def add_question(own: argparse._ArgumentGroup, say: Say) -> None:
    """As-of and known-on: two questions, never asked at once (docs/architecture.md §4)."""
    either = own.add_mutually_exclusive_group()
    either.add_argument(
        "--as-of",
        type=parse_day,
        metavar="D",
        help=say("只看截止日期不晚于 D 的批次", "from deliveries with a cut-off up to D"),
    )
    either.add_argument(
        "--known-on",
        type=parse_day,
        metavar="D",
        help=say("只看截至 D 已收到的文件：当时所知", "from files received by D: what was known then"),
    )


def read_question(arguments: Arguments) -> "Question":
    from flows.domain.cases import Question

    return Question(arguments.as_of or date.max, arguments.known_on)


def add_wait(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--wait",
        type=float,
        default=0,
        metavar="SECONDS",
        help=say("有其他运行时最多等多少秒", "wait that long for another run to end"),
    )


def add_memory(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--memory",
        type=_parse_memory,
        metavar="SIZE",
        help=say(
            "引擎最多用多少内存，如 1GiB；超出的部分写磁盘（默认见设置 memory_limit）",
            "memory of the engine, e.g. 1GiB; beyond it, it works on disk (default: the setting memory_limit)",
        ),
    )


def add_decisions(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--accept",
        type=_parse_decision,
        action="append",
        default=[],
        metavar="RULE=REASON",
        help=say("说明理由，放行一项检查（可多次）", "let a check through, with the reason (may be repeated)"),
    )
    own.add_argument("--by", default="", metavar="NAME", help=say("放行人", "who lets it through"))


def read_decisions(arguments: Arguments) -> "WaiverRequest":
    from flows.domain.verdicts import WaiverRequest

    return WaiverRequest(dict(arguments.accept), arguments.by)


def _parse_decision(text: str) -> tuple[str, str]:
    rule, _, reason = text.partition("=")
    if not rule.strip() or not reason.strip():
        raise argparse.ArgumentTypeError(f'“{text}”: RULE="reason" · 应写作 规则="理由"')
    return rule.strip(), reason.strip()


def refuse_memory(arguments: Arguments) -> None:
    """A recorded run opens the root itself and knows its settings alone."""
    if arguments.memory:
        raise WrongUsage(
            zh="设了 PREFECT_API_URL 时不能用 --memory。请改设置 memory_limit，或取消该变量。",
            en="--memory does not go with PREFECT_API_URL. Change the setting memory_limit, or unset the variable.",
        )


def _parse_memory(text: str) -> str:
    if not allows("memory_limit", text):
        raise argparse.ArgumentTypeError(f"“{text}” is no size; write it as 1GiB · 大小应写作 1GiB")
    return text


def add_notify(own: argparse._ArgumentGroup, say: Say) -> None:
    own.add_argument(
        "--notify",
        action="store_true",
        help=say("按设置发送邮件或群消息", "send messages as the settings say, as the service does"),
    )


def run_recorded(flow: str, project: Project, address: str, quiet: bool, **parameters: Any) -> Any:
    """A flow as a recorded run of the Prefect server at `address`; its mistakes come back as they were."""
    from flows.service.secret import find_secret, say_secret

    secret = given_secret() or find_secret(project, address)
    configure_prefect(level="ERROR" if quiet else None, secret=secret)
    import httpx

    from flows.rerun import rerun
    from flows.weekly import weekly

    flows: dict[str, Callable[..., Any]] = {"weekly": weekly, "rerun": rerun}
    try:
        return flows[flow](root=project.root, **parameters)
    except UserError as error:
        raise error.with_traceback(None) from None  # the recorded state keeps the error, and would keep every frame
    except httpx.HTTPStatusError as error:
        if error.response.status_code != HTTPStatus.UNAUTHORIZED:
            raise
        command = f'export PREFECT_API_AUTH_STRING="$({say_secret(project)})"'
        raise BadInput(
            zh=f"Prefect 服务 {address} 要求口令：环境变量 PREFECT_API_AUTH_STRING 未设或不对。若它是 {project.root} 的服务：{command}",
            en=f"The Prefect server {address} asks for its secret: PREFECT_API_AUTH_STRING is not set, or wrong. "
            f"If it is the service of {project.root}: {command}",
        ) from None
    except (httpx.TransportError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "Failed to reach API" not in str(error):
            raise
        raise BadInput(
            zh=f"连不上 Prefect 服务 {address}。请启动它，或取消环境变量 PREFECT_API_URL 直接运行。",
            en=f"The Prefect server {address} does not answer. Start it, or unset PREFECT_API_URL to run without it.",
        ) from None
