"""Test clocks: customers whose time is advanced by hand, independent of the others."""

from typing import Any

from web.standin.modelled import only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books
from web.standin.state.clock import DAY

Json = dict[str, Any]
LIVES_DAYS = 30


def create(books: Books, params: Json) -> Json:
    only(params, ("frozen_time", "name"))
    return books.make(
        "test_helpers.test_clock",
        deletes_after=books.moment + LIVES_DAYS * DAY,
        frozen_time=params["frozen_time"],
        name=params.get("name"),
        status="ready",
    )


def advance(books: Books, wanted: str, params: Json) -> Json:
    """Everything due in this period happens, in order, before this responds (Stripe takes a while longer)."""
    from web.standin.state import timeline

    clock = books.get("test_helpers.test_clock", wanted)
    if params["frozen_time"] <= clock["frozen_time"]:
        words = "Test clocks can only be advanced forward in time."
        raise StripeRefusal(words, param="frozen_time")
    clock = timeline.run_test_clock(books, wanted, until=params["frozen_time"])
    books.announce("test_helpers.test_clock.ready", clock)
    return clock


def delete(books: Books, wanted: str) -> Json:
    """Deletes the clock's customers and all their objects too."""
    clock = books.get("test_helpers.test_clock", wanted)
    for kind in ("subscription", "customer", "invoice", "payment_intent", "charge", "invoice_payment"):
        for thing in list(books.find(kind, clock=wanted)):
            thing["deleted"] = True
    clock["deleted"] = True
    return {"id": wanted, "object": "test_helpers.test_clock", "deleted": True}
