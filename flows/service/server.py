"""The service: a local Prefect server that runs weekly and rerun until it is stopped."""

import asyncio
import contextlib
import ctypes
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from flows.domain.calendar import read_schedule
from flows.domain.text import BadInput, CommandLine, Locked, Progress, Text
from flows.root.files import close_folder, write_files
from flows.root.lock import hold_file
from flows.root.project import Project
from flows.service.environment import configure_prefect, enclosed_environment, given_server_secret, server_address
from flows.service.gate import is_local, listen
from flows.service.secret import provide_secret, say_secret
from flows.service.sessions import write_address

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.client.schemas.objects import State


_HERE, _EVERYWHERE = "127.0.0.1", "0.0.0.0"
_SECONDS_TO_START = 120
_PR_SET_PDEATHSIG = 1
_RUNS_AT_ONCE = 4
_SECONDS_BETWEEN_LOOKS = 2  # for runs started on the page; Prefect's default of ten seems like nothing happens


@dataclass(frozen=True)
class Flows:
    """The flows to serve. They are passed in, since they import this room themselves."""

    weekly: "Flow[..., Any]"
    rerun: "Flow[..., Any]"


def serve(
    project: Project,
    load_flows: Callable[[], Flows],
    host: str,
    port: int,
    progress: Progress,
    *,
    is_watched: bool = False,
) -> None:
    """Serve until Ctrl-C or SIGTERM. Schedules stay active; runs missed until the next start are made then.

    `load_flows` imports Prefect, so it is called only after its environment is set. `is_watched`: somebody, and no log, reads
    what is said, so that it may hold an address that lets him in.

    Raises:
        Locked: a service of this root is running already.
        BadInput: the port is taken, the server does not start or answer, or the configured one is used by another root.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start background jobs with SIGINT ignored
    signal.signal(signal.SIGTERM, _interrupt)
    close_folder(project.service)
    os.chdir(project.service)  # Prefect reads settings, and with them programs, from the folder that it is started in
    _warn_of_readable(project, progress)
    with _only_one(project), _server(project, host, port, progress, load_flows) as address:
        _serve_flows(project, load_flows(), address, progress, is_watched=is_watched)


@contextmanager
def _only_one(project: Project) -> Iterator[None]:
    try:
        with hold_file(project.service_lock, "bulletin up"):
            yield
    except Locked:
        raise Locked(
            "The service of {root} is already running. Stop it first (Ctrl-C or SIGTERM).", root=project.root
        ) from None


@contextmanager
def _server(
    project: Project, host: str, port: int, progress: Progress, load_flows: Callable[[], Flows]
) -> Iterator[str]:
    """The address of the API: the configured server, else one started here and stopped at the end."""
    project.api_address.unlink(missing_ok=True)  # of a service that was killed
    if address := server_address():
        configure_prefect(project.service, address)
        _refuse_used(project, address)
        _warn_of_open(address, progress)
        yield address
        return
    _refuse_taken(host, port)
    address = f"http://{_HERE if host == _EVERYWHERE else host}:{port}/api"
    given = given_server_secret()
    secret = given or provide_secret(project, progress)
    configure_prefect(project.service, address, secret=secret)
    progress.step(Text("starting the Prefect server"))
    _warn_of_exposed(host, progress)
    log = project.service / "server.log"
    server = _start_server(host, port, secret, project.root, log)
    try:
        load_flows()  # imports for seconds, while the server does the same
        _wait_until_healthy(server, address, log)
        write_files(project.service, {project.api_address.name: address.encode()})
        if not given:
            progress.step(
                Text(
                    "the page asks for a secret once (Login); enter the whole line that this prints: {command}",
                    command=say_secret(project),
                )
            )
        yield address
    finally:
        project.api_address.unlink(missing_ok=True)
        _stop(server)


def _start_server(host: str, port: int, secret: str, root: Path, log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "flows.service.program", "server", "start", "--host", host, "--port", str(port)]
    with log.open("ab") as file:
        return subprocess.Popen(
            command,
            stdout=file,
            stderr=file,
            env=enclosed_environment(secret, root),
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 (no thread runs yet)
        )


def _stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _warn_of_exposed(host: str, progress: Progress) -> None:
    if not is_local(host):
        progress.step(
            Text(
                "warning: the page listens at {host}: anyone who can reach this machine and has the secret can use it; "
                "the secret travels unencrypted",
                host=host,
            )
        )


def _warn_of_readable(project: Project, progress: Progress) -> None:
    settings = project.root / "bulletin.toml"
    if project.settings.webhook and stat.S_IMODE(settings.stat().st_mode) & stat.S_IRWXO:
        command = f"chmod 640 {shlex.quote(str(settings))}"
        progress.step(
            Text(
                "warning: others can read {settings}, and with it the address of the group robot: {command}",
                settings=settings,
                command=command,
            )
        )


def _warn_of_open(address: str, progress: Progress) -> None:
    """Of a server that is not started here: who is not asked for a secret can start runs."""
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address.rstrip('/')}/admin/version", timeout=20):
        progress.step(
            Text(
                "warning: the Prefect server {address} asks nobody for a secret: whoever reaches it can start runs here. "
                "Give it one: PREFECT_SERVER_API_AUTH_STRING",
                address=address,
            )
        )


def _serve_flows(project: Project, flows: Flows, address: str, progress: Progress, *, is_watched: bool) -> None:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron, Schedule
    from prefect.types.entrypoint import EntrypointType

    from flows.service.own_runs import OwnRunner

    def deploy(flow: "Flow[..., Any]", schedule: Schedule | None = None) -> RunnerDeployment:
        deployment = RunnerDeployment.from_flow(
            flow,
            name=flow.name,
            schedule=schedule,
            parameters={"root": str(project.root), "wait_seconds": project.settings.wait_seconds, "notify": True},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        _shape_form(deployment._parameter_openapi_schema.properties)
        return deployment

    weekday, hour, minute = read_schedule(project.settings.schedule)
    schedule = Cron(f"{minute} {hour} * * {weekday % 7}", timezone="Asia/Shanghai")
    runner = OwnRunner(pause_on_shutdown=False, limit=_RUNS_AT_ONCE, query_seconds=_SECONDS_BETWEEN_LOOKS)
    for deployment in (deploy(flows.weekly, schedule), deploy(flows.rerun)):
        runner.add_deployment(deployment)
    runner.root = project.root
    runner._tmp_dir = project.service / "runner"  # in the shared /tmp it may belong to another user
    runner.handle_sigterm = _interrupt  # type: ignore[method-assign]  # its own handler leaves a coroutine unfinished
    page = address.removesuffix("/api")
    # entered before the message: whoever reads it may stop the service at once
    with contextlib.suppress(KeyboardInterrupt):
        _close_unfinished(project)
        progress.step(
            Text(
                "serving at {page} (weekly run: {schedule}, Asia/Shanghai; Ctrl-C stops it)",
                page=page,
                schedule=project.settings.schedule,
            )
        )
        _say_pages(project, page, progress, is_watched=is_watched)
        asyncio.run(runner.start())
    _close_unfinished(project)
    progress.step(Text("stopped"))


def _say_pages(project: Project, page: str, progress: Progress, *, is_watched: bool) -> None:
    """Where the reports are; of a server that is not started here it is not known."""
    if not project.api_address.exists():
        return
    progress.step(Text("reports: {page}/reports/, questions: {page}/query", page=page))
    if is_watched:
        secret = given_server_secret() or provide_secret(project, progress)
        address = write_address(page, secret)
        progress.step(Text("to sign in, open this within ten minutes; it works once: {address}", address=address))


def _close_unfinished(project: Project) -> None:
    """Mark the runs of this root as crashed: they end with the service, but the server would show them as running."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import DeploymentFilter, FlowRunFilter
    from prefect.states import Crashed

    unfinished = FlowRunFilter.model_validate({"state": {"type": {"any_": ["RUNNING", "PENDING", "CANCELLING"]}}})
    served = DeploymentFilter.model_validate({"name": {"any_": ["weekly", "rerun"]}})
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=unfinished, deployment_filter=served):
            if run.parameters.get("root") == str(project.root):
                stopped: State[Any] = Crashed(message="The service was stopped during the run. 服务在运行中被停止。")
                client.set_flow_run_state(run.id, stopped, force=True)


