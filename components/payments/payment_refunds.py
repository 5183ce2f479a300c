"""Refunding payments."""

from uuid import UUID

from piccolo.columns.combination import Where

from components.foundation import clock, database
from components.foundation.money import Money
from components.payments import disputes, ownership
from components.payments.mirror import mirrored_refunds as mirror
from components.payments.payment_refusals import (
    MoreThanPaid,
    NothingPaid,
    OutcomeUnknown,
    PaymentRefused,
    StripeUnavailable,
)
from components.payments.stripe_calls import stripe_refunds as calls
from components.payments.tables import MirroredPayment, MirroredRefund, RequestedRefund
from components.payments.timeouts import unattended

MADE_IN_STRIPE = "Made in Stripe"
"""The reason of a refund that was made in Stripe's dashboard: for staff, who know what Stripe is."""


def reason_told(reason: str) -> str:
    """The reason as customers are told it, in an e-mail, on a page, on a credit note."""
    return "" if reason == MADE_IN_STRIPE else reason


async def create(reference_id: UUID, amount: Money, *, key: UUID, invoice: str | None = None) -> MirroredRefund:
    """Refund `amount` of what was paid for `reference_id`, or of one `invoice` of a subscription.

    Two calls with one `key` make one refund. The request is stored before Stripe is called; after `OutcomeUnknown` or
    `StripeUnavailable` it is sent again automatically. Raises `NothingPaid`, `MoreThanPaid`, `PaymentDisputed`,
    `DisputeLost`, `PaymentRefused`. Not inside a transaction.
    """
    if database.DB.transaction_exists():
        raise RuntimeError("a refund is asked for outside the caller's transaction: its row must already be committed")
    asked, is_new = await _asked(reference_id, amount, key, invoice)
    try:
        return await unattended.answered(("refund", key), lambda: send(asked) if is_new else send_again(asked))
    except unattended.StillUnderWay:
        raise OutcomeUnknown from None


async def refundable(invoice: str) -> int:
    """Minor units of an invoice's payment that have not been refunded."""
    paid = await MirroredPayment.objects().where(MirroredPayment.invoice == invoice, MirroredPayment.received > 0)
    return sum([payment.received - await _given_back(payment.stripe_id) for payment in paid])


async def is_requested(key: UUID) -> bool:
    """Whether a refund with this key was requested; it is then made, refused, or sent again automatically."""
    return await RequestedRefund.exists().where(RequestedRefund.key == key)


async def send_again(asked: RequestedRefund) -> MirroredRefund:
    """A refund that was asked for before: Stripe is looked at first, because it forgets a key after a day.

    If it is not there, it is requested once more under the same key, so that one that is being made is not made twice.
    """
    if (known := await _mirrored(asked.key)) is not None:
        return known
    for made in await calls.of_intent(asked.payment_intent):
        if made.metadata.get("refund_key") == str(asked.key):
            return await _kept(made.id)
    return await send(asked)


async def send(asked: RequestedRefund) -> MirroredRefund:
    """Send it to Stripe for the first time, or after a look at Stripe. Raises `PaymentRefused`, `OutcomeUnknown`."""
    try:
        made = await calls.create(
            asked.payment_intent,
            amount=asked.amount,
            metadata={
                **ownership.ownership_metadata(),
                "refund_key": str(asked.key),
                "reference_id": str(asked.reference_id),
            },
            key=f"refund:{asked.key}",
        )
    except PaymentRefused as refusal:
        why = refusal.detail or refusal.words
        await RequestedRefund.update({RequestedRefund.refused: why}).where(RequestedRefund.key == asked.key)
        raise
    return await _kept(made.id)


async def _kept(refund_id: str) -> MirroredRefund:
    """It is made; that it cannot be read again just now does not change that."""
    try:
        await mirror.sync(refund_id)
    except StripeUnavailable:
        raise OutcomeUnknown from None
    found = await by_stripe_id(refund_id)
    if found is None:
        raise OutcomeUnknown
    return found


async def _mirrored(key: UUID) -> MirroredRefund | None:
    return await MirroredRefund.objects().where(MirroredRefund.key == key).first()


async def by_stripe_id(stripe_id: str) -> MirroredRefund | None:
    return await MirroredRefund.objects().where(MirroredRefund.stripe_id == stripe_id).first()


async def of_reference(reference_id: UUID) -> list[MirroredRefund]:
    """All refunds of a reference's payments, ours and those made in Stripe's dashboard, the oldest first."""
    is_of_it = (MirroredRefund.reference_id == reference_id) | (MirroredRefund.along == reference_id)
    return await MirroredRefund.objects().where(is_of_it).order_by(MirroredRefund.created_at)


def part_of(mirrored: MirroredRefund, reference_id: UUID) -> int:
    """How much of it is of this order, fee or term: one made in Stripe may be of a payment that two of them shared."""
    if mirrored.along == reference_id:
        return int(mirrored.along_amount)
    return int(mirrored.amount - mirrored.along_amount)


async def _asked(reference_id: UUID, amount: Money, key: UUID, invoice: str | None) -> tuple[RequestedRefund, bool]:
    """The stored request, and whether it is new: one that was there may have been sent."""
    async with database.transaction():
        paid = await _held_payment(reference_id, invoice)
        known = await RequestedRefund.objects().where(RequestedRefund.key == key).first()
        if known is not None:
            return known, False
        if paid is None:
            raise NothingPaid
        await disputes.refuse_refund_of(paid.stripe_id)
        if amount.currency != paid.currency or amount.amount > paid.received - await _given_back(paid.stripe_id):
            raise MoreThanPaid
        asked = RequestedRefund(
            key=key,
            reference_id=reference_id,
            payment_intent=paid.stripe_id,
            amount=amount.amount,
            currency=amount.currency,
            asked_at=clock.now(),
        )
        await asked.save()
        return asked, True


async def _held_payment(reference_id: UUID, invoice: str | None) -> MirroredPayment | None:
    """The newest payment for the reference: an order has one, a subscription one for each invoice."""
    has_paid = await _paid_along(reference_id) or (
        (MirroredPayment.reference_id == reference_id) & (MirroredPayment.received > 0)
    )
    if invoice is not None:
        has_paid = has_paid & (MirroredPayment.invoice == invoice)
    newest_first = MirroredPayment.objects().where(has_paid).order_by(MirroredPayment.created_at, ascending=False)
    return await newest_first.lock_rows().first()


async def _paid_along(order_id: UUID) -> Where | None:
    """The payment of the invoice, or the term, that began a membership and paid for this order too."""
    intent = await database.fetch_value(_PAID_ALONG, order_id)
    return MirroredPayment.stripe_id == intent if intent else None


_PAID_ALONG = """
SELECT coalesce(page.payment_intent, invoice.payment_intent) FROM checkout_session page
LEFT JOIN mirrored_invoice invoice
  ON invoice.subscription = page.subscription_ref AND invoice.reason = 'subscription_create'
WHERE page.along = $1 AND page.paid_at IS NOT NULL
"""


async def _given_back(payment_intent: str) -> int:
    """Minor units refunded or on their way: mirrored refunds, and requests not mirrored yet."""
    return int(await database.fetch_value(_GIVEN_BACK, payment_intent))


_GIVEN_BACK = """
SELECT coalesce((SELECT sum(amount) FROM mirrored_refund
    WHERE payment_intent = $1 AND status NOT IN ('failed', 'cancelled')), 0)
  + coalesce((SELECT sum(amount) FROM requested_refund
    WHERE payment_intent = $1 AND stripe_id IS NULL AND refused IS NULL), 0)
"""
