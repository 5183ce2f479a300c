"""Disputes: a customer's bank has taken a payment back, until it is decided whose the money is.

They are answered by staff (`dispute_answers`), a refund beside one is refused, and what follows a lost one is decided
by staff, or by a setting. An inquiry is a bank that asks before it takes anything: refunding in full settles it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.payments.tables import MirroredDispute

WORDS = {
    "warning_needs_response": "Inquiry: answer needed",
    "warning_under_review": "Inquiry: under review",
    "warning_closed": "Inquiry closed",
    "needs_response": "Answer needed",
    "under_review": "Under review by the bank",
    "won": "Won by the shop",
    "lost": "Lost to the customer",
    "prevented": "Prevented",
}
HARMLESS = ("won", "warning_closed", "prevented")
INQUIRY = ("warning_needs_response", "warning_under_review")
CAUSES = {"general": "No reason given", "subscription_canceled": "Membership had been cancelled"}


class PaymentDisputed(Refusal):
    message = (
        "The customer’s bank has disputed this payment and holds the money until it has decided. A refund now would"
        " pay it out twice. Answer the dispute, and refund only if you win it."
    )
    status = 409


class DisputeLost(Refusal):
    message = (
        "The customer’s bank decided the dispute about this payment in their favour, so they already have their money"
        " back. A refund would pay it out twice."
    )
    status = 409


@dataclass(frozen=True)
class DisputeView:
    """`invoice` when the payment was for a membership; `reference_id` is the order, or the subscription."""

    id: str
    reference_id: UUID | None
    invoice: str | None
    status: str
    reason: str
    amount: int
    currency: str
    answer_by: datetime | None
    created_at: datetime
    reviewed_at: datetime | None
    words: str
    submissions: int = 0
    payment_intent: str | None = None

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def state(self) -> str:
        return WORDS.get(self.status, self.status.replace("_", " ").capitalize())

    @property
    def cause(self) -> str:
        """The bank's reason in words."""
        return CAUSES.get(self.reason, self.reason.replace("_", " ").capitalize())

    @property
    def needs_answer(self) -> bool:
        return self.status in ("needs_response", "warning_needs_response")

    @property
    def is_open(self) -> bool:
        return self.status != "lost" and self.status not in HARMLESS

    @property
    def is_inquiry(self) -> bool:
        """The bank asks, and has taken nothing yet."""
        return self.status in INQUIRY

    @property
    def is_late(self) -> bool:
        """The bank takes no evidence any more; one that allows none has no time for it."""
        return self.answer_by is None or self.answer_by <= clock.now()

    @property
    def may_be_refunded(self) -> bool:
        """It was decided for the shop, or has taken no money."""
        return self.status in HARMLESS or self.is_inquiry

    @property
    def needs_decision(self) -> bool:
        """Lost, and nobody has decided what follows."""
        return self.status == "lost" and self.reviewed_at is None


VIEW = """
SELECT dispute.stripe_id AS id, dispute.reference_id, payment.invoice, dispute.status, dispute.reason, dispute.amount,
  dispute.currency, dispute.answer_by, dispute.created_at, dispute.reviewed_at, dispute.words, dispute.submissions,
  dispute.payment_intent
FROM mirrored_dispute dispute LEFT JOIN mirrored_payment payment ON payment.stripe_id = dispute.payment_intent
"""
_OF_REFERENCE = f"{VIEW} WHERE dispute.reference_id = $1 ORDER BY dispute.created_at DESC"
PAYMENTS_OF_ORDER = """
  SELECT payment_intent FROM checkout_session 
    WHERE purpose = 'order' AND reference_id = $1 OR purpose = 'term' AND along = $1
  UNION ALL SELECT invoice.payment_intent FROM checkout_session page
    JOIN mirrored_invoice invoice ON invoice.subscription = page.subscription_ref
      AND invoice.reason = 'subscription_create' WHERE page.along = $1
"""
_OF_ORDER = f"{VIEW} WHERE dispute.payment_intent IN ({PAYMENTS_OF_ORDER}) ORDER BY dispute.created_at DESC"
_ORDERS = """
SELECT DISTINCT coalesce(page.along, dispute.reference_id) FROM mirrored_dispute dispute
LEFT JOIN checkout_session page ON page.reference_id = dispute.reference_id AND page.along IS NOT NULL
WHERE dispute.stripe_id = $1 AND dispute.reference_id IS NOT NULL
"""
_OF_PAYMENT = f"{VIEW} WHERE dispute.payment_intent = $1 ORDER BY dispute.created_at DESC"


async def of_reference(reference_id: UUID) -> list[DisputeView]:
    return await database.fetch_as(DisputeView, _OF_REFERENCE, reference_id)


async def of_order(order_id: UUID) -> list[DisputeView]:
    """Also of the payment that the order shares with a membership."""
    return await database.fetch_as(DisputeView, _OF_ORDER, order_id)


async def orders_of(dispute_id: str) -> list[UUID]:
    """What its payment paid for: an order, or one beside a membership. Ids of anything else may be among them."""
    return await database.fetch_values(_ORDERS, dispute_id)


async def payments_of_order(order_id: UUID) -> list[str]:
    """Stripe's ids; also of the payment that the order shares with a membership."""
    return await database.fetch_values(PAYMENTS_OF_ORDER, order_id)


async def by_id(dispute_id: str) -> DisputeView:
    """Raises `NotFound`."""
    found = await database.fetch_as(DisputeView, f"{VIEW} WHERE dispute.stripe_id = $1", dispute_id)
    if not found:
        raise NotFound("There is no dispute at this address.")
    return found[0]


def refuse_refund(found: list[DisputeView]) -> None:
    """Raises `PaymentDisputed`, `DisputeLost`."""
    if any(dispute.is_open and not dispute.may_be_refunded for dispute in found):
        raise PaymentDisputed
    if any(dispute.status == "lost" for dispute in found):
        raise DisputeLost


async def refuse_refund_of(payment_intent: str) -> None:
    """The last look before a refund is sent. Raises `PaymentDisputed`, `DisputeLost`."""
    refuse_refund(await database.fetch_as(DisputeView, _OF_PAYMENT, payment_intent))


async def review(dispute_id: str, *, words: str, by: UUID | None) -> None:
    """Staff, or the shop's setting, have decided what follows a lost dispute.

    Raises `NotFound` when there is nothing to decide.
    """
    async with database.transaction():
        dispute = MirroredDispute
        is_waiting = (dispute.stripe_id == dispute_id) & (dispute.status == "lost") & dispute.reviewed_at.is_null()
        decided = dispute.update(
            {dispute.reviewed_at: clock.now(), dispute.reviewed_by: by, dispute.words: words}
        ).where(is_waiting)
        if not await decided.returning(dispute.stripe_id):
            raise NotFound("Nothing is left to decide about this dispute.")
        await audit.record(by, "lost dispute reviewed", "dispute", dispute_id, after={"words": words})


async def renote(dispute_id: str, *, before: str, now: str) -> None:
    """Where what was noted ends with `before`, it ends with `now`. May run twice."""
    async with database.transaction():
        found = await database.locked(MirroredDispute, MirroredDispute.stripe_id == dispute_id)
        if found is not None and found.words.endswith(before):
            words = found.words.removesuffix(before) + now
            await found.update_self({MirroredDispute.words: words})
            await audit.record(None, "lost dispute reviewed", "dispute", dispute_id, after={"words": words})
