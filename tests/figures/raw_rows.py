"""The raw rows that a second calculation reads, and the few figures that are sums of them."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from tests.figures.recomputation import Agreement, Books, monthly, without_tax


async def books(connection: asyncpg.Connection, now: datetime) -> Books:
    known: dict[UUID, Agreement] = {}
    people: dict[UUID, list[Agreement]] = defaultdict(list)
    for row in await connection.fetch("SELECT * FROM subscription ORDER BY created_at, id"):
        by_hand = None if row["cancel_reason"] is None else row["ended_at"]
        known[row["id"]] = Agreement(row["payer"], row["cancel_at"], row["past_due_since"], by_hand)
        people[row["payer"]].append(known[row["id"]])
    periods = """SELECT p.*, v.interval, v.interval_count FROM paid_period p
      JOIN plan_version v ON v.id = p.plan_version ORDER BY p.starts_at"""
    for row in await connection.fetch(periods):
        known[row["subscription"]].periods.append(dict(row))
    for row in await connection.fetch("SELECT * FROM membership WHERE source = 'subscription' ORDER BY starts_at"):
        known[row["source_id"]].memberships.append(dict(row))
    for row in await connection.fetch("SELECT * FROM pause WHERE begun_at IS NOT NULL ORDER BY begun_at"):
        if row["ended_at"] is None or row["ended_at"] > row["begun_at"]:
            known[row["subscription"]].pauses.append(dict(row))
    return Books(dict(people), now)


async def committed(connection: asyncpg.Connection, balances: dict[UUID, int], now: datetime, rate_bp: int) -> int:
    """What everybody will pay once all that is agreed has happened."""
    versions = {row["id"]: row for row in await connection.fetch("SELECT * FROM plan_version")}
    paid = {row["subscription"]: row for row in await connection.fetch(
        "SELECT subscription, plan_version, starts_at FROM paid_period ORDER BY starts_at")}  # fmt: skip

    def is_to_come(row: asyncpg.Record, made: str) -> bool:
        """Stripe may have been told already; it is over once its period is paid for."""
        last = paid.get(row["subscription"])
        return row[made] is None or last is None or row[made] >= last["starts_at"]

    changes = {row["subscription"]: row["to_version"] for row in await connection.fetch(
        "SELECT * FROM plan_change WHERE NOT is_now AND dropped_at IS NULL ORDER BY due_at"
    ) if is_to_come(row, "applied_at")}  # fmt: skip
    moves: dict[UUID, UUID] = {}
    for row in await connection.fetch(
        """SELECT m.subscription, g.to_version, m.moved_at FROM price_move m
        JOIN price_migration g ON g.id = m.migration
        WHERE m.moved_at IS NOT NULL OR g.stopped_at IS NULL ORDER BY m.renews_at DESC"""
    ):
        if is_to_come(row, "moved_at"):
            moves[row["subscription"]] = row["to_version"]
    total = sum(balances.values())
    for row in await connection.fetch("SELECT * FROM subscription WHERE status IN ('active', 'past_due', 'cancelled')"):
        balance = balances.get(row["payer"], 0)
        if row["status"] == "cancelled":
            total -= balance if row["ended_at"] is not None and row["ended_at"] > now else 0
            continue
        agreed = changes.get(row["id"]) or moves.get(row["id"]) or row["plan_version"]
        if balance and row["cancel_at"] is not None and row["cancel_at"] > now:
            total -= balance
        elif balance and agreed != (paid[row["id"]]["plan_version"] if row["id"] in paid else None):
            version = versions[agreed]
            net = without_tax(version["price"], rate_bp)
            total += monthly(net, version["interval"], version["interval_count"]) - balance
    return total


async def trials(connection: asyncpg.Connection, since: datetime, until: datetime) -> tuple[int, int, int]:
    """Trials started until then, how many of them were ever paid for, and how many go on without."""
    started = await connection.fetch("SELECT subscription FROM trial WHERE at >= $1 AND at < $2", since, until)
    paid = await connection.fetch("SELECT DISTINCT subscription FROM paid_period WHERE amount > 0")
    going_on = await connection.fetch(
        "SELECT id FROM subscription WHERE ended_at IS NULL AND status IN "
        "('pending', 'incomplete', 'trialing', 'active', 'past_due', 'paused')"
    )
    tried, bought = {row["subscription"] for row in started}, {row["subscription"] for row in paid}
    return len(started), len(tried & bought), len((tried - bought) & {row["id"] for row in going_on})


async def held_by(connection: asyncpg.Connection, now: datetime, *sources: str) -> int:
    rows = await connection.fetch(
        """SELECT holder FROM membership WHERE source = ANY($1) AND starts_at <= $2
        AND (ends_at IS NULL OR ends_at > $2)""",
        list(sources), now,
    )  # fmt: skip
    return len({row["holder"] for row in rows})


async def fees_by_plan(connection: asyncpg.Connection, now: datetime, rate_bp: int) -> dict[str, tuple[int, int, int]]:
    """In 365 days: recurring fees, gifts and terms, and refunds of both, without tax, by the plan paid for."""
    since = now - timedelta(days=365)
    plan_of = {row["id"]: row for row in await connection.fetch(
        "SELECT v.id, v.price, p.name FROM plan_version v JOIN plan p ON p.id = v.plan")}  # fmt: skip
    found = {row["name"]: [0, 0, 0] for row in await connection.fetch("SELECT name FROM plan")}
    periods = {row["invoice"]: row for row in await connection.fetch("SELECT * FROM paid_period")}
    for row in periods.values():
        if since <= row["paid_at"] <= now:
            found[plan_of[row["plan_version"]]["name"]][0] += row["net_amount"]
    for table in ("gift_membership", "paid_term"):
        for row in await connection.fetch(f"SELECT * FROM {table} WHERE paid_at IS NOT NULL"):
            version = plan_of[row["plan_version"]]
            net = without_tax(version["price"], rate_bp)
            if since <= row["paid_at"] <= now:
                found[version["name"]][1] += net
    for row in await connection.fetch(ONCE_BACK, since, now):
        found[plan_of[row["plan_version"]]["name"]][2] += without_tax(row["amount"], rate_bp)
    for back in await _fee_refunds(connection):
        period = periods.get(back["invoice"])
        if period is not None and period["amount"] > 0 and since <= back["created_at"] <= now:
            share = back["amount"] * period["net_amount"] / period["amount"]
            found[plan_of[period["plan_version"]]["name"]][2] += int(share + 0.5)
    return {name: (fees, once, back) for name, (fees, once, back) in found.items()}


ONCE_BACK = """
SELECT r.amount, g.plan_version FROM mirrored_refund r JOIN (SELECT id, plan_version FROM gift_membership
  UNION ALL SELECT id, plan_version FROM paid_term) g ON g.id = r.reference_id
