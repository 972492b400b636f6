"""Nobody gets in: other users of this machine, pages of elsewhere in a real browser, and who can write to the API."""

import http.client
import http.server
import json
import os
import re
import stat
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from a_root import GOOD_ROW, write_raw, write_table
from an_office import Office, serving
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from processes import find_servers, read
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from visitors import visiting

from flows.service.own_runs import find_change
from flows.service.sessions import write_address

PASSWORD = "of-the-mail-server"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Started where everything new is for everybody, with files of an earlier service that everybody could read."""
    root = write_raw(tmp_path_factory.mktemp("office"), {"2022-07-22/许可.csv": write_table(GOOD_ROW)})
    (root / "data/service/ui").mkdir(parents=True)
    (root / "data/service/ui/of-before").write_text("", encoding="utf-8")
    (root / "data/service/ui/of-before").chmod(0o666)
    (root / "data/service").chmod(0o777)
    (root / "bulletin.toml").write_text('webhook = "https://robot.example/send?key=1"\n', encoding="utf-8")
    (root / "bulletin.toml").chmod(0o644)
    before = os.umask(0)
    try:
        with serving(root, said={"BULLETIN_SMTP_PASSWORD": PASSWORD}) as (opened, _):
            yield opened
    finally:
        os.umask(before)


def change(office: Office, path: str, **values: object) -> None:
    request = urllib.request.Request(
        f"{office.address}/{path}", json.dumps(values).encode(), office.say_headers(), method="PATCH"
    )
    urllib.request.urlopen(request, timeout=20).close()


def list_asked(office: Office) -> list[str]:
    """The runs that somebody asked for."""
    return sorted(run["id"] for run in office.ask("flow_runs/filter") if not run["auto_scheduled"])


# ---------------------------------------------------------------- who can write to the API


FOREIGN_DEPLOYMENTS: dict[str, dict[str, Any]] = {
    "pull_steps": {"pull_steps": [{"prefect.deployments.steps.run_shell_script": {"script": "touch taken"}}]},
    "entrypoint": {"entrypoint": "os.system"},
    "job_variables": {"job_variables": {"command": "touch taken"}},
}


@pytest.mark.parametrize("what", FOREIGN_DEPLOYMENTS)
def test_a_deployment_that_was_changed_is_not_run_and_the_run_says_what_was_changed(office: Office, what: str) -> None:
    deployment = office.find_deployment("rerun")
    change(office, f"deployments/{deployment['id']}", **FOREIGN_DEPLOYMENTS[what])
    run_id = office.start("rerun", first_day="2022-07-01", last_day="2022-07-08")
    ended = office.await_state(run_id, "COMPLETED", "FAILED", "CRASHED")
    change(office, f"deployments/{deployment['id']}", **{what: deployment[what]})
    assert ended["state_type"] == "FAILED"
    assert (
        f"not run: {what} of the run or its deployment is not as this service has set it." in ended["state"]["message"]
    )
    assert not (office.root / "reports/2022-07-01_2022-07-08").exists()


@pytest.mark.parametrize(
    ("what", "asked"),
    [
        ("job_variables", {"job_variables": {"env": {"PYTHONPATH": "/tmp"}}}),
        ("root", {"parameters": {"first_day": "2022-07-01", "last_day": "2022-07-08", "root": "/"}}),
    ],
)
def test_a_run_of_another_root_or_with_variables_of_its_own_is_not_run(
    office: Office, what: str, asked: dict[str, Any]
) -> None:
    own = {"first_day": "2022-07-01", "last_day": "2022-07-08", "root": str(office.root)}
    deployment = office.find_deployment("rerun")
    made = office.ask(f"deployments/{deployment['id']}/create_flow_run", {"parameters": own} | asked)
    ended = office.await_state(made["id"], "COMPLETED", "FAILED", "CRASHED")
    assert (ended["state_type"], f"not run: {what} of" in ended["state"]["message"]) == ("FAILED", True)


@pytest.mark.parametrize(
    ("deployment", "change"),
    [
        (None, "entrypoint"),
        ({"name": "weekly", "entrypoint": "flows.weekly.weekly"}, ""),
        ({"name": "weekly", "entrypoint": "flows.rerun.rerun"}, "entrypoint"),
        ({"name": "weekly", "entrypoint": None}, "entrypoint"),
        ({"name": "other", "entrypoint": None}, "entrypoint"),
        ({"name": "other", "entrypoint": "flows.weekly.weekly"}, "entrypoint"),
    ],
)
def test_only_the_two_deployments_of_the_service_are_its_own(
    deployment: dict[str, Any] | None, change: str, tmp_path: Path
) -> None:
    run = FlowRun.model_construct(parameters={"root": str(tmp_path)})
    found = DeploymentResponse.model_construct(**deployment) if deployment else None
    assert find_change(tmp_path, run, found) == change


def test_a_run_that_reaches_its_process_with_another_root_ends_there(tmp_path: Path) -> None:
    """Its parameters may be changed once more after they were looked at."""
    roots = [write_raw(tmp_path / name, {"2022-07-22/许可.csv": ""}) for name in ("own", "other")]
    program = (
        "import sys; from pathlib import Path; from flows.service.tasks import open_own_root; "
        "print(*(open_own_root(Path(root)).root for root in sys.argv[1:]))"
    )
    environment = os.environ | {"BULLETIN_SERVED_ROOT": str(roots[0])}
    for asked, code in (([roots[0]], 0), (roots, 1)):
        said = subprocess.run(
            [sys.executable, "-c", program, *asked], env=environment, check=False, capture_output=True, text=True
        )
        assert said.returncode == code
    assert f"this service runs in {roots[0]} alone, not in {roots[1]}." in said.stderr


# ---------------------------------------------------------------- other users of this machine


def test_another_user_of_this_machine_reads_nothing_and_starts_nothing(office: Office) -> None:
    before, deployment = list_asked(office), office.find_deployment("weekly")["id"]
    program = """if True:
        import json, os, sys, urllib.error, urllib.request
        address, deployment, secret = sys.argv[1:]
        def ask(path, data=None):
            try:
                request = urllib.request.Request(f"{address}/{path}", data, {"Content-Type": "application/json"})
                return urllib.request.urlopen(request, timeout=20).status
            except urllib.error.HTTPError as error:
                return error.code
        def show(place):
            try:
                return urllib.request.urlopen(address.removesuffix("api") + place, timeout=20).status
            except urllib.error.HTTPError as error:
                return error.code
        def read():
            try:
                return open(secret).read()
            except PermissionError:
                return "no"
        ask("health")  # what is imported on the way may lie where that user cannot read it
        if os.getuid() == 0:
            os.setgroups([]), os.setgid(65534), os.setuid(65534)
        told = [ask("admin/version"), ask("flow_runs/filter", b"{}"), ask("logs/filter", b"{}")]
        told += [show("reports/"), show("query?sql=select+1"), show("query.csv?sql=select+1")]
        print(json.dumps([*told, ask(f"deployments/{deployment}/create_flow_run", b"{}"), read()]))
    """
    secret = office.root / "data/service/api.secret" if os.getuid() == 0 else Path("/etc/shadow")
    words: list[str | Path] = [sys.executable, "-c", program, office.address, deployment, secret]
    said = subprocess.run(words, check=True, capture_output=True, text=True, cwd="/")
    assert json.loads(said.stdout) == [401, 401, 401, 401, 401, 401, 401, "no"]
    assert list_asked(office) == before


def test_what_the_service_keeps_is_closed_to_others_as_is_what_an_earlier_one_left(office: Office) -> None:
    run_id = office.start("weekly", week_end="2022-07-22")
    assert office.await_state(run_id, "COMPLETED", "FAILED", "CRASHED")["state_type"] == "COMPLETED"
    folder = office.root / "data/service"
    files = [path for path in folder.rglob("*") if path.is_file()]
    modes = {path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in files}
    assert {"prefect.db", "server.log", "api.secret", "ui/of-before", "api.url", ".lock"} <= modes.keys()
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o027} == {}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    told = (office.root / "up.log").read_text(encoding="utf-8")
    assert f"warning: others can read {office.root}/bulletin.toml, and with it the address" in told
    written = [path for path in (office.root / "reports").rglob("*") if path.is_file()]
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in written} == {"0o640"}


def test_no_secret_stands_in_a_command_line_a_log_or_the_environment_of_who_does_not_need_it(office: Office) -> None:
    secrets = [office.secret.encode(), PASSWORD.encode()]
    lines = b"\n".join(read(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
    logs = [*office.root.glob("data/service/*.log"), *office.root.glob("*.log"), *office.root.rglob("*.jsonl")]
    assert len(logs) >= 2
    said = lines + b"\n".join(path.read_bytes() for path in logs)
    assert [secret for secret in secrets if secret in said] == []
    (server,) = find_servers(office)
    assert PASSWORD.encode() not in Path(f"/proc/{server}/environ").read_bytes()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_a_request_by_another_name_of_another_page_or_of_another_kind_is_refused_even_with_the_secret(
    office: Office, method: str
) -> None:
    """As they arrive at the server itself; the gate's own tests have many more."""
    host, _, port = office.address.removeprefix("http://").removesuffix("/api").partition(":")
    own = {name.lower(): value for name, value in office.say_headers().items()} | {"host": f"{host}:{port}"}
    for name, value, status in (
        ("host", f"elsewhere.example:{port}", 421),
        ("origin", "null", 403),
        ("origin", "http://127.0.0.1:1", 403),
        ("content-type", "text/plain", 415),
    ):
        line = http.client.HTTPConnection(host, int(port), timeout=20)
        line.putrequest(method, "/api/flow_runs/filter", skip_host=True)
        for header, said in (own | {name: value, "content-length": "2"}).items():
            line.putheader(header, said)
        line.endheaders(b"{}")
        answer = line.getresponse()
        assert (answer.status, name, value) == (status, name, value)
        assert answer.headers["access-control-allow-origin"] is None
        line.close()


