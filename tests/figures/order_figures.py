"""Sales, refunds, the costs of benefits and the margins of members' orders, worked out a second time from raw rows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import database
from components.insights.metrics import figures, metric_rows, plan_results
from tests.figures.recomputation import LONDON

SPANS = (1, 7, 30, 365)
Rows = list[dict[str, Any]]
Same = Callable[[str, Any, Any], None]


async def compare_orders(same: Same, connection: asyncpg.Connection, now: datetime) -> None:
    orders, refunds = await _rows(connection, "orders"), await _rows(connection, "refund")
    for shown in await _shown_sales():
        name, since = f"{shown.days} days", _since(now, shown.days)
        paid = [one for one in orders if one["paid_at"] and since <= one["paid_at"] <= now]
        back = [one for one in refunds if one["status"] != "failed" and since <= one["at"] <= now]
        sold, refunded = sum(one["total"] for one in paid), sum(one["amount"] for one in back)
        same(f"orders, {name}", shown.orders, len(paid))
        same(f"sales, {name}", shown.sales, sold)
        same(f"average order, {name}", shown.average, _nearest_even(sold, len(paid)) if paid else None)
        same(f"refunds, {name}", shown.refunds, refunded)
        same(
            f"rows of sales, {name}",
            sum([one.amount async for one in metric_rows.goods_sold(shown.days).every()]),
            sold,
        )
        same(
            f"rows of refunds, {name}",
            sum([one.amount async for one in metric_rows.refunded(shown.days).every()]),
            refunded,
        )


async def compare_benefits(same: Same, connection: asyncpg.Connection, now: datetime) -> None:
    """Each plan's costs by kind, what is left of its fees, and the margin of its members' orders, in 365 days."""
    since = now - timedelta(days=365)
    plans = {row["id"]: row["name"] for row in await _rows(connection, "plan")}
    orders = {row["id"]: row for row in await _rows(connection, "orders")}
    held = _Held(await _rows(connection, "membership"))
    costs: dict[tuple[str, str], int] = defaultdict(int)
    for person, at, kind, amount, joined in [*await _uses(connection, orders), *await _credit(connection, orders)]:
        plan = held.then(person, at, joined) if since <= at <= now else None
        if plan is not None:
            costs[plans[plan], kind] += amount
    margins = await _margins(connection, orders, held, since, now)
    in_margin = await _in_margin(connection, orders, held, since, now)
    for one in await plan_results.by_plan(365):
        expected = {kind: amount for (plan, kind), amount in costs.items() if plan == one.plan and amount}
        same(f"costs of {one.plan}", dict(one.by_kind), expected)
        same(f"left of {one.plan}", one.left, one.fees + one.once - one.refunds - one.disputed - sum(expected.values()))
        ids = [id for id, name in plans.items() if name == one.plan]
        same(f"in the margin of {one.plan}", one.in_margin, in_margin.get(ids[0], 0))
        same(f"margin of {one.plan}", (one.margin, one.costed, one.lines), margins.get(ids[0], (0, 0, 0)))


async def _rows(connection: asyncpg.Connection, table: str) -> Rows:
    return [dict(row) for row in await connection.fetch(f"SELECT * FROM {table}")]


async def _shown_sales() -> tuple[figures.Sales, ...]:
    (found,) = await database.batch(figures.sales(*SPANS))
    return found  # type: ignore[no-any-return]


def _since(now: datetime, days: int) -> datetime:
    day = now.astimezone(LONDON).date() - timedelta(days=days - 1)
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _nearest_even(amount: int, number: int) -> int:
    whole, rest = divmod(amount, number)
    return whole + (2 * rest > number or (2 * rest == number and whole % 2 == 1))


def _net(amount: int, order: dict[str, Any] | None) -> int:
    """Without the tax that the order's prices contain; a half goes away from zero."""
    if order is None or not order["tax_is_included"]:
        return amount
    share = Decimal(amount) * 10_000 / (10_000 + order["tax_rate"])
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def _net_line(line: dict[str, Any], order: dict[str, Any]) -> int:
    """Without the tax in it, by the line's own rate; the tax is rounded half up."""
    total, rate = int(line["total"]), line["tax_rate"]
    if not order["tax_is_included"]:
        return total
    return total - int((Decimal(total) * rate / (10_000 + rate)).quantize(Decimal(1), ROUND_HALF_UP))


