"""Refunds of bought gifts: decided in one transaction, paid by `payments`, and recorded wherever they were made.

A gift whose whole price is given back, or is on its way, cannot be redeemed; when the refund fails it can again.
"""

from uuid import UUID

from components.foundation import audit, clock, database, formatting, ids, outbox
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.facts import GiftRefundFailed, GiftRefundRequested
from components.memberships.grants import gift_memberships
from components.memberships.grants.gift_memberships import GiftRefunded, TooLateToRefund
from components.memberships.grants.tables import GiftRefund
from components.memberships.tables import GiftMembership
from components.payments import disputes, payment_refunds
from components.payments.checkout_sessions import pages
from components.payments.facts import RefundMirrored
from components.payments.payment_refusals import MoreThanPaid, NothingPaid, PaymentRefused
from components.payments.tables import MirroredRefund

_AT_STRIPE = {"succeeded": "succeeded", "failed": "failed", "cancelled": "failed"}
_REFUSED = (PaymentRefused, NothingPaid, MoreThanPaid, disputes.PaymentDisputed, disputes.DisputeLost)
MADE_IN_STRIPE = "Made in Stripe"


class NoGiftAmount(Refusal):
    message = "Enter the amount to refund: more than zero."


class MoreThanGift(Refusal):
    def __init__(self, left: Money) -> None:
        super().__init__(f"That is too much: only {formatting.money(left)} of this gift can still be refunded.")


async def of_gift(gift_id: UUID) -> list[GiftRefund]:
    """The oldest first."""
    return (await of_gifts([gift_id])).get(gift_id, [])


async def of_gifts(gift_ids: list[UUID]) -> dict[UUID, list[GiftRefund]]:
    """Of each gift that has any, the oldest first, in one query."""
    found: dict[UUID, list[GiftRefund]] = {}
    if not gift_ids:  # Piccolo refuses to look among none
        return found
    for one in await GiftRefund.objects().where(GiftRefund.gift.is_in(gift_ids)).order_by(GiftRefund.at):
        found.setdefault(one.gift, []).append(one)
    return found


async def by_id(refund_id: UUID) -> GiftRefund | None:
    return await GiftRefund.objects().where(GiftRefund.id == refund_id).first()


async def paid(gift_id: UUID) -> Money:
    """Raises `NotFound` for a gift that is not paid."""
    page = await pages.for_reference("gift", gift_id)
    if page is None or not page.is_paid:
        raise NotFound("We couldn’t find this gift.")
    return Money(page.amount, page.currency)


async def left(gift_id: UUID) -> Money:
    """What was paid for it and is neither given back nor on its way. Raises `NotFound`."""
    price = await paid(gift_id)
    return Money(price.amount - given_back(await of_gift(gift_id)), price.currency)


def given_back(refunds: list[GiftRefund]) -> int:
    return sum(one.amount for one in refunds if one.status != "failed")


async def create(gift_id: UUID, amount: int | None = None, *, by: UUID, key: UUID, reason: str = "") -> GiftRefund:
    """The refund with this `key`, of what is left unless an `amount` is given; the same form again changes nothing.

    Raises `NotFound`, `TooLateToRefund`, `GiftRefunded`, `NoGiftAmount`, `MoreThanGift`, `PaymentDisputed`,
    `DisputeLost`.
    """
    async with database.transaction():
        gift = await database.locked(GiftMembership, GiftMembership.id == gift_id)
        if earlier := await by_id(key):
            return earlier
        if gift is None or not gift.paid_at:
            raise NotFound("We couldn’t find this gift.")
        if gift.redeemed_at:
            raise TooLateToRefund
        disputes.refuse_refund(await disputes.of_reference(gift_id))
        rest = await left(gift_id)
        _check(rest, amount)
        refund = GiftRefund(
            id=key, gift=gift_id, amount=amount or rest.amount, currency=rest.currency, reason=reason,
            at=clock.now(), by=by,
        )  # fmt: skip
        await GiftRefund.insert(refund)
        await _follow(gift)
        after = {"amount": refund.amount, "reason": reason}
        await audit.record(by, "gift membership refunded", "gift", gift_id, after=after)
        await outbox.announce(GiftRefundRequested(key))
    return refund


