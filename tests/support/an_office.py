"""An office for tests: a root, and the service that runs for it as `bulletin up` starts it."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120
COMMAND = Path(os.environ.get("BULLETIN_COMMAND") or Path(sys.executable).with_name("bulletin"))


class Office:
    """A root, the service that runs for it, and the secret that its API asks for."""

    def __init__(self, root: Path, address: str, secret: str = "") -> None:
        self.root, self.address, self.secret = root, address, secret

    def ask(self, path: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(f"{self.address}/{path}", data, self.say_headers(), method=method)
        return wait_for(lambda: send(request))[0]

    def say_headers(self) -> dict[str, str]:
        said = base64.b64encode(self.secret.encode()).decode()
        return {"Content-Type": "application/json"} | ({"Authorization": f"Basic {said}"} if said else {})

    def find_deployment(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(d for d in self.ask("deployments/filter") if d["name"] == name)
        return found

    def start(self, name: str, due: datetime | None = None, **parameters: object) -> str:
        """Ask for a run, as the page does; or one that is due at a time, as the schedule does."""
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}} if due else None
        body = {"parameters": {"root": str(self.root), **parameters}} | ({"state": state} if state else {})
        return str(self.ask(f"deployments/{self.find_deployment(name)['id']}/create_flow_run", body)["id"])

    def read_run(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})[0]
        return found

    def await_state(self, run_id: str, *states: str) -> Any:
        return wait_for(lambda: next((r for r in [self.read_run(run_id)] if r["state_type"] in states), None))


def send(request: urllib.request.Request) -> list[Any]:
    """The answer; none from a server that is too busy just now: it is asked again, as Prefect's own clients do."""
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return [json.load(answer)]
    except urllib.error.HTTPError as error:
        if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return []


def wait_for(find: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := find()):
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return found


@contextmanager
def serving(
    root: Path,
    server: str = "",
    host: str = "127.0.0.1",
    *,
    within: Sequence[str] = (),
    said: Mapping[str, str] | None = None,
) -> Iterator[tuple[Office, "subprocess.Popen[str]"]]:
    """`bulletin up` from its first word to the answer of the server: its own, or one that is configured.

    `within`: a command that runs it; `said`: variables of its environment.
    """
    port = free_port()
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    variables |= {"PREFECT_API_URL": server} if server else {}
    variables |= said or {}
    options = ["--host", host, "--port", str(port), "--lang", "en", "--root", str(root)]
    command: list[str | Path] = [*within, COMMAND, "up", *options]
    with (root / "up.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=variables, stdout=log, stderr=log, text=True)
        try:
            wait_for(lambda: process.poll() is not None or "serving at" in (root / "up.log").read_text("utf-8"))
            assert process.poll() is None, (root / "up.log").read_text("utf-8")
            secret = "" if server else (root / "data/service/api.secret").read_text("utf-8").strip()
            yield Office(root, server or f"http://127.0.0.1:{port}/api", secret), process
        finally:
            process.terminate()
            process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