# ---------------------------------------------------------------- pages of elsewhere

ATTACK = """
const [api, deployment, done] = arguments;
const page = api.replace("/api", "");
const run = `${api}/deployments/${deployment}/create_flow_run`;
const json = {"Content-Type": "application/json"};
const tries = {
  "read": () => fetch(`${api}/admin/version`),
  "read with what the browser keeps": () => fetch(`${api}/admin/version`, {credentials: "include"}),
  "read blindly": () => fetch(`${api}/admin/version`, {mode: "no-cors"}),
  "list": () => fetch(`${api}/flow_runs/filter`, {method: "POST", headers: json, body: "{}"}),
  "guess": () => fetch(`${api}/admin/version`, {headers: {"Authorization": "Basic YnVsbGV0aW46Z3Vlc3NlZA=="}}),
  "run": () => fetch(run, {method: "POST", headers: json, body: "{}"}),
  "run as text": () => fetch(run, {method: "POST", mode: "no-cors", body: "{}"}),
  "run as nothing": () => fetch(run, {method: "POST", mode: "no-cors", body: new Blob(["{}"])}),
  "run as a form": () => fetch(run, {method: "POST", mode: "no-cors", body: new URLSearchParams({a: "1"})}),
  "read a report": () => fetch(`${page}/reports/`, {credentials: "include"}),
  "ask": () => fetch(`${page}/query?sql=select+1`, {credentials: "include"}),
  "take an answer blindly": () => fetch(`${page}/query.csv?sql=select+1`, {mode: "no-cors", credentials: "include"}),
  "delete": () => fetch(`${api}/deployments/${deployment}`, {method: "DELETE"}),
  "listen": () => new Promise((opened, refused) => {
    const socket = new WebSocket(`${api.replace("http", "ws")}/events/out`, "prefect");
    socket.onopen = () => opened({status: "open"});
    socket.onerror = refused;
  }),
};
Promise.all(Object.entries(tries).map(([name, attempt]) =>
  attempt().then(async answer => [name, answer.status, answer.text ? await answer.text() : ""], () => [name, "refused", ""])
)).then(done);
"""


