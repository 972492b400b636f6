"""The pages beside Prefect's own: signing in, reports, questions. Nobody sees them without the secret or a session."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import parse_qs, quote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from flows.domain.text import Text, speak
from flows.report.sign_in_page import write_sign_in
from flows.report.templates import list_scripts
from flows.root.command_line import type_anywhere
from flows.root.project import Project
from flows.root.settings import preferred_language
from flows.service.gate import App, Receive, Scope, Send
from flows.service.questions import DOWNLOADS, QUERY, Questions
from flows.service.secret import say_secret
from flows.service.sessions import COOKIE, SESSION_SECONDS, SIGN_IN, Sessions
from flows.service.shelf import read_report

REPORTS = "/reports/"
_LONGEST_FORM = 4096
_SECONDS_AFTER_A_WRONG_SECRET = 1
_SCRIPTS = " ".join(f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'" for text in list_scripts())
# What a page may do: show itself, run the scripts of our own templates, send its form here. Whatever a file of reports/ brings
# along besides is not run, and reaches nobody.
_POLICY = (
    f"default-src 'none'; script-src {_SCRIPTS}; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
Answerer = Callable[[Request], Awaitable[Response]]


class Pages:
    """Before the application of Prefect: answers what is asked of the pages, hands on all else."""

    def __init__(self, app: App, project: Project, secret: str) -> None:
        """`secret`: what the API asks for, `name:password`."""
        self._app, self._project, self._sessions = app, project, Sessions(secret)
        self._language = preferred_language(project.settings)
        self._guessing = asyncio.Lock()
        questions = Questions(project)
        self._own = Starlette(
            routes=[
                Route(SIGN_IN, self._sign_in, methods=["GET", "POST"]),
                Route(REPORTS + "{name:path}", self._signed_in(self._show_report)),
                Route(QUERY, self._signed_in(questions.show)),
                *(Route(f"{QUERY}.{form}", self._signed_in(questions.send)) for form in DOWNLOADS),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_own(scope["path"]):
            speak(self._language)
            type_anywhere(self._project)
            await self._own(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _signed_in(self, answer: Answerer) -> Answerer:
        """The same for whoever is let in; others are shown where to sign in."""

        async def asked(request: Request) -> Response:
            if self._is_let_in(request):
                return _sealed(await answer(request))
            if "text/html" not in request.headers.get("accept", ""):
                return _sealed(PlainTextResponse("Unauthorized\n", HTTPStatus.UNAUTHORIZED))
            place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return _sealed(RedirectResponse(f"{SIGN_IN}?next={quote(place)}", HTTPStatus.SEE_OTHER))

        return asked

    def _is_let_in(self, request: Request) -> bool:
        settings = self._project.settings
        is_through_proxy = bool(settings.proxy_name) and request.url.hostname == settings.proxy_name.lower()
        if is_through_proxy and settings.proxy_user and not request.headers.get(settings.proxy_user):
            return False  # the proxy knows nobody
        return self._sessions.is_let_in(
            request.headers, request.cookies.get(COOKIE, ""), request.scope["client"], request.scope["server"]
        )

    async def _sign_in(self, request: Request) -> Response:
        after, problem = _choose_place(request.query_params.get("next", "")), None
        if request.method == "POST":
            given = parse_qs((await _read_body(request)).decode("utf-8", "replace"))
            after = _choose_place(given.get("next", [""])[0])
            if self._sessions.is_secret(given.get("secret", [""])[0].strip()):
                return self._let_in(request, after)
            async with self._guessing:  # one guess a second, however many ask
                await asyncio.sleep(_SECONDS_AFTER_A_WRONG_SECRET)
            problem = Text("this is not the secret of this service; enter the whole line name:password")
        elif ticket := request.query_params.get("ticket"):
            if self._sessions.use_ticket(ticket):
                return self._let_in(request, after)
            problem = Text("this address has been used, or is older than ten minutes: enter the secret instead")
        where = Text(
            "The secret is the line that this prints on the machine of the service: {command}",
            command=say_secret(self._project),
        )
        status = HTTPStatus.FORBIDDEN if problem else HTTPStatus.OK
        return _sealed(HTMLResponse(write_sign_in(SIGN_IN, after, where, problem), status))

    def _let_in(self, request: Request, after: str) -> Response:
        answer = RedirectResponse(after, HTTPStatus.SEE_OTHER)
        cookie = self._sessions.open(request.scope["client"], request.scope["server"])
        is_secure = request.headers.get("x-forwarded-proto") == "https"
        answer.set_cookie(COOKIE, cookie, SESSION_SECONDS, httponly=True, samesite="strict", secure=is_secure)
        return _sealed(answer)

    async def _show_report(self, request: Request) -> Response:
        name = request.path_params["name"]
        try:
            content, kind = await run_in_threadpool(read_report, self._project.reports, name)
        except FileNotFoundError:
            missing = Text("There is no such report. All that there are: {page}", page=REPORTS)
            return PlainTextResponse(f"{missing}\n", HTTPStatus.NOT_FOUND)
        return Response(content, media_type=kind)


def _is_own(path: str) -> bool:
    return path.startswith(REPORTS) or path in (SIGN_IN, QUERY, *(f"{QUERY}.{form}" for form in DOWNLOADS))


def _choose_place(asked: str) -> str:
    """Where to go after signing in: a page of ours."""
    parts = urlsplit(asked)
    is_own = not parts.scheme and not parts.netloc and parts.path.startswith((REPORTS, QUERY)) and "\\" not in asked
    return asked if is_own else REPORTS


async def _read_body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return b""
    return body


def _sealed(answer: Response) -> Response:
    answer.headers.update(_HEADERS)
    return answer
