"""E-mails that correct another: a bank sent back a refund that the customer had been told of."""

from components.foundation import formatting, settings
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.fee_refunds import CORRECTION
from components.memberships.facts import FeeRefundFailed, PaidOnceRefundFailed
from components.memberships.grants import paid_once, paid_once_refunds
from components.memberships.plans import plan_catalogue
from components.messaging import email_outbox
from components.messaging.emails import member_recipients
from components.messaging.secret_placeholders import placeholder
from components.messaging.texts import recipient_language
from components.orders import queries
from components.orders.facts import RefundNotPaid

KIND = "refund_not_received"


async def of_order(fact: RefundNotPaid) -> None:
    order = await queries.by_id(fact.order_id)
    made = next((one for one in order.refunds if one.id == fact.refund_id), None) if order else None
    if order is None or made is None or made.counts or not order.email:
        return
    if await email_outbox.was_sent(f"order-refunded:{made.id}") is None:
        return
    amount = Money(made.amount, order.currency)
    with await recipient_language.of_order(order):
        await email_outbox.send(
            key=f"refund-not-received:{made.id}",
            to=order.email,
            person=order.person,
            template=KIND,
            subject=_subject(amount),
            fields={
                "name": order.name,
                "amount": amount,
                "what": _("your order %(number)s", number=order.number),
                "credit": Money(made.credit, order.currency),
                "code_works": False,
                "link": f"{settings.current().base_url}/orders/{placeholder('token')}",
            },
            secrets={"token": order.token},
        )


async def of_fee(fact: FeeRefundFailed) -> None:
    """A correction of a late plan change was announced with the change, whatever became of it."""
    refund = await fee_refunds.by_id(fact.refund_id)
    if refund is None or refund.status != "failed":
        return
    if refund.reason != CORRECTION and await email_outbox.was_sent(f"fee-refunded:{refund.id}") is None:
        return
    found, amount = (
        await subscriptions.by_id(refund.subscription),
        Money(refund.amount + refund.credit, refund.currency),
    )
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"refund-not-received:{refund.id}",
            template=KIND,
            subject=_subject(amount),
            amount=amount,
            what=_("your fee for %(plan)s", plan=plan_catalogue.by_version(found.plan_version).name),
            credit=Money(refund.credit, refund.currency),
            code_works=False,
        )


async def of_paid_once(fact: PaidOnceRefundFailed) -> None:
    refund = await paid_once_refunds.by_id(fact.refund_id)
    once = await paid_once.of_reference(refund.reference) if refund is not None else None
    if refund is None or once is None or refund.status != "failed":
        return
    told = f"gift-refunded:{refund.stripe_id}" if once.is_gift else f"term-refunded:{refund.id}"
    if await email_outbox.was_sent(told) is None:
        return
    amount, plan = Money(refund.amount, refund.currency), plan_catalogue.by_version(once.plan_version).name
    async with member_recipients.to(once.payer) as send:
        await send(
            key=f"refund-not-received:{refund.id}",
            template=KIND,
            subject=_subject(amount),
            amount=amount,
            what=_gift(plan, once.recipient) if once.is_gift else _("your fee for %(plan)s", plan=plan),
            credit=None,
            code_works=once.state == paid_once.UNREDEEMED,
            link=f"{settings.current().base_url}/account/{'given' if once.is_gift else 'membership'}",
        )


def _subject(amount: Money) -> str:
    return f"Your refund of {formatting.money(amount)} did not go through"


def _gift(plan: str, recipient: str) -> str:
    if not recipient:
        return _("your gift of %(plan)s", plan=plan)
    return _("your gift of %(plan)s for %(name)s", plan=plan, name=recipient)
