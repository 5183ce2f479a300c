"""What members are worth and what they are owed, worked out a second time from raw rows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import database
from components.insights.programme import lifetime_value, member_lift, owed_rows, stored_value
from tests.figures import lost_rows, raw_rows
from tests.figures.order_figures import _credit, _Held, _in_margin, _margins, _rows, _uses
from tests.figures.recomputation import Books, month_starts

Same = Callable[[str, Any, Any], None]
Row = dict[str, Any]
DAY = timedelta(days=1)


async def compare_worth(same: Same, connection: asyncpg.Connection, known: Books, now: datetime, rate_bp: int) -> None:
    months = month_starts(now, 13)
    whole = [(months[-2 - number], months[-2]) for number in (1, 3, 11, 12)]
    for from_at, until in (*((now - days * DAY, now) for days in (60, 365)), *whole):
        days = f"{(until - from_at).days}"
        (shown,) = await database.batch(member_lift.query(from_at, until))
        joiners = [one async for one in member_lift.joiners(from_at, until).every()]
        lift, joined = await _lift(connection, from_at, until)
        parts = (shown.members, shown.others, shown.before, shown.since)
        same(f"member lift, {days} days", [(one.orders, one.amount, one.people, one.again) for one in parts], lift)
        same(f"who joined, {days} days", {one.id for one in joiners}, joined)
        rows = [(sum(one.orders_before for one in joiners), sum(one.amount_before for one in joiners))]
        rows += [(sum(one.orders_since for one in joiners), sum(one.amount_since for one in joiners))]
        same(f"rows of member lift, {days} days", rows, [lift[2][:2], lift[3][:2]])
    found = await lifetime_value.between(now - 365 * DAY, now + timedelta(microseconds=1))
    same("CLTV", found.value, await _cltv(connection, known, now, rate_bp))
    await _stored(same, connection, now)


async def _lift(connection: asyncpg.Connection, since: datetime, now: datetime) -> tuple[list[Any], set[UUID]]:
    held: dict[UUID, list[Row]] = defaultdict(list)
    for row in await _rows(connection, "membership"):
        if row["source"] != "free":
            held[row["holder"]].append(row)
    paid = [one for one in await _rows(connection, "orders") if one["paid_at"] and one["paid_at"] < now]
    theirs: dict[UUID, list[Row]] = defaultdict(list)
    for one in paid:
        theirs[one["person"]].append(one)

    def is_member(order: Row) -> bool:
        spans = held.get(order["person"], []) if order["person"] else []
        return any(
            one["starts_at"] <= order["paid_at"] and (one["ends_at"] is None or order["paid_at"] < one["ends_at"])
            for one in spans
        )

    recent = [one for one in paid if one["paid_at"] >= since]
    first = {person: min(one["starts_at"] for one in spans) for person, spans in held.items()}
    joined = {person: at for person, at in first.items() if since <= at < now}
    before, after = list[Row](), list[Row]()
    for person, at in joined.items():
        before += [one for one in theirs[person] if at - (now - at) <= one["paid_at"] < at]
        after += [one for one in theirs[person] if at <= one["paid_at"]]
    groups = ([one for one in recent if is_member(one)], [one for one in recent if not is_member(one)], before, after)
    return [_bought(group) for group in groups], set(joined)


def _bought(orders: list[Row]) -> tuple[int, int, int, int]:
    times: dict[UUID, int] = defaultdict(int)
    for one in orders:
        if one["person"]:
            times[one["person"]] += 1
    return len(orders), sum(one["total"] for one in orders), len(times), sum(n >= 2 for n in times.values())


async def _cltv(connection: asyncpg.Connection, known: Books, now: datetime, rate_bp: int) -> int | None:
    since = now - 365 * DAY
    paying = known.balances_by_looking(now)
    shares = []
    for from_at, until in list(pairwise(month_starts(now, 7)))[:6]:
        members, gone = known.left(from_at, until)
        if members:
            shares.append(Fraction(gone, members))
    if len(paying) < 30 or len(shares) < 6 or not sum(shares):
        return None
    versions = await _rows(connection, "plan_version")
    names = {row["id"]: row["name"] for row in await _rows(connection, "plan")}
    recurring = {one["plan"] for one in versions if one["price"] > 0 and not one["is_once"]}
    memberships, months = await _rows(connection, "membership"), Fraction(0)
    for one in memberships:
        span = min(one["ends_at"] or now, now) - max(one["starts_at"], since)
        if one["plan"] in recurring and span > timedelta():
            months += Fraction(span // timedelta(microseconds=1), 365 * 86_400 * 1_000_000 // 12)
    orders = {row["id"]: row for row in await _rows(connection, "orders")}
    holding = _Held(memberships)
    margins = await _margins(connection, orders, holding, since, now)
    margin = sum(margins.get(plan, (0, 0, 0))[0] for plan in recurring)
    cost = 0
    for person, at, _, amount, joined in [*await _uses(connection, orders), *await _credit(connection, orders)]:
        if since <= at <= now and holding.then(person, at, joined) in recurring:
            cost += amount
    in_margin = await _in_margin(connection, orders, holding, since, now)
    cost -= sum(amount for plan, amount in in_margin.items() if plan in recurring)
    fees = await raw_rows.fees_by_plan(connection, now, rate_bp)
    lost = await lost_rows.by_plan(connection, since, now, rate_bp)
    took = sum(fees[names[plan]][0] + fees[names[plan]][1] for plan in recurring)
    back = sum(fees[names[plan]][2] + lost.get(names[plan], 0) for plan in recurring)
    kept = Fraction(took - back, took) if took else Fraction(1)
    a_month = Fraction(sum(paying.values()), len(paying)) * kept + (Fraction(margin - cost) / months if months else 0)
    whole, rest = divmod(a_month / (sum(shares) / 6), 1)
    return int(whole) + (rest >= Fraction(1, 2))


async def _stored(same: Same, connection: asyncpg.Connection, now: datetime) -> None:
    (shown,) = await database.batch(stored_value.query())
    accounts = {row["id"]: row for row in await _rows(connection, "ledger_account")}
    held: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in await _rows(connection, "ledger_entry"):
        if accounts[entry["account"]]["person"]:
            held[entry["lot"]][accounts[entry["account"]]["kind"]] += entry["amount"]
    owed: dict[tuple[str, str], int] = defaultdict(int)
    people, ages, ends = set[UUID](), defaultdict[str, int](int), defaultdict[str, int](int)
    for lot in await _rows(connection, "ledger_lot"):
        of_it = held[lot["id"]]
        is_over = lot["expires_at"] is not None and lot["expires_at"] <= now
        spendable = 0 if is_over else of_it["cashback"] + of_it["store_credit"]
        amount = of_it["cashback_pending"] + spendable + of_it["reserved"]
        if amount:
            owed["GBP", _why(lot)] += amount
            people.add(lot["person"])
            ages[_age(now - lot["given_at"])] += amount
            ends[_end(lot["expires_at"], now)] += amount
    for gift in await connection.fetch(
        "SELECT g.*, v.price FROM gift_membership g JOIN plan_version v ON v.id = g.plan_version"
    ):
        is_gone = gift["redeemed_at"] or gift["refunded_at"] or gift["voided_at"]
        if gift["paid_at"] and not is_gone and not (gift["expires_at"] and gift["expires_at"] <= now):
            owed["GBP", "gift"] += gift["price"]
            ages[_age(now - gift["paid_at"])] += gift["price"]
            ends[_end(gift["expires_at"], now)] += gift["price"]
    reasons = {(one.currency, one.reason): shown.total(one.currency, one.reason) for one in shown.parts}
    same("stored value owed", reasons, dict(owed))
    same("who is owed", shown.people, len(people))
    same("stored value by age", {one: n for one, _, n in shown.by(lambda p: p.age, "GBP", ages)}, dict(ages))
    same("stored value by end", {one: n for one, _, n in shown.by(lambda p: p.ends, "GBP", ends)}, dict(ends))
    same("rows of stored value", sum([one.amount async for one in owed_rows.rows().every()]), sum(owed.values()))
    spent = sum(one["balance"] for one in accounts.values() if one["person"] and one["kind"] != "owed")
    credit = sum(amount for (_, reason), amount in owed.items() if reason != "gift")
    same("stored value beside the ledger", sum(one.balance - one.expired for one in shown.ledgers), credit)
    same("the ledger's balances", sum(one.balance for one in shown.ledgers), spent)


def _why(lot: Row) -> str:
    if lot["kind"] == "cashback":
        return "cashback"
    return "benefit" if lot["benefit"] else "refund" if lot["order_id"] else "given"


def _age(age: timedelta) -> str:
    if age <= 30 * DAY:
        return "Up to 30 days"
    return "31 to 90 days" if age <= 90 * DAY else "91 days to a year" if age <= 365 * DAY else "Over a year"


def _end(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "Never"
    left = at - now
    if left <= 30 * DAY:
        return "Within 30 days"
    return "In 31 to 90 days" if left <= 90 * DAY else "In 91 days to a year" if left <= 365 * DAY else "Later"
