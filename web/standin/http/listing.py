"""The objects that a list call selects: by columns where there are any, by checking each object otherwise."""

from collections.abc import Iterator
from typing import Any

from web.standin.modelled import only
from web.standin.refusals import not_modelled
from web.standin.state.books import Books

Json = dict[str, Any]
PAGING = ("limit", "starting_after", "ending_before", "created", "expand")

_COLUMNS: dict[str, dict[str, str]] = {
    "charge": {"customer": "customer", "payment_intent": "parent"},
    "checkout.session": {
        "customer": "customer",
        "payment_intent": "parent",
        "status": "status",
        "subscription": "word",
    },
    "customer": {"email": "word", "test_clock": "clock"},
    "dispute": {"payment_intent": "parent"},
    "invoice": {"customer": "customer", "status": "status", "subscription": "parent"},
    "invoice_payment": {"invoice": "parent", "status": "status"},
    "payment_intent": {"customer": "customer"},
    "payment_method": {"customer": "customer"},
    "price": {"product": "parent"},
    "promotion_code": {"customer": "customer"},
    "radar.early_fraud_warning": {"payment_intent": "parent"},
    "refund": {"payment_intent": "parent"},
    "setup_intent": {"customer": "customer"},
    "subscription": {"customer": "customer", "test_clock": "clock"},
}
_LOOKED_AT: dict[str, tuple[str, ...]] = {
    "dispute": ("charge",),
    "file": ("purpose",),
    "invoice": ("collection_method",),
    "payment_method": ("type",),
    "price": ("active", "currency", "type"),
    "product": ("active", "url"),
    "promotion_code": ("active", "code"),
    "radar.early_fraud_warning": ("charge",),
    "refund": ("charge",),
    "subscription": ("collection_method",),
}
ENDED = ("canceled", "incomplete_expired")


def matching(books: Books, kind: str, params: Json) -> Iterator[Json]:
    """Newest first."""
    columns = _COLUMNS.get(kind, {})
    own = _SPECIAL.get(kind, {})
    plain = _LOOKED_AT.get(kind, ())
    only(params, (*PAGING, *columns, *plain, *own))
    found = books.find(kind, params, **{columns[name]: params[name] for name in columns if name in params})
    for name in plain:
        if name in params:
            found = _having(found, name, params[name])
    for name, narrowed in own.items():
        if name in params or name in _ALWAYS:
            found = narrowed(found, params.get(name))
    return found


def _having(found: Iterator[Json], name: str, value: Any) -> Iterator[Json]:
    return (thing for thing in found if thing[name] == value)


def _subscription_status(found: Iterator[Json], wanted: str | None) -> Iterator[Json]:
    """Without a status Stripe leaves out cancelled ones; "ended" covers both ways of having ended."""
    if wanted == "all":
        return found
    if wanted is None:
        return (thing for thing in found if thing["status"] != "canceled")
    accepted = ENDED if wanted == "ended" else (wanted,)
    return (thing for thing in found if thing["status"] in accepted)


def _with_price(found: Iterator[Json], wanted: str) -> Iterator[Json]:
    return (thing for thing in found if any(item["price"]["id"] == wanted for item in thing["items"]["data"]))


def _with_period_end(found: Iterator[Json], wanted: Any) -> Iterator[Json]:
    if not isinstance(wanted, dict):
        raise not_modelled("current_period_end as a single instant", param="current_period_end")
    return (thing for thing in found if _lies_within(thing["items"]["data"][0]["current_period_end"], wanted))


def _lies_within(instant: int, wanted: Json) -> bool:
    tests = {"gt": instant.__gt__, "gte": instant.__ge__, "lt": instant.__lt__, "lte": instant.__le__}
    return all(tests[name](bound) for name, bound in wanted.items())


def _with_lookup_key(found: Iterator[Json], wanted: list[str]) -> Iterator[Json]:
    return (thing for thing in found if thing["lookup_key"] in wanted)


def _with_ids(found: Iterator[Json], wanted: list[str]) -> Iterator[Json]:
    return (thing for thing in found if thing["id"] in wanted)


def _by_coupon(found: Iterator[Json], wanted: str) -> Iterator[Json]:
    return (thing for thing in found if thing["promotion"]["coupon"] == wanted)


def _by_payment(found: Iterator[Json], wanted: Json) -> Iterator[Json]:
    return (thing for thing in found if thing["payment"]["payment_intent"] == wanted.get("payment_intent"))


_ALWAYS = {"status"}
_SPECIAL: dict[str, dict[str, Any]] = {
    "subscription": {
        "status": _subscription_status,
        "price": _with_price,
        "current_period_end": _with_period_end,
    },
    "price": {"lookup_keys": _with_lookup_key},
    "product": {"ids": _with_ids},
    "promotion_code": {"coupon": _by_coupon},
    "invoice_payment": {"payment": _by_payment},
}
