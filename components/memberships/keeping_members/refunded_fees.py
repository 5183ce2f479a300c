"""Memberships whose fee was refunded whole in Stripe while they went on: staff decide what becomes of each.

A part that was refunded is a gesture and asks nothing; neither does a membership that is over. A refund that fails
later asks nothing any more.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import audit, database, outbox
from components.foundation.money import Money
from components.memberships.billing import fee_refunds, paid_periods
from components.memberships.billing.tables import FeeRefund
from components.memberships.facts import RefundedFeeEnded
from components.memberships.grants.refund_decisions import NothingToDecide
from components.memberships.tables import Subscription


class UndecidedFee(NamedTuple):
    """What was given back of one payment of a fee, in minor units, and nobody has decided about."""

    subscription: UUID
    payer: UUID
    invoice: str
    amount: int
    currency: str
    at: datetime

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


_UNDECIDED = """
SELECT r.subscription, s.payer, r.invoice, (SELECT sum(o.amount) FROM fee_refund o
    WHERE o.invoice = r.invoice AND o.status = 'succeeded')::bigint AS amount, r.currency, max(r.at) AS at
FROM insights_fee_refunds r JOIN subscription s ON s.id = r.subscription
WHERE r.is_undecided GROUP BY r.subscription, s.payer, r.invoice, r.currency ORDER BY max(r.at) DESC
"""


async def undecided() -> list[UndecidedFee]:
    """The newest first."""
    return await database.fetch_as(UndecidedFee, _UNDECIDED)


async def by_invoice(invoice_id: str) -> UndecidedFee:
    """Raises `NothingToDecide`."""
    found = next((one for one in await undecided() if one.invoice == invoice_id), None)
    if found is None:
        raise NothingToDecide
    return found


async def is_paid_by_another(fee: UndecidedFee) -> bool:
    """Whether the time that is running was paid with a later payment than the one that was refunded."""
    periods = await paid_periods.of_subscription(fee.subscription)
    newest = max(periods, key=lambda one: one.ends_at, default=None)
    return newest is not None and newest.invoice != fee.invoice


async def keep(invoice_id: str, *, by: UUID) -> None:
    """The membership goes on as it is. Raises `NothingToDecide`."""
    async with database.transaction():
        fee = await _decided(invoice_id, by)
        await audit.record(by, "refunded fee kept", "subscription", fee.subscription)


async def end(invoice_id: str, *, by: UUID) -> RefundedFeeEnded:
    """The membership is to end now, without another charge or refund; the fact that was announced ends it.

    Raises `NothingToDecide`.
    """
    async with database.transaction():
        fee = await _decided(invoice_id, by)
        of_it = (FeeRefund.invoice == invoice_id) & (FeeRefund.status == "succeeded")
        last = (await FeeRefund.objects().where(of_it).order_by(FeeRefund.at))[-1]
        await last.update_self({FeeRefund.ends_now: True})
        await audit.record(by, "refunded fee ended", "subscription", fee.subscription)
        ended = RefundedFeeEnded(last.id)
        await outbox.announce(ended)
        return ended


async def _decided(invoice_id: str, by: UUID) -> UndecidedFee:
    found = await by_invoice(invoice_id)
    await database.locked(Subscription, Subscription.id == found.subscription)
    found = await by_invoice(invoice_id)
    await fee_refunds.review(invoice_id, by=by)
    return found
