"""What is known of a disputed gift membership or term."""

from components.foundation.formatting import club_name, day, moment, money
from components.insights.evidence import evidence_parts
from components.insights.evidence.evidence_parts import Parts, sections
from components.memberships.entitlements import membership_history
from components.memberships.grants.paid_once import OVER, RUNS, UNREDEEMED, WAITING, PaidOnce
from components.memberships.plans import plan_catalogue
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages
from components.people import customer_accounts

STATES = {
    UNREDEEMED: "Its code has not been redeemed yet.",
    WAITING: "It has been redeemed, and begins when the recipient’s own membership ends.",
    RUNS: "It has been redeemed, and the recipient is using it.",
    OVER: "It is over.",
}


async def parts(once: PaidOnce, order: OrderView | None) -> Parts:
    """`order` was paid in the same payment."""
    payer = await customer_accounts.by_id(once.payer)
    began = await membership_history.first_start(once.reference)
    plan = plan_catalogue.by_version(once.plan_version)
    what = f"Membership “{plan.name}” of {club_name()}, paid once. It does not renew."
    if once.is_gift:
        what = f"{what} Bought as a gift for {once.recipient or 'somebody'}. {STATES[once.state]}"
    used = await evidence_parts.benefits_used(once.holder, since=began) if once.holder else ""
    agreed = await evidence_parts.agreed(once.payer, about="joining")
    found: Parts = {
        "product_description": what,
        "service_date": f"{day(began)} to {day(once.until)}" if began and once.until else day(began) if began else "",
        "refund_policy_disclosure": agreed,
        "access_activity_log": sections(used, await evidence_parts.sign_ins(once.payer)),
        "uncategorized_text": await _payment(once, order),
    }
    if payer is None:
        return found
    sent = await evidence_parts.emails_sent(person=payer.id, email=payer.email, since=payer.created_at)
    return {
        **found,
        "customer_name": payer.name,
        "customer_email_address": payer.email,
        "uncategorized_text": sections(found["uncategorized_text"], sent),
    }


async def _payment(once: PaidOnce, order: OrderView | None) -> str:
    paid = await pages.for_reference(once.what, once.reference)
    if paid is None or not paid.paid_at:
        return ""
    fee = f"Paid on {moment(paid.paid_at)}: {money(pages.fee_of(paid), paid.currency)}, for all of it"
    if order is None:
        return f"{fee}."
    goods, whole = money(paid.along_amount, paid.currency), money(paid.amount, paid.currency)
    return f"{fee}, and {goods} for order {order.number}, together {whole} in one payment."
