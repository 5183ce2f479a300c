"""The seconds that one request has for Stripe, all its calls together, so that whoever waits is answered within ten.

The edge opens them for each request (`timeouts`). Reading ends with them. What may move money is waited for a little
longer, goes on in a task of its own (`own_time`) and is told later. Jobs and commands have no such limit.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Patience:
    """Seconds. `reads` is for all impatient calls of one request together; `answer` is how long a request waits for a
    patient one before it shows the waiting page, and `grace` by how much all of them may outlast `reads`; `page` is how
    long a page waits for what it could do without."""

    reads: float = 8.0
    per_read: float = 3.5
    writes: float = 90.0
    per_write: float = 35.0
    first_pause: float = 0.25
    longest_pause: float = 5.0
    answer: float = 6.0
    grace: float = 1.0
    page: float = 0.1


class _Known:
    patience = Patience()


class _Changes:
    """Whether a change that may have moved money was sent to Stripe in this request, by it or by a task of its own."""

    were_sent = False


_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)
_changes: ContextVar[_Changes | None] = ContextVar("changes", default=None)


def patience() -> Patience:
    return _Known.patience


def use_patience(wanted: Patience) -> None:
    """For tests, which have less of it."""
    _Known.patience = wanted


@contextmanager
def timeouts(seconds: float | None = None) -> Iterator[None]:
    """All impatient calls inside share these seconds; a limit that is already running is not extended."""
    until = time.monotonic() + (patience().reads if seconds is None else seconds)
    token = _deadline.set(min(until, _deadline.get() or until))
    sent = _changes.set(_changes.get() or _Changes())
    try:
        yield
    finally:
        _changes.reset(sent)
        _deadline.reset(token)


def note_change() -> None:
    """A change was sent, or was found to have been sent by somebody else: nobody may say that nothing was charged."""
    if (known := _changes.get()) is not None:
        known.were_sent = True


def was_changed() -> bool | None:
    """Whether a change may have been made in this request; None where it is not a request."""
    known = _changes.get()
    return known.were_sent if known is not None else None


@contextmanager
def own_time() -> Iterator[None]:
    """For what goes on when the visitor has left: the seconds of the request that began it are not its own."""
    token = _deadline.set(None)
    try:
        yield
    finally:
        _deadline.reset(token)


def is_limited() -> bool:
    """Whether somebody waits for the answer."""
    return _deadline.get() is not None


def reads_until() -> float:
    """The instant, by `time.monotonic`, at which an impatient call is given up."""
    return _deadline.get() or time.monotonic() + patience().reads


def time_to_answer() -> float:
    """Seconds that may be waited for a patient call. However many a request makes, they end together."""
    known, until = patience(), _deadline.get()
    if until is None:
        return known.answer
    return min(known.answer, max(until + known.grace - time.monotonic(), known.page))
