"""Every order of a list of staff's, a page at a time, for a file: the list's own filters, and the taxes of each."""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from components.foundation import database
from components.foundation.database import any_of
from components.orders.history.tax_shares import RateShare
from components.orders.order_list import COLLECTED, IS_PICKUP, STATES
from components.orders.tables import OrderTax

A_PAGE = 500
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_SENT = f"({IS_PICKUP}) IS TRUE AS is_pickup, {COLLECTED} AS collected_at"
_ROWS = """SELECT {sent}, o.id, o.number, o.name, o.email, o.currency, o.total, o.credit, r.refunded, o.placed_at,
  o.paid_at, o.cancelled_at, o.fulfilled_at, coalesce(o.payment_reference, '') AS reference
FROM orders o CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS refunded
  FROM refund WHERE refund."order" = o.id AND status <> 'failed') r
WHERE {where} AND (o.placed_at, o.id) < ($1, $2) ORDER BY o.placed_at DESC, o.id DESC LIMIT {a_page}"""
_FOUND = "(o.number ILIKE $3 || '%' OR o.email ILIKE '%' || $3 || '%' OR o.name ILIKE '%' || $3 || '%')"


@dataclass(frozen=True, kw_only=True)
class ExportedOrder:
    """Amounts in minor units; `refunded` in money and store credit."""

    id: UUID
    number: str
    name: str
    email: str
    currency: str
    total: int
    credit: int
    refunded: int
    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    fulfilled_at: datetime | None
    reference: str
    is_pickup: bool
    collected_at: datetime | None
    taxes: tuple[RateShare, ...] = ()


async def for_staff(*, state: str = "", search: str = "") -> AsyncIterator[ExportedOrder]:
    """What `order_list.for_staff` lists, all of it, the newest first."""
    where, args = _where(state, search.strip())
    sql, after = _ROWS.format(sent=_SENT, where=where, a_page=A_PAGE), (_LATEST, UUID(int=2**128 - 1))
    while rows := await database.fetch_as(ExportedOrder, sql, *after, *args):
        taxes = await _taxes([row.id for row in rows])
        for row in rows:
            yield replace(row, taxes=taxes[row.id])
        after = rows[-1].placed_at, rows[-1].id


def _where(state: str, search: str) -> tuple[str, list[Any]]:
    if not search:
        return STATES.get(state, "o.paid_at IS NOT NULL"), []
    escaped = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return (f"{STATES[state]} AND {_FOUND}" if state in STATES else _FOUND), [escaped]


async def _taxes(orders: list[UUID]) -> defaultdict[UUID, tuple[RateShare, ...]]:
    found: defaultdict[UUID, tuple[RateShare, ...]] = defaultdict(tuple)
    one = OrderTax
    goods = one.select(one.order, one.name, one.rate_bp, one.net, one.amount, one.counted).order_by(
        one.order, one.position
    )
    for row in await goods.where(any_of(one.order, orders), one.of_fee.eq(False)):
        found[row["order"]] += (RateShare(row["name"], row["rate_bp"], row["net"], row["amount"], row["counted"]),)
    return found
