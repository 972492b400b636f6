"""Somebody who asks an application that answers in this process, and keeps its cookies as a browser does."""

import asyncio
from collections.abc import Mapping

import httpx

from flows.service.gate import App


class Caller:
    def __init__(self, app: App, page: str) -> None:
        """`page`: the address that he believes to ask."""
        self._app, self._page, self._cookies = app, page, httpx.Cookies()

    def get(self, place: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self._ask("GET", place, headers, None))

    def post(
        self, place: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return asyncio.run(self._ask("POST", place, headers, form))

    async def _ask(
        self, method: str, place: str, headers: Mapping[str, str] | None, form: Mapping[str, str] | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url=self._page, cookies=self._cookies) as client:
            answer = await client.request(method, place, headers=dict(headers or {}), data=form)
            self._cookies = client.cookies
            return answer
