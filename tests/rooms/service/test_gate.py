"""The gate before the server: who may ask it at all, whatever else he knows."""

import asyncio
import socket
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

import pytest
from an_office import free_port

from flows.service.gate import Gate, listen

JSON = ("content-type", "application/json")
HERE = ("host", "127.0.0.1:4200")
PAGE = ("origin", "http://127.0.0.1:4200")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "ANYTHING")


def ask(*headers: tuple[str, str], method: str = "POST", host: str = "127.0.0.1", kind: str = "http") -> object:
    """What the gate of a server at `host` answers: the status, or `closed`; 200 is the server's own."""
    sent = send_through(*headers, method=method, host=host, kind=kind)
    return "closed" if sent[0]["type"] == "websocket.close" else HTTPStatus(sent[0]["status"]).name


def read_answer(*headers: tuple[str, str]) -> dict[str, str]:
    """The headers of the answer."""
    return {name.decode(): value.decode() for name, value in send_through(*headers)[0]["headers"]}


def send_through(
    *headers: tuple[str, str], method: str = "POST", host: str = "127.0.0.1", kind: str = "http"
) -> list[MutableMapping[str, Any]]:
    sent: list[MutableMapping[str, Any]] = []

    async def serve(_scope: object, _receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    asyncio.run(Gate(serve, host)({"type": kind, "method": method, "headers": pairs}, receive, send))
    return sent


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LocalHost", "[::1]"])
def test_a_program_and_the_page_itself_come_in_by_each_spelling_and_through_a_tunnel(name: str, method: str) -> None:
    for host in (name, f"{name}:4200", f"{name}:8080"):
        assert ask(("host", host), JSON, method=method) == "OK"
        assert ask(("host", host), ("origin", f"http://{host}"), JSON, method=method) == "OK"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "host",
    [
        *("elsewhere.example", "elsewhere.example:4200", "localhost.elsewhere.example", "127.0.0.1.elsewhere.example"),
        *("localhost.", "127.1", "2130706433", "0x7f000001", "0.0.0.0:4200", "192.0.2.1:4200", "127.0.0.2:4200"),
        *("", ":4200", "::1", "[::1", "[127.0.0.1]", "localhost:4200:1", "localhost:x", "user@localhost", "[::1]x"),
    ],
)
def test_a_name_or_address_that_is_not_this_server_s_is_refused_by_every_method(host: str, method: str) -> None:
    """A name of elsewhere may have been made to point to this machine: its page would be of this server's own origin."""
    assert ask(("host", host), JSON, method=method) == "MISDIRECTED_REQUEST"
    assert ask(("host", host), ("origin", f"http://{host}"), JSON, method=method) == "MISDIRECTED_REQUEST"


def test_no_host_and_two_are_refused() -> None:
    assert [ask(JSON), ask(HERE, HERE, JSON)] == ["MISDIRECTED_REQUEST"] * 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "origin",
    [
        *("null", "", "file://", "http://elsewhere.example", "http://127.0.0.1", "http://127.0.0.1:1"),
        *("http://localhost:4200", "http://127.0.0.1:4200.elsewhere.example", "chrome-extension://invented"),
    ],
)
def test_a_page_of_another_origin_is_refused_by_every_method(origin: str, method: str) -> None:
    assert ask(HERE, ("origin", origin), JSON, method=method) == "FORBIDDEN"
    assert ask(HERE, PAGE, ("origin", origin), JSON, method=method) == "FORBIDDEN"


@pytest.mark.parametrize("origin", ["null", "http://elsewhere.example", "http://127.0.0.1:1"])
def test_a_page_of_another_origin_opens_no_socket(origin: str) -> None:
    assert ask(HERE, ("origin", origin), kind="websocket") == "closed"
    assert ask(("host", "elsewhere.example:4200"), kind="websocket") == "closed"
    assert [ask(HERE, kind="websocket"), ask(HERE, PAGE, kind="websocket")] == ["OK", "OK"]


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "text/plain",
            "text/plain;application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
        ),
        *("", "application/jsonp", "text/json"),
    ],
)
def test_a_body_that_a_browser_sends_without_asking_first_is_refused(kind: str) -> None:
    assert ask(HERE, ("content-type", kind)) == "UNSUPPORTED_MEDIA_TYPE"
    assert ask(HERE, JSON, ("content-type", kind)) == "UNSUPPORTED_MEDIA_TYPE"


def test_a_body_of_no_kind_is_refused_and_no_body_needs_none() -> None:
    """Prefect would take a body of no kind for JSON."""
    assert ask(HERE, ("content-length", "2")) == "UNSUPPORTED_MEDIA_TYPE"
    assert ask(HERE, ("transfer-encoding", "chunked")) == "UNSUPPORTED_MEDIA_TYPE"
    assert [
        ask(HERE),
        ask(HERE, ("content-length", "0")),
        ask(HERE, ("content-type", "Application/JSON; charset=utf-8")),
    ] == ["OK"] * 3


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_takes_no_part_of_this_one_but_may_link_to_it(site: str) -> None:
    fetched = ("sec-fetch-site", site)
    assert ask(HERE, fetched, ("sec-fetch-mode", "no-cors"), method="GET") == "FORBIDDEN"
    assert ask(HERE, fetched, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe"), method="GET") == "FORBIDDEN"
    assert ask(HERE, fetched, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), method="GET") == "OK"


def test_every_answer_forbids_frames_and_code_of_elsewhere() -> None:
    """A refusal, too."""
    answers = [read_answer(HERE, JSON), read_answer(("host", "elsewhere.example"))]
    for headers in answers:
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src 'self' 'unsafe-eval';" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_server_that_others_reach_is_asked_by_address_or_by_the_name_of_the_machine() -> None:
    """An address cannot be made to point elsewhere; a container does not know by which of them it is reached."""
    asked = ("192.0.2.1:4200", "[2001:db8::1]:4200", "localhost:4200", f"{socket.gethostname()}:4200")
    for name in asked:
        assert ask(("host", name), ("origin", f"http://{name}".lower()), host="0.0.0.0") == "OK"
    assert ask(("host", "elsewhere.example:4200"), host="0.0.0.0") == "MISDIRECTED_REQUEST"
    assert ask(("host", "0.0.0.0:4200"), host="0.0.0.0") == "MISDIRECTED_REQUEST"


def test_who_listens_at_127_0_0_1_is_localhost_whichever_address_that_is_and_lets_nobody_else_be_it() -> None:
    port = free_port()
    taken = listen("127.0.0.1", port)
    try:
        assert [found.getsockname()[0] for found in taken] == ["127.0.0.1", "::1"][: 1 + socket.has_dualstack_ipv6()]
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", port)
    finally:
        for found in taken:
            found.close()
