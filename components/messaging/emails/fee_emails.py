"""E-mails about money that comes back from a membership."""

from components.foundation.money import Money
from components.invoices import credit_notes
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.fee_refunds import CORRECTION
from components.memberships.facts import FeeRefunded, PaidOnceRefunded
from components.memberships.grants import paid_once, paid_once_refunds
from components.memberships.plans import plan_catalogue
from components.messaging import invoice_in_email
from components.messaging.emails import member_recipients
from components.payments import payment_refunds


async def refunded(fact: FeeRefunded) -> None:
    """The correction of a late plan change has an e-mail of its own."""
    refund = await fee_refunds.by_id(fact.refund_id)
    if refund is None or refund.status == "failed" or refund.reason == CORRECTION:
        return
    found, to_card = await subscriptions.by_id(refund.subscription), Money(refund.amount, refund.currency)
    credit = Money(refund.credit, refund.currency)
    await credit_notes.settle_fee(refund.id)
    note = invoice_in_email.of(await credit_notes.of_refund(refund.id))
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"fee-refunded:{refund.id}",
            template="fee_refunded",
            subject="Refund of your membership fee",
            amount=to_card + credit,
            credit=credit,
            to_card=to_card,
            plan_name=plan_catalogue.by_version(found.plan_version).name,
            reason=payment_refunds.reason_told(refund.reason),
            ends_now=refund.ends_now,
            until=None if refund.ends_now else found.cancel_at,
            invoice=note,
        )


async def term_refunded(fact: PaidOnceRefunded) -> None:
    """Of a term paid once; the buyer of a gift has an e-mail of their own."""
    refund = await paid_once_refunds.by_id(fact.refund_id)
    once = await paid_once.of_reference(refund.reference) if refund is not None else None
    if refund is None or once is None or once.is_gift or refund.status == "failed":
        return
    await credit_notes.settle_once(refund.id)
    note = invoice_in_email.of(await credit_notes.of_refund(refund.id))
    async with member_recipients.to(once.payer) as send:
        await send(
            key=f"term-refunded:{refund.id}",
            template="fee_refunded",
            subject="Refund of your membership fee",
            amount=Money(refund.amount, refund.currency),
            credit=None,
            to_card=None,
            plan_name=plan_catalogue.by_version(once.plan_version).name,
            reason=payment_refunds.reason_told(refund.reason),
            ends_now=refund.ends_now,
            until=None if refund.ends_now else once.until,
            invoice=note,
        )
