"""Nothing connects to anything outside the machine: the program without a network, and every address it turns to, traced.

A name server, a proxy or a robot somewhere would show as an address, whether or not anybody answers there.
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

import lxml.html
import pytest
from a_root import GOOD_ROW, write_raw, write_table
from an_office import COMMAND, Office, serving, wait_for
from processes import find_processes, find_servers, read
from visitors import visiting
from without_network import pass_service_tests

from flows.root.lock import hold_lock
from flows.root.project import Project

ENDED = ("COMPLETED", "FAILED", "CRASHED")
# 192.0.2.1 belongs to nobody. What a machine's environment may say, and the service must not heed:
MISLED = {
    "http_proxy": "http://192.0.2.1:3128",
    "https_proxy": "http://192.0.2.1:3128",
    "all_proxy": "http://192.0.2.1:3128",
    "no_proxy": "intranet.example",
    "DO_NOT_TRACK": "0",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "true",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "true",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "true",
}
ASK_SETTINGS = """
import json
from prefect._internal.analytics import ci_detection, is_telemetry_enabled
from prefect.settings import get_current_settings
ci_detection.CI_ENV_VARS = ()   # on a machine for tests it would be off anyway
s = get_current_settings()
print(json.dumps([is_telemetry_enabled(), s.server.analytics_enabled, s.cloud.enable_orchestration_telemetry,
                  s.telemetry.enable_resource_metrics, s.server.ui.show_promotional_content]))
