"""E-mails about money that comes back from a membership."""

from components.foundation.money import Money
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.fee_refunds import CORRECTION, MADE_IN_STRIPE
from components.memberships.facts import FeeRefunded
from components.memberships.plans import plan_catalogue
from components.messaging.emails import member_recipients


async def refunded(fact: FeeRefunded) -> None:
    """The correction of a late plan change has an e-mail of its own."""
    refund = await fee_refunds.by_id(fact.refund_id)
    if refund is None or refund.status == "failed" or refund.reason == CORRECTION:
        return
    amount, found = Money(refund.amount, refund.currency), await subscriptions.by_id(refund.subscription)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"fee-refunded:{refund.id}",
            template="fee_refunded",
            subject="Refund of your membership fee",
            amount=amount,
            plan_name=plan_catalogue.by_version(found.plan_version).name,
            reason="" if refund.reason == MADE_IN_STRIPE else refund.reason,
            ends_now=refund.ends_now,
            until=found.cancel_at,
        )
