"""The service in parts: Prefect's own server on PostgreSQL, its own worker, and the deployments of prefect.yaml; as systemd units."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from a_root import GOOD_ROW, run, write_raw, write_table
from a_server import serving_prefect
from an_office import Office, wait_for
from listeners import listening

from flows.root.project import CHECKOUT
from flows.service.environment import configure_prefect

DEPLOY = CHECKOUT / "deploy"
PREFECT = Path(sys.executable).with_name("prefect")
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))


def read_environment() -> dict[str, str]:
    """What deploy/bulletin.env sets."""
    lines = (DEPLOY / "bulletin.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def make_secret(file: Path) -> dict[str, str]:
    """What the commands of docs/service.md write into secret.env."""
    lines = (CHECKOUT / "docs" / "service.md").read_text(encoding="utf-8").splitlines()
    commands = "\n".join(line for line in lines if line.startswith(("secret=", "printf 'PREFECT_")))
    here = commands.replace("/opt/bulletin/bin/python", sys.executable).replace("/etc/bulletin/secret.env", str(file))
    subprocess.run(["sh", "-c", here], check=True)
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


def test_the_parts_have_a_secret_and_do_not_start_without(tmp_path: Path) -> None:
    made = [make_secret(tmp_path / "secret.env") for _ in range(2)]
    assert made[0] != made[1]
    for secret in made:
        assert list(secret) == ["PREFECT_SERVER_API_AUTH_STRING", "PREFECT_API_AUTH_STRING"]
        assert len(set(secret.values())) == 1
        assert re.fullmatch("bulletin:[A-Za-z0-9_-]{43}", secret["PREFECT_API_AUTH_STRING"])
    for unit in ("bulletin-server.service", "bulletin-worker.service"):  # systemd starts no unit whose file is missing
        assert "\nEnvironmentFile=/etc/bulletin/secret.env\n" in (DEPLOY / unit).read_text(encoding="utf-8")


def test_the_parts_are_as_silent_as_the_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What `bulletin up` tells its server and its runs stands in the environment file, too."""
    monkeypatch.setattr(os, "environ", {})
    configure_prefect(tmp_path / "data" / "service", "http://127.0.0.1:4200/api")
    root = read_environment().pop("BULLETIN_ROOT")
    written = {name: value.replace(root, str(tmp_path)) for name, value in read_environment().items()}
    assert written == os.environ | {"BULLETIN_ROOT": str(tmp_path)}