@contextmanager
def publishing(folder: Path) -> Iterator[str]:
    """A site of somebody's on this machine: another port."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{site.server_port}"
        site.shutdown()


@pytest.mark.programs
def test_no_page_of_elsewhere_reads_or_starts_anything_in_the_browser_of_somebody_who_is_signed_in(
    office: Office, tmp_path: Path
) -> None:
    """A local file, a sandboxed frame, another port, and a name of elsewhere that points to this machine."""
    before, deployment = list_asked(office), office.find_deployment("weekly")["id"]
    port = re.findall(r":(\d+)/", office.address)[0]
    page = tmp_path / "site" / "index.html"
    page.parent.mkdir()
    frame = f"<iframe id='shown' src='http://127.0.0.1:{port}/'></iframe>"
    page.write_text(f"<iframe id='sandbox' sandbox='allow-scripts' srcdoc='<p>'></iframe>{frame}", encoding="utf-8")

    def attack(browser: Chrome, api: str) -> list[list[Any]]:
        found: list[list[Any]] = browser.execute_async_script(ATTACK, api, deployment)
        return [found for found in found if found[1:] != ["refused", ""]]

    names = "MAP elsewhere.example 127.0.0.1 , EXCLUDE localhost , "
    with publishing(page.parent) as site, visiting(office, tmp_path / "profile", names=names) as visitor:
        visitor.sign_in()
        browser = visitor.browser
        browser.get(write_address(visitor.page, office.secret))
        assert browser.get_cookies()[0]["name"] == "bulletin"
        spellings = [f"http://127.0.0.1:{port}/api", f"http://localhost:{port}/api"]
        for address in (page.as_uri(), f"http://{site}/", f"http://elsewhere.example:{site.partition(':')[2]}/"):
            browser.get(address)
            assert [attack(browser, api) for api in spellings] == [[], []], address
            browser.switch_to.frame(browser.find_element(By.ID, "sandbox"))
            assert [attack(browser, api) for api in spellings] == [[], []], f"sandbox of {address}"
            browser.switch_to.default_content()
            browser.switch_to.frame(browser.find_element(By.ID, "shown"))
            assert browser.find_elements(By.XPATH, "//*[normalize-space() = 'Deployments']") == []
            browser.switch_to.default_content()
        browser.get(f"http://elsewhere.example:{port}/")  # the server itself, under a name that was made to point to it
        assert browser.find_element(By.TAG_NAME, "body").text == "Misdirected Request"
        told = attack(browser, f"http://elsewhere.example:{port}/api")
        assert {(status, text) for _, status, text in told} == {(421, "Misdirected Request\n")}
        browser.get(visitor.page)  # what is tried does arrive: from the page itself, it is asked for the secret
        arrived = {status for _, status, _ in attack(browser, spellings[0])}
        # there may be no report yet (404), and no warehouse to ask (422)
        assert arrived - {200, 404, 422} == {401, 415, "open"}
        assert arrived & {200, 422}
    assert list_asked(office) == before


@pytest.mark.programs
def test_the_page_is_used_by_the_name_localhost_too(office: Office, tmp_path: Path) -> None:
    with visiting(office, tmp_path, names="EXCLUDE localhost , ") as visitor:
        visitor.page = visitor.page.replace("127.0.0.1", "localhost")
        visitor.sign_in()
        visitor.click("Deployments", "a")
        visitor.find("//a[normalize-space() = 'weekly']")
