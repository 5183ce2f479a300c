"""Refunds of the last weeks are known to the practice bank as well, with what they are of: it is asked about them."""

from datetime import timedelta

from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.seasonal_calendar import at_instant
from components.foundation import database
from components.payments import ownership
from components.payments.differences.comparison import LOOKED_BACK

A_LITTLE_LONGER = timedelta(days=2)
_RECENT = """
SELECT r.stripe_id, r.amount, r.created_at, r.reference_id, p.stripe_id, p.received, p.created_at, lower(p.currency)
FROM mirrored_refund r JOIN mirrored_payment p ON p.stripe_id = r.payment_intent
WHERE r.status = 'succeeded' AND r.created_at >= $1 ORDER BY r.created_at"""


async def tell(base: GeneratedBase) -> None:
    """All at once. Those that it made itself it has already."""
    if base.bank is None:
        return
    marks = ownership.ownership_metadata()
    since = at_instant(base.now) - LOOKED_BACK - A_LITTLE_LONGER
    base.bank.carry_over_refunds([
        {
            "id": refund, "amount": amount, "created": int(at.timestamp()), "payment": payment, "paid": received,
            "paid_at": int(paid_at.timestamp()), "currency": currency,
            "marks": marks | {"reference_id": str(reference)},
        }
        for refund, amount, at, reference, payment, received, paid_at, currency
        in await database.fetch_rows(_RECENT, since)
    ])  # fmt: skip
