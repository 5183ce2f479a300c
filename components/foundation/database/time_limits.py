"""How long anything waits for the database: a request a few seconds at each step, so that it is answered within ten,
whatever holds the rows; a job and a command half a minute; an update of the schema as long as it takes.

The server ends waits for locks itself. Its settings are given when connecting, never by SET: the connections may
belong to a pooler that lends them to others after every transaction.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

LOCK_SECONDS = 3
IDLE_SECONDS = 60
"""Longer than any transaction that waits for Stripe's answer (35 s): whoever holds rows and does nothing is ended."""
PATIENT_SECONDS = 30
LONG_SECONDS = 900
"""For the one statement of a job that is about everybody; it tells the server so itself, for its transaction."""
SERVER_SETTINGS = {
    "jit": "off",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "statement_timeout": f"{PATIENT_SECONDS + 5}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
}
A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds: for one statement, for a connection, and to take one's turn where others hold a turn for long.

    `first_connections_until` is the instant until which all waits for a connection last together; once that is over
    each may still take `connection`.
    """

    statement: float = float(PATIENT_SECONDS)
    connection: float = float(PATIENT_SECONDS)
    turn: float = 25.0
    first_connections_until: float = 0.0

    def for_a_connection(self) -> float:
        return max(self.first_connections_until - time.monotonic(), self.connection)


PATIENT = TimeLimits()
_limits: ContextVar[TimeLimits] = ContextVar("time_limits", default=PATIENT)


def current() -> TimeLimits:
    return _limits.get()


@contextmanager
def of_a_request() -> Iterator[None]:
    """Somebody waits for the answer."""
    first = time.monotonic() + 5.0
    with _limited(TimeLimits(statement=8.0, connection=1.5, turn=LOCK_SECONDS, first_connections_until=first)):
        yield


@contextmanager
def of_work() -> Iterator[None]:
    """What goes on when nobody waits for it any more."""
    with _limited(PATIENT):
        yield


@contextmanager
def of_long_work() -> Iterator[None]:
    """One statement about everybody; it waits for nobody longer than others do."""
    with _limited(TimeLimits(statement=float(LONG_SECONDS))):
        yield


@contextmanager
def of_an_update() -> Iterator[None]:
    """The schema is changed."""
    with _limited(TimeLimits(statement=A_DAY, connection=A_DAY, turn=A_DAY)):
        yield


@contextmanager
def _limited(limits: TimeLimits) -> Iterator[None]:
    token = _limits.set(limits)
    try:
        yield
    finally:
        _limits.reset(token)
