"""Orders, sales and refunds between days, of members and of everybody else apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation.database import Query
from components.foundation.shop_settings import shop_settings
from components.insights.periods.buyers import Buyers
from components.insights.rollups import day_parts, sold_days, unrolled

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Sold:
    """Amounts in minor units, as `Sales` has them. `members_orders` and `members_sales` are part of all."""

    orders: int
    sales: int
    refunds: int
    members_orders: int
    members_sales: int

    @property
    def average(self) -> int | None:
        return round(self.sales / self.orders) if self.orders else None

    @property
    def members_average(self) -> int | None:
        return round(self.members_sales / self.members_orders) if self.members_orders else None

    @property
    def others_orders(self) -> int:
        return self.orders - self.members_orders

    @property
    def others_sales(self) -> int:
        return self.sales - self.members_sales

    @property
    def others_average(self) -> int | None:
        return round(self.others_sales / self.others_orders) if self.others_orders else None


@dataclass(frozen=True)
class SoldFlows:
    """Between `edges`, each the beginning of a day. A row: place, source, kind, number, amount."""

    edges: tuple[datetime, ...]
    rows: tuple[tuple[int, str, str, int, int], ...]

    def between(self, from_at: datetime, until: datetime) -> Sold:
        first, last = self._places[from_at], self._places[until]
        here = list(chain.from_iterable(self._by_place[first + 1 : last + 1]))
        orders, of_members = [one for one in here if one[1] == "order"], [one for one in here if one[2] == "member"]
        return Sold(
            orders=sum(one[3] for one in orders),
            sales=sum(one[4] for one in orders),
            refunds=sum(one[4] for one in here if one[1] == "refund"),
            members_orders=sum(one[3] for one in of_members),
            members_sales=sum(one[4] for one in of_members),
        )

    @cached_property
    def _places(self) -> dict[datetime, int]:
        return {edge: place for place, edge in enumerate(self.edges)}

    @cached_property
    def _by_place(self) -> list[list[tuple[int, str, str, int, int]]]:
        found: list[list[tuple[int, str, str, int, int]]] = [[] for _ in range(len(self.edges) + 1)]
        for one in self.rows:
            found[one[0]].append(one)
        return found


def query(edges: Iterable[datetime], *, now: datetime, some: Buyers | None = None) -> Query[SoldFlows]:
    """Between these midnights of the shop, of which there are two or more; nothing later than now. Of one country it is
    kept as well; of some buyers it is added up from their orders."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    known = tuple(sorted(set(edges)))
    days = [edge.astimezone(zone).date() for edge in known]
    until = max(known[0], min(now, known[-1] - INSTANT))
    args: tuple[Any, ...] = (*unrolled.args(), known[0], until, days)
    if some is None:
        return Query(_SQL, args, lambda found: _read(known, found))
    if some.is_kept:
        return Query(_OF_COUNTRY, (*args, some.country), lambda found: _read(known, found))
    args = (list(known), known[0], until, *some.bound)
    return Query(_of_some(some), args, lambda found: _read(known, found))


def _read(edges: tuple[datetime, ...], found: Any) -> SoldFlows:
    return SoldFlows(edges, tuple((a, b, c, d, e) for a, b, c, d, e in found or ()))


def _of_some(some: Buyers) -> str:
    """A refund is of whoever the order was of."""
    return f"""
SELECT json_agg(json_build_array(place, source, kind, number, amount)) FROM (
  SELECT width_bucket(o.paid_at, $1::timestamptz[]) AS place, 'order' AS source,
    CASE WHEN {day_parts.IS_MEMBERS} THEN 'member' ELSE '' END AS kind, count(*) AS number,
    sum(o.total)::bigint AS amount
  FROM insights_orders o WHERE o.paid_at >= $2 AND o.paid_at <= $3 AND {some.where("o", 4)} GROUP BY 1, 3
  UNION ALL SELECT width_bucket(r.at, $1::timestamptz[]), 'refund', '', count(*), sum(r.amount)::bigint
  FROM insights_refunds r JOIN insights_orders o ON o.id = r.order_id
  WHERE r.status <> 'failed' AND r.at >= $2 AND r.at <= $3 AND {some.where("o", 4)} GROUP BY 1) summed"""


_SQL = f"""{day_parts.read(day_parts.SOLD, "'order', 'refund'")}
SELECT json_agg(json_build_array(place, source, kind, number, amount)) FROM (
  SELECT width_bucket(day, $5::date[]) AS place, source, kind, sum(number)::bigint AS number,
    sum(amount)::bigint AS amount FROM found GROUP BY 1, 2, 3) summed"""
_OF_COUNTRY = f"""{sold_days.READ}
SELECT json_agg(json_build_array(place, source, kind, number, amount)) FROM (
  SELECT width_bucket(day, $5::date[]) AS place, source, kind, sum(number)::bigint AS number,
    sum(amount)::bigint AS amount FROM found WHERE country = $6 GROUP BY 1, 2, 3) summed"""
