"""Where the demo's people pay: the payment stand-in, as far as the demo needs it. Who serves the shop says which."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol


class Counter(Protocol):
    """Answers for Stripe offline, at any instant, and pays on its own pages."""

    def at(self, moment: datetime) -> AbstractContextManager[None]: ...

    def quietly(self) -> AbstractContextManager[None]: ...

    async def pay(self, session_id: str, card: str = ..., *, email: str = ..., name: str = ...) -> Any: ...

    def http_client(self) -> Any: ...


class _Chosen:
    make: Callable[[], Counter] | None = None


def use(make: Callable[[], Counter]) -> None:
    """Say where the demo pays, before it is built."""
    _Chosen.make = make


def chosen() -> Counter | None:
    return _Chosen.make() if _Chosen.make else None
