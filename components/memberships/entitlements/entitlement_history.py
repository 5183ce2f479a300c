"""Was she entitled on 3 May, and why? For any person, benefit and instant, with the rows behind the answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import database
from components.memberships import formatting
from components.memberships.benefits.kinds import all_kinds

SOURCES = {
    "subscription": "paid for by subscription",
    "comp": "given by the shop",
    "free": "the free tier",
    "gift": "a gift",
    "term": "paid for once",
    "seat": "a seat in a household",
    "earned": "earned by spending",
}
Row = tuple[str, str]
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EntitlementAnswer:
    """Whether somebody held a benefit at an instant, why or why not, and the rows that say so: (what, words)."""

    benefit_id: UUID
    name: str
    is_held: bool
    why: str
    rows: tuple[Row, ...]


async def at_instant(person_id: UUID, at: datetime) -> tuple[EntitlementAnswer, ...]:
    """For every benefit the shop knows: those she held at the instant first, in the order of their names."""
    benefits = await database.fetch("SELECT id, kind, name, created_at FROM benefit ORDER BY name, id")
    held = await database.fetch(_ENTITLEMENTS, person_id)
    versions = await database.fetch(
        "SELECT benefit, settings::text AS settings, from_at, until_at FROM benefit_version"
    )
    promises = await database.fetch("SELECT plan, benefit, from_at, until_at FROM plan_benefit")
    memberships = await database.fetch(_MEMBERSHIPS, person_id, at)
    told = [_answer(one, _of(held, one), _of(versions, one), _of(promises, one), memberships, at) for one in benefits]
    return tuple(sorted(told, key=lambda answer: not answer.is_held))


_ENTITLEMENTS = """
SELECT e.id, e.benefit, e.from_at, e.until_at, e.because_of, e.membership FROM entitlement e
WHERE e.person = $1 AND (e.until_at IS NULL OR e.until_at > e.from_at) ORDER BY e.from_at, e.id
"""
_MEMBERSHIPS = """
SELECT m.id, m.plan, p.name AS plan_name, m.source, m.starts_at, m.ends_at, m.note, s.status, s.cancel_reason,
  v.price, v.currency, v.interval, v.interval_count, v.from_at AS price_from
FROM membership m JOIN plan p ON p.id = m.plan
LEFT JOIN subscription s ON s.id = m.source_id AND m.source = 'subscription'
LEFT JOIN plan_version v ON v.id = coalesce(s.plan_version, (SELECT pv.id FROM plan_version pv
  WHERE pv.plan = m.plan AND holds(pv.from_at, pv.until_at, $2)))