"""


@dataclass(frozen=True)
class Address:
    """Where a program turned to."""

    family: str
    host: str
    port: int

    @property
    def is_outside(self) -> bool:
        """Neither of this machine nor a way of asking its kernel; a name server is outside wherever it runs."""
        if self.family in ("UNIX", "NETLINK", "UNSPEC"):
            return False
        return self.port == 53 or not self.host or not ip_address(self.host).is_loopback


def tracing(trace: Path) -> list[str]:
    """What runs a command so that each address it or a child of its turns to is written down; the command stays our child."""
    calls = "trace=connect,sendto,sendmsg,sendmmsg"
    return ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-e", calls, "-e", "signal=none", "-o", str(trace)]


def read_trace(trace: Path) -> list[Address]:
    found = []
    for family, rest in re.findall(r"\{sa_family=AF_(\w+)([^}]*)\}", trace.read_text(encoding="utf-8")):
        host = re.search(r'inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"', rest)
        port = re.search(r"port=htons\((\d+)\)", rest)
        found.append(Address(family, (host[1] or host[2]) if host else "", int(port[1]) if port else 0))
    return found


def list_outside(trace: Path) -> set[Address]:
    return {address for address in read_trace(trace) if address.is_outside}


def run_browser(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def run_traced(trace: Path, command: Sequence[str | Path], said: dict[str, str]) -> None:
    subprocess.run([*tracing(trace), *command], check=True, env=os.environ | said, capture_output=True, timeout=300)


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Path]]:
    """The service on a machine whose environment would lead it outside, and the trace of it and all its children."""
    root = write_raw(tmp_path_factory.mktemp("office"), {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    trace = root / "trace.log"
    with serving(root, within=tracing(trace), said=MISLED) as (office, _):
        yield office, trace


@pytest.mark.programs
def test_the_trace_shows_a_connection_to_outside_of_any_child(tmp_path: Path) -> None:
    """Or the tests below would prove nothing. A datagram socket is connected without a word being sent."""
    program = """if True:
        import os, socket
        os.fork()
        for family, host in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET, "127.0.0.1")):
            socket.socket(family, socket.SOCK_DGRAM).connect((host, 9))
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.1", 53))
    """
    run_traced(tmp_path / "trace.log", [sys.executable, "-c", program], {})
    wait_for(lambda: len(read_trace(tmp_path / "trace.log")) == 6)
    assert list_outside(tmp_path / "trace.log") == {Address("INET", "192.0.2.1", 9), Address("INET", "127.0.0.1", 53)}


@pytest.mark.programs
def test_commands_turn_to_no_address_at_all(tmp_path: Path) -> None:
    root = write_raw(tmp_path, {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    for number, words in enumerate(
        (
            ["weekly", "--week-ending", "2022-07-22"],
            ["rerun", "--from", "2022-07-01", "--to", "2022-07-08"],
            ["explain", "行政许可", "办结"],
            ["query", "select count(*) from cases"],
            ["status"],
        )
    ):
        trace = root / f"{number}.log"
        run_traced(trace, [COMMAND, *words, "--root", str(root)], MISLED)
        assert [address for address in read_trace(trace) if address.family.startswith("INET")] == [], words


@pytest.mark.programs
def test_telemetry_is_off_as_the_server_and_each_run_see_it_whatever_the_environment_said(
    traced: tuple[Office, Path],
) -> None:
    office, _ = traced
    settings = office.ask("admin/settings", method="GET")
    server = settings["server"]
    assert (server["analytics_enabled"], server["ui"]["show_promotional_content"]) == (False, False)
    assert (
        settings["cloud"]["enable_orchestration_telemetry"] is settings["telemetry"]["enable_resource_metrics"] is False
    )
    with hold_lock(Project(office.root), "bulletin weekly of somebody"):
        run_id = office.start("rerun", first_day="2022-07-04", last_day="2022-07-05", wait_seconds=300)
        office.await_state(run_id, "RUNNING")
        processes = [*find_servers(office), *find_processes(run_id)]
        assert len(processes) >= 2
        for process in processes:
            variables = dict(
                item.split("=", 1) for item in read(Path(f"/proc/{process}/environ")).decode().split("\0") if item
            )
            asked = subprocess.run(
                [sys.executable, "-c", ASK_SETTINGS], env=variables, check=True, capture_output=True, text=True
            )
            assert json.loads(asked.stdout) == [False] * 5
    assert office.await_state(run_id, *ENDED)["state_type"] == "COMPLETED"


@pytest.mark.programs
def test_the_service_turns_to_no_address_outside_the_machine(traced: tuple[Office, Path]) -> None:
    """A weekly run, a rerun, the page with all it loads, and what the page asks the server to fetch from elsewhere."""
    office, trace = traced
    page = office.address.removesuffix("/api")
    for run_id in (
        office.start("weekly", week_end="2022-07-22"),
        office.start("rerun", first_day="2022-07-01", last_day="2022-07-08"),
    ):
        assert office.await_state(run_id, *ENDED)["state_type"] == "COMPLETED"
    with urllib.request.urlopen(f"{page}/", timeout=20) as answer:
        loaded = [
            link for *_, link, _ in lxml.html.fromstring(answer.read()).iterlinks() if link.startswith("/assets/")
        ]
    assert len(loaded) > 2
    for link in loaded:
        with urllib.request.urlopen(f"{page}{link}", timeout=20) as answer:
            assert answer.status == 200
    kinds = office.ask("collections/views/aggregate-worker-metadata", method="GET")
    assert "process" in json.dumps(kinds)  # its own copy, since it gets no other
    port = int(page.rpartition(":")[2])
    assert Address("INET", "127.0.0.1", port) in read_trace(trace)
    assert list_outside(trace) == set()


@pytest.mark.programs
def test_the_page_asks_nobody_but_its_own_server(traced: tuple[Office, Path], tmp_path: Path) -> None:
    """As a browser shows it; what that asks on its own account is apart. The server's other page, which tracks, is not there."""
    page, profile = traced[0].address.removesuffix("/api"), tmp_path / "profile"
    with visiting(traced[0], profile) as visitor:  # the browser keeps the secret
        visitor.sign_in()
    with urllib.request.urlopen(f"{page}/ui-settings", timeout=20) as answer:
        assert json.load(answer)["available_uis"] == ["v1"]
    for place, shown in (
        ("", "Flow Runs"),
        ("runs", "All run states"),
        ("deployments", "weekly"),
        ("v2/runs", "All run states"),
    ):
        log = tmp_path / "net.json"
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", f"--log-net-log={log}"]
        command = ["chromium", *options, f"--user-data-dir={profile}", "--dump-dom", f"{page}/{place}"]
        wait_for(lambda: shown in run_browser(command))  # noqa: B023 (called at once)
        net = json.loads(log.read_text(encoding="utf-8"))
        kind = net["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
        asked = [
            event["params"] for event in net["events"] if event["type"] == kind and "url" in event.get("params", {})
        ]
        own = {params["url"] for params in asked if params.get("initiator") == page}
        assert any(url.startswith(f"{page}/api/") for url in own)
        assert {url for url in own if not url.startswith((f"{page}/", "data:", "blob:"))} == set()


@pytest.mark.programs
def test_the_service_works_where_there_is_no_network() -> None:
    """Its own tests of a run that is due and of one asked for, where nothing but the loopback exists."""
    pass_service_tests(COMMAND)
