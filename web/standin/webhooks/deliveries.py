"""Webhook deliveries to the shop: claimed by one process, posted, retried until the shop answers 2xx."""

import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from web.standin.http import faults
from web.standin.state import clock
from web.standin.state.engine import StandInEngine
from web.standin.webhooks import signing

log = logging.getLogger(__name__)
Post = Callable[[bytes, dict[str, str]], Awaitable[int]]

# Stripe retries for three days with growing pauses. Its first pauses are minutes; a restarting shop need not wait here.
PAUSES = (5, 30, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 12 * 3600, 12 * 3600, 12 * 3600, 12 * 3600)
CLAIM_SECONDS = 20
"""Whoever answers each within two seconds keeps its claim; delivered twice is the same to a shop. What a process that
has ended had claimed is free at once, and was no attempt."""
BATCH = 10
FAILED = 0  # instead of an HTTP status: no response


@dataclass(frozen=True)
class WebhookDelivery:
    id: int
    event: str
    attempts: int
    body: bytes


@dataclass(frozen=True)
class Courier:
    engine: StandInEngine
    secret: str

    async def deliver_due(self, post: Post) -> int:
        """Posts everything that is due; returns how many were accepted."""
        arrived = 0
        tried: set[int] = set()
        while batch := [each for each in self._claim() if each.id not in tried]:
            tried |= {each.id for each in batch}
            answers = [(each, await self._post(post, each)) for each in batch]
            self._note(answers)
            arrived += sum(_is_success(answer) for _, answer in answers)
        return arrived

    def _claim(self) -> list[WebhookDelivery]:
        with self.engine.store.reading() as connection:
            dead = _dead(connection)
            if not dead and not _is_waiting(connection, self.engine.moment()):
                return []
        with self.engine.store.changing() as connection:
            _release(connection, dead)
            found = _claimed(connection, self.engine.moment())
            return _with_faults(connection, found, self.engine.moment())

    async def _post(self, post: Post, delivery: WebhookDelivery) -> int:
        signature = signing.header(delivery.body, secret=self.secret, at=self.engine.moment())
        headers = {
            "content-type": "application/json; charset=utf-8",
            "stripe-signature": signature,
            "user-agent": "Offline-Payments/1.0",
        }
        try:
            return await post(delivery.body, headers)
        except Exception:
            log.warning("stand-in: a webhook could not be delivered", exc_info=True)
            return FAILED

    def _note(self, answers: list[tuple[WebhookDelivery, int]]) -> None:
        now = self.engine.moment()
        with self.engine.store.changing() as connection:
            for delivery, answer in answers:
                is_over = _is_success(answer) or delivery.attempts > len(PAUSES)
                pause = PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
                connection.execute(
                    "UPDATE deliveries SET answer = ?, finished = ?, due = ?, claimed_until = 0 WHERE id = ?",
                    (answer, now if is_over else None, now + pause, delivery.id),
                )


def _is_success(answer: int) -> bool:
    return 200 <= answer < 300


def _is_waiting(connection: sqlite3.Connection, now: int) -> bool:
    query = "SELECT 1 FROM deliveries WHERE finished IS NULL AND due <= ? AND claimed_until < ? LIMIT 1"
    return connection.execute(query, (now, clock.real_seconds())).fetchone() is not None


def _dead(connection: sqlite3.Connection) -> list[int]:
    """Processes that have ended while they delivered."""
    query = "SELECT DISTINCT claimed_by FROM deliveries WHERE finished IS NULL AND claimed_until >= ?"
    return [number for (number,) in connection.execute(query, (clock.real_seconds(),)) if not _is_alive(number)]


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's by now: then the claim expires
    return True


def _release(connection: sqlite3.Connection, dead: list[int]) -> None:
    for number in dead:
        connection.execute(
            "UPDATE deliveries SET claimed_until = 0, attempts = attempts - 1"
            " WHERE finished IS NULL AND claimed_by = ? AND claimed_until >= ?",
            (number, clock.real_seconds()),
        )


def _claimed(connection: sqlite3.Connection, now: int) -> list[WebhookDelivery]:
    """A claim expires after `CLAIM_SECONDS` of real time: its process hangs, and another one delivers again."""
    real = clock.real_seconds()
    rows = connection.execute(
        "UPDATE deliveries SET claimed_until = ?, claimed_by = ?, attempts = attempts + 1 WHERE id IN ("
        " SELECT id FROM deliveries WHERE finished IS NULL AND due <= ? AND claimed_until < ? ORDER BY due, id LIMIT ?)"
        " RETURNING id, event, attempts",
        (real + CLAIM_SECONDS, os.getpid(), now, real, BATCH),
    ).fetchall()
    query = "SELECT body FROM events WHERE id = ?"
    return [
        WebhookDelivery(identity, event, attempts, connection.execute(query, (event,)).fetchone()[0].encode())
        for identity, event, attempts in sorted(rows)
    ]


def _with_faults(connection: sqlite3.Connection, found: list[WebhookDelivery], now: int) -> list[WebhookDelivery]:
    if not found or not faults.ordered(connection):
        return found
    result: list[WebhookDelivery] = []
    for delivery in found:
        late = faults.strikes(connection, "delay") if delivery.attempts == 1 else None
        if late is not None:
            again = "UPDATE deliveries SET due = ?, claimed_until = 0, attempts = 0 WHERE id = ?"
            connection.execute(again, (now + int(late), delivery.id))
        elif faults.strikes(connection, "drop") is not None:
            connection.execute("UPDATE deliveries SET finished = ?, answer = NULL WHERE id = ?", (now, delivery.id))
        else:
            is_doubled = faults.strikes(connection, "duplicate") is not None
            result += [delivery] * (2 if is_doubled else 1)
    if len(result) > 1 and faults.strikes(connection, "reorder") is not None:
        result.reverse()
    return result
