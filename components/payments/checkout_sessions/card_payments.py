"""Paying an order with a saved card: one attempt at a time, and never beside a hosted page that can still be paid."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids, json
from components.foundation.money import Money
from components.payments import ownership
from components.payments.checkout_sessions import card_charges, payment_attempts
from components.payments.checkout_sessions.saved_cards import CardOnFile
from components.payments.mirror.mirror_rows import lock_row
from components.payments.payment_refusals import AlreadyPaid
from components.payments.tables import CheckoutSession, MirroredPayment
from components.payments.values import Payer

PURPOSE = "order"


async def pay(
    order_id: UUID,
    amount: Money,
    *,
    card: CardOnFile,
    payer: Payer,
    expires_at: datetime,
    metadata: dict[str, str],
) -> CheckoutSession:
    """Charge the card for the order. The answer is paid, or still open while nobody knows whether it is.

    A call while another is under way charges nothing and returns that one. Raises `AlreadyPaid`, `CardDeclined`,
    `ChallengeNeeded`, `PaymentRefused`, `StripeUnavailable`: by these nothing was charged. Not inside a transaction.
    """
    if database.DB.transaction_exists():
        raise RuntimeError("a card is charged outside the caller's transaction: its row must already be committed")
    async with database.transaction():
        await lock_row(f"{PURPOSE}:{order_id}")
        known = await _known(order_id)
        if finished := [page for page in known if page.is_complete]:
            raise AlreadyPaid(finished[-1])
        under_way = next((page for page in known if page.is_open and page.charges_card), None)
        page = under_way or await _begun(order_id, amount, known, card, payer, expires_at, metadata)
    if under_way is not None:
        return await card_charges.settle(page)
    for old in known:
        if old.is_open:
            await payment_attempts.close_other(old, in_favour_of=page)
    return await card_charges.charge(page)


async def last_refused(order_id: UUID) -> str | None:
    """Why the latest attempt to pay with a saved card failed, in Stripe's words; None when the latest did not fail."""
    latest = (await _known(order_id))[-1:]
    if not latest or not latest[0].charges_card or not latest[0].is_expired:
        return None
    paid = MirroredPayment.stripe_id == latest[0].payment_intent
    found = await MirroredPayment.select(MirroredPayment.failure).where(paid).first()
    return found["failure"] if found else ""


async def _known(order_id: UUID) -> list[CheckoutSession]:
    is_its = (CheckoutSession.purpose == PURPOSE) & (CheckoutSession.reference_id == order_id)
    return await CheckoutSession.objects().where(is_its).order_by(CheckoutSession.attempt)


async def _begun(
    order_id: UUID,
    amount: Money,
    known: list[CheckoutSession],
    card: CardOnFile,
    payer: Payer,
    expires_at: datetime,
    metadata: dict[str, str],
) -> CheckoutSession:
    await payment_attempts.replace_open(PURPOSE, order_id)
    page_id, attempt = ids.new(), 1 + max([0, *(page.attempt for page in known)])
    marks = {"page_id": str(page_id), "purpose": PURPOSE, "reference_id": str(order_id)}
    request = {
        "amount": amount.amount,
        "currency": amount.currency.lower(),
        "customer": card.customer,
        "payment_method": card.payment_method,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "metadata": {**metadata, **ownership.ownership_metadata(), **marks},
    }
    page = CheckoutSession(
        id=page_id, purpose=PURPOSE, reference_id=order_id, attempt=attempt, key=f"{PURPOSE}:{order_id}:card:{attempt}",
        person_id=payer.person_id, email=payer.email, request=json.dump(request), fingerprint=f"card:{attempt}",
        payment_method=card.payment_method, charges_card=True, amount=amount.amount, currency=amount.currency,
        created_at=clock.now(), expires_at=expires_at,
    )  # fmt: skip
    await page.save()
    return page
