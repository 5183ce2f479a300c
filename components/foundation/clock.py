"""The only place that reads the time, so that tests can freeze it and a preview can move it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta


def of_this_machine() -> datetime:
    """The machine's own clock, whatever the shop's clock follows: for maintenance."""
    return datetime.now(UTC)


class _Source:
    read: Callable[[], datetime] = staticmethod(of_this_machine)
    held_everywhere: datetime | None = None


_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The current instant in UTC."""
    return _held.get() or _Source.held_everywhere or _Source.read()


def unmoved() -> datetime:
    """The current instant, also while the practice clock is ahead of it: how long somebody has been signed in."""
    return _held.get() or _Source.held_everywhere or of_this_machine()


def use_source(source: Callable[[], datetime]) -> None:
    """Read the time from `source` from now on. Offline, the shop follows the payment stand-in's clock."""
    _Source.read = staticmethod(source)


def use_system_time() -> None:
    _Source.read = staticmethod(of_this_machine)


def set_everywhere(at: datetime | None) -> None:
    """Freeze the time for every task of this process (tests), or unfreeze it with None."""
    _Source.held_everywhere = at


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Freeze the time for this task: to build past orders or preview another day."""
    token = _held.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


def in_days(days: float) -> datetime:
    return now() + timedelta(days=days)


def holds(from_at: datetime, until_at: datetime | None, at: datetime) -> bool:
    """Whether what begins at `from_at` and ends before `until_at` (None: never) holds at an instant.

    The database's own function `holds` says the same; `holds('-infinity', until_at, at)` there: it is not over yet.
    """
    return from_at <= at and (until_at is None or until_at > at)
