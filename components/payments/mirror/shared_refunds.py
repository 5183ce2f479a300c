"""A refund that was made in Stripe, of a payment that an order shares with a membership's fee.

Stripe does not say which of the two it is of. What is exactly left of one is of that one; anything else is split by
what is left of each, so that neither gets back more than was paid for it. Staff are asked to look at the order.
"""

from typing import NamedTuple
from uuid import UUID

from components.foundation import database


class Shared(NamedTuple):
    """In minor units; what was given back before, or is on its way, is not `left`."""

    along: UUID
    left_of_order: int
    left_of_fee: int

    def of_order(self, amount: int) -> int:
        left = self.left_of_order + self.left_of_fee
        if self.left_of_fee <= 0 or amount == self.left_of_order:
            return min(amount, max(0, self.left_of_order))
        if self.left_of_order <= 0 or amount == self.left_of_fee:
            return 0
        return min(self.left_of_order, max(amount - self.left_of_fee, round(amount * self.left_of_order / left)))


async def shared(payment_intent: str) -> Shared | None:
    """None of a payment that was for one thing alone."""
    return next(iter(await database.fetch_as(Shared, _SHARED, payment_intent)), None)


_SHARED = """
SELECT page.along, (page.along_amount - back.of_order)::bigint AS left_of_order,
  (p.received - page.along_amount - back.of_fee)::bigint AS left_of_fee
FROM mirrored_payment p
JOIN checkout_session page ON page.along IS NOT NULL AND page.paid_at IS NOT NULL AND (page.payment_intent = p.stripe_id
  OR page.subscription_ref IN (SELECT i.subscription FROM mirrored_invoice i
    WHERE i.payment_intent = p.stripe_id AND i.reason = 'subscription_create'))
CROSS JOIN LATERAL (
  SELECT coalesce(sum(CASE WHEN known.reference_id = page.along THEN known.amount ELSE known.along_amount END), 0)
      AS of_order,
    coalesce(sum(CASE WHEN known.reference_id = page.along THEN 0 ELSE known.amount - known.along_amount END), 0)
      AS of_fee
  FROM (SELECT reference_id, amount, along_amount FROM mirrored_refund
      WHERE payment_intent = p.stripe_id AND status NOT IN ('failed', 'cancelled')
    UNION ALL SELECT reference_id, amount, 0 FROM requested_refund
      WHERE payment_intent = p.stripe_id AND stripe_id IS NULL AND refused IS NULL) known) back
WHERE p.stripe_id = $1
"""
