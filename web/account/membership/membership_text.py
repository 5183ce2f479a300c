"""What the membership pages say about a subscription, the benefits held and the payments."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.benefits.kinds import kind
from components.memberships.billing import paid_periods
from components.memberships.billing.subscription_state import grace_until
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.payments import cards, connection
from components.payments import invoices as payment_invoices
from components.payments.tables import MirroredInvoice
from web.shop.join import fee_tax


@dataclass(frozen=True, kw_only=True)
class Charge:
    """The active subscription: what will be charged when, and to which card. `amount` is None when nothing will be."""

    amount: Money | None
    at: datetime | None
    price_words: str
    tax_words: str
    card: str
    cancel_at: datetime | None
    grace_until: datetime | None
    retries_at: datetime | None
    price_now: str


@dataclass(frozen=True, kw_only=True)
class BenefitHeld:
    name: str
    words: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Paid:
    at: datetime
    from_at: datetime
    until: datetime
    amount: Money
    receipt: str | None
    number: str
    what: str = ""


async def charge_of(subscription: Subscription) -> Charge:
    """Fetched from Stripe, so that what is shown is what is charged; the agreed price if no answer arrives in time."""
    with connection.timeouts():
        return await _charge_of(subscription)


async def _charge_of(subscription: Subscription) -> Charge:
    agreed = plan_catalogue.by_version(subscription.plan_version)
    offered_now = next((plan for plan in plan_catalogue.all_plans() if plan.id == agreed.id), agreed)
    owed = await payment_invoices.unpaid(subscription.id)
    ends = subscription.cancel_at is not None
    amount = None if ends else await _next(subscription.id, agreed.price)
    return Charge(
        amount=amount,
        at=subscription.current_period_end,
        price_words=agreed.price_words,
        tax_words=await fee_tax.fee_tax_text(agreed.price),
        card=await _card(subscription.id),
        cancel_at=subscription.cancel_at,
        grace_until=_grace(subscription),
        retries_at=owed.next_attempt_at if owed else None,
        price_now=offered_now.price_words if offered_now.price != agreed.price else "",
    )


def held_of(standing: CustomerEntitlements) -> tuple[BenefitHeld, ...]:
    return tuple(
        BenefitHeld(name=held.name, words=_words(held.kind, held.settings), since=held.since, until=held.until_at)
        for held in standing.entitlements
    )


async def paid_of(subscription_id: UUID) -> tuple[Paid, ...]:
    """Each paid period and each charge for a plan change, newest first."""
    invoices = {one.stripe_id: one for one in await payment_invoices.of_subscription(subscription_id)}
    billed = [one for one in await paid_periods.of_subscription(subscription_id) if not one.is_partial]
    known = {one.invoice for one in billed}
    changed = tuple(_change(one) for one in invoices.values() if one.stripe_id not in known and _is_change(one))
    paid = tuple(
        Paid(
            at=one.paid_at,
            from_at=one.starts_at,
            until=one.ends_at,
            amount=Money(one.amount, one.currency),
            receipt=invoices[one.invoice].receipt_url if one.invoice in invoices else None,
            number=(invoices[one.invoice].number or "") if one.invoice in invoices else "",
        )
        for one in billed
    )
    return tuple(sorted((*paid, *changed), key=lambda one: one.at, reverse=True))


def _is_change(invoice: MirroredInvoice) -> bool:
    return invoice.reason == "subscription_update" and invoice.status == "paid" and invoice.amount_paid > 0


def _change(invoice: MirroredInvoice) -> Paid:
    at = invoice.paid_at or invoice.created_at
    return Paid(
        at=at,
        from_at=at,
        until=at,
        amount=Money(invoice.amount_paid, invoice.currency),
        receipt=invoice.receipt_url,
        number=invoice.number or "",
        what="Change of plan",
    )


def _words(key: str, settings: str) -> str:
    of_kind = kind(key)
    return of_kind.words(of_kind.load(settings))


def _grace(subscription: Subscription) -> datetime | None:
    since = subscription.past_due_since
    return grace_until(since) if since and subscription.status in ("past_due", "unpaid") else None


async def _next(subscription_id: UUID, agreed: Money) -> Money:
    try:
        preview = await payment_invoices.next_charge(subscription_id)
    except Refusal:
        return agreed
    return Money(preview.amount_due, preview.currency)


async def _card(subscription_id: UUID) -> str:
    """ "Visa ending in 4242, until 12/30"; empty when it is not known just now."""
    try:
        card = await cards.of_subscription(subscription_id)
    except Refusal:
        return ""
    if card is None:
        return ""
    return (
        f"{card.brand.title()} ending in {card.last4}, expires {card.expires_month:02d}/{card.expires_year % 100:02d}"
    )
