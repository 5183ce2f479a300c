"""Invoice lines: an item's period, a proration, a one-off."""

from typing import Any

from web.standin.charging import amounts
from web.standin.contract import blanks
from web.standin.state import ids
from web.standin.state.books import Books, private
from web.standin.state.clock import as_instant

Json = dict[str, Any]


def for_period(books: Books, subscription: Json, item: Json, start: int, end: int) -> Json:
    price = item["price"]
    name = _product_name(books, price)
    rate = (
        f"{amounts.in_words(price['unit_amount'], price['currency'])} / {amounts.interval_in_words(price['recurring'])}"
    )
    line = _line(
        price,
        price["unit_amount"] * item["quantity"],
        item["quantity"],
        (start, end),
        f"{item['quantity']} × {name} (at {rate})",
    )
    return line | {"parent": _item_parent(subscription, item)}


def for_trial(books: Books, subscription: Json, item: Json, start: int, end: int) -> Json:
    words = f"Trial period for {_product_name(books, item['price'])}"
    line = _line(item["price"], 0, item["quantity"], (start, end), words)
    return line | {"parent": _item_parent(subscription, item)}


def one_off(books: Books, subscription: Json | None, price: Json, quantity: int, now: int) -> Json:
    amount = price["unit_amount"] * quantity
    line = _line(price, amount, quantity, (now, now), _product_name(books, price))
    return line | {"parent": _one_off_parent(subscription["id"] if subscription else None)}


def for_invoice_item(item: Json) -> Json:
    details = {"invoice_item": item["id"], "proration": False, "proration_details": None, "subscription": None}
    return blanks.blank("line_item") | {
        "id": ids.fresh("line_item"),
        "amount": item["amount"],
        "subtotal": item["amount"],
        "currency": item["currency"],
        "description": item["description"],
        "discountable": False,
        "discount_amounts": [],
        "metadata": dict(item["metadata"]),
        "parent": {
            "type": "invoice_item_details",
            "invoice_item_details": details,
            "subscription_item_details": None,
        },
        "period": dict(item["period"]),
        "pretax_credit_amounts": [],
        "quantity": 1,
        "quantity_decimal": "1",
        "taxes": [],
    }


def credit(books: Books, subscription: Json, item: Json, at: int) -> Json:
    """The amount paid for the rest of the item's period, discount included, as a negative line."""
    start, end = item["current_period_start"], item["current_period_end"]
    words = f"Unused time on {_product_name(books, item['price'])} after {_day(at)}"
    full = item["price"]["unit_amount"] * item["quantity"]
    line = _line(item["price"], -amounts.share(full, end - at, end - start), item["quantity"], (at, end), words)
    for taken in billed_discounts(subscription, item["id"]):
        off = -amounts.share(taken["amount"], end - at, end - start)
        line["discount_amounts"].append({"amount": off, "discount": taken["discount"]})
    line["discounts"] = [each["discount"] for each in line["discount_amounts"]]
    return line | {"parent": _item_parent(subscription, item, is_proration=True), "discountable": False}


def debit(books: Books, subscription: Json, item: Json, at: int) -> Json:
    """The rest of the item's period at its price."""
    start, end = item["current_period_start"], item["current_period_end"]
    words = f"Remaining time on {item['quantity']} × {_product_name(books, item['price'])} after {_day(at)}"
    full = item["price"]["unit_amount"] * item["quantity"]
    line = _line(item["price"], amounts.share(full, end - at, end - start), item["quantity"], (at, end), words)
    return line | {"parent": _item_parent(subscription, item, is_proration=True)}


def billed_discounts(subscription: Json, item: str) -> list[Json]:
    """What each discount took off the item's whole current period when that was billed."""
    found: list[Json] = private(subscription).get("billed", {}).get(item, [])
    return found


def remember_discounts(subscription: Json, item: str, line: Json, *, numerator: int, denominator: int) -> None:
    """Scales the discounts of a line for part of a period up to the whole of it."""
    billed = private(subscription).setdefault("billed", {})
    billed[item] = (
        [
            {"amount": amounts.share(each["amount"], denominator, numerator), "discount": each["discount"]}
            for each in line["discount_amounts"]
        ]
        if numerator
        else []
    )


def item_of(line: Json) -> str | None:
    details = line["parent"]["subscription_item_details"]
    return details["subscription_item"] if details else None


def invoice_item_of(line: Json) -> str | None:
    details = line["parent"]["invoice_item_details"]
    return details["invoice_item"] if details else None


def _line(price: Json, amount: int, quantity: int, period: tuple[int, int], words: str) -> Json:
    return blanks.blank("line_item") | {
        "id": ids.fresh("line_item"),
        "amount": amount,
        "subtotal": amount,
        "currency": price["currency"],
        "description": words,
        "discountable": True,
        "discount_amounts": [],
        "period": {"start": period[0], "end": period[1]},
        "pricing": {
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "pretax_credit_amounts": [],
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "taxes": [],
    }


def _item_parent(subscription: Json, item: Json, *, is_proration: bool = False) -> Json:
    details = {
        "invoice_item": None,
        "proration": is_proration,
        "proration_details": {"credited_items": None} if is_proration else None,
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return {"type": "subscription_item_details", "invoice_item_details": None, "subscription_item_details": details}


def _one_off_parent(subscription: str | None) -> Json:
    details = {
        "invoice_item": f"ii_{ids.fresh('line_item')[3:]}",
        "proration": False,
        "proration_details": None,
        "subscription": subscription,
    }
    return {"type": "invoice_item_details", "invoice_item_details": details, "subscription_item_details": None}


def _product_name(books: Books, price: Json) -> str:
    product = books.peek(price["product"])
    return str(product["name"] if product and product.get("name") else price["product"])


def _day(instant: int) -> str:
    return as_instant(instant).strftime("%d %b %Y")
