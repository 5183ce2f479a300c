"""Deletes what Stripe deletes: events after thirty days, idempotency keys after one."""

import sqlite3

from web.standin.state.clock import DAY

EVENTS_KEPT_DAYS = 30


def forget(connection: sqlite3.Connection, now: int) -> None:
    """Events not delivered yet are kept, however old."""
    old = now - EVENTS_KEPT_DAYS * DAY
    connection.execute(
        "DELETE FROM events WHERE created < ? AND id NOT IN (SELECT event FROM deliveries WHERE finished IS NULL)",
        (old,),
    )
    connection.execute("DELETE FROM deliveries WHERE finished < ?", (old,))
    connection.execute("DELETE FROM idempotency WHERE at < ?", (now - DAY,))
