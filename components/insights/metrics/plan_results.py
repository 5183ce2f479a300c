"""Benefit profit and loss: what each plan brought in, and what its benefits cost. Minor units, without tax."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.insights.metrics import lost_disputes
from components.memberships.benefits.kinds import all_kinds, by_rank
from components.memberships.plans import plan_fees
from components.pricing import fee_tax


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """`fees` recurring, `once` for gifts and terms paid once, `refunds` of both and what banks took back for good,
    `disputed`; `by_kind` is the cost of benefits.

    `margin` is what members' orders left above the cost of the goods, with these benefits already taken off; it is
    known for `costed` of `lines` lines.
    """

    plan: str
    fees: int
    once: int
    refunds: int
    disputed: int
    by_kind: Mapping[str, int]
    margin: int
    costed: int
    lines: int

    @property
    def given(self) -> int:
        return sum(self.by_kind.values())

    @property
    def left(self) -> int:
        return self.fees + self.once - self.refunds - self.disputed - self.given


_FEES = """
SELECT v.plan, sum(d.net_amount)::bigint AS amount FROM insights_paid_periods d
JOIN insights_plan_versions v ON v.id = d.plan_version WHERE d.paid_at >= $1 AND d.paid_at <= $2 GROUP BY v.plan
"""
_FEE_REFUNDS = """
SELECT v.plan, sum(round(r.amount * d.net_amount::numeric / d.amount))::bigint AS amount FROM insights_fee_refunds r
JOIN insights_paid_periods d ON d.invoice = r.invoice AND d.amount > 0
JOIN insights_plan_versions v ON v.id = d.plan_version
WHERE r.at >= $1 AND r.at <= $2 AND r.status NOT IN ('failed', 'cancelled') GROUP BY v.plan
"""
_ONCE = """
SELECT plan, price, count(*) AS sold
FROM (SELECT plan, price, paid_at FROM insights_membership_gifts
  UNION ALL SELECT plan, price, paid_at FROM insights_paid_terms) once
WHERE paid_at >= $1 AND paid_at <= $2 GROUP BY plan, price
"""
_ONCE_REFUNDS = """
SELECT plan, amount, count(*) AS made FROM insights_paid_once_refunds
WHERE at >= $1 AND at <= $2 AND status <> 'failed' GROUP BY plan, amount
"""
_PLAN_THEN = """(SELECT m.plan FROM insights_memberships m
  WHERE m.holder = {one}.person AND m.starts_at <= {one}.at
  ORDER BY (m.ends_at IS NULL OR m.ends_at > {one}.at) DESC, m.source = 'free', m.starts_at DESC LIMIT 1)"""
# A lot of credit costs what was given, less what was taken back or has expired, whenever that was.
_COSTS = f"""
WITH gave AS (
  SELECT u.person, u.at, u.kind, CASE WHEN o.tax_is_included
    THEN round((u.regular - u.paid) * 10000.0 / (10000 + o.tax_rate))::bigint ELSE u.regular - u.paid END AS amount
  FROM insights_benefit_uses u LEFT JOIN insights_orders o ON o.id = u.order_id WHERE u.at >= $1 AND u.at <= $2
  UNION ALL SELECT l.person, l.given_at, coalesce(b.kind, ''), -sum(e.amount)::bigint
  FROM insights_credit_lots l JOIN insights_ledger_entries e ON e.lot = l.id
    AND e.account_kind IN ('cashback_given', 'credit_given', 'expired')
  LEFT JOIN insights_benefits b ON b.id = l.benefit WHERE l.given_at >= $1 AND l.given_at <= $2
  GROUP BY l.id, l.person, l.given_at, b.kind
  HAVING b.kind IS NOT NULL OR bool_or(e.account_kind = 'cashback_given'))
SELECT plan, kind, sum(amount)::bigint AS amount
FROM (SELECT gave.kind, gave.amount, {_PLAN_THEN.format(one="gave")} AS plan FROM gave) held
WHERE plan IS NOT NULL GROUP BY plan, kind HAVING sum(amount) <> 0
"""
_MARGIN = """
SELECT m.plan, sum(CASE WHEN l.unit_cost IS NULL THEN 0 ELSE CASE WHEN o.tax_is_included
    THEN l.total - l.tax ELSE l.total END - l.unit_cost * l.quantity END)::bigint
  AS margin, count(l.unit_cost) AS costed, count(*) AS lines
FROM insights_orders o JOIN insights_order_lines l ON l.order_id = o.id
JOIN LATERAL (SELECT m.plan FROM insights_memberships m WHERE m.holder = o.person
  AND holds(m.starts_at, m.ends_at, o.paid_at) ORDER BY m.source = 'free', m.starts_at DESC LIMIT 1) m ON true
WHERE o.paid_at >= $1 AND o.paid_at <= $2 GROUP BY m.plan
"""


async def by_plan(days: int) -> tuple[PlanResult, ...]:
    """For the last `days` days."""
    span = (clock.now() - timedelta(days=days), clock.now())
    fees, refunds = await _amounts(_FEES, span), await _amounts(_FEE_REFUNDS, span)
    once = defaultdict[UUID, int](int)
    for plan, price, sold in await database.fetch_rows(_ONCE, *span):
        once[plan] += fee_tax.net(price, plan_fees.tax_of(plan)) * sold
    for plan, amount, made in await database.fetch_rows(_ONCE_REFUNDS, *span):
        refunds[plan] += fee_tax.net(amount, plan_fees.tax_of(plan)) * made
    disputed = defaultdict[UUID | None, int](int)
    for lost in await lost_disputes.lost_between(*span):
        disputed[lost.plan] += lost.amount - lost.tax
    costs = defaultdict[UUID, dict[str, int]](dict)
    for plan, kind, amount in await database.fetch_rows(_COSTS, *span):
        costs[plan][kind] = amount
    margins = {row[0]: row[1:] for row in await database.fetch_rows(_MARGIN, *span)}
    plans = await database.fetch_rows("SELECT id, name FROM insights_plans ORDER BY position")
    return tuple(
        PlanResult(
            plan=name,
            fees=fees[id],
            once=once[id],
            refunds=refunds[id],
            disputed=disputed[id],
            by_kind=costs[id],
            margin=margins.get(id, (0, 0, 0))[0],
            costed=margins.get(id, (0, 0, 0))[1],
            lines=margins.get(id, (0, 0, 0))[2],
        )
        for id, name in plans
    )


async def _amounts(sql: str, span: tuple[datetime, datetime]) -> defaultdict[UUID, int]:
    return defaultdict(int, dict(await database.fetch_rows(sql, *span)))


def use_columns(results: Iterable[PlanResult]) -> tuple[tuple[str, str], ...]:
    """Key and heading of each kind whose uses are money, then of whatever else was given."""
    named = {one.key: one.use_label for one in by_rank() if one.use_label}
    others = sorted({key for one in results for key in one.by_kind} - set(named))
    return (*named.items(), *((key, all_kinds()[key].title if key in all_kinds() else "Other") for key in others))
