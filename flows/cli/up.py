"""up 服务: run the service."""

import argparse
from typing import TYPE_CHECKING

from flows.cli.common import KEEPING, Arguments, Command, open_root
from flows.domain.text import Text, say

if TYPE_CHECKING:
    from flows.service import server

COMMAND = Command(
    "up",
    KEEPING,
    Text("run the service: weekly runs by schedule, reruns from a form"),
    Text(
        "Starts a local Prefect server (or uses the one of PREFECT_API_URL) and serves weekly and rerun; Ctrl-C stops it."
    ),
    "up --root /srv/bulletin",
)


def add_arguments(own: argparse._ArgumentGroup) -> None:
    port = say("port of the page (default: the setting port)")
    own.add_argument("--port", type=int, metavar="N", help=port)
    host = say("address to listen at (default: the setting host)")
    own.add_argument("--host", metavar="ADDRESS", help=host)


def run(arguments: Arguments) -> int:
    from flows.cli import terminal
    from flows.service import server

    project = open_root(arguments)
    progress = terminal.Silence() if arguments.quiet else terminal.PlainLines()
    host, port = arguments.host or project.settings.host, arguments.port or project.settings.port
    is_watched = not arguments.quiet and terminal.is_watched()
    server.serve(project, _load_flows, host, port, progress, is_watched=is_watched)
    return 0


def _load_flows() -> "server.Flows":
    from flows.rerun import rerun
    from flows.service import server
    from flows.weekly import weekly

    return server.Flows(weekly, rerun)
