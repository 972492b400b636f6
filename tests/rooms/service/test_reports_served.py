"""The pages of the service: who is let in, what is shown of reports/, and what stays closed whatever is asked for."""

import base64
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote

import pytest
from a_root import write_raw
from callers import Caller
from starlette.responses import PlainTextResponse

from flows.root.project import Project, open_project
from flows.service.gate import Gate
from flows.service.pages import Pages
from flows.service.sessions import COOKIE, SIGN_IN, Address, Sessions, find_user, write_address
from flows.service.shelf import read_report

SECRET = "bulletin:invented"
PAGE = "http://127.0.0.1:4200"
NOTHING = "There is no such report. All that there are: /reports/\n"
KNOWN = {"Authorization": f"Basic {base64.b64encode(SECRET.encode()).decode()}"}
READS = {"Accept": "text/html"}


def put(root: Path, **files: str) -> Project:
    """A root whose reports/ holds these files."""
    for name, content in ({"index.html": "home"} | files).items():
        path = root / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return open_project(write_raw(root, {}))


def visit(project: Project, page: str = PAGE) -> Caller:
    """Somebody's browser, before the pages as a server has them: behind the gate, before the application of Prefect."""
    app = Pages(PlainTextResponse("Prefect"), project, SECRET)
    gate = Gate(app, "127.0.0.1", name=project.settings.proxy_name, forms={SIGN_IN})
    return Caller(gate, page)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "bulletin.toml").write_text('language = "en"\n', encoding="utf-8")
    return tmp_path


# ---------------------------------------------------------------- who is let in


def test_without_the_secret_a_program_gets_nothing_and_a_browser_the_page_that_asks_for_it(root: Path) -> None:
    visitor = visit(put(root))
    assert visitor.get("/reports/").status_code == HTTPStatus.UNAUTHORIZED
    sent = visitor.get("/reports/2022-07-22/statistics.html?a=1", headers=READS)
    assert (sent.status_code, sent.headers["location"], sent.text) == (
        303,
        "/sign-in?next=/reports/2022-07-22/statistics.html%3Fa%3D1",
        "",
    )
    asked = visitor.get(sent.headers["location"])
    assert (asked.status_code, 'type="password"' in asked.text) == (200, True)
    assert f"cat {root}/data/service/api.secret" in asked.text
    assert "home" not in asked.text


def test_what_is_none_of_the_pages_goes_on_to_prefect(root: Path) -> None:
    assert visit(put(root)).get("/runs").text == "Prefect"


@pytest.mark.parametrize(
    "said",
    ["Basic", "Basic !", "Basic YnVsbGV0aW46Z3Vlc3NlZA==", "Basic /w==", f"Bearer {SECRET}", SECRET, "Basic Og=="],
)
def test_a_wrong_secret_opens_nothing_and_the_right_one_does(root: Path, said: str) -> None:
    visitor = visit(put(root))
    assert visitor.get("/reports/", headers={"Authorization": said}).status_code == HTTPStatus.UNAUTHORIZED
    assert visitor.get("/reports/", headers=KNOWN).text == "home"


def test_who_enters_the_secret_gets_a_cookie_that_no_script_and_no_other_site_gets_and_comes_to_where_he_was_going(
    root: Path,
) -> None:
    visitor = visit(put(root))
    form = {"secret": f"{SECRET}\n", "next": "/reports/dictionary.html"}
    entered = visitor.post(SIGN_IN, form, headers={"Origin": PAGE})
    assert (entered.status_code, entered.headers["location"]) == (303, "/reports/dictionary.html")
    attributes = {part.strip().lower() for part in entered.headers["set-cookie"].split(";")[1:]}
    assert attributes == {"httponly", "samesite=strict", "path=/", "max-age=43200"}
    assert SECRET not in entered.headers["set-cookie"]
    assert visitor.get("/reports/").text == "home"


def test_a_wrong_secret_is_asked_for_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.service.pages._SECONDS_AFTER_A_WRONG_SECRET", 0)
    visitor = visit(put(root))
    for secret in ("", "bulletin:guessed", "bulletin:invented x", "x" * 5000):
        answer = visitor.post(SIGN_IN, {"secret": secret}, headers={"Origin": PAGE})
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
        assert "this is not the secret of this service" in answer.text


