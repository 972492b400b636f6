"""Prefect's own command line as it runs here: its server behind the gate and beside our pages, its worker with runs of our own.

python -m flows.service.program server start --host 127.0.0.1 --port 4200
python -m flows.service.program worker start --pool bulletin --type process
"""

import sys
from pathlib import Path
from typing import Any

import prefect
import uvicorn

from flows.root.files import keep_private
from flows.root.project import open_project
from flows.service.environment import given_server_secret, shown_root
from flows.service.gate import App, Gate, listen
from flows.service.sessions import SIGN_IN


def serve_behind_gate(app: App, *, host: str, port: int, app_dir: str = "", **options: Any) -> None:  # noqa: ARG001
    """In place of `uvicorn.run`, as Prefect calls it."""
    server = uvicorn.Server(uvicorn.Config(_put_behind_gate(app, host), host=host, port=port, **options))
    try:
        server.run(listen(host, port))
    except KeyboardInterrupt:
        return
    if not server.started:
        sys.exit(3)


def _put_behind_gate(app: App, host: str) -> Gate:
    """With the pages of a root, if it is known and there is a secret to keep them."""
    root, secret = shown_root(), given_server_secret()
    if not root or not secret:
        return Gate(app, host)
    from flows.service.pages import Pages

    project = open_project(root)
    return Gate(Pages(app, project, secret), host, name=project.settings.proxy_name, forms={SIGN_IN})


def main() -> None:
    keep_private()
    prefect.__ui_v2_static_path__ = Path("/nowhere")  # the second page reports usage to a company, telemetry or not
    uvicorn.run = serve_behind_gate  # type: ignore[assignment]  # one process, the only kind started here
    if sys.argv[1:2] == ["worker"]:
        from flows.service import own_runs  # noqa: F401  (imported for its effect: it is the worker of type `process`)
    from prefect.cli import app

    app()


if __name__ == "__main__":
    main()
