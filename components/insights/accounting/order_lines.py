"""Lines of Money in that are of orders and their refunds: the part in money, by the order's rates of tax."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.insights.accounting.money_lines import MoneyLine, paged
from components.insights.metrics.money_in import Span
from components.orders.history import tax_shares
from components.orders.history.tax_shares import RateShare


class _Row(NamedTuple):
    id: UUID
    at: datetime
    order_id: UUID
    number: str
    customer: str
    country: str
    total: int
    money: int
    currency: str
    reference: str


_ORDERS = """
SELECT o.id, o.paid_at AS at, o.id AS order_id, o.number, o.name AS customer, o.country, o.total,
  o.total - o.credit AS money, o.currency, coalesce(o.payment_reference, '') AS reference
FROM insights_orders o WHERE o.paid_at IS NOT NULL
"""
_REFUNDS = """
SELECT r.id, r.at, o.id AS order_id, o.number, o.name AS customer, o.country, o.total,
  r.amount - r.credit AS money, r.currency, coalesce(r.stripe_id, '') AS reference
FROM insights_refunds r JOIN insights_orders o ON o.id = r.order_id
WHERE r.status <> 'failed' AND r.amount > r.credit AND o.paid_at IS NOT NULL
"""
_TAXES = """
SELECT order_id, name, rate_bp, net, amount, counted FROM insights_order_taxes
WHERE order_id = ANY($1) AND NOT of_fee ORDER BY id
"""


async def of_orders(span: Span) -> AsyncIterator[MoneyLine]:
    async for line in _lines("Orders", _ORDERS, span, sign=1):
        yield line


async def of_refunds(span: Span) -> AsyncIterator[MoneyLine]:
    """Negative, without what came back as store credit."""
    async for line in _lines("Refunds of orders", _REFUNDS, span, sign=-1):
        yield line


async def of_parts(parts: dict[UUID, int]) -> dict[UUID, list[MoneyLine]]:
    """The lines of such parts of the money of these orders, whenever they were paid."""
    rows = await database.fetch_as(_Row, f"SELECT * FROM ({_ORDERS}) found WHERE id = ANY($1)", list(parts))
    taxes = await _taxes(rows)
    return {row.id: [_line("Orders", row, one, 1) for one in _shares(row, taxes, parts[row.id])] for row in rows}


async def _lines(kind: str, sql: str, span: Span, *, sign: int) -> AsyncIterator[MoneyLine]:
    async for rows in paged(_Row, sql, span):
        taxes = await _taxes(rows)
        for row in rows:
            for share in _shares(row, taxes, row.money):
                yield _line(kind, row, share, sign)


async def _taxes(rows: list[_Row]) -> dict[UUID, list[RateShare]]:
    taxes: dict[UUID, list[RateShare]] = defaultdict(list)
    for order, *kept in await database.fetch_rows(_TAXES, [row.order_id for row in rows]):
        taxes[order].append(RateShare(*kept))
    return taxes


def _shares(row: _Row, taxes: dict[UUID, list[RateShare]], of: int) -> tuple[RateShare, ...]:
    return tax_shares.by_rate(taxes.get(row.order_id, []), total=row.total, of=of)


def _line(kind: str, row: _Row, share: RateShare, sign: int) -> MoneyLine:
    return MoneyLine(
        kind=kind, at=row.at, number=row.number, customer=row.customer, country=row.country,
        tax_name=share.name, rate_bp=share.rate_bp, net=sign * share.net, tax=sign * share.tax,
        currency=row.currency, reference=row.reference,
    )  # fmt: skip
