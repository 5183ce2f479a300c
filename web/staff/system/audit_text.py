"""Audit log rows as names, amounts and words. The stored rows are never changed; this only formats them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import formatting, json
from components.foundation.formatting import moment, money, percent

AMOUNTS = frozenset(
    {
        "price",
        "amount",
        "fee",
        "free_from",
        "compare_at",
        "sale_price",
        "threshold",
        "least",
        "cap",
        "minimum",
        "rule_least",
        "rule_most",
    }
)
SHARES = frozenset({"percent", "rate", "rate_bp", "cost_share"})
PARTS = {"interval", "count", "interval_count"}
NAMES = {
    "rate_bp": "rate",
    "free_from": "free delivery from",
    "compare_at": "compare-at price",
    "is_once": "paid once",
    "public_from": "on sale from",
    "claim_days": "days to claim",
    "scope_kind": "covers",
    "scope_ids": "selection",
    "from_at": "from",
    "until_at": "until",
    "words": "text",
    "promise": "text",
    "stacks": "combines with member prices",
    "minimum": "minimum spend",
    "limit_total": "total uses",
    "limit_each": "uses per customer",
    "gate": "audience",
    "drip_days": "unlocks after days",
    "seats": "household members",
    "is_giftable": "can be given as a gift",
    "cap": "maximum",
    "most": "limit per member",
    "tracking": "tracking number",
}
TYPES = {"operator": "staff account", "person": "customer", "rule draft": "scenario", "revision": "benefit changes"}
DELETED = frozenset(
    {
        "article",
        "benefit",
        "collection",
        "coupon",
        "delivery method",
        "gift",
        "membership",
        "operator",
        "person",
        "plan",
        "product",
        "rule draft",
        "sale",
        "subscription",
        "term",
        "variant",
    }
)
"""What has a name as long as it is there; other things have none, and may be there."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
Names = Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class AuditChange:
    """One changed field in words; empty where there was no value."""

    name: str
    before: str
    after: str


def changes(before: Any, after: Any, names: Names) -> tuple[AuditChange, ...]:
    """The differences, field by field."""
    old, new = _flat(before), _flat(after)
    wanted = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    found = [AuditChange(_called(key), _said(key, old, names), _said(key, new, names)) for key in wanted]
    return tuple(one for one in found if one.before != one.after)


def ids_in(*values: Any) -> Iterator[UUID]:
    """Every id that may have a name."""
    for value in values:
        if isinstance(value, dict):
            yield from ids_in(*value.values(), *value.keys())
        elif isinstance(value, list):
            yield from ids_in(*value)
        elif isinstance(value, str):
            yield from (UUID(one.group()) for one in _UUID.finditer(value))


def type_name(kind: str) -> str:
    """ "staff account": what staff call the type of a changed thing."""
    return TYPES.get(kind, kind)


def subject(kind: str, subject_id: str, names: Names) -> str:
    """ "Club, monthly"; what has no name any more is described by its type."""
    if not _UUID.fullmatch(subject_id):
        return subject_id
    return names.get(UUID(subject_id), f"a deleted {type_name(kind)}" if kind in DELETED else "")


def _flat(value: Any) -> dict[str, Any]:
    """Nested fields become fields. A price and its period become one field."""
    found: dict[str, Any] = {}
    for key, one in (value or {}).items():
        inner = _opened(one)
        if isinstance(inner, dict):
            found |= _flat(inner)
        else:
            found[key] = inner
    if "price" in found and found.get("interval"):
        count = found.get("count") or found.get("interval_count") or 1
        period = formatting.once if found.get("is_once") else formatting.interval
        found["price"] = f"{money(found['price'])} {period(found['interval'], count)}"
        found = {key: one for key, one in found.items() if key not in PARTS}
    return found


def _opened(value: Any) -> Any:
    """Settings are stored as text."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            return json.load(value)
        except ValueError:
            return value
    return value


def _called(key: str) -> str:
    return NAMES.get(key, key.replace("_", " ").removeprefix("is "))


def _said(key: str, fields: dict[str, Any], names: Names) -> str:
    value = fields.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        is_share = key in SHARES or (key == "value" and fields.get("discount_type") == "percent")
        is_amount = key in AMOUNTS or (key == "value" and fields.get("discount_type") in ("amount", "explicit"))
        return percent(value) if is_share else money(value) if is_amount else str(value)
    return _words(value, names)


def _words(value: Any, names: Names) -> str:
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{_called(key)} {_words(one, names)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_words(one, names) for one in value)
    text = str(value)
    if _UUID.fullmatch(text):
        return names.get(UUID(text), "")
    if _INSTANT.match(text):
        return _instant(text)
    return text


def _instant(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment(at) if at.tzinfo else text
