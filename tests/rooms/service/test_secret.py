"""The secret of the service: without it its API does nothing for anybody; only its user can read it; no other server is told."""

import base64
import os
import re
import socket
import stat
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from a_root import GOOD_ROW, write_raw, write_table
from a_server import QUIET, WEEKLY, run_recorded, serving_prefect
from an_office import COMMAND, Office, serving
from listeners import listening

from flows.cli.terminal import PlainLines
from flows.domain.text import BadInput
from flows.root.lock import hold_file
from flows.root.project import Project
from flows.service.secret import find_service, provide_secret

ADDRESS = "http://127.0.0.1:4200/api"
OTHERS = ("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """On a machine whose environment would open the server to every page, and says something else to another one."""
    root = write_raw(tmp_path_factory.mktemp("office"), {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    misled = {
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": "*",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": "*",
        "PREFECT_API_AUTH_STRING": "somebody:elsewhere",
    }
    with serving(root, said=misled) as (opened, _):
        yield opened


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data" / "service").mkdir(parents=True)
    return Project(tmp_path)


def ask_status(office: Office, path: str, said: str | None, data: bytes | None = None) -> int:
    headers = {"Content-Type": "application/json"}
    if said is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(said.encode()).decode()}"
    try:
        request = urllib.request.Request(f"{office.address}/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.headers["access-control-allow-origin"] is None
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


# ---------------------------------------------------------------- the service


@pytest.mark.parametrize(
    ("path", "data"), [("admin/settings", None), ("flow_runs/filter", b"{}"), ("deployments/filter", b"{}")]
)
def test_who_does_not_say_the_secret_is_told_nothing(office: Office, path: str, data: bytes | None) -> None:
    refused = [ask_status(office, path, said, data) for said in (None, "", "bulletin:", "somebody:elsewhere")]
    assert refused == [HTTPStatus.UNAUTHORIZED] * 4
    assert ask_status(office, path, office.secret, data) == HTTPStatus.OK


def test_who_does_not_say_the_secret_hears_no_event_and_sends_none(office: Office) -> None:
    """A page from elsewhere may open a socket to any server: no browser asks that server first."""
    host, _, port = office.address.removeprefix("http://").removesuffix("/api").partition(":")
    for path in ("events/in", "events/out", "logs/out"):
        with socket.create_connection((host, int(port)), timeout=20) as line:
            words = (
                f"GET /api/{path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            )
            line.sendall(words.encode())
            assert line.recv(1000).split(b"\r\n")[0] == b"HTTP/1.1 403 Forbidden", path


def test_a_command_run_beside_the_service_is_recorded_by_it_without_being_told_the_secret(office: Office) -> None:
    """It spells the address as people do."""
    known = {name: value for name, value in os.environ.items() if name not in OTHERS}
    environment = known | QUIET | {"PREFECT_API_URL": office.address.replace("127.0.0.1", "localhost")}
    said = run_recorded(environment, *WEEKLY, "--root", str(office.root))
    assert said.returncode == 0, said.stderr
    (made,) = [run for run in office.ask("flow_runs/filter") if run["name"] == "week-ending-2022-07-22"]
    assert made["state_type"] == "COMPLETED"
    assert re.findall("401|403|[Uu]nauthorized", said.stderr) == []


def test_a_command_that_does_not_know_the_secret_says_what_to_do(office: Office, tmp_path: Path) -> None:
    """Of another root: its own secret, if it had one, would be none of this server's business."""
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    known = {name: value for name, value in os.environ.items() if name not in OTHERS}
    said = run_recorded(known | QUIET | {"PREFECT_API_URL": office.address}, *WEEKLY, "--root", str(root))
    assert said.returncode == 3
    assert said.stderr.strip().splitlines()[-1] == (
        f"The Prefect server {office.address} requires its secret: PREFECT_API_AUTH_STRING is not set, or wrong. "
        f'If it is the service of {root}: export PREFECT_API_AUTH_STRING="$(cat {root}/data/service/api.secret)"'
    )


def test_a_run_of_the_service_is_made_and_nobody_is_refused_on_the_way(office: Office) -> None:
    run_id = office.start("rerun", first_day="2022-07-01", last_day="2022-07-08")
    assert office.await_state(run_id, "COMPLETED", "FAILED", "CRASHED")["state_type"] == "COMPLETED"
    logs = office.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}})
    told = [log["message"] for log in logs] + [(office.root / "up.log").read_text(encoding="utf-8")]
    assert [text for text in told if re.search(r"\b40[13]\b|[Uu]nauthorized|Forbidden", text)] == []


def test_the_secret_is_of_one_user_stands_in_no_other_file_and_how_to_see_it_is_said(office: Office) -> None:
    path = office.root / "data/service/api.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch("bulletin:[A-Za-z0-9_-]{43}", office.secret)
    password = office.secret.removeprefix("bulletin:").encode()
    telling = [file for file in office.root.rglob("*") if file.is_file() and password in file.read_bytes()]
    assert telling == [path]
    (command,) = re.findall("the whole line that this prints: (.*)", (office.root / "up.log").read_text("utf-8"))
    shown = subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
    assert shown == f"{office.secret}\n"


def test_a_secret_of_ones_own_is_what_the_service_asks_for(tmp_path: Path) -> None:
    """As an office may have set it before there was another."""
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    (root / "data/service").mkdir()
    (root / "data/service/api.secret").write_text("bulletin:of-before\n", encoding="utf-8")
    with serving(root, said={"PREFECT_SERVER_API_AUTH_STRING": "office:invented"}) as (office, _):
        own, kept = (ask_status(office, "admin/version", said) for said in ("office:invented", "bulletin:of-before"))
    assert (own, kept) == (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED)


