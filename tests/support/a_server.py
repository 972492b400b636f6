"""A Prefect server of the user's own, and commands that it records."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from an_office import free_port

WEEKLY = ("weekly", "--week-ending", "2022-07-22")
PREFECT = (str(Path(sys.executable).with_name("prefect")),)
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


@contextmanager
def serving_prefect(home: Path, *, program: Sequence[str] = PREFECT, **more: str) -> Iterator[dict[str, str]]:
    """The environment of a user who has a Prefect server running; `program` is Prefect's command line."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/api"
    variables = os.environ | QUIET | {"PREFECT_HOME": str(home), "PREFECT_API_URL": address} | more
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*program, "server", "start", "--host", "127.0.0.1", "--port", str(port)],
            env=variables,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until_healthy(f"{address}/health")
            yield variables
        finally:
            process.terminate()
            process.wait()


def wait_until_healthy(address: str) -> None:
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def run_recorded(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("bulletin")
    return subprocess.run(
        [command, *words, "--lang", "en"], check=False, env=environment, capture_output=True, text=True
    )
