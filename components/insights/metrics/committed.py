"""What is agreed about the fees of paying members but has not happened yet: leaving, another plan, another price."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.insights.movements.mrr import per_month
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
        if self.is_leaving:
            return 0
        net = fee_tax.net(self.price, plan_fees.tax_of(self.plan))
        return per_month(net, interval=self.interval, count=self.interval_count)

    @property
    def change(self) -> int:
        return self.a_month - self.balance


# A change that was made but not yet paid for is agreed, too. Whoever leaves pays no other price.
# One from another system is over, but with its last day.
AGREED = """
SELECT s.payer AS person, last.balance, coalesce(s.leaves_at > $1, false) AS is_leaving,
  coalesce(s.leaves_at, change.due_at, move.renews_at, $1) AS at, v.price, v.interval, v.interval_count, v.plan
FROM (SELECT id FROM insights_subscriptions WHERE cancel_at > $1 OR ended_at > $1
  UNION SELECT subscription FROM insights_plan_changes WHERE dropped_at IS NULL AND due_at > $1 - interval '60 days'
  UNION SELECT subscription FROM insights_price_moves WHERE renews_at > $1 - interval '60 days') asked
JOIN (SELECT *, coalesce(ended_at, cancel_at) AS leaves_at FROM insights_subscriptions) s
  ON s.id = asked.id AND (s.status IN ('active', 'past_due') OR s.ended_at > $1)
JOIN LATERAL (SELECT sum(amount)::bigint AS balance FROM current_movements WHERE person = s.payer) last
  ON last.balance > 0
LEFT JOIN LATERAL (SELECT plan_version, starts_at FROM insights_paid_periods WHERE subscription = s.id
  ORDER BY starts_at DESC LIMIT 1) paid ON true
LEFT JOIN LATERAL (SELECT to_version, due_at FROM insights_plan_changes WHERE subscription = s.id AND NOT is_now
  AND (applied_at IS NULL OR applied_at >= paid.starts_at) AND dropped_at IS NULL
  ORDER BY due_at DESC LIMIT 1) change ON true
LEFT JOIN LATERAL (SELECT to_version, renews_at FROM insights_price_moves WHERE subscription = s.id
  AND (moved_at IS NULL AND stopped_at IS NULL OR moved_at >= paid.starts_at)
  ORDER BY renews_at LIMIT 1) move ON true
JOIN insights_plan_versions v ON v.id = coalesce(change.to_version, move.to_version, s.plan_version)
WHERE s.leaves_at > $1 OR v.id IS DISTINCT FROM paid.plan_version
"""


async def agreed() -> list[Agreed]:
    """One row for each member who will leave or pay another fee."""
    return await database.fetch_as(Agreed, AGREED, clock.now())
