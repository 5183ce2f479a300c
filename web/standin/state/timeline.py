"""Makes due changes, in the order in which they are due, each at its own instant."""

import logging
from collections.abc import Callable
from typing import Any

from web.standin.billing import collecting, renewals
from web.standin.charging import charging, disputes
from web.standin.checkout import finishing, sessions
from web.standin.resources import refunds
from web.standin.state.books import Books, clock_of
from web.standin.state.columns import subscription_of
from web.standin.state.due import next_due, occasions

Json = dict[str, Any]
log = logging.getLogger(__name__)
TRY_AGAIN_SECONDS = 3600
CLOCK = "test_helpers.test_clock"

_FIRST_DUE = (
    "SELECT id, due FROM objects WHERE due IS NOT NULL AND due <= :until AND clock IS :clock ORDER BY due, seq LIMIT 1"
)


def _settle_intent(books: Books, intent: Json) -> None:
    is_paid = charging.settle(books, intent)
    for session in books.find("checkout.session", parent=intent["id"]):
        finishing.settled(books, session, is_paid=is_paid)
    for payment in books.find("invoice_payment", word=intent["id"]):
        _settle_invoice(books, payment["invoice"], intent, is_paid=is_paid)


def _settle_invoice(books: Books, wanted: str, intent: Json, *, is_paid: bool) -> None:
    """A bank debit for an invoice; the session that began its subscription hears of it too."""
    invoice = books.get("invoice", wanted)
    if invoice["status"] != "open":
        return
    declined = None if is_paid else charging.card_of(books.get("payment_method", intent["payment_method"]))
    collecting.bank_answered(books, invoice, declined)
    for session in books.find("checkout.session", word=subscription_of(invoice)):
        if session["invoice"] == wanted:
            finishing.settled(books, session, is_paid=is_paid)


_BY_KIND: dict[str, dict[str, Callable[[Books, Json], None]]] = {
    "subscription": renewals.SUBSCRIPTION,
    "invoice": renewals.INVOICE,
    "checkout.session": {"expire": sessions.run_out},
    "dispute": {
        "lose": lambda books, dispute: disputes.close(books, dispute, verdict="lost"),
        "escalate": disputes.escalate,
    },
    "payment_intent": {"settle": _settle_intent},
    "refund": {"settle": refunds.settle},
}


def run_next(books: Books, until: int) -> bool:
    """The first due change, outside test clocks; False when nothing is due up to `until`."""
    found = _first(books, until, None)
    if found is None:
        return False
    books.moment = found[1]
    _happen(books, found[0])
    return True


def run_test_clock(books: Books, wanted: str, until: int) -> Json:
    """The clock afterwards."""
    while found := _first(books, until, wanted):
        clock = books.get(CLOCK, wanted)
        clock["frozen_time"] = max(clock["frozen_time"], found[1])
        _happen(books, found[0])
    clock = books.get(CLOCK, wanted)
    clock["frozen_time"] = until
    return clock


def _first(books: Books, until: int, clock: str | None) -> tuple[Json, int] | None:
    books.turn_page()
    row = books.connection.execute(_FIRST_DUE, {"until": until, "clock": clock}).fetchone()
    thing = books.peek(row[0]) if row else None
    return (thing, int(row[1])) if thing is not None else None


def _happen(books: Books, thing: Json) -> None:
    instant, what = min(occasions(thing), key=lambda occasion: occasion[0])
    _BY_KIND[thing["object"]][what](books, thing)
    if next_due(thing) == instant and occasions(thing)[0] == (instant, what):
        raise RuntimeError(f"{what} left {thing['id']} as it was ({clock_of(thing)})")


def put_off(books: Books, until: int) -> None:
    """After a failure: the same change is tried again later, and others are not blocked."""
    row = books.connection.execute(_FIRST_DUE, {"until": until, "clock": None}).fetchone()
    if row:
        log.error("stand-in: %s could not be done when due; tried again later", row[0])
        books.connection.execute("UPDATE objects SET due = ? WHERE id = ?", (until + TRY_AGAIN_SECONDS, row[0]))
