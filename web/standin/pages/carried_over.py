"""A subscription that has been running for long, as it stands today: of its past only the period it is in is here."""

from typing import Any

from web.standin.billing import subscriptions
from web.standin.charging import test_cards
from web.standin.resources import customers, payment_methods
from web.standin.state.books import Books, private

Json = dict[str, Any]
CARD = "4242424242424242"


def carry_over(
    books: Books, *, price: str, email: str, name: str, marks: Json, person: Json, started: int, since: int,
    until: int, anchor: int, is_free: bool, ends: bool,
) -> dict[str, str]:  # fmt: skip
    """The names of what was made. `since` and `until`: its period, which is paid unless it `is_free`; at the end of it
    the subscription `ends`, or renews by its `anchor`."""
    today, books.moment = books.moment, since
    try:
        customer = customers.create(books, {"email": email, "name": name, "metadata": person})
        card = test_cards.by_number(CARD)
        assert card is not None
        method = payment_methods.keep(books, card, customer=None)
        payment_methods.attach(books, method["id"], {"customer": customer["id"]})
        wanted = {
            "customer": customer["id"], "items": [{"price": price}], "default_payment_method": method["id"],
            "metadata": marks, **({"trial_end": until} if is_free else {}),
        }  # fmt: skip
        made = subscriptions.create(books, wanted)
    finally:
        books.moment = today
    made |= {"start_date": started, "billing_cycle_anchor": anchor}
    for item in made["items"]["data"]:
        item["current_period_end"] = until
    if ends:
        made |= {"cancel_at_period_end": True, "cancel_at": until, "canceled_at": since}
    invoice = books.get("invoice", made["latest_invoice"])
    return {
        "customer": customer["id"], "method": method["id"], "subscription": made["id"], "invoice": invoice["id"],
        "payment": str(private(invoice).get("intent") or ""),
    }  # fmt: skip


def carry_over_refunds(books: Books, refunds: list[Json]) -> None:
    """Each by its own name: `id`, `amount`, `created`, `marks`; of the payment of that name, which is made where it is
    not here: `payment`, `paid`, `paid_at`, `currency`. Those that are here stay as they are."""
    for one in refunds:
        if books.peek(one["id"]) is not None:
            continue
        charge = books.get("charge", _paid(books, one)["latest_charge"])
        charge["amount_refunded"] += one["amount"]
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        books.make(
            "refund", id=one["id"], amount=one["amount"], charge=charge["id"], created=one["created"],
            currency=one["currency"], metadata=one["marks"], payment_intent=one["payment"], status="succeeded",
        )  # fmt: skip


def _paid(books: Books, one: Json) -> Json:
    known = books.peek(one["payment"])
    if known is not None:
        return known
    made = {"created": one["paid_at"], "currency": one["currency"], "status": "succeeded", "metadata": one["marks"]}
    charge = books.make(
        "charge", amount=one["paid"], amount_captured=one["paid"], amount_refunded=0, captured=True, paid=True,
        payment_intent=one["payment"], refunded=False, disputed=False, **made,
    )  # fmt: skip
    return books.make(
        "payment_intent", id=one["payment"], amount=one["paid"], amount_received=one["paid"],
        latest_charge=charge["id"], **made,
    )  # fmt: skip
