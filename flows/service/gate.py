"""The gate before the server: who may ask it at all. The secret decides what comes after."""

import contextlib
import errno
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Container, MutableMapping
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_NO_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
# What a page of this server may do: run its own files only, whatever a name in a delivery says, and reach nobody else. No page
# of elsewhere may show it in a frame, where clicks can be guided, or take parts of it.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; worker-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_ANSWERS = [(b"content-security-policy", _POLICY.encode()), (b"cross-origin-resource-policy", b"same-origin")]


class Gate:
    """Before an ASGI application: lets in programs, and pages that the application itself has sent.

    A browser names the page that asks (Origin) and the server it believes to ask (Host): a name that was made to point
    to this machine is not this machine's, and a page of another origin – another port, a local file – is not ours. A
    body has to be JSON: a browser sends anything else without asking first.
    """

    def __init__(self, app: App, host: str, *, name: str = "", forms: Container[str] = ()) -> None:
        """`host`: the address at which the server listens; `name`: that of a reverse proxy before it.

        `forms`: paths that take a form, too, if a page of this server sends it.
        """
        self._app, self._host, self._name, self._forms = app, host, name.lower(), forms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        send = _adding_headers(send)
        if not (refusal := self._find_refusal(scope)):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            text = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": int(refusal), "headers": text})
            await send({"type": "http.response.body", "body": f"{refusal.phrase}\n".encode()})

    def _find_refusal(self, scope: Scope) -> HTTPStatus | None:
        given: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            given.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").lower())
        host = given.get("host", [])
        if len(host) != 1 or not self._is_own(host[0]):
            return HTTPStatus.MISDIRECTED_REQUEST
        if any(origin not in (f"http://{host[0]}", f"https://{host[0]}") for origin in given.get("origin", [])):
            return HTTPStatus.FORBIDDEN
        if _is_from_elsewhere(given):
            return HTTPStatus.FORBIDDEN
        if _is_json(given) or (_is_own_form(given) and scope["path"] in self._forms):
            return None
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE

    def _is_own(self, host: str) -> bool:
        """Whether a host names this machine; a tunnel or a container may have given it another port."""
        name, is_bracketed, port = host.removeprefix("[").partition("]") if host[:1] == "[" else (host, "", "")
        if not is_bracketed:
            name, colon, port = host.partition(":")
            port = colon + port
        if port and not (port[0] == ":" and port[1:].isdecimal()):
            return False
        if name in LOOPBACK | {self._host} and name != "0.0.0.0":
            return (":" in name) == bool(is_bracketed)
        if name == self._name:
            return bool(name)
        if is_local(self._host) or name == socket.gethostname().lower():
            return not is_local(self._host)
        # of no name: an address that a browser asks is the address that it reaches
        with contextlib.suppress(ValueError):
            return not ipaddress.ip_address(name).is_unspecified
        return False


def is_local(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    return host in LOOPBACK or host.startswith("127.")


def listen(host: str, port: int) -> list[socket.socket]:
    """The sockets of a server at an address; with 127.0.0.1 goes ::1, so that `localhost` is nobody else's.

    Raises:
        OSError, OverflowError: the port is taken or not allowed, or the address is none of this machine.
    """
    taken = [socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)]
    if host in ("127.0.0.1", "0.0.0.0"):
        try:
            taken.append(socket.create_server(("::1", port), family=socket.AF_INET6))
        except OSError as error:
            if error.errno not in _NO_ADDRESS:  # a machine without IPv6 has no other `localhost`
                taken[0].close()
                raise
    return taken


def _is_from_elsewhere(given: dict[str, list[str]]) -> bool:
    """A part of another page; a link that opens the page itself is none."""
    is_link = given.get("sec-fetch-mode") == ["navigate"] and given.get("sec-fetch-dest") == ["document"]
    return not is_link and any(site in ("cross-site", "same-site") for site in given.get("sec-fetch-site", []))


def _is_json(given: dict[str, list[str]]) -> bool:
    """Whether the body is JSON, or there is none."""
    if kinds := given.get("content-type"):
        return [kind.partition(";")[0].strip() for kind in kinds] == ["application/json"]
    return given.get("content-length", ["0"]) == ["0"] and "transfer-encoding" not in given


def _is_own_form(given: dict[str, list[str]]) -> bool:
    """Whether the body is a form of a page that names itself; that it is one of this server has been looked at."""
    return given.get("content-type") == ["application/x-www-form-urlencoded"] and len(given.get("origin", [])) == 1


def _adding_headers(send: Send) -> Send:
    async def add(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            said = message.get("headers", [])
            names = {name.lower() for name, _ in said}  # a page may have a stricter policy of its own
            message["headers"] = [*said, *(answer for answer in _ANSWERS if answer[0] not in names)]
        await send(message)

    return add
