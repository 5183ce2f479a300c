"""What members look at and do not buy."""

from dataclasses import dataclass
from typing import Any

from components.foundation.database import Query
from components.insights.behaviour_figures.funnels import PAID
from components.insights.behaviour_figures.seen_periods import SeenPeriod

MOST = 25
SELDOM = 50
"""Bought less often than once in so many times that it was looked at."""


@dataclass(frozen=True, slots=True)
class UnboughtProduct:
    """`title` is the slug of a product that is not there any more. `people` are members who agreed and looked at it."""

    slug: str
    title: str
    is_there: bool
    seen: int
    people: int
    orders: int


def query(period: SeenPeriod) -> Query[tuple[UnboughtProduct, ...]]:
    """Most looked at first."""
    return Query(_SQL, period.args, _read)


def _read(found: Any) -> tuple[UnboughtProduct, ...]:
    return tuple(UnboughtProduct(*row) for row in found or ())


# Of a look `v`: on a day on which everybody could have bought it from the first minute on.
_ON_SALE = """NOT EXISTS (SELECT FROM insights_products w WHERE w.slug = v.subject
  AND w.public_from > v.day::timestamp AT TIME ZONE 'UTC')"""
_SQL = f"""
WITH bought AS (SELECT l.product_id, count(DISTINCT o.id)::int AS orders FROM ({PAID}) o
  JOIN insights_order_lines l ON l.order_id = o.id WHERE o.is_member GROUP BY 1),
seen AS (SELECT v.subject, sum(v.times)::int AS times FROM insights_view_counts v
  WHERE v.day BETWEEN $1 AND $2 AND v.kind = 'product' AND v.is_member AND {_ON_SALE} GROUP BY 1),
chosen AS (SELECT s.subject, coalesce(p.title, s.subject) AS title, p.id IS NOT NULL AS is_there, s.times,
    coalesce(b.orders, 0) AS orders
  FROM seen s LEFT JOIN insights_products p ON p.slug = s.subject LEFT JOIN bought b ON b.product_id = p.id
  WHERE coalesce(b.orders, 0) * {SELDOM} < s.times ORDER BY s.times DESC, s.subject LIMIT {MOST})
SELECT json_agg(json_build_array(c.subject, c.title, c.is_there, c.times, (
    SELECT count(DISTINCT v.person)::int FROM insights_page_views v WHERE v.day BETWEEN $1 AND $2
      AND v.kind = 'product' AND v.subject = c.subject AND v.is_member AND {_ON_SALE}), c.orders)
  ORDER BY c.times DESC, c.subject)
FROM chosen c"""
