"""up 服务: run the service."""

import argparse
from typing import TYPE_CHECKING

from flows.cli.common import KEEPING, Arguments, Command, Say, open_root
from flows.domain.text import Text

if TYPE_CHECKING:
    from flows.service import server

COMMAND = Command(
    "up",
    KEEPING,
    Text("启动服务：每周自动运行，网页表单重出", "run the service: weekly runs by schedule, reruns from a form"),
    Text(
        "启动本机的 Prefect 服务（已设 PREFECT_API_URL 时用该服务），登记 weekly 和 rerun；Ctrl-C 停止。",
        "Starts a local Prefect server (or uses the one of PREFECT_API_URL) and serves weekly and rerun; Ctrl-C stops it.",
    ),
    "up --root /srv/bulletin",
)


def add_arguments(own: argparse._ArgumentGroup, say: Say) -> None:
    port = say("页面的端口（默认见设置 port）", "port of the page (default: the setting port)")
    own.add_argument("--port", type=int, metavar="N", help=port)
    host = say("页面监听的地址（默认见设置 host）", "address to listen at (default: the setting host)")
    own.add_argument("--host", metavar="ADDRESS", help=host)


def run(arguments: Arguments, language: str) -> int:
    from flows.cli import terminal
    from flows.service import server

    project, language = open_root(arguments, language)
    progress = terminal.Silence() if arguments.quiet else terminal.PlainLines(language)
    host, port = arguments.host or project.settings.host, arguments.port or project.settings.port
    server.serve(project, _load_flows, host, port, progress)
    return 0


def _load_flows() -> "server.Flows":
    from flows.rerun import rerun
    from flows.service import server
    from flows.weekly import weekly

    return server.Flows(weekly, rerun)
