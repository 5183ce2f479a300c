"""A person's past purchases, at everybody's prices of that day, to estimate what a plan would have saved."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from components.foundation import database, json

MOST = 500
"""The most lines that are read, the newest first."""

_BOUGHT = """
SELECT coalesce(json_agg(json_build_object('order_id', b.order_id, 'method', b.delivery_method,
    'fee', CASE WHEN b.delivery_benefit IS NULL THEN b.delivery ELSE b.delivery_list END,
    'paid_at', b.paid_at, 'total', b.total, 'credit', b.credit, 'given_back', b.given_back,
    'lines', b.lines) ORDER BY b.paid_at, b.order_id), '[]')::text
FROM (SELECT l.order_id, o.delivery_method, o.delivery_benefit, o.delivery, o.delivery_list, o.paid_at, o.total,
    o.credit, (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r."order" = o.id AND r.status <> 'failed'
      AND NOT EXISTS (SELECT FROM refund_line rl WHERE rl.refund = r.id)) AS given_back,
    json_agg(json_build_array(l.variant_id, l.kept, l.regular_unit, l.coupon,
      CASE WHEN o.tax_is_included THEN l.tax_rate ELSE 0 END)) AS lines
  FROM (SELECT l."order" AS order_id, l.variant_id, l.regular_unit, l.coupon, l.tax_rate,
      l.quantity - (SELECT coalesce(sum(rl.quantity), 0) FROM refund_line rl
        JOIN refund r ON r.id = rl.refund AND r.status <> 'failed' WHERE rl.line = l.id) AS kept
    FROM order_line l JOIN orders p ON p.id = l."order"
    WHERE p.person = $1 AND p.paid_at >= $2 AND p.paid_at <= $3 AND l.gift IS NULL
      AND p.total > (SELECT coalesce(sum(r.amount), 0) FROM refund r WHERE r."order" = p.id AND r.status <> 'failed')
    ORDER BY p.paid_at DESC, l.position LIMIT $4) l
  JOIN orders o ON o.id = l.order_id WHERE l.kept > 0
  GROUP BY l.order_id, o.id) b
"""


@dataclass(frozen=True, slots=True)
class PurchasedLine:
    """Units that were not returned, at a guest's price that day; `coupon` is what a coupon took off all of them.

    `tax_in` is the rate of the tax inside the price, in basis points.
    """

    variant_id: UUID
    quantity: int
    regular_unit: int
    coupon: int
    tax_in: int = 0


@dataclass(frozen=True, slots=True)
class PastOrder:
    """`fee` is a guest's price of delivery by `method`; `credit` of its `total` was store credit.

    `given_back` was refunded without returning anything.
    """

    order_id: UUID
    method: str
    fee: int
    lines: tuple[PurchasedLine, ...]
    paid_at: datetime
    total: int
    credit: int = 0
    given_back: int = 0


async def past_orders(person_id: UUID, *, since: datetime, until: datetime) -> tuple[PastOrder, ...]:
    """The person's paid orders of a period, without refunded units, the first first. One query."""
    found = json.load(await database.fetch_value(_BOUGHT, person_id, since, until, MOST))
    for order in found:
        order["lines"] = [dict(zip(PurchasedLine.__slots__, line, strict=True)) for line in order["lines"]]
    return tuple(msgspec.convert(found, list[PastOrder], strict=False))
