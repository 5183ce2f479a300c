"""A session's line items and their totals."""

from typing import Any

from web.standin.charging import amounts
from web.standin.contract import blanks
from web.standin.modelled import needed, only
from web.standin.refusals import StripeRefusal
from web.standin.resources import prices
from web.standin.state import ids
from web.standin.state.books import Books, private, shown

Json = dict[str, Any]
MOST_LINES = 100
MOST_OF_A_KIND = 20


def lines(books: Books, wanted: list[Json], mode: str) -> list[Json]:
    if mode == "setup":
        if wanted:
            raise StripeRefusal("You can not pass `line_items` in `setup` mode.", param="line_items")
        return []
    if not wanted:
        words = f"`line_items` is required in `{mode}` mode."
        raise StripeRefusal(words, code="parameter_missing", param="line_items")
    if len(wanted) > MOST_LINES:
        raise StripeRefusal(f"A Checkout Session may have {MOST_LINES} line items at most.", param="line_items")
    found = [_line(books, each, f"line_items[{index}]") for index, each in enumerate(wanted)]
    _must_fit_mode(found, mode)
    return found


def _line(books: Books, wanted: Json, param: str) -> Json:
    only(wanted, ("price", "price_data", "quantity", "metadata"), within=param)
    quantity = wanted.get("quantity", 1)
    if quantity < 1:
        raise StripeRefusal(
            "Quantity must be at least 1.", code="parameter_invalid_integer", param=f"{param}[quantity]"
        )
    if "price_data" in wanted:
        price = prices.in_passing(books, wanted["price_data"])
    else:
        price = books.named("price", needed(wanted, "price"), param=f"{param}[price]")
        if not price["active"]:
            raise StripeRefusal(
                "The price specified is inactive. This field only accepts active prices.", param=f"{param}[price]"
            )
    subtotal = price["unit_amount"] * quantity
    product = books.get("product", price["product"])
    return blanks.blank("item") | {
        "id": ids.fresh("item"),
        "amount_subtotal": subtotal,
        "amount_total": subtotal,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": wanted.get("metadata"),
        "price": shown(price),
        "quantity": quantity,
    }


def _must_fit_mode(found: list[Json], mode: str) -> None:
    recurring = [line for line in found if line["price"]["type"] == "recurring"]
    if mode == "payment" and recurring:
        words = (
            "You specified `payment` mode but passed a recurring price."
            " Either switch to `subscription` mode or use only one-time prices."
        )
        raise StripeRefusal(words, param="line_items")
    if mode == "subscription" and not recurring:
        raise StripeRefusal("You must provide at least one recurring price in `subscription` mode.", param="line_items")
    for many in (recurring, [line for line in found if line not in recurring]) if mode == "subscription" else ():
        if len(many) > MOST_OF_A_KIND:
            words = f"A subscription may have {MOST_OF_A_KIND} recurring prices and {MOST_OF_A_KIND} one-time prices."
            raise StripeRefusal(words, param="line_items")
    if len({line["currency"] for line in found}) > 1:
        raise StripeRefusal("All prices on a Checkout Session must have the same currency.", param="line_items")


def total(books: Books, session: Json) -> None:
    """Writes the totals; what is free during a trial costs nothing now."""
    if session["mode"] == "setup":
        return
    found = private(session)["lines"]
    has_trial = bool({"trial_period_days", "trial_end"} & private(session).get("subscription_data", {}).keys())
    for line in found:
        is_free = has_trial and line["price"]["type"] == "recurring"
        line["amount_subtotal"] = 0 if is_free else line["price"]["unit_amount"] * line["quantity"]
        line |= {"amount_total": line["amount_subtotal"], "amount_discount": 0}
    for chosen in private(session)["chosen"]:
        _take_off(books.get("coupon", chosen["coupon"]), found)
    off = sum(line["amount_discount"] for line in found)
    session |= {
        "amount_subtotal": sum(line["amount_subtotal"] for line in found),
        "amount_total": sum(line["amount_total"] for line in found),
        "total_details": {"amount_discount": off, "amount_shipping": 0, "amount_tax": 0, "breakdown": None},
    }


def _take_off(coupon: Json, found: list[Json]) -> None:
    only_for = (coupon["applies_to"] or {}).get("products")
    left = [line["amount_total"] if not only_for or line["price"]["product"] in only_for else 0 for line in found]
    if coupon["percent_off"] is not None:
        parts = [amounts.percent_of(amount, coupon["percent_off"]) for amount in left]
    else:
        parts = amounts.spread(min(coupon["amount_off"], sum(left)), left)
    for line, part in zip(found, parts, strict=True):
        line["amount_discount"] += part
        line["amount_total"] -= part
