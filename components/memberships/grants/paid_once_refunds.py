"""Refunds of what was paid for once, bought gifts and terms: decided in one transaction, paid by `payments`, and
recorded wherever they were made.

A gift whose whole price is given back, or is on its way, cannot be redeemed; when the refund fails it can again.
"""

from uuid import UUID

from components.foundation import audit, clock, database, ids, outbox
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.entitlements import membership_periods
from components.memberships.facts import PaidOnceRefunded, PaidOnceRefundFailed, PaidOnceRefundRequested
from components.memberships.grants import gift_memberships, paid_once
from components.memberships.grants.paid_once import PaidOnce
from components.memberships.grants.refund_rules import AT_STRIPE, REFUSED, check_amount
from components.memberships.grants.tables import PaidOnceRefund
from components.memberships.tables import GiftMembership
from components.payments import disputes, payment_refunds
from components.payments.checkout_sessions import pages
from components.payments.facts import RefundMirrored
from components.payments.payment_refusals import check_before
from components.payments.tables import MirroredRefund

_AUDITED = {True: "gift membership refunded", False: "paid term refunded"}


class RefundedInWhole(Refusal):
    message = "All that was paid for this has been refunded."
    status = 409


class MovedOn(Refusal):
    """The consequences that the page named are no longer those."""

    message = "This has changed since the page was opened, and nothing was refunded. Please look at it again."
    status = 409


async def of(reference_id: UUID) -> list[PaidOnceRefund]:
    """The oldest first."""
    return (await of_many([reference_id])).get(reference_id, [])


async def of_many(references: list[UUID]) -> dict[UUID, list[PaidOnceRefund]]:
    """Of each gift or term that has any, the oldest first, in one query."""
    found: dict[UUID, list[PaidOnceRefund]] = {}
    if not references:  # Piccolo refuses to look among none
        return found
    is_of_these = PaidOnceRefund.gift.is_in(references) | PaidOnceRefund.term.is_in(references)
    for one in await PaidOnceRefund.objects().where(is_of_these).order_by(PaidOnceRefund.at):
        found.setdefault(one.reference, []).append(one)
    return found


async def by_id(refund_id: UUID) -> PaidOnceRefund | None:
    return await PaidOnceRefund.objects().where(PaidOnceRefund.id == refund_id).first()


async def paid(reference_id: UUID) -> Money:
    """Raises `NotFound` for what is not paid."""
    page = await pages.for_reference("gift", reference_id) or await pages.for_reference("term", reference_id)
    if page is None or not page.is_paid:
        raise NotFound("There is no such payment.")
    return Money(pages.fee_of(page), page.currency)


async def left(reference_id: UUID) -> Money:
    """What was paid for it and is neither given back nor on its way. Raises `NotFound`."""
    price = await paid(reference_id)
    return Money(max(0, price.amount - given_back(await of(reference_id))), price.currency)


def given_back(refunds: list[PaidOnceRefund]) -> int:
    return sum(one.amount for one in refunds if one.status != "failed")


async def create(
    reference_id: UUID,
    amount: int,
    *,
    by: UUID,
    key: UUID,
    reason: str = "",
    ends_now: bool = False,
    seen: str = "",
    before: int | None = None,
) -> PaidOnceRefund:
    """The refund with this `key`; the same form again changes nothing. `seen` is the state that staff decided upon;
    `before`: see `check_before`.

    Raises `NotFound`, `MovedOn`, `RefundedInWhole`, `NoRefundAmount`, `MoreThanLeft`, `PaymentDisputed`,
    `DisputeLost`, `RefundedMeanwhile`.
    """
    async with database.transaction():
        once = await paid_once.lock(reference_id)
        if earlier := await by_id(key):
            return earlier
        if once is None or not once.is_paid:
            raise NotFound("There is no such payment.")
        if seen and seen != once.state:
            raise MovedOn
        disputes.refuse_refund(await disputes.of_reference(reference_id))
        check_before(before, given_back(await of(reference_id)))
        rest, now = await left(reference_id), clock.now()
        if not rest.amount:
            raise RefundedInWhole
        check_amount(amount, rest)
        refund = _row(
            once, id=key, amount=amount, currency=rest.currency, reason=reason, at=now, by=by, reviewed_at=now,
            ends_now=ends_now and once.state == paid_once.RUNS, reviewed_by=by,
        )  # fmt: skip
        await PaidOnceRefund.insert(refund)
        await _follow(reference_id)
        after = {"amount": amount, "reason": reason, "ends membership": refund.ends_now, "refund": str(key)}
        await audit.record(by, _AUDITED[once.is_gift], once.what, reference_id, after=after)
        await outbox.announce(PaidOnceRefundRequested(key))
    return refund