# ---------------------------------------------------------------- a server of somebody else


REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def test_another_server_is_told_what_the_user_set_and_never_the_secret_of_the_root(
    office: Office, tmp_path: Path
) -> None:
    """Recorded by it, and `bulletin up` with it; while the service of the root runs, and while it does not."""
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    (root / "data/service").mkdir()
    (root / "data/service/api.secret").write_text("bulletin:of-before\n", encoding="utf-8")
    (root / "data/service/api.secret").chmod(0o600)
    own = base64.b64encode(b"user:invented")
    with listening(REFUSAL) as (host, told):
        environment = (
            os.environ | QUIET | {"PREFECT_API_URL": f"{host}/api", "PREFECT_API_AUTH_STRING": "user:invented"}
        )
        for words in (
            [*WEEKLY, "--root", str(office.root)],
            [*WEEKLY, "--root", str(root)],
            ["up", "--root", str(root)],
        ):
            told.clear()
            assert run_recorded(environment, *words).returncode == 3
            assert re.findall(rb"(?i)authorization: (.*)\r", b"".join(told)) == [b"Basic " + own] * len(told) != []
            silent = {name: value for name, value in environment.items() if name not in OTHERS}
            told.clear()
            assert run_recorded(silent, *words).returncode == 3
            assert re.findall(rb"(?i)authorization: (.*)\r", b"".join(told)) == []
            assert told


def test_a_server_of_ones_own_with_a_secret_records_runs(tmp_path: Path) -> None:
    root = write_raw(tmp_path / "office", {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    (tmp_path / "prefect").mkdir()
    with serving_prefect(tmp_path / "prefect", PREFECT_SERVER_API_AUTH_STRING="user:invented") as variables:
        said = run_recorded(variables | {"PREFECT_API_AUTH_STRING": "user:invented"}, *WEEKLY, "--root", str(root))
        assert said.returncode == 0, said.stderr
        wrong = variables | {"PREFECT_API_AUTH_STRING": "user:wrong"}
        up = subprocess.run(
            [COMMAND, "up", "--lang", "en", "--root", str(root)], env=wrong, check=False, capture_output=True, text=True
        )
    assert up.returncode == 3
    assert up.stderr == (
        f"The Prefect server {variables['PREFECT_API_URL']} requires its secret: PREFECT_API_AUTH_STRING is not set, or "
        "wrong. Set it, or unset PREFECT_API_URL to start a server here.\n"
    )


# ---------------------------------------------------------------- the file


def test_the_secret_is_made_once_and_kept_also_where_new_files_are_for_everybody(project: Project) -> None:
    before = os.umask(0)
    try:
        first = provide_secret(project, PlainLines())
    finally:
        os.umask(before)
    assert stat.S_IMODE(project.api_secret.stat().st_mode) == 0o600
    assert provide_secret(project, PlainLines()) == first
    assert [path.name for path in project.service.iterdir()] == ["api.secret"]


def test_a_secret_that_somebody_chose_is_kept(project: Project) -> None:
    project.api_secret.write_text("office:invented\n", encoding="utf-8")
    project.api_secret.chmod(0o600)
    assert provide_secret(project, PlainLines()) == "office:invented"


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o602])
def test_a_secret_that_others_could_read_or_change_is_replaced_and_that_is_said(
    project: Project, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    project.api_secret.write_text("bulletin:known\n", encoding="utf-8")
    project.api_secret.chmod(mode)
    assert provide_secret(project, PlainLines()) != "bulletin:known"
    assert stat.S_IMODE(project.api_secret.stat().st_mode) == 0o600
    assert capsys.readouterr().err == (
        f"… warning: others could read {project.api_secret} (mode {mode:04o}); a new secret was made, "
        "enter it in the page again\n"
    )


def test_a_start_that_was_killed_while_the_secret_was_made_leaves_none_and_the_next_one_makes_it(
    project: Project,
) -> None:
    (project.service / ".api.secret.part").write_text("bulletin:", encoding="utf-8")
    assert re.fullmatch("bulletin:[A-Za-z0-9_-]{43}", provide_secret(project, PlainLines()))


@pytest.mark.parametrize("text", ["", "bulletin", "bulletin:", "office:two words", "办公室:口令"])
def test_what_is_no_secret_is_refused_with_a_command_that_helps(project: Project, text: str) -> None:
    project.api_secret.write_text(text, encoding="utf-8")
    project.api_secret.chmod(0o600)
    with pytest.raises(BadInput) as told:
        provide_secret(project, PlainLines())
    assert str(told.value).endswith(f"and the next start makes a new one: rm {project.api_secret}")


def test_the_secret_is_for_the_service_of_this_root_by_whatever_spelling_and_only_while_it_runs(
    project: Project,
) -> None:
    """With the service stopped, its port may be anybody's. However it is spelled, the secret goes where the service listens."""
    own = (ADDRESS, provide_secret(project, PlainLines()))
    project.api_address.write_text(ADDRESS, encoding="utf-8")
    assert find_service(project, ADDRESS) is None
    with hold_file(project.service_lock, "bulletin up"):
        spellings = (ADDRESS, f"{ADDRESS}/", "http://localhost:4200/api", "http://[::1]:4200/api/")
        assert [find_service(project, address) for address in spellings] == [own] * 4
        others = (
            "http://127.0.0.1:4201/api",
            "http://prefect.example:4200/api",
            "http://localhost.prefect.example:4200/api",
            "http://127.0.0.1@prefect.example:4200/api",
            "https://127.0.0.1:4200/api",
            "http://127.0.0.1:4200/other",
            "http://127.0.0.1:port/api",
        )
        assert [find_service(project, address) for address in others] == [None] * len(others)
        project.api_address.unlink()
        assert find_service(project, ADDRESS) is None
