"""The card that is charged for a person."""

import contextlib
from collections.abc import Sequence
from uuid import UUID

from components.payments import customers, running_subscriptions
from components.payments.facts import CardSaved
from components.payments.invoicing import invoices
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused, UnknownAtStripe
from components.payments.stripe_calls import payment_intents
from components.payments.stripe_calls import stripe_customers as customer_calls
from components.payments.stripe_calls import stripe_subscriptions as subscription_calls
from components.payments.stripe_calls.payment_intents import CardDetails
from components.payments.stripe_calls.stripe_subscriptions import CardShown
from components.payments.tables import CheckoutSession, MirroredSubscription

OVER = ["cancelled", "incomplete_expired"]


async def shown(local_id: UUID) -> CardShown | None:
    """The card a subscription is charged to, as last mirrored."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None or not known.card_last4:
        return None
    return CardShown(known.card_brand, known.card_last4, known.card_expires)


async def brands(local_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The card network of each subscription, as last mirrored, such as "visa"."""
    columns = MirroredSubscription.select(MirroredSubscription.local_id, MirroredSubscription.card_brand)
    rows = await columns.where(MirroredSubscription.local_id.is_in(list(local_ids))) if local_ids else []
    return {row["local_id"]: row["card_brand"] for row in rows if row["card_brand"]}


async def of_subscription(local_id: UUID) -> CardDetails | None:
    """The card a subscription is charged to, read at Stripe: with its fingerprint."""
    known = await running_subscriptions.mirrored(local_id)
    return await payment_intents.card(known.payment_method) if known and known.payment_method else None


async def by_id(payment_method: str) -> CardDetails | None:
    """The displayable details of a payment method, when it is a card."""
    return await payment_intents.card(payment_method)


async def adopt(fact: CardSaved) -> None:
    """Charge the new card from now on, and try an unpaid invoice once. May run twice: a paid invoice is not tried
    again. A customer or card that has been deleted at Stripe since then is left alone."""
    with contextlib.suppress(UnknownAtStripe):
        await _adopt(fact)


async def _adopt(fact: CardSaved) -> None:
    page = await CheckoutSession.objects().where(CheckoutSession.id == fact.page_id).first()
    customer = await customers.of_person(page.person_id) if page and page.person_id else None
    if customer is None:
        return
    key, method = f"card:{fact.page_id}", fact.payment_method
    await customer_calls.charge_from_now_on(customer, payment_method=method, key=f"{key}:customer")
    for running in await _running(customer):
        assert running.local_id is not None
        of_it = f"{key}:{running.stripe_id}"
        await subscription_calls.charge_from_now_on(running.stripe_id, payment_method=method, key=of_it)
        await running_subscriptions.sync(running.local_id)
        await _pay_what_is_owed(running.local_id, key)


async def _running(customer: str) -> list[MirroredSubscription]:
    is_running = MirroredSubscription.status.not_in(OVER)
    return await MirroredSubscription.objects().where(is_running & (MirroredSubscription.customer == customer))


async def _pay_what_is_owed(local_id: UUID, key: str) -> None:
    owed = await invoices.unpaid(local_id)
    if owed is None:
        return
    # refused: mirrored as another failed attempt, and Stripe's own retries go on; unknown: settled by the worker
    with contextlib.suppress(PaymentRefused, OutcomeUnknown):
        await invoices.pay(owed.stripe_id, key=f"{key}:pay:{owed.stripe_id}")
