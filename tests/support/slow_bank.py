"""A bank that answers too late: the call reaches the stand-in, and its answer gets lost on the way back. Or one that
refuses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from components.payments import stripe_connection
from components.payments.timeouts import request_time
from tests.support.shops import Shop


class _LosesAnswers(stripe.HTTPClient):
    """`arrives` says whether calls to `path` reach the bank at all."""

    name = "slow"

    def __init__(self, inner: Any, path: str, *, arrives: bool) -> None:
        super().__init__()
        self._inner, self._path, self._arrives = inner, path, arrives

    async def request_async(
        self, method: str, url: str, headers: Any, post_data: Any = None, **rest: Any
    ) -> tuple[Any, int, Any]:
        is_slow = method.lower() == "post" and self._path in url
        if not is_slow or self._arrives:
            answer = await self._inner.request_async(method, url, headers, post_data, **rest)
        if is_slow:
            raise stripe.APIConnectionError("The request timed out.", should_retry=False)
        return answer  # type: ignore[no-any-return]

    async def sleep_async(self, secs: float) -> None:
        pass

    def close(self) -> None:
        pass

    async def close_async(self) -> None:
        pass


@contextmanager
def loses_answers(shop: Shop, path: str, *, arrives: bool = True) -> Iterator[None]:
    """While inside, no answer to a POST whose address contains `path` comes back."""
    whole, known = shop.stand_in.http_client(), request_time.patience()
    request_time.use_patience(request_time.Patience(reads=0.5, writes=0.05, per_write=0.5, answer=1, first_pause=0.02))
    stripe_connection.connect(http_client=_LosesAnswers(whole, path, arrives=arrives))
    try:
        yield
    finally:
        request_time.use_patience(known)
        stripe_connection.connect(http_client=whole)


class _Refuses(_LosesAnswers):
    name = "refusing"

    async def request_async(
        self, method: str, url: str, headers: Any, post_data: Any = None, **rest: Any
    ) -> tuple[Any, int, Any]:
        if method.lower() == "post" and self._path in url:
            refusal = {"error": {"type": "invalid_request_error", "message": "This can't be done."}}
            return json.dumps(refusal), 400, {"request-id": "req_refused"}
        return await self._inner.request_async(method, url, headers, post_data, **rest)  # type: ignore[no-any-return]


@contextmanager
def refuses(shop: Shop, path: str) -> Iterator[None]:
    """While inside, every POST whose address contains `path` is refused, and changes nothing."""
    whole = shop.stand_in.http_client()
    stripe_connection.connect(http_client=_Refuses(whole, path, arrives=False))
    try:
        yield
    finally:
        stripe_connection.connect(http_client=whole)
