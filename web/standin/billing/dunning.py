"""What follows a failed renewal: when it is tried again, and how it ends. At Stripe a setting of the dashboard."""

import sqlite3
from typing import Literal, get_args

from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

FinalState = Literal["cancel", "unpaid", "past_due"]
FINAL_STATES: tuple[FinalState, ...] = get_args(FinalState)
FINAL_WORDS: dict[FinalState, str] = {
    "cancel": "Cancel the subscription",
    "unpaid": "Mark the subscription as unpaid",
    "past_due": "Leave the subscription past due",
}
SCHEDULES: dict[str, tuple[int, ...]] = {
    "one week": (1, 2, 4),
    "two weeks": (3, 5, 7),
    "one month": (3, 5, 7, 15),
    "two months": (3, 5, 7, 15, 15, 15),
}
"""Days after each failed attempt until the next; when the last has failed, the final state follows."""
DEFAULT_SCHEDULE = "two weeks"
_SCHEDULE, _FINAL = "retry_schedule", "final_state"
_READ = "SELECT value FROM settings WHERE name = ?"
_WRITE = "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"


def schedule_name(connection: sqlite3.Connection) -> str:
    row = connection.execute(_READ, (_SCHEDULE,)).fetchone()
    return list(SCHEDULES)[row[0]] if row else DEFAULT_SCHEDULE


def final_state(connection: sqlite3.Connection) -> FinalState:
    row = connection.execute(_READ, (_FINAL,)).fetchone()
    return FINAL_STATES[row[0]] if row else "cancel"


def days_until_retry(books: Books, attempt: int) -> int | None:
    """After failed attempt number `attempt`, counted from 1; None when it was the last."""
    days = SCHEDULES[schedule_name(books.connection)]
    return days[attempt - 1] if attempt <= len(days) else None


def choose(connection: sqlite3.Connection, *, schedule: str, final: str) -> None:
    """For failures from now on; attempts that are already planned stay planned."""
    if schedule not in SCHEDULES or final not in FINAL_STATES:
        raise StripeRefusal("Choose a retry schedule and what happens after it.")
    connection.execute(_WRITE, (_SCHEDULE, list(SCHEDULES).index(schedule)))
    connection.execute(_WRITE, (_FINAL, [str(one) for one in FINAL_STATES].index(final)))