def _shape_form(fields: dict[str, dict[str, Any]]) -> None:
    """Make optional parameters plain fields that may stay empty; Prefect would show a choice between `date` and `None`."""
    for field in fields.values():
        if "anyOf" in field and field.get("default") is None:
            field.update(next(kind for kind in field.pop("anyOf") if kind["type"] != "null"))
            field.pop("default", None)  # with a default, an empty field would be refused


def _wait_until_healthy(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise BadInput("The Prefect server did not start; the reason is in {log}", log=log)


def _refuse_used(project: Project, address: str) -> None:
    """Refuse a server whose deployments of our names belong to another root: a name exists only once."""
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    try:
        with get_client(sync_client=True) as client:
            for name in ("weekly/weekly", "rerun/rerun"):
                with contextlib.suppress(ObjectNotFound):
                    found = client.read_deployment_by_name(name)
                    _refuse_other(project, address, name, found.parameters.get("root"), found.work_pool_name)
    except (httpx.TransportError, httpx.HTTPStatusError) as error:
        if isinstance(error, httpx.HTTPStatusError) and error.response.status_code == HTTPStatus.UNAUTHORIZED:
            raise BadInput(
                "The Prefect server {address} requires its secret: PREFECT_API_AUTH_STRING is not set, or wrong. "
                "Set it, or unset PREFECT_API_URL to start a server here.",
                address=address,
            ) from None
        raise BadInput(
            "The Prefect server {address} cannot be used ({error}). Start it, or unset PREFECT_API_URL to start one here.",
            address=address,
            error=error,
        ) from None


def _refuse_other(project: Project, address: str, name: str, root: object, pool: str | None) -> None:
    if Path(str(root)).resolve() != project.root:
        raise BadInput(
            "{name} on the Prefect server {address} belongs to another root, {root}. Unset PREFECT_API_URL to start a server "
            "here; if that root is no longer used, delete it first: prefect deployment delete {name}",
            name=name,
            address=address,
            root=root,
        )
    if pool:
        raise BadInput(
            "{name} on the Prefect server {address} is run by the workers of the pool {pool}, so nothing has to be started here. "
            "To run it here instead, delete it first: prefect deployment delete {name}",
            name=name,
            address=address,
            pool=pool,
        )


def _refuse_taken(host: str, port: int) -> None:
    try:
        for taken in listen(host, port):
            taken.close()
    except (OSError, OverflowError):
        raise BadInput(
            "Port {port} of {host} cannot be used (taken, not allowed, not within 1 … 65535, or not an address of this machine). "
            "Choose another, also by the settings port and host: {command}",
            command=CommandLine("up --port {other}", other=4201 if port == 4200 else 4200),
            port=port,
            host=host,
        ) from None


def _end_with_parent() -> None:
    """End the server with a service that is killed (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM like Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)