WHERE m.holder = $1 AND (m.ends_at IS NULL OR m.ends_at > m.starts_at) ORDER BY m.starts_at, m.id
"""


def _of(rows: list[Found], benefit: Found) -> list[Found]:
    return [row for row in rows if row["benefit"] == benefit["id"]]


def _answer(
    benefit: Found,
    held: list[Found],
    versions: list[Found],
    promises: list[Found],
    memberships: list[Found],
    at: datetime,
) -> EntitlementAnswer:
    version = next((row for row in versions if _holds(row, at)), None)
    by_id = {row["id"]: row for row in memberships}
    now = [row for row in held if _holds(row, at)]
    if version is not None and now:
        membership = by_id.get(now[0]["membership"], {})
        rows = (*_membership_rows(membership), _version_row(benefit, version), *(_entitlement_row(row) for row in now))
        return EntitlementAnswer(benefit["id"], benefit["name"], True, _because(now[0], membership), rows)
    why, rows = _why_not(benefit, held, version, promises, memberships, at)
    return EntitlementAnswer(benefit["id"], benefit["name"], False, why, rows)


def _because(entitlement: Found, membership: Found) -> str:
    until = (
        f", until {formatting.moment(entitlement['until_at'])}" if entitlement["until_at"] else ", with no end in sight"
    )
    return f"Since {formatting.moment(entitlement['from_at'])}{until}, because of {_named(membership)}."


def _why_not(
    benefit: Found,
    held: list[Found],
    version: Found | None,
    promises: list[Found],
    memberships: list[Found],
    at: datetime,
) -> tuple[str, tuple[Row, ...]]:
    if version is None:
        return _undefined(benefit, at), ()
    rows = (_version_row(benefit, version), *(_entitlement_row(row) for row in held[-3:]))
    running = [row for row in memberships if _holds(_stretch(row), at)]
    if running:
        told = " ".join(_unpromised(row, promises, at) for row in running)
        return told, (*(line for row in running for line in _membership_rows(row)), *rows)
    return _without_membership(memberships, at), (*_around(memberships, at), *rows)


def _undefined(benefit: Found, at: datetime) -> str:
    if at < benefit["created_at"]:
        return f"The shop defined it only on {formatting.moment(benefit['created_at'])}."
    return "The shop had defined it, and it did not hold at that instant."


def _unpromised(membership: Found, promises: list[Found], at: datetime) -> str:
    """A membership ran, and yet the benefit was not held through it."""
    own = [row for row in promises if row["plan"] == membership["plan"] and _lasts(row)]
    lead = f"{membership['plan_name']} was held, but it"
    if any(_holds(row, at) for row in own):
        return f"{lead} promised it to newcomers only; this membership did not include it."
    if later := min((row["from_at"] for row in own if row["from_at"] > at), default=None):
        return f"{lead} promises it only from {formatting.moment(later)}."
    if over := max((row["until_at"] for row in own if row["until_at"] and row["until_at"] <= at), default=None):
        return f"{lead} promised it only until {formatting.moment(over)}."
    return f"{lead} did not promise it."


def _without_membership(memberships: list[Found], at: datetime) -> str:
    ended = [row for row in memberships if row["ends_at"] is not None and row["ends_at"] <= at]
    if ended:
        last = max(ended, key=lambda row: row["ends_at"])
        return f"No membership then: {_named(last)}, ended on {formatting.moment(last['ends_at'])}{_how(last)}."
    if memberships:
        first = memberships[0]
        return f"No membership yet: {_named(first)}, began on {formatting.moment(first['starts_at'])}."
    return "Never a member here."


def _how(membership: Found) -> str:
    if membership["status"] is None:
        return ""
    return " after a cancellation" if membership["cancel_reason"] else ""


def _around(memberships: list[Found], at: datetime) -> tuple[Row, ...]:
    """The last membership before the instant and the first one after it."""
    before = [row for row in memberships if row["ends_at"] is not None and row["ends_at"] <= at]
    after = [row for row in memberships if row["starts_at"] > at]
    near = [*sorted(before, key=lambda row: row["ends_at"])[-1:], *after[:1]]
    return tuple(line for row in near for line in _membership_rows(row))


def _membership_rows(membership: Found) -> tuple[Row, ...]:
    if not membership:
        return ()
    note = f"; “{membership['note']}”" if membership["note"] else ""
    stretch = _stretched(membership["starts_at"], membership["ends_at"])
    rows: tuple[Row, ...] = (("Membership", f"{_named(membership)}, {stretch}{note}"),)
    if membership["price"] is None:
        return rows
    price = formatting.money(membership["price"], membership["currency"])
    interval = formatting.interval(membership["interval"], membership["interval_count"])
    asked = f"{price} {interval}" if membership["price"] else "without a fee"
    return (
        *rows,
        ("Plan", f"{membership['plan_name']} at {asked}, a price since {formatting.moment(membership['price_from'])}"),
    )


def _version_row(benefit: Found, version: Found) -> Row:
    of_kind = all_kinds().get(benefit["kind"])
    gives = of_kind.words(of_kind.load(version["settings"])) if of_kind else benefit["name"]
    return "Benefit", f"“{gives}”, {_stretched(version['from_at'], version['until_at'])}"


def _entitlement_row(row: Found) -> Row:
    because = SOURCES.get(row["because_of"], row["because_of"])
    return "Entitlement", f"{_stretched(row['from_at'], row['until_at'])}, because: {because}"


def _stretched(from_at: datetime, until_at: datetime | None) -> str:
    until = f" until {formatting.moment(until_at)}" if until_at else ", with no end in sight"
    return f"from {formatting.moment(from_at)}{until}"


def _named(membership: Found) -> str:
    if not membership:
        return "a membership"
    return f"{membership['plan_name']}, {SOURCES.get(membership['source'], membership['source'])}"


def _stretch(membership: Found) -> Found:
    return {"from_at": membership["starts_at"], "until_at": membership["ends_at"]}


def _lasts(row: Found) -> bool:
    return row["until_at"] is None or row["until_at"] > row["from_at"]


def _holds(row: Found, at: datetime) -> bool:
    return bool(row["from_at"] <= at and (row["until_at"] is None or at < row["until_at"]))
