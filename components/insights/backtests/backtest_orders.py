"""Past orders read for a simulation, in batches."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.checkout.delivery import delivery_terms
from components.foundation import database, json
from components.insights.backtests.sold_orders import SoldLine, SoldOrder
from components.memberships.benefits.backtest import BacktestEvents

PORTION, BREATH = 2_000, 100
"""Orders of one statement, and those after which pages are answered that wait meanwhile."""
NOWHERE = UUID(int=0)
Doors = tuple[datetime | None, bool]
"""When general sale of a product starts, and whether it is members-only."""


class _Line(NamedTuple):
    """An order, and one of its lines; of an order without any, the line is empty."""

    id: UUID
    person: UUID | None
    placed_at: datetime
    paid_at: datetime
    delivery_list: int
    delivery_saved: int
    delivery_benefit: UUID | None
    delivery_method: str
    tax_rate: int
    tax_is_included: bool
    total: int
    credit: int
    refunds: str | None
    variant_id: UUID
    product_id: UUID
    title: str
    quantity: int
    regular_unit: int
    coupon: int
    unit_cost: int | None
    shop_price: int


async def count(since: datetime, until: datetime) -> int:
    return int(await database.fetch_value(_COUNT, since, until))


async def portions(happened: BacktestEvents, spent: Mapping[UUID, int]) -> AsyncIterator[list[SoldOrder]]:
    """Paid orders by the instant they were placed. `spent` is what the buyer had spent within a year."""
    reading = _Reading(happened, spent, {method.name: method.id for method in (await delivery_terms.current()).methods})
    at, id = happened.since, UUID(int=2**128 - 1)
    while rows := await database.fetch_as(_Line, _ORDERS, at, id, happened.until, PORTION):
        orders = []
        for _, own in groupby(rows, key=lambda row: row.id):
            orders.append(reading.order(list(own)))
            if len(orders) % BREATH == 0:
                await asyncio.sleep(0)
        yield orders
        at, id = rows[-1].placed_at, rows[-1].id


_COUNT = "SELECT count(*)::int FROM insights_orders WHERE paid_at IS NOT NULL AND placed_at > $1 AND placed_at <= $2"
_ORDERS = """
WITH portion AS MATERIALIZED (
  SELECT o.id, o.person, o.placed_at, o.paid_at, o.delivery_list, o.delivery_saved, o.delivery_benefit,
    o.delivery_method, o.tax_rate, o.tax_is_included, o.total, o.credit,
    (SELECT json_agg(json_build_array(r.settled_at, r.amount) ORDER BY r.settled_at)::text FROM insights_refunds r
      WHERE r.order_id = o.id AND r.status = 'succeeded' AND r.settled_at IS NOT NULL) AS refunds
  FROM insights_orders o WHERE o.paid_at IS NOT NULL AND (o.placed_at, o.id) > ($1, $2) AND o.placed_at <= $3
  ORDER BY o.placed_at, o.id LIMIT $4)
SELECT o.*, l.variant_id, l.product_id, l.title, l.quantity, l.regular_unit, l.coupon, l.unit_cost,
  GREATEST(l.regular_unit, coalesce((l.trace->0->>'amount')::bigint, 0)) AS shop_price
FROM portion o LEFT JOIN insights_order_lines l ON l.order_id = o.id AND l.gift IS NULL
ORDER BY o.placed_at, o.id, l.position
"""


@dataclass(frozen=True, slots=True)
class _Reading:
    happened: BacktestEvents
    spent: Mapping[UUID, int]
    methods: Mapping[str, UUID]
    doors: dict[UUID, Doors] = field(default_factory=dict)

    def order(self, rows: list[_Line]) -> SoldOrder:
        first = rows[0]
        person: UUID | None = first.person
        return SoldOrder(
            person=person,
            plans=self.happened.plans(person, first.placed_at) if person else frozenset(),
            at=first.placed_at,
            lines=tuple(self._line(row) for row in rows if row.variant_id is not None),
            method=self.methods.get(first.delivery_method, NOWHERE),
            listed=first.delivery_list,
            is_free_anyway=first.delivery_saved > 0 and first.delivery_benefit is None,
            tax_rate=first.tax_rate,
            tax_is_included=first.tax_is_included,
            paid_at=first.paid_at,
            total=first.total,
            credit=first.credit,
            spent=self.spent.get(first.id, 0),
            refunds=_refunds(first.refunds),
        )

    def _line(self, row: _Line) -> SoldLine:
        product_id: UUID = row.product_id
        if product_id not in self.doors:
            self.doors[product_id] = _doors(product_id)
        return SoldLine(
            row.variant_id,
            product_id,
            row.title,
            row.quantity,
            row.shop_price,
            row.regular_unit,
            row.coupon,
            row.unit_cost,
            *self.doors[product_id],
        )


def _doors(product_id: UUID) -> Doors:
    product = snapshot_refresh.snapshot().product_by_id(product_id)
    return (product.public_from, product.members_only) if product else (None, False)


def _refunds(kept: str | None) -> tuple[tuple[datetime, int], ...]:
    """Instants, each with the total refunded by then."""
    found, so_far = [], 0
    for at, amount in json.load(kept) if kept else ():
        so_far += amount
        found.append((datetime.fromisoformat(at), so_far))
    return tuple(found)
