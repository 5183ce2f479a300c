"""The SDK's way to the stand-in: a `stripe.HTTPClient` that never leaves the process.

Importing this imports `stripe`, which takes a moment; nothing else here does.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

import stripe

from web.standin.http import multipart_form, slowness
from web.standin.http.api import Api, Call, Unanswered
from web.standin.http.hosts import API_BASE, API_HOST

ANSWERED = (API_HOST, "api.stripe.com", "files.stripe.com")


class OfflineClient(stripe.HTTPClient):
    """Answers requests to Stripe's own address or to `API_BASE`; refuses other hosts. Nothing leaves the process."""

    name = "offline"

    def __init__(self, api: Api) -> None:
        super().__init__()
        self._api = api

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **rest: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        """Blocks its thread, so nothing that takes time is waited for: that is for `request_async`."""
        try:
            reply = self._api.reply(_call(method, url, headers, post_data))
        except Unanswered as silence:
            raise _cut_off() from silence
        return reply.body, reply.status, reply.headers

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **rest: Any
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """A call that is slow sleeps without stopping anybody else, and is carried out though the client has gone."""
        try:
            reply = await slowness.answered(self._api, _call(method, url, headers, post_data))
        except Unanswered as silence:
            raise _cut_off() from silence
        return reply.body.encode(), reply.status, reply.headers

    def request_stream(self, *arguments: Any, **rest: Any) -> NoReturn:
        raise stripe.APIConnectionError("Offline payments answer whole bodies only.", should_retry=False)

    async def request_stream_async(self, *arguments: Any, **rest: Any) -> NoReturn:
        raise stripe.APIConnectionError("Offline payments answer whole bodies only.", should_retry=False)

    async def sleep_async(self, secs: float) -> None:
        """The SDK's wait between retries, where it is asked to retry; the shop repeats calls by itself."""
        await asyncio.sleep(secs)

    def close(self) -> None:
        """Nothing is held open."""

    async def close_async(self) -> None:
        """Nothing is held open."""


def _text(sent: Any) -> str:
    return sent.decode() if isinstance(sent, bytes) else sent or ""


def _call(method: str, url: str, headers: Mapping[str, str] | None, post_data: Any) -> Call:
    parts = urlsplit(url)
    if parts.hostname not in ANSWERED:
        words = f"Offline payments do not call {parts.hostname}. They answer for {API_BASE}."
        raise stripe.APIConnectionError(words, should_retry=False)
    known = {name.lower(): value for name, value in (headers or {}).items()}
    if known.get("content-type", "").startswith(multipart_form.KIND):
        fields = multipart_form.as_fields(post_data, known["content-type"])
    else:
        fields = parts.query if method.upper() == "GET" else _text(post_data) or parts.query
    return Call(method.upper(), parts.path, fields, known)


def _cut_off() -> stripe.APIConnectionError:
    return stripe.APIConnectionError("The connection was cut off.", should_retry=True)