WHERE r.status NOT IN ('failed', 'cancelled') AND r.created_at BETWEEN $1 AND $2
"""


async def _fee_refunds(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    invoices = {
        row["payment_intent"]: row
        for row in await connection.fetch("SELECT * FROM mirrored_invoice WHERE payment_intent IS NOT NULL")
    }
    found = []
    for row in await connection.fetch("SELECT * FROM mirrored_refund WHERE status NOT IN ('failed', 'cancelled')"):
        invoice = invoices.get(row["payment_intent"])
        if invoice is not None and invoice["local_id"] == row["reference_id"]:
            found.append({"invoice": invoice["stripe_id"], **dict(row)} | {"invoice": invoice["stripe_id"]})
    return found


def share(tax: int, paid: int, total: int) -> int:
    """The part of the tax in what was paid; a half goes up."""
    return (2 * tax * paid + total) // (2 * total) if total else 0


async def money_in(connection: asyncpg.Connection, since: datetime, now: datetime, rate_bp: int) -> tuple[int, int]:
    """What was paid less what was given back, and the tax in it."""
    total, tax = 0, 0
    for row in await connection.fetch("SELECT * FROM orders WHERE paid_at BETWEEN $1 AND $2", since, now):
        paid = row["total"] - row["credit"]
        total += paid
        tax += share(row["tax"], paid, row["total"])
    for row in await connection.fetch("SELECT * FROM paid_period WHERE paid_at BETWEEN $1 AND $2", since, now):
        total += row["amount"]
        tax += row["amount"] - row["net_amount"]
    for table in ("gift_membership", "paid_term"):
        sold = f"SELECT g.*, v.price FROM {table} g JOIN plan_version v ON v.id = g.plan_version"
        for row in await connection.fetch(sold):
            times = int(row["paid_at"] is not None and since <= row["paid_at"] <= now)
            total += times * row["price"]
            tax += times * (row["price"] - without_tax(row["price"], rate_bp))
    for row in await connection.fetch(ONCE_BACK, since, now):
        total -= row["amount"]
        tax -= row["amount"] - without_tax(row["amount"], rate_bp)
    for row in await connection.fetch(
        """SELECT r.amount, r.credit, o.tax, o.total FROM refund r JOIN orders o ON o.id = r.order
        WHERE r.at BETWEEN $1 AND $2 AND r.status <> 'failed'""", since, now,
    ):  # fmt: skip
        money = row["amount"] - row["credit"]
        total -= money
        tax -= share(row["tax"], money, row["total"])
    periods = {row["invoice"]: row for row in await connection.fetch("SELECT * FROM paid_period")}
    for back in await _fee_refunds(connection):
        if since <= back["created_at"] <= now:
            period = periods[back["invoice"]]
            total -= back["amount"]
            tax -= int(back["amount"] * (period["amount"] - period["net_amount"]) / period["amount"] + 0.5)
    return total, tax
