"""Cards on file: which one a customer may pay an order with, in one step, and removing it."""

import contextlib
from dataclasses import dataclass
from uuid import UUID

from components.foundation import clock, database, json, outbox
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.payments import customers, running_subscriptions
from components.payments.facts import CheckoutSessionPaid, SavedCardRemoved, SubscriptionMirrored
from components.payments.payment_refusals import PaymentRefused
from components.payments.stripe_calls import payment_intents
from components.payments.tables import CheckoutSession, MirroredPayment, SavedCard


class PaysForMembership(Refusal):
    message = N_("This card pays for your membership. To replace it, use “Change card” on your membership page.")
    status = 409


@dataclass(frozen=True)
class CardOnFile:
    """`is_for_membership`: a running subscription is charged to it."""

    payment_method: str
    customer: str
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    is_agreed: bool
    is_for_membership: bool

    @property
    def words(self) -> str:
        brand = self.brand.replace("_", " ").title()
        return _("%(brand)s ending %(digits)s", brand=brand, digits=self.last4)


async def of_person(person_id: UUID) -> CardOnFile | None:
    """The card an order can be paid with: the one of a running subscription, else the one last agreed to."""
    customer = await customers.of_person(person_id)
    if customer is None:
        return None
    found = await database.fetch_as(CardOnFile, _OF_CUSTOMER, customer, clock.now())
    return found[0] if found else None


_OF_CUSTOMER = """
SELECT payment_method, customer, brand, last4, expires_month, expires_year, is_agreed, is_for_membership
FROM (SELECT card.*, EXISTS (SELECT FROM mirrored_subscription held WHERE held.customer = card.customer
      AND held.payment_method = card.payment_method AND held.status NOT IN ('cancelled', 'incomplete_expired'))
    AS is_for_membership
  FROM saved_card card WHERE card.customer = $1 AND card.removed_at IS NULL
    AND make_date(card.expires_year, card.expires_month, 1) + interval '1 month' > $2::timestamptz) known
WHERE is_agreed OR is_for_membership
ORDER BY is_for_membership DESC, saved_at DESC LIMIT 1
"""


async def remember_subscription(fact: SubscriptionMirrored) -> None:
    """The card of a subscription, once it is known which it is."""
    known = await running_subscriptions.by_stripe_id(fact.stripe_subscription_id)
    if known is not None and known.payment_method and not known.is_over:
        await _remember(known.payment_method, known.customer, is_agreed=False)


async def remember_paid(fact: CheckoutSessionPaid) -> None:
    """The card an order was paid with, where the customer agreed to keep it."""
    page = await CheckoutSession.objects().where(CheckoutSession.id == fact.page_id).first()
    if page is None or page.purpose != "order" or page.charges_card:
        return
    request = json.load(page.request)
    if "setup_future_usage" not in request.get("payment_intent_data", {}) or not request.get("customer"):
        return
    paid = await MirroredPayment.objects().where(MirroredPayment.stripe_id == page.payment_intent).first()
    if paid is not None and paid.payment_method:
        await _remember(paid.payment_method, request["customer"], is_agreed=True)


async def remember_all() -> int:
    """The cards of subscriptions that began before cards were remembered. Returns how many were looked up."""
    missing = await database.fetch_rows(_MISSING)
    for payment_method, customer in missing:
        await _remember(payment_method, customer, is_agreed=False)
    return len(missing)


_MISSING = """
SELECT DISTINCT held.payment_method, held.customer FROM mirrored_subscription held
WHERE held.payment_method IS NOT NULL AND held.status NOT IN ('cancelled', 'incomplete_expired')
  AND NOT EXISTS (SELECT FROM saved_card card WHERE card.payment_method = held.payment_method) LIMIT 500
"""


async def _remember(payment_method: str, customer: str, *, is_agreed: bool) -> None:
    known = await SavedCard.objects().where(SavedCard.payment_method == payment_method).first()
    if known is not None:
        if is_agreed and not known.is_agreed:
            await SavedCard.update({SavedCard.is_agreed: True}).where(SavedCard.payment_method == payment_method)
        return
    with contextlib.suppress(PaymentRefused):
        found = await payment_intents.card(payment_method)
        if found is None:
            return
        card = SavedCard(
            payment_method=payment_method, customer=customer, brand=found.brand, last4=found.last4,
            expires_month=found.expires_month, expires_year=found.expires_year, is_agreed=is_agreed,
            saved_at=clock.now(),
        )  # fmt: skip
        await SavedCard.insert(card).on_conflict(action="DO NOTHING")


async def remove(person_id: UUID) -> None:
    """The shop never charges it again, from now on; Stripe is told afterwards. Raises `PaysForMembership`."""
    card = await of_person(person_id)
    if card is None:
        return
    if card.is_for_membership:
        raise PaysForMembership
    await forget(card)


async def forget(card: CardOnFile) -> None:
    """Also for a card that Stripe no longer has."""
    async with database.transaction():
        is_it = (SavedCard.payment_method == card.payment_method) & SavedCard.removed_at.is_null()
        gone = SavedCard.update({SavedCard.removed_at: clock.now(), SavedCard.is_agreed: False})
        if await gone.where(is_it).returning(SavedCard.payment_method):
            await outbox.announce(SavedCardRemoved(card.payment_method))


async def detach(fact: SavedCardRemoved) -> None:
    """Have Stripe remove it too; it may be gone already."""
    with contextlib.suppress(PaymentRefused):
        await payment_intents.detach(fact.payment_method, key=f"card:{fact.payment_method}:detach")
