"""Lists of orders: a person's own, and all orders for staff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import database, paging
from components.orders.tables import Order
from components.orders.views import sent_state

PER_PAGE = 25
IS_PICKUP = "o.address->>'is_pickup' = 'true'"
"""As the index `orders_picked_up` has it."""
COLLECTED = '(SELECT f.collected_at FROM fulfilment f WHERE f."order" = o.id)'
STATES = {
    "to-ship": "o.paid_at IS NOT NULL AND o.fulfilled_at IS NULL AND r.refunded < o.total",
    "shipped": f"o.fulfilled_at IS NOT NULL AND ({IS_PICKUP}) IS NOT TRUE",
    "ready": f"o.fulfilled_at IS NOT NULL AND {IS_PICKUP} AND r.refunded < o.total AND {COLLECTED} IS NULL",
    "refunded": "r.refunded > 0",
    "flagged": "o.flagged_at IS NOT NULL",
    "awaiting": "o.paid_at IS NULL AND o.cancelled_at IS NULL",
    "lapsed": "o.cancelled_at IS NOT NULL",
}
WAITING = ("to-ship", "flagged", "awaiting")
"""States that need an action. Few orders are in them at any time, so they can be counted."""

MOST_COUNTED = 10_000
"""Longer lists end here: older orders are found by searching."""

_PAID = "o.paid_at IS NOT NULL"
_FOUND = "(o.number ILIKE $1 OR o.email ILIKE $2 OR o.name ILIKE $2)"
_COLUMNS = f"""({IS_PICKUP}) IS TRUE AS is_pickup, {COLLECTED} AS collected_at,
o.id, o.number, o.email, o.name, o.person, o.currency, o.total, o.credit, o.joining_fee,
o.member_savings - (SELECT coalesce(sum((l.regular_unit - l.unit) * p.quantity), 0) FROM refund f
  JOIN refund_line p ON p.refund = f.id JOIN order_line l ON l.id = p.line
  WHERE f."order" = o.id AND f.status <> 'failed')::bigint AS savings_kept,
o.placed_at, o.paid_at, o.cancelled_at, o.fulfilled_at, o.flagged_at, o.flag, r.refunded,
(SELECT coalesce(sum(l.quantity), 0) FROM order_line l WHERE l."order" = o.id)::int AS units,
(SELECT l.title FROM order_line l WHERE l."order" = o.id ORDER BY l.position LIMIT 1) AS first_title,
(SELECT l.picture FROM order_line l WHERE l."order" = o.id ORDER BY l.position LIMIT 1) AS picture"""
_FROM = """FROM orders o CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS refunded
FROM refund WHERE refund."order" = o.id AND status <> 'failed') r"""


class _List:
    """One condition is one statement, so that each is planned with its own index. The last argument is the offset."""

    def __init__(self, where: str, *, args: int) -> None:
        self.how_many = f"SELECT count(*) FROM (SELECT 1 {_FROM} WHERE {where} LIMIT {MOST_COUNTED}) AS found"
        self.page = f"""SELECT {_COLUMNS} {_FROM} WHERE {where}
        ORDER BY o.placed_at DESC, o.id DESC LIMIT {PER_PAGE} OFFSET ${args + 1}"""


_OF_PERSON = _List(f"{_PAID} AND o.person = $1", args=1)
_ALL = _List(_PAID, args=0)
_IN_STATE = {state: _List(where, args=0) for state, where in STATES.items()}
_SEARCHED = _List(_FOUND, args=2)
_SEARCHED_IN_STATE = {state: _List(f"{where} AND {_FOUND}", args=2) for state, where in STATES.items()}
_COUNTS = "SELECT " + ", ".join(f"(SELECT count(*) {_FROM} WHERE {STATES[key]})" for key in WAITING)
_TO_SHIP_AMONG = f"""SELECT {_COLUMNS} {_FROM}
WHERE o.number = ANY($1) AND o.stock_taken_at IS NOT NULL AND {STATES["to-ship"]}"""


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One line of a list. Amounts in minor units of `currency`."""

    id: UUID
    number: str
    email: str
    name: str
    person: UUID | None
    currency: str
    total: int
    credit: int
    joining_fee: int
    savings_kept: int
    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    fulfilled_at: datetime | None
    flagged_at: datetime | None
    flag: str
    refunded: int
    units: int
    first_title: str | None
    picture: str | None
    is_pickup: bool
    collected_at: datetime | None

    @property
    def charged(self) -> int:
        """The amount charged in money: the order, and the fee of a membership that begins with it."""
        return self.total - self.credit + self.joining_fee

    @property
    def state(self) -> str:
        if self.paid_at is None:
            return "lapsed" if self.cancelled_at else "awaiting"
        if self.refunded:
            return "refunded" if self.refunded >= self.total else "part refunded"
        return sent_state(self.fulfilled_at, is_pickup=self.is_pickup, collected_at=self.collected_at)


@dataclass(frozen=True, kw_only=True)
class OrderListPage:
    """One page of a list. `count` is of the whole list, up to `MOST_COUNTED`."""

    rows: tuple[OrderRow, ...]
    count: int
    number: int

    @property
    def last(self) -> int:
        return paging.last(self.count, PER_PAGE)


async def of_person(person_id: UUID, *, page: int = 1) -> OrderListPage:
    """A person's paid orders, the newest first."""
    return await _page(_OF_PERSON, [person_id], page)


async def numbers(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of these orders, by id."""
    if not order_ids:
        return {}
    rows = await Order.select(Order.id, Order.number).where(Order.id.is_in(list(order_ids)))
    return {row["id"]: row["number"] for row in rows}


async def to_ship_among(some: Collection[str]) -> list[OrderRow]:
    """Those of these numbers that are paid, have their stock, and were not sent."""
    return await database.fetch_as(OrderRow, _TO_SHIP_AMONG, list(some)) if some else []


async def for_staff(*, state: str = "", search: str = "", page: int = 1) -> OrderListPage:
    """Paid orders, or those of a state in `STATES`, the newest first; `search` is a number, an e-mail or a name."""
    if not (words := search.strip()):
        return await _page(_IN_STATE.get(state, _ALL), [], page)
    found = _SEARCHED_IN_STATE.get(state, _SEARCHED)
    return await _page(found, [f"{_escaped(words)}%", f"%{_escaped(words)}%"], page)


async def counts() -> dict[str, int]:
    """How many orders are in each of the `WAITING` states: the counts shown at the filters."""
    (counted,) = await database.fetch_rows(_COUNTS)
    return dict(zip(WAITING, counted, strict=True))


async def _page(wanted: _List, args: list[Any], page: int) -> OrderListPage:
    count = await database.fetch_value(wanted.how_many, *args)
    number = paging.within(page, count, PER_PAGE)
    rows = await database.fetch_as(OrderRow, wanted.page, *args, (number - 1) * PER_PAGE)
    return OrderListPage(rows=tuple(rows), count=count, number=number)


def _escaped(words: str) -> str:
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