def _check(rest: Money, amount: int | None) -> None:
    if not rest.amount:
        raise GiftRefunded
    if amount is not None and amount <= 0:
        raise NoGiftAmount
    if amount is not None and amount > rest.amount:
        raise MoreThanGift(rest)


async def send(refund_id: UUID) -> None:
    """Have the money sent. May be called again: `payments` makes one refund for a key.

    Raises `StripeUnavailable` and `OutcomeUnknown`; the refund is then still requested.
    """
    refund = await by_id(refund_id)
    if refund is None or refund.status != "asked":
        return
    try:
        mirrored = await payment_refunds.create(refund.gift, Money(refund.amount, refund.currency), key=refund_id)
    except _REFUSED:
        await _settle(refund_id, "failed", None)
        raise
    await _sync(refund.gift, mirrored)


async def send_requested(fact: GiftRefundRequested) -> None:
    """A refusal has been recorded by then and is not tried again."""
    try:
        await send(fact.refund_id)
    except _REFUSED:
        return


async def apply_mirrored(fact: RefundMirrored) -> None:
    """A refund of a gift's payment, wherever it was made; those of anything else are not handled here."""
    if await gift_memberships.known(fact.reference_id) is None:
        return
    for mirrored in await payment_refunds.of_reference(fact.reference_id):
        await _sync(fact.reference_id, mirrored)


async def _sync(gift_id: UUID, mirrored: MirroredRefund) -> None:
    refund_id = await _row_of(gift_id, mirrored)
    await _settle(refund_id, _AT_STRIPE.get(mirrored.status, "pending"), mirrored.stripe_id)


async def _row_of(gift_id: UUID, mirrored: MirroredRefund) -> UUID:
    """Our row of a refund; written when one that was not requested here is first seen."""
    async with database.transaction():
        await database.locked(GiftMembership, GiftMembership.id == gift_id)
        if mirrored.key is not None and await by_id(mirrored.key):
            return mirrored.key
        if known := await GiftRefund.objects().where(GiftRefund.stripe_id == mirrored.stripe_id).first():
            return known.id
        refund = GiftRefund(
            id=mirrored.key or ids.new(), gift=gift_id, amount=mirrored.amount, currency=mirrored.currency,
            reason=MADE_IN_STRIPE, at=mirrored.created_at, by=None, stripe_id=mirrored.stripe_id,
        )  # fmt: skip
        await GiftRefund.insert(refund)
        after = {"amount": refund.amount, "reason": MADE_IN_STRIPE}
        await audit.record(None, "gift membership refunded", "gift", gift_id, after=after)
        return refund.id


async def _settle(refund_id: UUID, status: str, stripe_id: str | None) -> None:
    """Store the result, and what it means for the code; a failure is announced once."""
    async with database.transaction():
        found = await by_id(refund_id)
        gift = await database.locked(GiftMembership, GiftMembership.id == found.gift) if found else None
        refund = await by_id(refund_id)
        if gift is None or refund is None:
            return
        if refund.status != status:
            refund.status, refund.stripe_id = status, stripe_id or refund.stripe_id
            refund.settled_at = None if status == "pending" else clock.now()
            await refund.save(columns=[GiftRefund.status, GiftRefund.stripe_id, GiftRefund.settled_at])
            if status == "failed":
                await outbox.announce(GiftRefundFailed(refund_id))
        await _follow(gift)


async def _follow(gift: GiftMembership) -> None:
    """Refunded is what has been given back in whole; otherwise its code works."""
    price = await paid(gift.id)
    stand = [one for one in await of_gift(gift.id) if one.status != "failed"]
    is_whole = given_back(stand) >= price.amount
    if is_whole and not gift.refunded_at:
        last = stand[-1]
        await gift.update_self({GiftMembership.refunded_at: last.at, GiftMembership.refunded_by: last.by})
    elif gift.refunded_at and not is_whole:
        await gift.update_self({GiftMembership.refunded_at: None, GiftMembership.refunded_by: None})
        await audit.record(None, "gift membership not refunded", "gift", gift.id)
        if gift.redeemed_by and not gift.begun_at:
            await gift_memberships.begin_waiting(gift.redeemed_by)
