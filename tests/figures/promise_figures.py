"""Fee guarantees, discounts on fees and save offers, worked out again from raw rows and without code of the shop."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import clock
from components.memberships.discounts import fee_discounts
from components.memberships.keeping_members import save_results
from components.memberships.promises import guarantee_standings

Same = Callable[[str, Any, Any], None]
Rows = list[dict[str, Any]]
AGED = timedelta(days=90)


async def compare_promises(same: Same, connection: asyncpg.Connection, now: datetime) -> None:
    await _guarantees(same, connection, now)
    await _discounts(same, connection)
    await _save_offers(same, connection, now)


async def _rows(connection: asyncpg.Connection, table: str) -> Rows:
    return [dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")]


async def _guarantees(same: Same, connection: asyncpg.Connection, now: datetime) -> None:
    """What is owed is worked out from payments, refunds and savings; what was given is what the ledger has."""
    rows = await _rows(connection, "fee_guarantee")
    shown = {one.id: one for one in await guarantee_standings.every(since=now - timedelta(days=365))}
    uses, fees = await _rows(connection, "benefit_use"), await _rows(connection, "guaranteed_fee")
    refunds, once = await _rows(connection, "fee_refund"), await _rows(connection, "paid_once_refund")
    credit, ends = await _credit_given(connection), await _ends(connection, fees)
    owed = given = 0
    for row in rows:
        payments = {one["payment"] for one in fees if one["guarantee"] == row["id"]}
        paid = sum(one["amount"] for one in fees if one["guarantee"] == row["id"])
        back = sum(one["amount"] + one["credit"] for one in refunds if one["invoice"] in payments and _counts(one))
        back += sum(one["amount"] for one in once if one["term"] == row["source_id"] and _counts(one))
        over = row["over_at"] or ends(row)
        saved = _saved(uses, row, min(over or now, now))
        one = shown.get(row["id"])
        assert one is not None
        same("credit of a guarantee", row["given"] or 0, credit[row["id"]])
        if row["settled_at"] is None:
            counts = max(0, min(_of_time_had(paid, row, over) if over and over <= now else paid, paid - back))
            short = max(0, counts - max(0, saved))
            owed += short
            same("an open guarantee", (one.fee, one.saved, one.shortfall), (counts, saved, short))
        elif row["why"] != "erased":
            given += max(0, row["fee"] - max(0, row["saved"]))
            same(
                "a settled guarantee", (one.fee <= paid - back, one.given), (True, max(0, one.fee - max(0, one.saved)))
            )
    same("guarantees owed", guarantee_standings.owed(await guarantee_standings.unsettled()), owed)
    same("guarantees given", sum(one.given for one in shown.values()), given)
    same("credit given for guarantees", given, sum(credit.values()))


async def _ends(connection: asyncpg.Connection, fees: Rows) -> Callable[[dict[str, Any]], datetime | None]:
    """Of an open guarantee: the next payment of another, the end of what it is of, a renewal that failed, or a pause
    with nothing left of the paid time."""
    periods, subscriptions = await _rows(connection, "paid_period"), await _rows(connection, "subscription")
    memberships, pauses = await _rows(connection, "membership"), await _rows(connection, "pause")

    def of(row: dict[str, Any]) -> datetime | None:
        own = {one["payment"] for one in fees if one["guarantee"] == row["id"]}
        found = [
            one["starts_at"] for one in periods
            if one["subscription"] == row["source_id"] and one["starts_at"] > row["starts_at"]
            and one["invoice"] not in own
        ]  # fmt: skip
        for one in (one for one in subscriptions if one["id"] == row["source_id"]):
            found += [one["ended_at"]] if one["status"] in ("cancelled", "lapsed") else []
            is_late = one["status"] in ("past_due", "unpaid") and one["past_due_since"] > row["starts_at"]
            found += [one["past_due_since"]] if is_late else []
        found += [
            one["ends_at"] for one in memberships if one["source"] == "term" and one["source_id"] == row["source_id"]
        ]
        found += [
            one["begun_at"] for one in pauses
            if one["subscription"] == row["source_id"] and one["begun_at"] and one["begun_at"] > row["starts_at"]
            and one["paid_left"] is not None and one["paid_left"] < 60
        ]  # fmt: skip
        return min((one for one in found if one), default=None)

    return of


def _of_time_had(paid: int, row: dict[str, Any], over: datetime) -> int:
    """None of the months has a pause in it."""
    agreed, had = row["until_at"] - row["starts_at"], over - row["starts_at"]
    if agreed - had <= timedelta(minutes=1):
        return paid
    return int(paid * int(had.total_seconds()) // int(agreed.total_seconds()))


def _counts(refund: dict[str, Any]) -> bool:
    return bool(refund["status"] != "failed")


def _saved(uses: Rows, row: dict[str, Any], until: datetime) -> int:
    """By orders of the term, less what came back of them since."""
    theirs = [one for one in uses if one["person"] == row["person"] and one["currency"] == row["currency"]]
    first: dict[UUID, datetime] = {}
    for one in [one for one in uses if one["person"] == row["person"]]:
        order = one["order_id"] or one["id"]
        first[order] = min(first.get(order, one["at"]), one["at"])
    within = [one for one in theirs if row["starts_at"] <= first[one["order_id"] or one["id"]] < until]
    return sum(one["regular"] - one["paid"] for one in within)


async def _credit_given(connection: asyncpg.Connection) -> defaultdict[UUID, int]:
    """By guarantee, from the postings to the accounts of people."""
    found = defaultdict[UUID, int](int)
    rows = await connection.fetch(
        """SELECT p.cause, sum(e.amount) AS given FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id
        JOIN ledger_account a ON a.id = e.account
        WHERE p.cause LIKE 'guarantee:%' AND a.person IS NOT NULL GROUP BY 1"""
    )
    for row in rows:
        found[UUID(row["cause"].partition(":")[2])] += int(row["given"])
    return found


async def _discounts(same: Same, connection: asyncpg.Connection) -> None:
    """What each took off, by the invoices that name its coupon; and how many of its payments are left."""
    known = await _rows(connection, "fee_discount")
    billed = await _rows(connection, "mirrored_invoice")
    prices = {row["id"]: dict(row) for row in await connection.fetch("SELECT * FROM plan_version")}
    periods = {row["invoice"]: dict(row) for row in await connection.fetch("SELECT * FROM paid_period")}
    for row in known:
        its = [one for one in billed if one["coupon"].startswith(f"clubfront_{row['id'].hex}")]
        used = [one for one in its if one["discount"] > 0 and one["status"] != "void"]
        left = None if row["payments"] is None else max(0, row["payments"] - len(used))
        shown = await fee_discounts.by_id(row["id"])
        took = sum(one["discount"] for one in used if one["status"] == "paid")
        same("a discount", (shown.used, shown.left, shown.saved.amount), (len(used), left, took))
        for one in used:
            period = periods.get(one["stripe_id"])
            if period is None or one["reason"] != "subscription_cycle":
                continue
            fee = prices[period["plan_version"]]["price"]
            off = row["amount"] or _share(fee, row["percent_bp"])
            same("what a discount took off", one["discount"], off)
            same("a fee with a discount", period["amount"] + one["total"] - one["amount_paid"] + off, fee)


def _share(fee: int, basis_points: int) -> int:
    """A half goes up."""
    return int((Decimal(fee) * basis_points / 10_000).quantize(Decimal(1), ROUND_HALF_UP))


async def _save_offers(same: Same, connection: asyncpg.Connection, now: datetime) -> None:
    """Shown, accepted, accepted long enough ago, and of those still there; and what their discounts took off."""
    ends = {row["id"]: row["ended_at"] for row in await connection.fetch("SELECT id, ended_at FROM subscription")}
    counted = defaultdict[UUID, list[int]](lambda: [0, 0, 0, 0])
    for row in await _rows(connection, "save_offer_shown"):
        at, end = row["accepted_at"], ends[row["subscription"]]
        is_aged = at is not None and now - at >= AGED
        flags = (True, at is not None, is_aged, is_aged and (end is None or end - at > AGED))
        for place, flag in enumerate(flags):
            counted[row["offer"]][place] += bool(flag)
    for one in await save_results.by_offer():
        same("a save offer", [one.shown, one.accepted, one.aged, one.kept], counted[one.id])
    accepted = await connection.fetch("SELECT id FROM save_offer_shown WHERE accepted_at IS NOT NULL")
    taken = {row["id"] for row in accepted}
    by_offer = await connection.fetch("SELECT id FROM fee_discount WHERE source = 'offer' AND begun_at IS NOT NULL")
    same("discounts of save offers", {row["id"] for row in by_offer} - taken, set())
    reasons = defaultdict[str, int](int)
    for row in await _rows(connection, "subscription"):
        is_recent = row["ended_at"] is None or row["ended_at"] > clock.now() - timedelta(days=365)
        if row["cancel_reason"] is not None and row["started_at"] is not None and is_recent:
            reasons[row["cancel_reason"]] += 1
    same("reasons of cancelling", {one.reason: one.cancelled for one in await save_results.by_reason()}, dict(reasons))
