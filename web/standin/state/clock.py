"""The stand-in's time: real time plus an offset set on the control page, or a moment fixed by `at`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

HOUR = 3600
DAY = 24 * HOUR

_held: ContextVar[int | None] = ContextVar("standin_moment", default=None)
_step_end: ContextVar[int] = ContextVar("standin_step_end", default=0)
_is_quiet: ContextVar[bool] = ContextVar("standin_quiet", default=False)


def held_moment() -> int | None:
    return _held.get()


def is_quiet() -> bool:
    """Inside `quietly()` nothing is announced: neither events nor deliveries are stored."""
    return _is_quiet.get()


def real_seconds() -> int:
    return int(time.time())


def as_instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def as_seconds(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("The stand-in's clock takes instants with a time zone.")
    return int(instant.timestamp())


@contextmanager
def holding(moment: int) -> Iterator[None]:
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def stepping(until: int) -> Iterator[None]:
    """Inside, time is moved to this instant in one step, of which the shop hears at its end."""
    token = _step_end.set(until)
    try:
        yield
    finally:
        _step_end.reset(token)


def not_within_step(instant: int) -> int:
    """When something happens that the shop has to hear of first: as Stripe waits for its answer."""
    return max(instant, _step_end.get())


@contextmanager
def quietly() -> Iterator[None]:
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)
