"""Coupons and promotion codes: checking, redeeming, and discounting invoice lines."""

from typing import Any

from web.standin.billing import calendar
from web.standin.charging import amounts
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

Json = dict[str, Any]


def checked(
    books: Books, wanted: list[Json], *, customer: str | None, currency: str, param: str = "discounts"
) -> list[Json]:
    """[{coupon, promotion_code}] of redeemable coupons. Raises the refusal that Stripe would give."""
    return [_checked(books, each, customer, currency, f"{param}[{index}]") for index, each in enumerate(wanted)]


def _checked(books: Books, wanted: Json, customer: str | None, currency: str, param: str) -> Json:
    code = None
    if "promotion_code" in wanted:
        code = books.named("promotion_code", wanted["promotion_code"], param=f"{param}[promotion_code]")
        _must_be_usable(books, code, customer, f"{param}[promotion_code]")
    coupon_id = code["promotion"]["coupon"] if code else wanted.get("coupon")
    if coupon_id is None:
        raise StripeRefusal("A discount needs a coupon or a promotion code.", param=param)
    coupon = books.named("coupon", coupon_id, param=f"{param}[coupon]")
    if not is_redeemable(coupon, books.moment):
        raise StripeRefusal(f"Coupon expired: {coupon_id}", code="coupon_expired", param=f"{param}[coupon]")
    if coupon["amount_off"] and coupon["currency"] != currency:
        words = f"The coupon {coupon_id} is in {coupon['currency']}, not in {currency}."
        raise StripeRefusal(words, param=f"{param}[coupon]")
    return {"coupon": coupon_id, "promotion_code": code["id"] if code else None}


def is_redeemable(coupon: Json, now: int) -> bool:
    is_used_up = coupon["max_redemptions"] is not None and coupon["times_redeemed"] >= coupon["max_redemptions"]
    is_over = coupon["redeem_by"] is not None and coupon["redeem_by"] <= now
    return not (is_used_up or is_over)


def _must_be_usable(books: Books, code: Json, customer: str | None, param: str) -> None:
    is_used_up = code["max_redemptions"] is not None and code["times_redeemed"] >= code["max_redemptions"]
    is_over = code["expires_at"] is not None and code["expires_at"] <= books.moment
    if not code["active"] or is_used_up or is_over:
        raise StripeRefusal("This promotion code cannot be redeemed because it is inactive.", param=param)
    if code["customer"] and code["customer"] != customer:
        raise StripeRefusal("This promotion code belongs to another customer.", param=param)
    if code["restrictions"]["first_time_transaction"] and customer and _has_paid(books, customer):
        raise StripeRefusal("This promotion code is for a first order only.", param=param)


def _has_paid(books: Books, customer: str) -> bool:
    return any(charge["status"] == "succeeded" for charge in books.find("charge", customer=customer))


def redeem(books: Books, chosen: list[Json], **owner: Any) -> list[str]:
    """Counts one redemption each and returns the ids of the discounts; `owner` names customer, subscription,
    session."""
    return [_redeem(books, each, owner) for each in chosen]


def _redeem(books: Books, chosen: Json, owner: Json) -> str:
    coupon = books.named("coupon", chosen["coupon"], param="discounts")
    if not is_redeemable(coupon, books.moment):
        raise StripeRefusal(f"Coupon expired: {coupon['id']}", code="coupon_expired", param="discounts")
    coupon["times_redeemed"] += 1
    coupon["valid"] = is_redeemable(coupon, books.moment)
    if chosen["promotion_code"]:
        code = books.named("promotion_code", chosen["promotion_code"], param="discounts")
        code["times_redeemed"] += 1
        code["active"] = code["max_redemptions"] is None or code["times_redeemed"] < code["max_redemptions"]
    start = books.now(books.peek(owner["customer"]) if owner.get("customer") else None)
    discount = books.make(
        "discount",
        source={"type": "coupon", "coupon": coupon["id"]},
        promotion_code=chosen["promotion_code"],
        start=start,
        end=_end(coupon, start),
        **owner,
    )
    if owner.get("subscription"):
        books.announce("customer.discount.created", discount)
    return str(discount["id"])


def _end(coupon: Json, start: int) -> int | None:
    if coupon["duration"] != "repeating":
        return None
    return calendar.boundary(start, coupon["duration_in_months"], {"interval": "month", "interval_count": 1})


def running(books: Books, subscription: Json, at: int) -> list[str]:
    """The subscription's discounts that still apply at `at`."""
    held = [books.get("discount", each) for each in subscription["discounts"]]
    return [each["id"] for each in held if each["end"] is None or each["end"] > at]


def spend(books: Books, subscription: Json, at: int) -> None:
    """After an invoice: one-time discounts are used up, expired ones are removed."""
    for held in list(subscription["discounts"]):
        discount = books.get("discount", held)
        coupon = books.get("coupon", discount["source"]["coupon"])
        if coupon["duration"] == "once" or (discount["end"] is not None and discount["end"] <= at):
            subscription["discounts"].remove(held)
            books.announce("customer.discount.deleted", discount)


def take_off(books: Books, lines: list[Json], held: list[str]) -> None:
    """Writes `discount_amounts` on the lines, one discount after the other. Credits already have theirs."""
    for each in held:
        coupon = books.get("coupon", books.get("discount", each)["source"]["coupon"])
        for line, off in zip(lines, _parts(books, coupon, lines), strict=True):
            if off:
                line["discount_amounts"].append({"amount": off, "discount": each})
                line["discounts"].append(each)


def _parts(books: Books, coupon: Json, lines: list[Json]) -> list[int]:
    left = [_left(books, coupon, line) for line in lines]
    if coupon["percent_off"] is not None:
        return [amounts.percent_of(amount, coupon["percent_off"]) for amount in left]
    return amounts.spread(min(coupon["amount_off"], sum(left)), left)


def _left(books: Books, coupon: Json, line: Json) -> int:
    """How much of this line the coupon may still reduce; a fixed amount does not reduce prorations."""
    is_fixed_on_proration = coupon["amount_off"] is not None and is_proration(line)
    if line["amount"] <= 0 or not line["discountable"] or is_fixed_on_proration or not covers(coupon, line):
        return 0
    return int(line["amount"]) - discount_of(line)


def covers(coupon: Json, line: Json) -> bool:
    only = (coupon["applies_to"] or {}).get("products")
    return not only or line["pricing"]["price_details"]["product"] in only


def is_proration(line: Json) -> bool:
    details = line["parent"]["subscription_item_details"] or line["parent"]["invoice_item_details"]
    return bool(details["proration"])


def discount_of(line: Json) -> int:
    return sum(each["amount"] for each in line["discount_amounts"])
