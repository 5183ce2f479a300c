"""Practice payments: the part of the payment stand-in that the demo needs. The web process registers which one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol


class PracticePayments(Protocol):
    """Stands in for Stripe offline, at any instant, and completes payments."""

    def at(self, moment: datetime) -> AbstractContextManager[None]: ...

    def quietly(self) -> AbstractContextManager[None]: ...

    async def pay(self, session_id: str, card: str = ..., *, email: str = ..., name: str = ...) -> Any: ...

    def http_client(self) -> Any: ...

    def carry_over(self, **how: Any) -> dict[str, str]: ...

    def carry_over_refunds(self, refunds: list[dict[str, Any]]) -> None: ...


class _Chosen:
    make: Callable[[], PracticePayments] | None = None


def use(make: Callable[[], PracticePayments]) -> None:
    """Register the payment stand-in before the demo is built."""
    _Chosen.make = make


def chosen() -> PracticePayments | None:
    return _Chosen.make() if _Chosen.make else None
