"""The objects that a completed session creates."""

from typing import Any

from web.standin.billing import discounts
from web.standin.charging import charging
from web.standin.contract import blanks
from web.standin.modelled import merged
from web.standin.state import ids
from web.standin.state.books import Books, private

Json = dict[str, Any]


def intent(books: Books, session: Json, customer: str | None) -> Json:
    """The session's payment intent; there is none before the first card was tried."""
    if session["payment_intent"]:
        known = books.get("payment_intent", session["payment_intent"])
        known["customer"] = known["customer"] or customer
        return known
    wanted = private(session).get("payment_intent_data", {})
    made = charging.make_intent(
        books,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=customer,
        description=wanted.get("description"),
        metadata=merged({}, wanted.get("metadata")),
        receipt_email=wanted.get("receipt_email"),
        setup_future_usage=wanted.get("setup_future_usage"),
        shipping=_shipping(wanted.get("shipping")),
    )
    session["payment_intent"] = made["id"]
    books.announce("payment_intent.created", made)
    return made


def tried(books: Books, session: Json) -> Json:
    return intent(books, session, session["customer"])


def _shipping(wanted: Json | None) -> Json | None:
    if not wanted:
        return None
    address = blanks.blank_part("stripe._payment_intent:PaymentIntent.Shipping.Address") | wanted["address"]
    return blanks.blank_part("stripe._payment_intent:PaymentIntent.Shipping") | wanted | {"address": address}


def setup_intent(books: Books, session: Json, method: Json) -> Json:
    wanted = private(session).get("setup_intent_data", {})
    made = books.make(
        "setup_intent",
        customer=session["customer"],
        description=wanted.get("description"),
        metadata=merged({}, wanted.get("metadata")),
        payment_method=method["id"],
        payment_method_types=["card"],
        status="succeeded",
        usage="off_session",
    )
    made["client_secret"] = ids.client_secret(made["id"])
    books.announce("setup_intent.created", made)
    books.announce("setup_intent.succeeded", made)
    return made


def subscription_terms(session: Json) -> tuple[Json, list[Json]]:
    """The parameters for `subscriptions`, and the one-off lines for the first invoice."""
    found = private(session)["lines"]
    recurring = [line for line in found if line["price"]["type"] == "recurring"]
    params = {
        **private(session).get("subscription_data", {}),
        "customer": session["customer"],
        "discounts": [_asked(chosen) for chosen in private(session)["chosen"]],
        "items": [_item(line) for line in recurring],
    }
    return params, [line for line in found if line["price"]["type"] == "one_time"]


def _asked(chosen: Json) -> Json:
    code = chosen["promotion_code"]
    return {"promotion_code": code} if code else {"coupon": chosen["coupon"]}


def _item(line: Json) -> Json:
    return {"snapshot": line["price"], "quantity": line["quantity"], "metadata": line["metadata"] or {}}


def redeem(books: Books, session: Json) -> None:
    """Counts the coupon; in subscription mode the subscription has done that."""
    owner = {"checkout_session": session["id"]} | ({"customer": session["customer"]} if session["customer"] else {})
    discounts.redeem(books, private(session)["chosen"], **owner)


def complete(books: Books, session: Json, words: Json, *, payment_status: str) -> None:
    customer = books.peek(session["customer"]) if session["customer"] else None
    details = blanks.blank_part("stripe.checkout._session:Session.CustomerDetails") | {
        "email": session["customer_email"] or (customer or {}).get("email") or words["email"],
        "name": words["name"] or (customer or {}).get("name"),
        "tax_exempt": "none",
        "tax_ids": [],
    }
    session |= {"customer_details": details, "payment_status": payment_status, "status": "complete", "url": None}
    books.announce("checkout.session.completed", session)


def settled(books: Books, session: Json, *, is_paid: bool) -> None:
    """A delayed payment method was completed, days after the session."""
    if is_paid:
        session["payment_status"] = "paid"
        books.announce("checkout.session.async_payment_succeeded", session)
    else:
        books.announce("checkout.session.async_payment_failed", session)
