"""Coupons and their promotion codes."""

import secrets
from typing import Any

from web.standin.billing import discounts
from web.standin.modelled import exactly, merged, only
from web.standin.refusals import StripeRefusal
from web.standin.state.books import Books

Json = dict[str, Any]
KNOWN = (
    "amount_off",
    "applies_to",
    "currency",
    "duration",
    "duration_in_months",
    "id",
    "max_redemptions",
    "metadata",
    "name",
    "percent_off",
    "redeem_by",
)


def create(books: Books, params: Json) -> Json:
    only(params, KNOWN)
    _must_make_sense(params)
    if params.get("id") and books.peek(params["id"]) is not None:
        raise StripeRefusal("Coupon already exists.", code="resource_already_exists", param="id")
    plain = ("amount_off", "applies_to", "duration_in_months", "max_redemptions", "name", "percent_off", "redeem_by")
    coupon = books.make(
        "coupon",
        **({"id": params["id"]} if params.get("id") else {}),
        currency=params["currency"].lower() if params.get("amount_off") else None,
        duration=params.get("duration", "once"),
        metadata=merged({}, params.get("metadata")),
        valid=True,
        **{name: params[name] for name in plain if name in params},
    )
    books.announce("coupon.created", coupon)
    return coupon


def _must_make_sense(params: Json) -> None:
    if ("percent_off" in params) == ("amount_off" in params):
        raise StripeRefusal("You must pass exactly one of percent_off and amount_off.", param="percent_off")
    if "percent_off" in params and not 0 < params["percent_off"] <= 100:
        raise StripeRefusal("percent_off must be greater than 0 and at most 100.", param="percent_off")
    if "amount_off" in params and (params["amount_off"] <= 0 or not params.get("currency")):
        raise StripeRefusal("A fixed amount off needs to be positive and to name its currency.", param="amount_off")
    if (params.get("duration") == "repeating") != ("duration_in_months" in params):
        words = "duration_in_months belongs to, and is needed by, duration=repeating."
        raise StripeRefusal(words, param="duration_in_months")
    if params.get("max_redemptions", 1) < 1:
        raise StripeRefusal("max_redemptions must be at least 1.", param="max_redemptions")


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("metadata", "name"))
    coupon = books.get("coupon", wanted)
    coupon["name"] = params.get("name", coupon["name"])
    coupon["metadata"] = merged(coupon["metadata"], params.get("metadata"))
    books.announce("coupon.updated", coupon)
    return coupon


def delete(books: Books, wanted: str) -> Json:
    """No further redemptions; discounts already given stay."""
    coupon = books.get("coupon", wanted)
    books.announce("coupon.deleted", coupon)
    coupon["deleted"] = True
    return {"id": wanted, "object": "coupon", "deleted": True}


def create_code(books: Books, params: Json) -> Json:
    only(
        params, ("active", "code", "customer", "expires_at", "max_redemptions", "metadata", "promotion", "restrictions")
    )
    exactly(params["promotion"], "type", "coupon")
    coupon = books.named("coupon", params["promotion"].get("coupon", ""), param="promotion[coupon]")
    if not discounts.is_redeemable(coupon, books.moment):
        raise StripeRefusal(f"Coupon expired: {coupon['id']}", code="coupon_expired", param="promotion[coupon]")
    word = params.get("code") or secrets.token_hex(4).upper()
    _must_be_free(books, word)
    restrictions = params.get("restrictions", {})
    only(restrictions, ("first_time_transaction",), within="restrictions")
    code = books.make(
        "promotion_code",
        active=params.get("active", True),
        code=word,
        customer=params.get("customer"),
        expires_at=params.get("expires_at"),
        max_redemptions=params.get("max_redemptions"),
        metadata=merged({}, params.get("metadata")),
        promotion={"type": "coupon", "coupon": coupon["id"]},
    )
    code["restrictions"]["first_time_transaction"] = restrictions.get("first_time_transaction", False)
    books.announce("promotion_code.created", code)
    return code


def _must_be_free(books: Books, word: str) -> None:
    for other in books.find("promotion_code", word=word.upper()):
        if other["active"]:
            words = f"An active promotion code with `code: {word}` already exists."
            raise StripeRefusal(words, code="resource_already_exists", param="code")


def update_code(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("active", "metadata"))
    code = books.get("promotion_code", wanted)
    code["active"] = params.get("active", code["active"])
    code["metadata"] = merged(code["metadata"], params.get("metadata"))
    books.announce("promotion_code.updated", code)
    return code