class _Held:
    """Which plan counts for a person: one that runs before one that is over, a paid one before a free one.

    One that began with the order, `joined`, counts for it even if it began a moment later.
    """

    def __init__(self, memberships: Rows) -> None:
        self.of: dict[UUID, Rows] = defaultdict(list)
        for row in memberships:
            self.of[row["holder"]].append(row)

    def then(self, person: UUID | None, at: datetime, joined: UUID | None) -> UUID | None:
        return self._first(person, at, lambda row: row["starts_at"] <= at or self._began(row, joined))

    def running(self, person: UUID | None, at: datetime, joined: UUID | None) -> UUID | None:
        return self._first(
            person, at, lambda row: (row["starts_at"] <= at and self._runs(row, at)) or self._began(row, joined)
        )

    def _began(self, row: dict[str, Any], joined: UUID | None) -> bool:
        return joined is not None and row["source_id"] == joined

    def _runs(self, row: dict[str, Any], at: datetime) -> bool:
        return row["ends_at"] is None or at < row["ends_at"]

    def _first(self, person: UUID | None, at: datetime, counts: Callable[[dict[str, Any]], bool]) -> UUID | None:
        best: tuple[bool, bool, timedelta] | None = None
        plan: UUID | None = None
        for row in self.of[person] if person else ():
            rank = (self._runs(row, at), row["source"] != "free", -abs(row["starts_at"] - at))
            if counts(row) and (best is None or rank > best):
                best, plan = rank, row["plan"]
        return plan


Cost = tuple[UUID, datetime, str, int, UUID | None]


def _joined(order: dict[str, Any] | None) -> UUID | None:
    return (order["joins"] or order["joins_term"]) if order else None


async def _uses(connection: asyncpg.Connection, orders: dict[UUID, dict[str, Any]]) -> list[Cost]:
    return [
        (row["person"], row["at"], row["kind"], _net(row["regular"] - row["paid"], order), _joined(order))
        for row in await _rows(connection, "benefit_use")
        for order in [orders.get(row["order_id"])]
    ]


async def _credit(connection: asyncpg.Connection, orders: dict[UUID, dict[str, Any]]) -> list[Cost]:
    """What was given, less what was taken back or ran out; goodwill of the shop is no benefit."""
    kinds = {row["id"]: row["kind"] for row in await _rows(connection, "benefit")}
    accounts = {row["id"]: row["kind"] for row in await _rows(connection, "ledger_account")}
    entries: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in await _rows(connection, "ledger_entry"):
        entries[row["lot"]].append((accounts[row["account"]], row["amount"]))
    found = []
    for lot in await _rows(connection, "ledger_lot"):
        sides, kind = entries[lot["id"]], kinds.get(lot["benefit"], "")
        if kind or any(name == "cashback_given" for name, _ in sides):
            given = -sum(amount for name, amount in sides if name in ("cashback_given", "credit_given", "expired"))
            found.append((lot["person"], lot["given_at"], kind, given, _joined(orders.get(lot["order_id"]))))
    return found


async def _in_margin(
    connection: asyncpg.Connection, orders: dict[UUID, dict[str, Any]], held: _Held, since: datetime, now: datetime
) -> dict[UUID, int]:
    """Member prices and gifts, less what was refunded of them, of the order lines whose cost is known."""
    costed = {str(row["id"]) for row in await _rows(connection, "order_line") if row["unit_cost"] is not None}
    found: dict[UUID, int] = defaultdict(int)
    for row in await _rows(connection, "benefit_use"):
        joined = _joined(orders.get(row["order_id"]))
        plan = held.then(row["person"], row["at"], joined) if since <= row["at"] <= now else None
        if plan and row["kind"] in ("member_price", "gift") and row["reference"].split(":")[-1] in costed:
            found[plan] += _net(row["regular"] - row["paid"], orders.get(row["order_id"]))
    return found


async def _margins(
    connection: asyncpg.Connection, orders: dict[UUID, dict[str, Any]], held: _Held, since: datetime, now: datetime
) -> dict[UUID, tuple[int, int, int]]:
    found: dict[UUID, tuple[int, int, int]] = {}
    for line in await _rows(connection, "order_line"):
        order = orders[line["order"]]
        at = order["paid_at"]
        plan = held.running(order["person"], at, _joined(order)) if at and since <= at <= now else None
        if plan is None:
            continue
        margin, costed, lines = found.get(plan, (0, 0, 0))
        if line["unit_cost"] is not None:
            margin += _net_line(line, order) - line["unit_cost"] * line["quantity"]
            costed += 1
        found[plan] = (margin, costed, lines + 1)
    return found
