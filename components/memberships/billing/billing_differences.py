"""Rules that hold between memberships and the mirror of Stripe: each paid invoice is a period, each status the same."""

from uuid import UUID

from components.memberships.billing import paid_periods, subscriptions
from components.memberships.billing.states import pause_periods
from components.memberships.tables import PaidPeriod, Subscription
from components.payments import running_subscriptions
from components.payments.differences.difference_rules import AtStripe, DifferenceRule, Found, amount_words
from components.payments.invoicing import invoices


async def invoice_without_period(seen: AtStripe) -> list[Found]:
    periods = {row["invoice"] for row in await PaidPeriod.select(PaidPeriod.invoice)}
    found = []
    for one in await invoices.paid_since(seen.since):
        is_settled = seen.is_settled(one.paid_at or one.created_at)
        if is_settled and one.stripe_id not in periods and await paid_periods.is_period(one):
            found.append(Found(one.stripe_id, "no paid period", f"{amount_words(one.amount_paid, one.currency)} paid"))
    return found


async def record_period(subject: str) -> str:
    invoice = await invoices.by_id(subject)
    if invoice is None or invoice.local_id is None:
        return "There is no such invoice any more."
    await paid_periods.record(invoice.local_id, subject)
    return "The paid period is recorded, and the membership follows it."


async def status_differs(seen: AtStripe) -> list[Found]:
    """The shop's own subscription has not followed the mirror."""
    found = []
    for kept in await Subscription.objects().where(Subscription.started_at.is_not_null()):
        known = await running_subscriptions.mirrored(kept.id)
        if known is None or not seen.is_settled(known.mirrored_at):
            continue
        there = "lapsed" if known.status == "incomplete_expired" else known.status
        if kept.status != there and not await _is_rest(kept, there):
            found.append(Found(str(kept.id), kept.status, there, kept.id))
    return found


async def _is_rest(kept: Subscription, there: str) -> bool:
    """A pause has moved the renewal: Stripe calls the time that is paid for a trial, and both are right."""
    return there == "trialing" and kept.status in ("active", "paused") and await pause_periods.is_paid_time(kept.id)


async def follow_mirror(subject: str) -> str:
    await subscriptions.apply(UUID(subject))
    kept = await subscriptions.by_id(UUID(subject))
    return f"The membership follows Stripe again: {kept.status.replace('_', ' ')}."


BILLING_RULES = (
    DifferenceRule(
        "invoice_without_period",
        "An invoice is paid at Stripe, and no paid period is recorded",
        "Record the period",
        invoice_without_period,
        record_period,
    ),
    DifferenceRule(
        "membership_behind",
        "A membership has not followed its subscription",
        "Follow it",
        status_differs,
        follow_mirror,
    ),
)