@pytest.mark.programs
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_read_by_systemd_without_complaint_and_gives_little_away(unit: str, tmp_path: Path) -> None:
    """The programs it starts are those of this environment. Exposure is in tenths, of ten: 1.5 is what the units reach."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/bulletin", sys.prefix)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for words in (["verify"], ["security", "--offline=true", "--threshold=16"]):
        said = subprocess.run(
            ["systemd-analyze", *words, str(tmp_path / unit)], check=False, capture_output=True, text=True
        )
        assert (said.returncode, said.stderr) == (0, ""), said.stdout


# ---------------------------------------------------------------- the parts at work


@contextmanager
def serving_postgres() -> Iterator[Path]:
    """A new PostgreSQL of an unprivileged user, reached through a socket in its folder, which every user may use."""
    (found,) = [*Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")][-1:] or [Path(shutil.which("pg_ctl") or "")]
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="postgres", dir="/tmp"))
    folder.chmod(0o755)
    if as_user:
        shutil.chown(folder, "postgres")
    data, control = folder / "data", [*as_user, str(found), "-D", str(folder / "data"), "-w"]
    log, options = str(folder / "log"), f"-k {folder} -c listen_addresses='' -c fsync=off"
    initialise = [str(found.with_name("initdb")), "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8"]
    subprocess.run([*as_user, *initialise], check=True, stdout=subprocess.DEVNULL, cwd="/")
    subprocess.run([*control, "-l", log, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield folder
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(folder)


def ask_postgres(folder: Path, query: str, database: str = "prefect") -> list[str]:
    command = ["psql", "-h", str(folder), "-U", "postgres", "-At", "-c", query, database]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


@contextmanager
def standing_in_the_way() -> Iterator[tuple[dict[str, str], list[bytes]]]:
    """The way out: a proxy that keeps what it was asked for and answers nothing."""
    with listening() as (address, asked):
        ways = [way for name in ("http", "https", "all") for way in (f"{name}_proxy", f"{name}_proxy".upper())]
        yield (
            dict.fromkeys(ways, address) | {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"},
            asked,
        )


def read_start(unit: str) -> list[str]:
    """What a unit starts, by the Python of this environment."""
    (line,) = re.findall("^ExecStart=(.*)", (DEPLOY / unit).read_text(encoding="utf-8"), re.M)
    return [sys.executable, *line.replace("%H", "office").split()[1:]]


@contextmanager
def working(environment: dict[str, str], log: Path) -> Iterator[None]:
    """A worker as its unit starts it."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            read_start("bulletin-worker.service"),
            env=environment,
            stdout=file,
            stderr=file,
            cwd=log.parent,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def refuse_what_others_would_run(office: Office, folder: Path) -> None:
    """What somebody who knows the secret has changed: the deployment, and the work pool."""
    taken = folder / "taken"
    deployment = f"deployments/{office.find_deployment('rerun')['id']}"
    pool = "work_pools/bulletin"
    template = office.ask(pool, method="GET")["base_job_template"]
    template["variables"]["properties"]["command"]["default"] = f"touch {taken}"
    days = {"parameters": {"first_day": "2022-07-01", "last_day": "2022-07-08"}}
    pull = {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": f"touch {taken}"}}]}
    for path, body, ending in (
        (pool, {"base_job_template": template}, "COMPLETED"),  # not used
        (deployment, {"job_variables": {"command": f"touch {taken}"}}, "FAILED"),
        (deployment, {"job_variables": {}} | pull, "FAILED"),
    ):
        data, headers = json.dumps(body).encode(), office.say_headers()
        urllib.request.urlopen(
            urllib.request.Request(f"{office.address}/{path}", data, headers, method="PATCH")
        ).close()
        made = office.ask(f"{deployment}/create_flow_run", days)
        assert office.await_state(made["id"], "COMPLETED", "FAILED", "CRASHED")["state_type"] == ending
    assert not taken.exists()


@pytest.mark.programs
def test_server_worker_and_deployments_on_postgresql_write_what_a_direct_run_writes_and_ask_nobody_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"2022-07-22/许可.csv": write_table(GOOD_ROW)}
    root, direct = write_raw(tmp_path / "office", files), write_raw(tmp_path / "direct", files)
    assert run(capsys, "weekly", "--week-ending", "2022-07-22", "--quiet", "--root", str(direct)).exit_code == 0
    home = root / "data" / "service"
    home.mkdir()
    file = {name: value.replace("/srv/bulletin", str(root)) for name, value in read_environment().items()}
    del file["PREFECT_API_URL"]  # the port is another one
    with serving_postgres() as postgres, standing_in_the_way() as (proxies, asked):
        ask_postgres(postgres, "create role bulletin login", "postgres")
        ask_postgres(postgres, "create database prefect owner bulletin", "postgres")
        file["PREFECT_API_DATABASE_CONNECTION_URL"] = f"postgresql+asyncpg://bulletin@/prefect?host={postgres}"
        secret = make_secret(tmp_path / "secret.env")
        with (
            serving_prefect(
                home, program=read_start("bulletin-server.service")[:3], **file | secret | proxies
            ) as environment,
            working(environment, tmp_path / "worker.log"),
        ):
            office = Office(root, environment["PREFECT_API_URL"], secret["PREFECT_API_AUTH_STRING"])
            wait_for(lambda: office.ask("work_pools/filter"))
            words: list[str | Path] = [PREFECT, "deploy", "--all", "--no-prompt"]
            said = subprocess.run(words, env=environment, cwd=CHECKOUT, check=False, capture_output=True, text=True)
            assert said.returncode == 0, said.stdout + said.stderr
            weekly, rerun = office.find_deployment("weekly"), office.find_deployment("rerun")
            assert [s["schedule"]["cron"] for s in weekly["schedules"]] == ["0 9 * * 1"]
            assert (weekly["schedules"][0]["schedule"]["timezone"], rerun["schedules"]) == ("Asia/Shanghai", [])
            for deployment, parameters in (
                (weekly, {"week_end": "2022-07-22"}),
                (rerun, {"first_day": "2022-07-01", "last_day": "2022-07-08"}),
            ):
                made = office.ask(f"deployments/{deployment['id']}/create_flow_run", {"parameters": parameters})
                state = office.await_state(made["id"], "COMPLETED", "FAILED", "CRASHED")
                assert state["state_type"] == "COMPLETED", state["state"]["message"]
            refuse_what_others_would_run(office, tmp_path)
        rows = ask_postgres(
            postgres, "select distinct name || ' ' || state_type from flow_run where state_type = 'COMPLETED'"
        )
    assert sorted(rows) == ["2022-07-01-to-2022-07-08 COMPLETED", "week-ending-2022-07-22 COMPLETED"]
    section = "reports/2022-07-22/statistics.txt"
    assert (root / section).read_bytes() == (direct / section).read_bytes()
    assert (root / "reports/2022-07-01_2022-07-08/range.txt").is_file()
    assert [path.name for path in home.glob("*.db")] == []
    assert asked == []
    told = [json.loads(line) for line in (root / "reports/runs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(told) == 3
