"""For libraries that send requests from a thread of their own: `requests` that the application answers in its loop."""

import asyncio
import io
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

ADDRESS = "http://shop.test"


class InLoop(HTTPAdapter):
    """Hands each request over to the loop in which the application, its database and its clock live."""

    def __init__(self, app: Any, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS)

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = list(request.headers.items())
        asked = self._client.build_request(str(request.method), str(request.url), headers=headers, content=body)
        answer = asyncio.run_coroutine_threadsafe(self._client.send(asked), self._loop).result(60)
        raw = HTTPResponse(
            body=io.BytesIO(answer.content),
            headers=HTTPHeaderDict(answer.headers.multi_items()),
            status=answer.status_code,
            reason=answer.reason_phrase,
            preload_content=False,
        )
        return self.build_response(request, raw)  # type: ignore[no-untyped-call, no-any-return]


def session(app: Any) -> requests.Session:
    made = requests.Session()
    made.mount(ADDRESS, InLoop(app, asyncio.get_running_loop()))
    return made