@pytest.mark.parametrize("origin", [None, "null", "http://elsewhere.example", "http://127.0.0.1:1"])
def test_a_form_of_another_page_signs_nobody_in(root: Path, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    answer = visit(put(root)).post(SIGN_IN, {"secret": SECRET}, headers=headers)
    assert (answer.status_code in (403, 415), "set-cookie" in answer.headers) == (True, False)


@pytest.mark.parametrize(
    "place", ["http://elsewhere.example/reports/", "//elsewhere.example/reports/", "/\\elsewhere.example", "/api", ""]
)
def test_after_signing_in_nobody_is_sent_elsewhere(root: Path, place: str) -> None:
    form = {"secret": SECRET, "next": place}
    assert visit(put(root)).post(SIGN_IN, form, headers={"Origin": PAGE}).headers["location"] == "/reports/"


def test_the_address_that_is_printed_opens_a_session_once(root: Path) -> None:
    visitor = visit(put(root))
    place = write_address(PAGE, SECRET).removeprefix(PAGE)
    assert SECRET.split(":")[1] not in place
    assert visitor.get(place).headers["location"] == "/reports/"
    assert visitor.get("/reports/").text == "home"
    again = visit(put(root), PAGE)
    assert visitor.get(place).status_code == HTTPStatus.FORBIDDEN
    assert again.get(place.replace("ticket=1", "ticket=2")).status_code == HTTPStatus.FORBIDDEN


def test_an_address_and_a_session_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visit(put(root))
    places = [write_address(PAGE, SECRET).removeprefix(PAGE) for _ in range(2)]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 599)
    assert visitor.get(places[0]).status_code == 303
    monkeypatch.setattr(time, "time", lambda: now + 602)
    assert visit(put(root)).get(places[1]).status_code == HTTPStatus.FORBIDDEN
    assert visitor.get("/reports/").status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + 600 + 12 * 3600)
    assert visitor.get("/reports/").status_code == HTTPStatus.UNAUTHORIZED


def test_a_session_is_of_one_secret_and_a_ticket_is_no_session() -> None:
    cookie = Sessions(SECRET).open(None, None)
    ticket = write_address("", SECRET).partition("=")[2]
    taken = [
        *(cookie, ticket, cookie.replace(".", ".0"), f"9{cookie}", "9999999999.", "9999999999.00", ".", "", "é.é"),
    ]
    assert [Sessions(SECRET).is_let_in({}, each, None, None) for each in taken] == [True, *[False] * 8]
    assert not Sessions("bulletin:another").is_let_in({}, cookie, None, None)


# ---------------------------------------------------------------- a cookie that another user of this machine has caught


@contextmanager
def connected(family: socket.AddressFamily, host: str) -> Iterator[tuple[Address, Address]]:
    with socket.create_server((host, 0), family=family) as door, socket.socket(family) as caller:
        caller.connect(door.getsockname()[:2])
        yield caller.getsockname()[:2], door.getsockname()[:2]


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_who_is_at_the_other_end_is_told_by_the_kernel(family: socket.AddressFamily, host: str) -> None:
    with connected(family, host) as (client, server):
        assert find_user(client, server) == str(os.getuid())
        assert find_user((client[0], 1), server) == ""
    assert find_user(("192.0.2.1", 1), ("192.0.2.2", 4200)) == ""


def test_the_cookie_of_one_user_of_this_machine_lets_no_other_one_in() -> None:
    """Whom only root can have run a program."""
    program = """if True:
        import os, socket, sys
        "".encode("idna")  # what is imported on the way may lie where that user cannot read it
        os.getuid() or os.setuid(65534)
        caller = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        print(caller.getsockname()[1], flush=True)
        input()
    """
    with connected(socket.AF_INET, "127.0.0.1") as (client, server):
        cookie = Sessions(SECRET).open(client, server)
        words = [sys.executable, "-c", program, str(server[1])]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout
            thief = ("127.0.0.1", int(other.stdout.readline()))
            let_in = [Sessions(SECRET).is_let_in({}, cookie, each, server) for each in (client, thief)]
            other.communicate("\n")
    assert let_in == [True, os.getuid() != 0]


# ---------------------------------------------------------------- what is shown


WEEK = {
    "2022-07-22/statistics.html": "<p>",
    "2022-07-22/statistics.json": "{}",
    "2022-07-22/draft/checks.md": "# 检查",
    "2022-07-22/published/更正说明.docx": "PK",
    "2022-07-01_2022-07-08/2022-07-08/statistics.txt": "据",
    "2022-07-01_2022-07-08/range.xlsx": "PK",
    "dictionary.html": "<p>",
}


