"""What is agreed about the fees of paying members but has not happened yet: leaving, another plan, another price."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.insights.movements.mrr import per_month
from components.insights.rollups.unrolled import CURRENT
from components.memberships.plans import plan_fees
from components.pricing import fee_tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """`balance` is what the person pays a month now, without tax; `price` the fee that is agreed from `at` on."""

    person: UUID
    balance: int
    is_leaving: bool
    at: datetime
    price: int
    interval: str
    interval_count: int
    plan: UUID

    @property
    def a_month(self) -> int:
        """What the person will pay a month, without today's tax."""
        return 0 if self.is_leaving else _a_month(self.plan, self.price, self.interval, self.interval_count)


def _a_month(plan: UUID, price: int, interval: str, count: int) -> int:
    return per_month(fee_tax.net(price, plan_fees.tax_of(plan)), interval=interval, count=count)


# What somebody pays now is kept, but for whoever has changed since. `OFFSET 0`: few leave, and of those who do not
# nothing is read.
_PAYS = f"""WITH kept AS (SELECT {CURRENT} AS is_current),
people AS (SELECT ARRAY(SELECT person FROM figure_payer_change) AS ids),
asked AS (SELECT s.*, NOT (SELECT is_current FROM kept) OR s.payer IN (SELECT unnest(ids) FROM people) AS is_changed
  FROM (SELECT id FROM insights_subscriptions WHERE cancel_at > $3 OR ended_at > $3
    UNION SELECT subscription FROM insights_plan_changes
      WHERE dropped_at IS NULL AND due_at > $3 - interval '60 days'
    UNION SELECT subscription FROM insights_price_moves WHERE renews_at > $3 - interval '60 days') named
  CROSS JOIN LATERAL (SELECT *, coalesce(ended_at, cancel_at) AS leaves_at FROM insights_subscriptions
    WHERE id = named.id OFFSET 0) s
  WHERE s.status IN ('active', 'past_due') OR s.ended_at > $3),
paying AS (SELECT s.*, last.balance FROM asked s JOIN LATERAL (
  SELECT a_month AS balance FROM figure_standing WHERE NOT s.is_changed AND person = s.payer
  UNION ALL SELECT sum(amount)::bigint FROM current_movements WHERE s.is_changed AND person = s.payer
    HAVING sum(amount) > 0) last ON true)"""
# A change that was made but not yet paid for is agreed, too. Whoever leaves pays no other price.
# One from another system is over, but with its last day. Of a fee without tax, the fee is that with it.
_AGREED = """
SELECT s.payer AS person, s.balance, coalesce(s.leaves_at > $3, false) AS is_leaving,
  coalesce(s.leaves_at, change.due_at, move.renews_at, $3) AS at, coalesce(whole.price, v.price) AS price,
  v.interval, v.interval_count, v.plan
FROM paying s
LEFT JOIN LATERAL (SELECT plan_version, starts_at FROM insights_paid_periods WHERE subscription = s.id
  ORDER BY starts_at DESC LIMIT 1) paid ON true
LEFT JOIN LATERAL (SELECT to_version, due_at FROM insights_plan_changes WHERE subscription = s.id AND NOT is_now
  AND (applied_at IS NULL OR applied_at >= paid.starts_at) AND dropped_at IS NULL
  ORDER BY due_at DESC LIMIT 1) change ON true
LEFT JOIN LATERAL (SELECT to_version, renews_at FROM insights_price_moves WHERE subscription = s.id
  AND (moved_at IS NULL AND stopped_at IS NULL OR moved_at >= paid.starts_at)
  ORDER BY renews_at LIMIT 1) move ON true
JOIN insights_plan_versions v ON v.id = coalesce(change.to_version, move.to_version, s.plan_version)
LEFT JOIN insights_plan_versions whole ON whole.id = v.net_of
WHERE {which}"""
AGREED = f"""{_PAYS}
{_AGREED.format(which="s.leaves_at > $3 OR v.id IS DISTINCT FROM paid.plan_version")}"""
"""Who leaves or will pay another fee, as of the instant `$3`; `$1` and `$2` are `unrolled.args()`."""
# Of whoever leaves nobody asks what they would have paid.
BY_FEE = f"""{_PAYS}
SELECT true AS is_leaving, NULL::uuid AS plan, 0 AS price, '' AS interval, 1 AS interval_count,
  sum(balance)::bigint AS balance, count(*) AS people FROM paying WHERE leaves_at > $3 HAVING count(*) > 0
UNION ALL SELECT false, plan, price, interval, interval_count, sum(balance)::bigint, count(*)
FROM ({_AGREED.format(which="(s.leaves_at > $3) IS NOT TRUE AND v.id IS DISTINCT FROM paid.plan_version")}) moving
GROUP BY plan, price, interval, interval_count"""
"""How many agreed to each fee, and what they pay now: as many rows as there are fees, however many members."""


def leaving_and_moving(fees: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Of rows of `BY_FEE` as JSON: what will be paid no more, and how much more those who stay will pay."""
    leaving = moving = 0
    for one in fees:
        if one["is_leaving"]:
            leaving += one["balance"]
            continue
        a_month = _a_month(UUID(one["plan"]), one["price"], one["interval"], one["interval_count"])
        moving += a_month * one["people"] - one["balance"]
    return leaving, moving
