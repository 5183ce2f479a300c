"""Disputes: a customer's bank has taken a payment back, until it is decided whose the money is.

They are answered at Stripe, where the evidence is sent. Here they are shown, a refund beside one is refused, and what
follows a lost one is decided by staff.
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
    "won": "Won",
    "lost": "Lost",
    "prevented": "Prevented",
}
HARMLESS = ("won", "warning_closed", "prevented")


class PaymentDisputed(Refusal):
    message = (
        "The customer’s bank has disputed this payment and holds the money until it has decided. A refund now would"
        " pay it out twice. Answer the dispute in Stripe, and refund only if you win it."
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

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def state(self) -> str:
        return WORDS.get(self.status, self.status.replace("_", " ").capitalize())

    @property
    def cause(self) -> str:
        """The bank's reason in words."""
        return self.reason.replace("_", " ").capitalize()

    @property
    def needs_answer(self) -> bool:
        return self.status in ("needs_response", "warning_needs_response")

    @property
    def is_open(self) -> bool:
        return self.status != "lost" and self.status not in HARMLESS

    @property
    def may_be_refunded(self) -> bool:
        """It was decided for the shop, or never took any money."""
        return self.status in HARMLESS

    @property
    def needs_decision(self) -> bool:
        """Lost, and nobody has decided what follows."""
        return self.status == "lost" and self.reviewed_at is None


_VIEW = """
SELECT dispute.stripe_id AS id, dispute.reference_id, payment.invoice, dispute.status, dispute.reason, dispute.amount,
  dispute.currency, dispute.answer_by, dispute.created_at, dispute.reviewed_at, dispute.words
FROM mirrored_dispute dispute LEFT JOIN mirrored_payment payment ON payment.stripe_id = dispute.payment_intent
"""
_ALL = f"""{_VIEW}
ORDER BY (dispute.status IN ('needs_response', 'warning_needs_response')) DESC,
  (dispute.status = 'lost' AND dispute.reviewed_at IS NULL) DESC, dispute.created_at DESC LIMIT $1
"""
_OF_REFERENCE = f"{_VIEW} WHERE dispute.reference_id = $1 ORDER BY dispute.created_at DESC"
_OF_ORDER = f"""{_VIEW} WHERE dispute.payment_intent IN (
  SELECT payment_intent FROM checkout_session WHERE purpose = 'order' AND reference_id = $1
  UNION ALL SELECT invoice.payment_intent FROM checkout_session page
    JOIN mirrored_invoice invoice ON invoice.subscription = page.subscription_ref
      AND invoice.reason = 'subscription_create' WHERE page.along = $1)
ORDER BY dispute.created_at DESC
"""
_OF_PAYMENT = f"{_VIEW} WHERE dispute.payment_intent = $1 ORDER BY dispute.created_at DESC"


async def recent(*, limit: int = 100) -> list[DisputeView]:
    """Those that wait for somebody first."""
    return await database.fetch_as(DisputeView, _ALL, limit)


async def of_reference(reference_id: UUID) -> list[DisputeView]:
    return await database.fetch_as(DisputeView, _OF_REFERENCE, reference_id)


async def of_order(order_id: UUID) -> list[DisputeView]:
    """Also of the payment that the order shares with a membership."""
    return await database.fetch_as(DisputeView, _OF_ORDER, order_id)


async def by_id(dispute_id: str) -> DisputeView:
    """Raises `NotFound`."""
    found = await database.fetch_as(DisputeView, f"{_VIEW} WHERE dispute.stripe_id = $1", dispute_id)
    if not found:
        raise NotFound("There is no dispute at this address.")
    return found[0]


def refuse_refund(found: list[DisputeView]) -> None:
    """Raises `PaymentDisputed`, `DisputeLost`."""
    if any(dispute.is_open for dispute in found):
        raise PaymentDisputed
    if any(dispute.status == "lost" for dispute in found):
        raise DisputeLost


async def refuse_refund_of(payment_intent: str) -> None:
    """The last look before a refund is sent. Raises `PaymentDisputed`, `DisputeLost`."""
    refuse_refund(await database.fetch_as(DisputeView, _OF_PAYMENT, payment_intent))


async def review(dispute_id: str, *, words: str, by: UUID) -> None:
    """Staff have decided what follows a lost dispute. Raises `NotFound` when there is nothing to decide."""
    async with database.transaction():
        dispute = MirroredDispute
        is_waiting = (dispute.stripe_id == dispute_id) & (dispute.status == "lost") & dispute.reviewed_at.is_null()
        decided = dispute.update(
            {dispute.reviewed_at: clock.now(), dispute.reviewed_by: by, dispute.words: words}
        ).where(is_waiting)
        if not await decided.returning(dispute.stripe_id):
            raise NotFound("Nothing is left to decide about this dispute.")
        await audit.record(by, "lost dispute reviewed", "dispute", dispute_id, after={"words": words})
