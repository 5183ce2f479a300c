"""Early fraud warnings: a card's issuer says that a payment may be fraudulent, before anybody disputes it.

Refunded in full before that, it is never disputed. Staff do so, or leave it as it is; nothing happens by itself, since
many that are warned of are honest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.payments import disputes
from components.payments.dispute_answers.tables import MirroredFraudWarning

CAUSES = {
    "card_never_received": "The card never reached its holder",
    "fraudulent_card_application": "The card was applied for by somebody else",
    "made_with_counterfeit_card": "The card is a counterfeit",
    "made_with_lost_card": "The card was lost",
    "made_with_stolen_card": "The card was stolen",
    "misc": "No reason given",
    "unauthorized_use_of_card": "The holder says they didn’t pay",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FraudWarning:
    """`invoice` when the payment was for a membership; `is_actionable` while it is neither disputed nor refunded."""

    id: str
    reference_id: UUID
    payment_intent: str
    invoice: str | None
    fraud_type: str
    is_actionable: bool
    amount: int
    currency: str
    created_at: datetime
    decided_at: datetime | None
    words: str

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def cause(self) -> str:
        return CAUSES.get(self.fraud_type, self.fraud_type.replace("_", " ").capitalize())

    @property
    def needs_decision(self) -> bool:
        return self.is_actionable and self.decided_at is None

    @property
    def state(self) -> str:
        if not self.is_actionable:
            return "Refunded or disputed"
        return "Left as it is" if self.decided_at else "To decide"


_VIEW = """
SELECT w.stripe_id AS id, w.reference_id, w.payment_intent, payment.invoice, w.fraud_type, w.is_actionable,
  payment.received AS amount, payment.currency, w.created_at, w.decided_at, w.words
FROM mirrored_fraud_warning w JOIN mirrored_payment payment ON payment.stripe_id = w.payment_intent
"""
_NEWEST = "ORDER BY (w.is_actionable AND w.decided_at IS NULL) DESC, w.created_at DESC, w.stripe_id"
_OF_ORDER = f"{_VIEW} WHERE w.payment_intent IN ({disputes.PAYMENTS_OF_ORDER}) {_NEWEST}"
_OF_PAGES = """
SELECT DISTINCT page.id, page.along, CASE WHEN page.purpose = 'order' THEN page.reference_id END
FROM checkout_session page JOIN mirrored_fraud_warning w ON w.payment_intent IN (page.payment_intent,
  (SELECT payment_intent FROM mirrored_invoice i WHERE i.subscription = page.subscription_ref
    AND i.reason = 'subscription_create' LIMIT 1))
WHERE (page.id = ANY($1) OR page.reference_id = ANY($1) OR page.along = ANY($1))
  AND w.is_actionable AND w.decided_at IS NULL
"""


async def part(*, limit: int, offset: int) -> list[FraudWarning]:
    """Those to decide about first, then the newest."""
    return await database.fetch_as(FraudWarning, f"{_VIEW} {_NEWEST} LIMIT $1 OFFSET $2", limit, offset)


async def count() -> int:
    return int(await MirroredFraudWarning.count())


async def by_id(warning_id: str) -> FraudWarning:
    """Raises `NotFound`."""
    found = await database.fetch_as(FraudWarning, f"{_VIEW} WHERE w.stripe_id = $1", warning_id)
    if not found:
        raise NotFound("There is no fraud warning at this address.")
    return found[0]


async def of_order(order_id: UUID) -> list[FraudWarning]:
    """Also of the payment that the order shares with a membership."""
    return await database.fetch_as(FraudWarning, _OF_ORDER, order_id)


async def of_references(reference_ids: Iterable[UUID]) -> list[FraudWarning]:
    sql = f"{_VIEW} WHERE w.reference_id = ANY($1) {_NEWEST}"
    return await database.fetch_as(FraudWarning, sql, list(reference_ids))


async def waiting_on(ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these orders, or checkout sessions, were paid with a payment that staff have to decide about."""
    wanted = list(ids)
    pages = await database.fetch_rows(_OF_PAGES, wanted) if wanted else []
    return frozenset({id for page in pages for id in page} & set(wanted))


async def leave(warning_id: str, *, words: str, by: UUID) -> None:
    """Staff know the customer: the payment is kept. Raises `NotFound` when there is nothing to decide."""
    async with database.transaction():
        one = MirroredFraudWarning
        is_waiting = (one.stripe_id == warning_id) & one.is_actionable.eq(True) & one.decided_at.is_null()
        noted = one.update({one.decided_at: clock.now(), one.decided_by: by, one.words: words})
        if not await noted.where(is_waiting).returning(one.stripe_id):
            raise NotFound("Nothing is left to decide about this warning.")
        await audit.record(by, "fraud warning left", "fraud warning", warning_id, after={"words": words})
