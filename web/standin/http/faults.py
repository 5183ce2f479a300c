"""Faults ordered for coming calls and deliveries; stored in the state, so that every process knows them."""

import sqlite3
from typing import Literal, get_args

Kind = Literal[
    "duplicate",
    "reorder",
    "delay",
    "drop",
    "error_after_commit",
    "timeout",
    "unavailable",
    "rate_limit",
]
"""Deliveries: `duplicate`, `reorder`, `delay` (by `amount` seconds), `drop`. Calls: `error_after_commit` (done, then
500), `timeout` (done, never answered), `unavailable` (not done, 503), `rate_limit` (not done, 429)."""

KINDS: tuple[Kind, ...] = get_args(Kind)
WORDS: dict[Kind, str] = {
    "duplicate": "Deliver an event twice",
    "reorder": "Deliver events in the wrong order",
    "delay": "Deliver an event ten minutes late",
    "drop": "Lose an event",
    "error_after_commit": "Process the call, then answer 500",
    "timeout": "Process the call, then never answer",
    "unavailable": "Answer 503 without processing the call",
    "rate_limit": "Answer 429 without processing the call",
}


def order(connection: sqlite3.Connection, kind: Kind, *, times: int, amount: int) -> None:
    """`times` of 0 cancels the fault."""
    if kind not in KINDS:
        raise ValueError(f"No such fault: {kind}")
    connection.execute(
        "INSERT INTO faults (kind, remaining, amount) VALUES (?, ?, ?)"
        " ON CONFLICT (kind) DO UPDATE SET remaining = excluded.remaining, amount = excluded.amount",
        (kind, times, amount),
    )


def strikes(connection: sqlite3.Connection, kind: Kind) -> int | None:
    """Uses up one of the ordered faults and returns its amount; None when none is ordered."""
    row = connection.execute(
        "UPDATE faults SET remaining = remaining - 1 WHERE kind = ? AND remaining > 0 RETURNING amount", (kind,)
    ).fetchone()
    return int(row[0]) if row else None


def ordered(connection: sqlite3.Connection) -> dict[str, int]:
    rows = connection.execute("SELECT kind, remaining FROM faults WHERE remaining > 0").fetchall()
    return dict(rows)
