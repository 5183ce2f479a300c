"""Changes of orders, for programs that synchronise with the shop: each order once, at its latest change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.orders import queries
from components.orders.tables import CHANGED, REFUND_CHANGED
from components.orders.views import OrderView

SETTLED = timedelta(seconds=5)
"""More recent changes are left for the next call: a transaction that began earlier may still be about to commit."""

FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class ChangedOrder:
    order: OrderView
    at: datetime


class _Change(NamedTuple):
    id: UUID
    at: datetime


_SINCE = f"""
(SELECT id, {CHANGED} AS at FROM orders
  WHERE ({CHANGED}, id) > ($1::timestamptz, $2::uuid) AND {CHANGED} <= $3
    AND NOT EXISTS (SELECT FROM refund WHERE "order" = orders.id AND {REFUND_CHANGED} > {CHANGED})
  ORDER BY {CHANGED}, id LIMIT $4)
UNION
(SELECT "order", {REFUND_CHANGED} FROM refund
  WHERE ({REFUND_CHANGED}, "order") > ($1::timestamptz, $2::uuid) AND {REFUND_CHANGED} <= $3
    AND {REFUND_CHANGED} > (SELECT {CHANGED} FROM orders WHERE id = "order")
    AND NOT EXISTS (SELECT FROM refund later WHERE later."order" = refund."order"
      AND GREATEST(later.at, later.settled_at) > GREATEST(refund.at, refund.settled_at))
  ORDER BY {REFUND_CHANGED}, "order" LIMIT $4)
ORDER BY at, id LIMIT $4"""


async def changed_since(after: tuple[datetime, UUID], *, until: datetime, limit: int) -> tuple[ChangedOrder, ...]:
    """Orders whose latest change came after this instant (and, at it, after this order), the oldest change first.

    A change is: placed, paid, taken from stock, expired, shipped, flagged, a refund requested or settled.
    """
    changes = await database.fetch_as(_Change, _SINCE, *after, until - SETTLED, limit)
    found = {order.id: order for order in await queries.several([change.id for change in changes])}
    return tuple(ChangedOrder(found[change.id], change.at) for change in changes if change.id in found)
