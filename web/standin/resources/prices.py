"""Prices: immutable amounts, once or per interval."""

from typing import Any

from web.standin.charging import amounts
from web.standin.contract import blanks
from web.standin.modelled import exactly, merged, needed, only
from web.standin.refusals import StripeRefusal
from web.standin.resources import products
from web.standin.state.books import Books

Json = dict[str, Any]
KNOWN = (
    "active",
    "billing_scheme",
    "currency",
    "lookup_key",
    "metadata",
    "nickname",
    "product",
    "product_data",
    "recurring",
    "tax_behavior",
    "transfer_lookup_key",
    "unit_amount",
    "unit_amount_decimal",
)
LONGEST_YEARS = {"day": 1095, "week": 156, "month": 36, "year": 3}


def create(books: Books, params: Json) -> Json:
    only(params, KNOWN)
    exactly(params, "billing_scheme", "per_unit")
    product = _product(books, params)
    return _make(books, params, product, _lookup_key(books, params))


def _make(books: Books, params: Json, product: str, lookup_key: str | None) -> Json:
    amount = _unit_amount(params)
    price = books.make(
        "price",
        active=params.get("active", True),
        currency=params["currency"].lower(),
        lookup_key=lookup_key,
        metadata=merged({}, params.get("metadata")),
        nickname=params.get("nickname"),
        product=product,
        recurring=_recurring(params.get("recurring")),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        type="recurring" if params.get("recurring") else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )
    books.announce("price.created", price)
    return price


def _unit_amount(params: Json) -> int:
    text = str(params["unit_amount"] if "unit_amount" in params else needed(params, "unit_amount_decimal"))
    if not text.lstrip("-").isdecimal():
        raise StripeRefusal("The stand-in prices in whole minor units.", param="unit_amount_decimal")
    amount = int(text)
    if amount < 0:
        raise StripeRefusal(
            "This value must be greater than or equal to 0.", code="parameter_invalid_integer", param="unit_amount"
        )
    if amount > amounts.LARGEST:
        raise StripeRefusal("Amount must be no more than $999,999.99", code="amount_too_large", param="unit_amount")
    currency = params["currency"].lower()
    if amount % amounts.step(currency):
        words = f"Invalid amount for {currency}: must be divisible by {amounts.step(currency)}."
        raise StripeRefusal(words, code="parameter_invalid_integer", param="unit_amount")
    return amount


def _recurring(wanted: Json | None) -> Json | None:
    if not wanted:
        return None
    only(wanted, ("interval", "interval_count", "usage_type"), within="recurring")
    exactly(wanted, "usage_type", "licensed")
    count = wanted.get("interval_count", 1)
    if not 1 <= count <= LONGEST_YEARS[wanted["interval"]]:
        raise StripeRefusal("A price may recur every three years at most.", param="recurring[interval_count]")
    blank = blanks.blank_part("stripe._price:Price.Recurring")
    return blank | {"interval": wanted["interval"], "interval_count": count, "usage_type": "licensed"}


def _product(books: Books, params: Json) -> str:
    if ("product" in params) == ("product_data" in params):
        raise StripeRefusal("Give exactly one of product and product_data.", param="product")
    if "product" in params:
        return str(books.named("product", params["product"], param="product")["id"])
    return str(products.create(books, params["product_data"])["id"])


def _lookup_key(books: Books, params: Json) -> str | None:
    key: str | None = params.get("lookup_key")
    holder = next(books.find("price", word=key), None) if key else None
    if holder is not None:
        if not params.get("transfer_lookup_key"):
            words = f"A price ({holder['id']}) already uses that lookup key."
            raise StripeRefusal(words, code="resource_already_exists", param="lookup_key")
        holder["lookup_key"] = None
    return key


def update(books: Books, wanted: str, params: Json) -> Json:
    only(params, ("active", "lookup_key", "metadata", "nickname", "tax_behavior", "transfer_lookup_key"))
    price = books.get("price", wanted)
    if params.get("lookup_key"):
        price["lookup_key"] = _lookup_key(books, params)
    price |= {name: params[name] for name in ("active", "nickname", "tax_behavior") if name in params}
    price["metadata"] = merged(price["metadata"], params.get("metadata"))
    books.announce("price.updated", price)
    return price


def in_passing(books: Books, price_data: Json) -> Json:
    """A price created for one purchase from `price_data`: stored, but not for further use."""
    only(price_data, KNOWN)
    product = _product(books, price_data)
    return _make(books, price_data | {"active": False}, product, None)