def _row(once: PaidOnce, **values: object) -> PaidOnceRefund:
    return PaidOnceRefund(**{once.what: once.reference}, **values)  # type: ignore[arg-type]


async def send(refund_id: UUID) -> None:
    """Have the money sent. May be called again: `payments` makes one refund for a key.

    Raises `StripeUnavailable` and `OutcomeUnknown`; the refund is then still requested.
    """
    refund = await by_id(refund_id)
    if refund is None or refund.status != "asked":
        return
    try:
        money = Money(refund.amount, refund.currency)
        mirrored = await payment_refunds.create(refund.reference, money, key=refund_id)
    except REFUSED:
        await _settle(refund_id, "failed", None)
        raise
    await _sync(refund.reference, mirrored)


async def send_requested(fact: PaidOnceRefundRequested) -> None:
    """A refusal has been recorded by then and is not tried again."""
    try:
        await send(fact.refund_id)
    except REFUSED:
        return


async def apply_mirrored(fact: RefundMirrored) -> None:
    """A refund of the payment of a gift or a term, wherever it was made; those of anything else are not handled."""
    if await paid_once.of_reference(fact.reference_id) is None:
        return
    for mirrored in await payment_refunds.of_reference(fact.reference_id):
        await _sync(fact.reference_id, mirrored)


async def end_if_wanted(fact: PaidOnceRefunded) -> None:
    """End the membership with the refund, where staff chose that, and tell who had it at once. May run twice."""
    refund = await by_id(fact.refund_id)
    if refund is not None and refund.ends_now:
        await paid_once.end_membership(refund.reference)
        await membership_periods.announce_ended()


async def _sync(reference_id: UUID, mirrored: MirroredRefund) -> None:
    refund_id = await _row_of(reference_id, mirrored)
    if refund_id is not None:
        await _settle(refund_id, AT_STRIPE.get(mirrored.status, "pending"), mirrored.stripe_id)


async def _row_of(reference_id: UUID, mirrored: MirroredRefund) -> UUID | None:
    """Our row of a refund; written when one that was not requested here is first seen."""
    async with database.transaction():
        once = await paid_once.lock(reference_id)
        if mirrored.key is not None and await by_id(mirrored.key):
            return mirrored.key
        if known := await PaidOnceRefund.objects().where(PaidOnceRefund.stripe_id == mirrored.stripe_id).first():
            return known.id
        amount = payment_refunds.part_of(mirrored, reference_id)
        if once is None or not amount:
            return None
        refund = _row(
            once, id=mirrored.key or ids.new(), amount=amount, currency=mirrored.currency,
            reason=payment_refunds.MADE_IN_STRIPE, at=mirrored.created_at, by=None, stripe_id=mirrored.stripe_id,
        )  # fmt: skip
        await PaidOnceRefund.insert(refund)
        after = {"amount": refund.amount, "reason": payment_refunds.MADE_IN_STRIPE}
        await audit.record(None, _AUDITED[once.is_gift], once.what, reference_id, after=after)
        return refund.id


async def _settle(refund_id: UUID, status: str, stripe_id: str | None) -> None:
    """Store the result, and what it means for a gift's code; a success is announced once, and so is a failure."""
    async with database.transaction():
        found = await by_id(refund_id)
        if found is None:
            return
        await paid_once.lock(found.reference)
        refund = await by_id(refund_id)
        assert refund is not None
        if refund.status != status:
            refund.status, refund.stripe_id = status, stripe_id or refund.stripe_id
            refund.settled_at = None if status == "pending" else clock.now()
            await refund.save(columns=[PaidOnceRefund.status, PaidOnceRefund.stripe_id, PaidOnceRefund.settled_at])
            if status == "succeeded":
                await outbox.announce(PaidOnceRefunded(refund_id))
            if status == "failed":
                await outbox.announce(PaidOnceRefundFailed(refund_id))
        await _follow(refund.reference)


async def _follow(reference_id: UUID) -> None:
    """A gift is refunded once it has been given back in whole; otherwise its code works."""
    gift = await gift_memberships.known(reference_id)
    if gift is None:
        return
    price = await paid(gift.id)
    stand = [one for one in await of(gift.id) if one.status != "failed"]
    is_whole = given_back(stand) >= price.amount
    if is_whole and not gift.refunded_at:
        last = stand[-1]
        await gift.update_self({GiftMembership.refunded_at: last.at, GiftMembership.refunded_by: last.by})
    elif gift.refunded_at and not is_whole:
        await gift.update_self({GiftMembership.refunded_at: None, GiftMembership.refunded_by: None})
        await audit.record(None, "gift membership not refunded", "gift", gift.id)
        if gift.redeemed_by and not gift.begun_at:
            await gift_memberships.begin_waiting(gift.redeemed_by)
