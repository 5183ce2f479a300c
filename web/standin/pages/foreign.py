"""Subscriptions as other software makes them in the same account: without our metadata, in every state there is."""

from collections.abc import Callable
from typing import Any

from web.standin.billing import cancelling, subscriptions, updates
from web.standin.charging import test_cards
from web.standin.http import hosts
from web.standin.pages import rendering
from web.standin.pages.rendering import HtmlPage
from web.standin.refusals import StripeRefusal
from web.standin.resources import coupons, customers, payment_methods, prices
from web.standin.state import ids
from web.standin.state.books import Books
from web.standin.state.clock import DAY
from web.standin.state.engine import StandInEngine

Json = dict[str, Any]
Form = dict[str, str]
MOST = 2000
GOOD, FAILS_LATER = "4242424242424242", "4000000000000341"

KINDS = {
    "active": "Active, monthly",
    "annual": "Active, yearly",
    "classic": "Active, with classic billing",
    "trialing": "On trial",
    "past_due": "Past due",
    "cancelling": "Cancelled, until the end of its period",
    "discount": "With a discount for ever",
    "moved": "Paid, with its renewal moved by a trial",
    "no card": "Without a card",
    "ends later": "To end after more charges",
    "paused": "Paused",
    "not collected": "With payments not collected",
    "by invoice": "Paid by invoice",
    "quantity": "For two",
    "several items": "With two prices",
    "interval": "Every 30 days",
    "currency": "In another currency",
    "schedule": "With a schedule",
    "shared": "Shared with another account",
    "platform": "Made by a platform",
    "no e-mail": "Of a customer without an e-mail",
    "customer gone": "Of a deleted customer",
    "ended": "Ended",
}
DAYS_AGO = {"past_due": 33, "trialing": 3, "ended": 20, "moved": 20}
TITLES = {"month": "Friends, monthly", "year": "Friends, yearly", "day": "Friends, 30 days"}


def submit(engine: StandInEngine, found: list[str], form: Form) -> HtmlPage:
    kind, number, currency = form.get("kind", ""), form.get("number", ""), form.get("currency", "gbp").strip().lower()
    if not number.isdigit() or not 1 <= int(number) <= MOST or (kind and kind not in KINDS) or len(currency) != 3:
        raise StripeRefusal(f"Choose which, and how many of them (1 to {MOST}), in which currency.")
    with engine.changing() as books:
        for place in range(int(number)):
            make(books, kind or list(KINDS)[place % len(KINDS)], place=place, currency=currency)
    return rendering.redirect(f"{hosts.MOUNT}/control")


def make(books: Books, kind: str, *, place: int = 0, currency: str = "gbp", email: str | None = None) -> Json:
    """One of a kind. It began a few days ago, at its own instant; who has it was a member for a year before."""
    today = books.moment
    books.moment = today - DAYS_AGO.get(kind, 1 + place % 20) * DAY - place % 3600
    try:
        return _make(books, kind, place, _other(currency) if kind == "currency" else currency, email)
    finally:
        books.moment = today


def _other(currency: str) -> str:
    return "eur" if currency == "usd" else "usd"


def _make(books: Books, kind: str, place: int, currency: str, email: str | None) -> Json:
    label = ids.fresh("customer")[-8:].lower()
    address = email or f"member.{place}.{label}@example.com"
    named = {"name": f"Member {place}", "email": address} if kind != "no e-mail" else {"name": f"Member {place}"}
    customer = customers.create(books, named)
    method = _card(books, GOOD, customer["id"])
    interval = {"annual": "year", "interval": "day"}.get(kind, "month")
    count = 30 if kind == "interval" else 1
    price = _price(books, currency, interval, count)
    wanted: Json = {
        "customer": customer["id"], "items": [{"price": price}], "default_payment_method": method,
        "metadata": {"made_by": "another system"},
    }  # fmt: skip
    wanted |= _terms(books, kind, price, currency)
    made = subscriptions.create(books, wanted)
    if kind != "trialing":
        made["start_date"] = made["created"] - 365 * DAY
    if (settle := _SETTLED.get(kind)) is not None:
        settle(books, made)
    return made


def _card(books: Books, number: str, customer: str) -> str:
    card = test_cards.by_number(number)
    assert card is not None
    method = payment_methods.keep(books, card, customer=None)
    payment_methods.attach(books, method["id"], {"customer": customer})
    return str(method["id"])


def _price(books: Books, currency: str, interval: str, count: int) -> str:
    """One for each length, whoever pays it; ours are told from it by their metadata."""
    key = f"other-system-{currency}-{interval}-{count}"
    known = next(books.find("price", word=key), None)
    amount = {"month": 700, "year": 7000, "day": 650}[interval]
    recurring = {"interval": interval, "interval_count": count}
    data = {"name": TITLES[interval]}
    params = {"currency": currency, "unit_amount": amount, "recurring": recurring, "product_data": data,
              "lookup_key": key}  # fmt: skip
    return str((known or prices.create(books, params))["id"])


def _terms(books: Books, kind: str, price: str, currency: str) -> Json:
    if kind == "classic":
        return {"billing_mode": {"type": "classic"}}
    if kind == "trialing":
        return {"trial_period_days": 14}
    if kind == "discount":
        return {"discounts": [{"coupon": coupons.create(books, {"percent_off": 20, "duration": "forever"})["id"]}]}
    if kind == "quantity":
        return {"items": [{"price": price, "quantity": 2}]}
    if kind == "several items":
        other = {"currency": currency, "unit_amount": 100, "recurring": {"interval": "month"},
                 "product_data": {"name": "Newsletter"}}  # fmt: skip
        return {"items": [{"price": price}, {"price": prices.create(books, other)["id"]}]}
    return {}


def _fails_from_now_on(books: Books, made: Json) -> None:
    updates.update(books, made["id"], {"default_payment_method": _card(books, FAILS_LATER, made["customer"])})


def _leave_without_card(books: Books, made: Json) -> None:
    payment_methods.detach(books, made["default_payment_method"])


def _with(**fields: Any) -> Callable[[Books, Json], None]:
    return lambda books, made: made.update(fields)


_SETTLED: dict[str, Callable[[Books, Json], Any]] = {
    "past_due": _fails_from_now_on,
    "cancelling": lambda books, made: updates.update(books, made["id"], {"cancel_at_period_end": True}),
    "ends later": lambda books, made: updates.update(books, made["id"], {"cancel_at": books.moment + 200 * DAY}),
    "moved": lambda books, made: updates.update(
        books, made["id"], {"trial_end": books.moment + 60 * DAY, "proration_behavior": "none"}
    ),
    "no card": _leave_without_card,
    "paused": _with(status="paused"),
    "not collected": lambda books, made: updates.update(books, made["id"], {"pause_collection": {"behavior": "void"}}),
    "by invoice": _with(collection_method="send_invoice", days_until_due=14),
    "schedule": _with(schedule="sub_sched_0000000000000000"),
    "shared": _with(application_fee_percent=5.0),
    "platform": _with(application="ca_000000000000000000000000"),
    "customer gone": lambda books, made: customers.delete(books, made["customer"]),
    "ended": lambda books, made: cancelling.cancel(books, made["id"], {}),
}
