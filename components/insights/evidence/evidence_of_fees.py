"""What is known of a disputed membership fee: what was agreed, its renewals, what was used, and cancelling."""

from datetime import datetime

from components.foundation.formatting import club_name, day, moment, money
from components.insights.evidence import evidence_parts
from components.insights.evidence.evidence_parts import Parts, listed, sections
from components.invoices import issuing
from components.invoices.corrections import invoice_family
from components.invoices.fee_invoices import cause_of_fee
from components.memberships.billing import paid_periods
from components.memberships.entitlements import membership_history, membership_periods
from components.memberships.tables import Subscription
from components.payments.tables import MirroredInvoice
from components.people import customer_accounts

HOW_TO_CANCEL = (
    "The membership can be cancelled at any time on the customer’s account page (Membership, Cancel membership); what"
    " is paid for stays usable until the end of the paid period."
)


async def parts(kept: Subscription, invoice: MirroredInvoice | None) -> Parts:
    number = await _number(invoice) if invoice else ""
    person = await customer_accounts.by_id(kept.payer)
    began = await membership_history.first_start(kept.id) or kept.started_at
    agreed = await evidence_parts.agreed(kept.payer, about="joining")
    found: Parts = {
        "product_description": await _plan(kept, number, began),
        "service_date": _period(invoice),
        "cancellation_policy_disclosure": sections(agreed, HOW_TO_CANCEL),
        "cancellation_rebuttal": _cancelling(kept, invoice, number),
        "refund_policy_disclosure": agreed,
        "access_activity_log": sections(
            await evidence_parts.benefits_used(kept.payer, since=began), await evidence_parts.sign_ins(kept.payer)
        ),
        "uncategorized_text": await _payments(kept),
    }
    if person is None:
        return found
    sent = await evidence_parts.emails_sent(person=person.id, email=person.email, since=kept.created_at)
    return {
        **found,
        "customer_name": person.name,
        "customer_email_address": person.email,
        "uncategorized_text": sections(found["uncategorized_text"], sent),
    }


async def _number(invoice: MirroredInvoice) -> str:
    """As it stands on the invoice that the buyer has, and that may be attached: the shop's own, where it has one."""
    own = await issuing.of_cause(cause_of_fee(invoice.stripe_id))
    return (await invoice_family.standing(own)).number if own else invoice.number or invoice.stripe_id


async def _plan(kept: Subscription, number: str, began: datetime | None) -> str:
    plan = await membership_periods.plan_held(kept.id, kept.plan_version)
    since = f", a member since {day(began)}" if began else ""
    paid = f" The disputed payment is invoice {number}." if number else ""
    head = (
        f"Membership “{plan.name}” of {club_name()}: {plan.price_words}, renewing until it is cancelled{since}.{paid}"
    )
    return sections(head, listed("It includes", [f"- {benefit.words}" for benefit in plan.benefits]))


def _period(invoice: MirroredInvoice | None) -> str:
    if invoice is None or invoice.period_start is None or invoice.period_end is None:
        return ""
    return f"{day(invoice.period_start)} to {day(invoice.period_end)}"


def _cancelling(kept: Subscription, invoice: MirroredInvoice | None, number: str) -> str:
    """Only what is on record: that it was not cancelled is said of a membership that goes on."""
    if kept.ended_at:
        return f"The membership ended on {moment(kept.ended_at)}. Nothing was charged after that."
    if kept.cancel_at:
        return f"The membership is cancelled and ends on {day(kept.cancel_at)}, with the period that is paid for."
    paid = f" when invoice {number} was paid on {day(invoice.paid_at)}, and it is not" \
        " cancelled today" if invoice and invoice.paid_at else " and is not cancelled today"  # fmt: skip
    return f"The membership was running{paid}."


async def _payments(kept: Subscription) -> str:
    found = await paid_periods.of_subscription(kept.id)
    lines = [
        f"- {moment(one.paid_at)}: {money(one.amount, one.currency)} for {day(one.starts_at)} to {day(one.ends_at)}"
        for one in found
        if not one.is_opening
    ]
    return listed("Payments of this membership", lines)
