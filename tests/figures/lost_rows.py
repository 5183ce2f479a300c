"""What banks took back, worked out a second time: each lost dispute is followed to the row its payment was for."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from tests.figures.raw_rows import share
from tests.figures.recomputation import without_tax


@dataclass(frozen=True)
class Lost:
    plan: str | None
    amount: int
    tax: int


async def lost(connection: asyncpg.Connection, since: datetime, now: datetime, rate_bp: int) -> list[Lost]:
    found: list[Lost] = []
    for row in await connection.fetch("SELECT * FROM mirrored_dispute WHERE status = 'lost'"):
        if since <= row["lost_at"] <= now:
            found += await _parts(connection, row, rate_bp)
    return found


async def by_plan(connection: asyncpg.Connection, since: datetime, now: datetime, rate_bp: int) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for one in await lost(connection, since, now, rate_bp):
        if one.plan is not None:
            found[one.plan] += one.amount - one.tax
    return found


async def _parts(connection: asyncpg.Connection, row: asyncpg.Record, rate_bp: int) -> list[Lost]:
    left, parts = row["amount"], list[Lost]()
    invoice = await connection.fetchrow(
        "SELECT * FROM mirrored_invoice WHERE payment_intent = $1", row["payment_intent"]
    )
    pages = await connection.fetch(
        "SELECT * FROM checkout_session WHERE reference_id = $1 AND along IS NOT NULL AND paid_at IS NOT NULL",
        row["reference_id"],
    )
    if pages and invoice is not None and invoice["reason"] == "subscription_create":
        order = await connection.fetchrow("SELECT * FROM orders WHERE id = $1", pages[0]["along"])
        part = share(pages[0]["along_amount"], left, invoice["amount_paid"])
        parts.append(Lost(None, part, share(order["tax"], part, order["total"])))
        left -= part
    if (order := await connection.fetchrow("SELECT * FROM orders WHERE id = $1", row["reference_id"])) is not None:
        return [Lost(None, left, share(order["tax"], left, order["total"]))]
    plan = "SELECT t.*, p.name FROM {} t JOIN plan_version v ON v.id = t.plan_version JOIN plan p ON p.id = v.plan"
    for table in ("gift_membership", "paid_term"):
        once = await connection.fetchrow(f"{plan.format(table)} WHERE t.id = $1", row["reference_id"])
        if once is not None:
            return [Lost(once["name"], left, left - without_tax(left, rate_bp))]
    if invoice is not None:
        period = await connection.fetchrow(f"{plan.format('paid_period')} WHERE t.invoice = $1", invoice["stripe_id"])
        if period is not None and period["amount"]:
            parts.append(
                Lost(period["name"], left, share(period["amount"] - period["net_amount"], left, period["amount"]))
            )
    return parts
