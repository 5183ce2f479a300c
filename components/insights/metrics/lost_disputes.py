"""What banks took back for good, told apart by what had been paid for. Minor units."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import database


@dataclass(frozen=True, slots=True)
class LostPart:
    """What was lost of one payment: of an order, which has no `plan`, or of a fee, gift or term of that plan.
    `subject` is the order, the paid period, or what was paid once."""

    dispute: str
    plan: UUID | None
    amount: int
    tax: int
    at: datetime
    subject: UUID


# A payment for a joining, or a term, and an order is two parts.
LOST = """
WITH lost AS (SELECT * FROM insights_disputes WHERE status = 'lost' AND lost_at >= $1 AND lost_at <= $2)
SELECT l.stripe_id AS dispute, NULL::uuid AS plan, l.amount,
  CASE WHEN o.total = 0 THEN 0 ELSE round(o.tax * l.amount::numeric / o.total) END::bigint AS tax, l.lost_at AS at,
  o.id AS subject
FROM (SELECT stripe_id, reference_id AS order_id, amount, lost_at FROM lost
  UNION ALL SELECT stripe_id, along, along_amount, lost_at FROM lost WHERE along IS NOT NULL) l
JOIN insights_order_tax o ON o.id = l.order_id
UNION ALL
SELECT l.stripe_id, v.plan, l.amount - l.along_amount,
  round((l.amount - l.along_amount) * (d.amount - d.net_amount)::numeric / d.amount)::bigint, l.lost_at, d.id
FROM lost l JOIN insights_paid_periods d ON d.invoice = l.invoice AND d.amount > 0
JOIN insights_plan_versions v ON v.id = d.plan_version
UNION ALL
SELECT l.stripe_id, o.plan, l.amount - l.along_amount,
  CASE WHEN o.price = 0 THEN 0 ELSE
    round((l.amount - l.along_amount) * (o.price - o.net_amount)::numeric / o.price) END::bigint, l.lost_at, o.id
FROM lost l JOIN insights_paid_once o ON o.id = l.reference_id
"""


async def lost_between(from_at: datetime, until: datetime) -> list[LostPart]:
    """Both ends included."""
    return [LostPart(*row) for row in await database.fetch_rows(LOST, from_at, until)]
