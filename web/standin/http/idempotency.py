"""Idempotency keys: the same request with the same key gets the same response for a day."""

import hashlib
import sqlite3
from dataclasses import dataclass

from web.standin.refusals import StripeRefusal
from web.standin.state.clock import DAY

LONGEST_KEY = 255


@dataclass(frozen=True)
class StoredAnswer:
    status: int
    body: str


def fingerprint(verb: str, path: str, body: str) -> str:
    return hashlib.sha256(f"{verb} {path}\n{body}".encode()).hexdigest()


def stored_report(connection: sqlite3.Connection, key: str, request: str, now: int) -> StoredAnswer | None:
    if len(key) > LONGEST_KEY:
        raise StripeRefusal(f"Idempotency keys may have {LONGEST_KEY} characters at most.", kind="idempotency_error")
    row = connection.execute("SELECT request, status, body, at FROM idempotency WHERE key = ?", (key,)).fetchone()
    if row is None or row[3] < now - DAY:
        return None
    if row[0] != request:
        words = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise StripeRefusal(words, kind="idempotency_error")
    return StoredAnswer(row[1], row[2])


def keep(connection: sqlite3.Connection, key: str, request: str, answer: StoredAnswer, now: int) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO idempotency (key, request, status, body, at) VALUES (?, ?, ?, ?, ?)",
        (key, request, answer.status, answer.body, now),
    )


def in_use(key: str) -> StripeRefusal:
    words = (
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted"
        f" twice, and the other request is still going through): {key}."
    )
    return StripeRefusal(words, status=409, kind="idempotency_error", code="idempotency_key_in_use")
