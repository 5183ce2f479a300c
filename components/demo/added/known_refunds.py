"""Refunds of the last weeks are known to the practice bank as well, with what they are of: it is asked about them."""

from datetime import timedelta

from components.demo.generator.generated_base import GeneratedBase
from components.demo.generator.seasonal_calendar import at_instant
from components.payments import ownership
from components.payments.differences.comparison import LOOKED_BACK
from components.payments.mirror import mirrored_refunds

A_LITTLE_LONGER = timedelta(days=2)


async def tell(base: GeneratedBase) -> None:
    """All at once. Those that it made itself it has already."""
    if base.bank is None:
        return
    marks = ownership.ownership_metadata()
    since = at_instant(base.now) - LOOKED_BACK - A_LITTLE_LONGER
    base.bank.carry_over_refunds([
        {
            "id": one.refund, "amount": one.amount, "created": int(one.at.timestamp()), "payment": one.payment,
            "paid": one.received, "paid_at": int(one.paid_at.timestamp()), "currency": one.currency,
            "marks": marks | {"reference_id": str(one.reference_id)},
        }
        for one in await mirrored_refunds.made_since(since)
    ])  # fmt: skip
