"""ARR: what paying members pay in a year, without tax, from their fees and not from rounded months."""

from typing import Any

from components.foundation.database import Query

BALANCES = """SELECT person, sum(amount)::bigint AS a_month,
  max(at) FILTER (WHERE kind IN ('new', 'adopted', 'reactivation')) AS since
FROM current_movements GROUP BY person HAVING sum(amount) > 0"""
LAST_PAID = """
LEFT JOIN LATERAL (SELECT s.id, s.status, s.cancel_at FROM insights_subscriptions s
  WHERE s.payer = b.person AND s.started_at IS NOT NULL ORDER BY s.started_at DESC LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT plan_version, net_price FROM insights_paid_periods WHERE subscription = s.id
  ORDER BY starts_at DESC LIMIT 1) paid ON true
LEFT JOIN insights_plan_versions v ON v.id = paid.plan_version
LEFT JOIN LATERAL (SELECT CASE v.interval WHEN 'year' THEN 12 WHEN 'month' THEN 1 WHEN 'week' THEN 33600 END
  * v.interval_count AS months, CASE v.interval WHEN 'week' THEN 146097 ELSE 1 END AS per) fee ON true"""
"""The subscription that a person `b` pays for, its last paid fee, and that fee's interval: `months` ÷ `per` months."""
A_YEAR = """CASE WHEN floor(paid.net_price * fee.per / fee.months::numeric + 0.5) = b.a_month
  THEN floor(paid.net_price * 12 * fee.per / fee.months::numeric + 0.5)::bigint ELSE 12 * b.a_month END"""
"""Rounded once for each fee. Twelve of the ledger's months where that is another fee than the last one paid."""
_ARR = f"SELECT json_build_object('arr', coalesce(sum({A_YEAR}), 0)) FROM ({BALANCES}) b {LAST_PAID}"


def arr() -> Query[int]:
    """In minor units."""
    return Query(_ARR, (), _read)


def _read(found: Any) -> int:
    return int(found["arr"])
