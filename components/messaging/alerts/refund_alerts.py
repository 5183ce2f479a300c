"""A refund failed, or was made in Stripe and needs a decision: what staff are told at once."""

from uuid import UUID

from components.foundation import settings
from components.foundation.money import Money
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.facts import FeeRefunded, FeeRefundFailed, PaidOnceRefunded, PaidOnceRefundFailed
from components.memberships.grants import paid_once, paid_once_refunds, refund_decisions
from components.memberships.grants.refund_decisions import UndecidedRefund
from components.memberships.keeping_members import refunded_fees
from components.memberships.keeping_members.refunded_fees import UndecidedFee
from components.memberships.plans import plan_catalogue
from components.messaging import email_outbox
from components.messaging.alerts import staff_recipients
from components.messaging.notices import payment_subject
from components.orders import queries
from components.orders.facts import RefundNotPaid


async def fee_refund_failed(fact: FeeRefundFailed) -> None:
    refund = await fee_refunds.by_id(fact.refund_id)
    if refund is None:
        return
    found = await subscriptions.by_id(refund.subscription)
    await _fee_failed(refund.id, Money(refund.amount, refund.currency), found.payer, found.plan_version)


async def _fee_failed(refund_id: UUID, amount: Money, payer: UUID, plan_version: UUID) -> None:
    await staff_recipients.send(
        f"fee-refund-failed:{refund_id}",
        "fee_refund_failed",
        "A refund of a membership fee failed",
        permission="refunds",
        amount=amount,
        member=await payment_subject.name_of(payer),
        plan_name=plan_catalogue.by_version(plan_version).name,
        link=f"{settings.current().base_url}/staff/members/{payer}",
    )


async def order_refund_failed(fact: RefundNotPaid) -> None:
    order = await queries.by_id(fact.order_id)
    made = next((one for one in order.refunds if one.id == fact.refund_id), None) if order else None
    if order is None or made is None or made.counts:
        return
    await staff_recipients.send(
        f"order-refund-failed:{made.id}",
        "order_refund_failed",
        "A refund of an order failed",
        permission="refunds",
        amount=Money(made.amount, order.currency),
        order_number=order.number,
        was_told=await email_outbox.was_sent(f"order-refunded:{made.id}") is not None,
        link=f"{settings.current().base_url}/staff/orders/{order.number}",
    )


async def paid_once_refund_failed(fact: PaidOnceRefundFailed) -> None:
    refund = await paid_once_refunds.by_id(fact.refund_id)
    once = await paid_once.of_reference(refund.reference) if refund is not None else None
    if refund is None or once is None:
        return
    if not once.is_gift:
        await _fee_failed(refund.id, Money(refund.amount, refund.currency), once.payer, once.plan_version)
        return
    await staff_recipients.send(
        f"gift-refund-failed:{refund.id}",
        "gift_refund_failed",
        "A refund of a gift membership failed",
        permission="refunds",
        amount=Money(refund.amount, refund.currency),
        giver=once.giver,
        recipient=once.recipient,
        code_works=once.state == paid_once.UNREDEEMED,
        link=f"{settings.current().base_url}/staff/gift-memberships",
    )


async def fee_to_decide(fact: FeeRefunded) -> None:
    """Of a payment that was refunded whole in Stripe."""
    refund = await fee_refunds.by_id(fact.refund_id)
    waiting = next((one for one in await refunded_fees.undecided() if refund and one.invoice == refund.invoice), None)
    if waiting is not None:
        plan = (await subscriptions.by_id(waiting.subscription)).plan_version
        here = f"/staff/members/{waiting.payer}/fees/{waiting.invoice}/decision"
        await _to_decide(waiting.invoice, waiting, waiting.payer, plan, here)


async def paid_once_to_decide(fact: PaidOnceRefunded) -> None:
    """Of a gift that was refunded whole in Stripe after it began, or a term."""
    refund = await paid_once_refunds.by_id(fact.refund_id)
    undecided = await refund_decisions.undecided() if refund else []
    waiting = next((one for one in undecided if refund and one.reference == refund.reference), None)
    once = await paid_once.of_reference(waiting.reference) if waiting else None
    if waiting is not None and once is not None and once.state == paid_once.RUNS:
        here = f"/staff/paid-once/{waiting.reference}/decision"
        await _to_decide(waiting.reference, waiting, once.payer, once.plan_version, here)


async def _to_decide(
    what: UUID | str, waiting: UndecidedFee | UndecidedRefund, payer: UUID | None, plan_version: UUID, here: str
) -> None:
    """Once for the last refund of each payment."""
    await staff_recipients.send(
        f"to-decide:{what}:{waiting.at:%Y%m%d%H%M%S}",
        "refund_to_decide",
        "A membership was refunded in Stripe: please decide",
        permission="refunds",
        amount=waiting.money,
        member=await payment_subject.name_of(payer),
        plan_name=plan_catalogue.by_version(plan_version).name,
        link=f"{settings.current().base_url}{here}",
    )
