"""Subscription items: price, quantity and period."""

from typing import Any

from web.standin.contract import blanks
from web.standin.modelled import merged, only
from web.standin.refusals import StripeRefusal, not_modelled
from web.standin.resources import prices
from web.standin.state import ids
from web.standin.state.books import Books, shown

Json = dict[str, Any]
KNOWN = ("id", "price", "price_data", "quantity", "metadata", "deleted", "snapshot")
"""`snapshot` never comes from a request: it is the price as a Checkout session showed it."""


def make(books: Books, wanted: Json, subscription: str, now: int, param: str) -> Json:
    only(wanted, KNOWN, within=param)
    price = recurring_price(books, wanted, param)
    return blanks.blank("subscription_item") | {
        "id": ids.fresh("subscription_item"),
        "created": now,
        "metadata": merged({}, wanted.get("metadata")),
        "plan": plan_of(price),
        "price": shown(price),
        "quantity": wanted.get("quantity", 1),
        "subscription": subscription,
        "tax_rates": [],
    }


def recurring_price(books: Books, wanted: Json, param: str) -> Json:
    if "snapshot" in wanted:
        price: Json = wanted["snapshot"]
    elif "price_data" in wanted:
        price = prices.in_passing(books, wanted["price_data"])
    elif "price" in wanted:
        price = books.named("price", wanted["price"], param=f"{param}[price]")
        _must_be_active(price, f"{param}[price]")
    else:
        raise StripeRefusal(
            f"Missing required param: {param}[price].", code="parameter_missing", param=f"{param}[price]"
        )
    if price["type"] != "recurring":
        words = (
            "The price specified is set to `type=one_time` but this field only accepts prices with"
            f" `type=recurring`: {price['id']}"
        )
        raise StripeRefusal(words, param=f"{param}[price]")
    return price


def _must_be_active(price: Json, param: str) -> None:
    if not price["active"]:
        raise StripeRefusal(
            f"The price specified is inactive. This field only accepts active prices: {price['id']}", param=param
        )


def changed(books: Books, item: Json, wanted: Json, param: str) -> Json:
    """A copy of `item` with the changes in `wanted`."""
    only(wanted, KNOWN, within=param)
    after = {**item, "metadata": merged(item["metadata"], wanted.get("metadata"))}
    if "quantity" in wanted:
        after["quantity"] = wanted["quantity"]
    if "price" in wanted or "price_data" in wanted:
        price = recurring_price(books, wanted, param)
        after |= {"price": shown(price), "plan": plan_of(price)}
    return after


def must_agree(items: list[Json]) -> None:
    """One currency; and one interval, although Stripe's flexible billing would allow different ones."""
    if not items:
        raise StripeRefusal("A subscription needs at least one item.", param="items")
    if len({item["price"]["currency"] for item in items}) > 1:
        raise StripeRefusal("All prices on a subscription must have the same currency.", param="items")
    if len({interval(item) for item in items}) > 1:
        raise not_modelled("subscriptions whose items have different intervals", param="items")
    if len({item["price"]["id"] for item in items}) < len(items):
        words = "Cannot add multiple subscription items with the same price."
        raise StripeRefusal(words, param="items")


def interval(item: Json) -> tuple[str, int]:
    return item["price"]["recurring"]["interval"], item["price"]["recurring"]["interval_count"]


def plan_of(price: Json) -> Json:
    """The legacy form of a price, which Stripe still includes."""
    return blanks.blank("plan") | {
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "created": price["created"],
        "currency": price["currency"],
        "id": price["id"],
        "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"],
        "metadata": dict(price["metadata"]),
        "nickname": price["nickname"],
        "product": price["product"],
    }
