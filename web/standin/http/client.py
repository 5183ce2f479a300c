"""The SDK's way to the stand-in: a `stripe.HTTPClient` that never leaves the process.

Importing this imports `stripe`, which takes a moment; nothing else here does.
"""

from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

import stripe

from web.standin.http.api import Api, Call, Unanswered
from web.standin.http.hosts import API_BASE, API_HOST

ANSWERED = (API_HOST, "api.stripe.com")


class OfflineClient(stripe.HTTPClient):
    """Answers requests to Stripe's own address or to `API_BASE`; refuses other hosts. Nothing leaves the process."""

    name = "offline"

    def __init__(self, api: Api) -> None:
        super().__init__()
        self._api = api

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **rest: Any
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        if parts.hostname not in ANSWERED:
            words = f"Offline payments do not call {parts.hostname}. They answer for {API_BASE}."
            raise stripe.APIConnectionError(words, should_retry=False)
        known = {name.lower(): value for name, value in (headers or {}).items()}
        fields = parts.query if method.upper() == "GET" else _text(post_data) or parts.query
        try:
            reply = self._api.reply(Call(method.upper(), parts.path, fields, known))
        except Unanswered as silence:
            raise stripe.APIConnectionError("The request timed out.", should_retry=True) from silence
        return reply.body, reply.status, reply.headers

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None, **rest: Any
    ) -> tuple[bytes, int, Mapping[str, str]]:
        body, status, answered = self.request(method, url, headers, post_data)
        return body.encode(), status, answered

    def request_stream(self, *arguments: Any, **rest: Any) -> NoReturn:
        raise NotImplementedError("Offline payments answer whole bodies only.")

    async def request_stream_async(self, *arguments: Any, **rest: Any) -> NoReturn:
        raise NotImplementedError("Offline payments answer whole bodies only.")

    async def sleep_async(self, secs: float) -> None:
        """The SDK's wait between retries. Waiting would change nothing here."""

    def close(self) -> None:
        """Nothing is held open."""

    async def close_async(self) -> None:
        """Nothing is held open."""


def _text(sent: Any) -> str:
    return sent.decode() if isinstance(sent, bytes) else sent or ""