def test_what_the_program_writes_is_shown_as_what_it_is_and_kept_by_no_cache(root: Path) -> None:
    visitor = visit(put(root, **WEEK))
    kinds = {}
    for name, content in WEEK.items():
        answer = visitor.get(f"/reports/{name}", headers=KNOWN)
        assert (answer.status_code, answer.content.decode()) == (200, content)
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
        kinds[name.rpartition(".")[2]] = answer.headers["content-type"].partition(";")[0]
    assert kinds == {
        "html": "text/html",
        "json": "application/json",
        "md": "text/plain",
        "txt": "text/plain",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    assert visitor.post("/reports/", headers=KNOWN).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_report_runs_the_scripts_of_our_own_pages_alone(root: Path) -> None:
    (policy,) = visit(put(root)).get("/reports/", headers=KNOWN).headers.get_list("content-security-policy")
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    scripts = said.pop("script-src").split()  # of the section, and of the dictionary
    assert [bool(re.fullmatch(r"'sha256-[\w+/=]{44}'", script)) for script in scripts] == [True, True]
    assert said == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.parametrize(
    "name",
    [
        *("../bulletin.toml", "..%2fbulletin.toml", "%2e%2e/bulletin.toml", "2022-07-22/../../bulletin.toml"),
        *("2022-07-22/..%2f..%2fdata%2fservice%2fapi.secret", "/etc/hosts.txt", "%2fetc%2fhosts.txt", "etc/hosts.txt"),
        *(
            "runs.jsonl",
            ".hidden.html",
            "2022-07-22/.statistics.html.part",
            "2022-07-22",
            "2022-07-22/",
            "2022-07-22/x",
        ),
        *("linked.html", "2022-07-29/statistics.html", "pipe.html", "folder.html", "private/notes.html", "absent.html"),
        *(
            "index.html%00.html",
            "index.html/",
            "index.html/x.html",
            "C:%5cwindows.txt",
            "%ff.html",
            "a" * 400 + ".html",
        ),
    ],
)
def test_nothing_else_is_shown_whatever_is_asked_for(root: Path, name: str) -> None:
    project = put(root, **WEEK)
    (root / "secret.html").write_text("taken", encoding="utf-8")
    (root / "2022-07-29").mkdir()
    (root / "2022-07-29/statistics.html").write_text("taken", encoding="utf-8")
    (root / "reports/runs.jsonl").write_text("taken", encoding="utf-8")
    (root / "reports/private").mkdir(exist_ok=True)
    for path in ("private/notes.html", ".hidden.html", "2022-07-22/.statistics.html.part", "2022-07-22/x"):
        (root / "reports" / path).write_text("taken", encoding="utf-8")
    (root / "reports/linked.html").symlink_to(root / "secret.html")
    (root / "reports/2022-07-29").symlink_to(root / "2022-07-29")
    (root / "reports/folder.html").mkdir()
    os.mkfifo(root / "reports/pipe.html")
    with pytest.raises(FileNotFoundError):
        read_report(project.reports, unquote(name, errors="surrogateescape"))
    answer = visit(project).get(f"/reports/{name}", headers=KNOWN)
    assert (answer.status_code, answer.text) in ((404, NOTHING), (200, "Prefect"))


# ---------------------------------------------------------------- behind a reverse proxy

OFFICE = "https://bulletin.office.example"


def test_a_proxy_that_brings_the_secret_lets_in_whom_it_knows(root: Path) -> None:
    (root / "bulletin.toml").write_text(
        'proxy_name = "bulletin.office.example"\nproxy_user = "X-Remote-User"\n', encoding="utf-8"
    )
    visitor = visit(put(root), OFFICE)
    known = {"X-Remote-User": "somebody"}
    told = [visitor.get("/reports/", headers=each).status_code for each in (known | KNOWN, KNOWN, known, {})]
    assert told == [200, 401, 401, 401]


def test_another_name_than_that_of_the_proxy_is_refused(root: Path) -> None:
    assert visit(put(root), OFFICE).get("/reports/", headers=KNOWN).status_code == HTTPStatus.MISDIRECTED_REQUEST


def test_a_cookie_that_came_encrypted_goes_back_encrypted_only(root: Path) -> None:
    (root / "bulletin.toml").write_text('proxy_name = "bulletin.office.example"\n', encoding="utf-8")
    headers = {"Origin": OFFICE, "X-Forwarded-Proto": "https"}
    entered = visit(put(root), OFFICE).post(SIGN_IN, {"secret": SECRET}, headers=headers)
    assert "Secure" in entered.headers["set-cookie"]
    assert COOKIE in entered.cookies
