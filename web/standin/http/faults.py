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
    "slow",
    "slow_start",
    "silent",
    "key_in_use",
    "refused",
    "tax_inactive",
    "tax_untold",
]
"""Deliveries: `duplicate`, `reorder`, `delay` (by `amount` seconds), `drop`. Calls: `error_after_commit` (done, then
500), `timeout` (done, then the connection is cut), `unavailable` (not done, 503), `rate_limit` (not done, 429),
`key_in_use` (not done, 409; only changes with a key), `refused` (not done, 400; only changes). These really take
`amount` seconds: `slow` (a change is made at once and answered late), `slow_start` (it is made late, even when the
client has gone), `silent` (any call: not done, the connection is held and then cut). While
`tax_inactive` is ordered, however often it is asked, the account's tax settings are not complete, and
while `tax_untold` is, a calculation comes to 0.28 more than its lines, as with a fee on deliveries."""

KINDS: tuple[Kind, ...] = get_args(Kind)
WORDS: dict[Kind, str] = {
    "duplicate": "Deliver an event twice",
    "reorder": "Deliver events in the wrong order",
    "delay": "Deliver an event ten minutes late",
    "drop": "Lose an event",
    "error_after_commit": "Process the call, then answer 500",
    "timeout": "Process the call, then cut the connection",
    "unavailable": "Answer 503 without processing the call",
    "rate_limit": "Answer 429 without processing the call",
    "slow": "Process a change at once, answer after some seconds",
    "slow_start": "Process a change after some seconds, even when nobody waits any more",
    "silent": "Answer no call, and cut the connection after some seconds",
    "key_in_use": "Answer 409 “key in use” without processing the call",
    "refused": "Refuse a change with 400",
    "tax_inactive": "Stripe Tax is not set up in the account, until this is ordered 0 times",
    "tax_untold": "Stripe Tax adds a tax that is in no line, until this is ordered 0 times",
}


SECONDS: dict[Kind, float] = {"delay": 600, "slow": 9, "slow_start": 9, "silent": 30}
"""How long each takes when nobody says."""


def order(connection: sqlite3.Connection, kind: Kind, *, times: int, amount: float) -> None:
    """`times` of 0 cancels the fault."""
    if kind not in KINDS:
        raise ValueError(f"No such fault: {kind}")
    connection.execute(
        "INSERT INTO faults (kind, remaining, amount) VALUES (?, ?, ?)"
        " ON CONFLICT (kind) DO UPDATE SET remaining = excluded.remaining, amount = excluded.amount",
        (kind, times, amount),
    )


def strikes(connection: sqlite3.Connection, kind: Kind) -> float | None:
    """Uses up one of the ordered faults and returns its amount; None when none is ordered."""
    row = connection.execute(
        "UPDATE faults SET remaining = remaining - 1 WHERE kind = ? AND remaining > 0 RETURNING amount", (kind,)
    ).fetchone()
    return float(row[0]) if row else None


def ordered(connection: sqlite3.Connection) -> dict[str, int]:
    rows = connection.execute("SELECT kind, remaining FROM faults WHERE remaining > 0").fetchall()
    return dict(rows)
