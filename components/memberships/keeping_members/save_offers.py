"""Save offers: a pause, a smaller plan or a discount beside the cancel button. Cancelling stays as it is."""

from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import cancellations
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.discounts.fee_discounts import DiscountOver, FeeDiscountView
from components.memberships.keeping_members import offer_terms
from components.memberships.keeping_members.offer_terms import BadOffer, OfferTerms
from components.memberships.keeping_members.tables import SaveOffer, SaveOfferShown
from components.payments.payment_refusals import OutcomeUnknown

TURN = "save offers"
"""Taken by whoever changes what is offered."""


class OfferExists(Refusal):
    message = "This is offered for this reason already. End that offer first."
    status = 409


class OfferTried(Refusal):
    message = "This offer is part of an experiment. It ends when the experiment stops."
    status = 409


class OfferUsed(Refusal):
    message = N_("You’ve already had this discount. It can be had once in a while, not every time.")
    status = 409


class OfferGone(Refusal):
    message = N_("This offer isn’t available any more. Your membership stays as it is.")
    status = 409


async def add(
    *, reason: str, kind: str, by: UUID | None, percent_bp: int = 0, payments: int = 1, every_months: int = 12,
    to_plan: UUID | None = None,
) -> UUID:  # fmt: skip
    """From now on. Raises `BadOffer`, `OfferExists`."""
    terms = OfferTerms(kind, percent_bp, payments, every_months, to_plan)
    async with database.transaction():
        await take_turns(TURN)
        offer = write(reason, terms, by=by)
        if any((one.reason, one.kind) == (reason, kind) for one in await open_offers()):
            raise OfferExists
        await SaveOffer.insert(offer)
        await audit.record(by, "save offer added", "save offer", offer.id, after={"reason": reason, "kind": kind})
    made: UUID = offer.id
    return made


def write(reason: str, terms: OfferTerms, *, by: UUID | None, is_tried: bool = False) -> SaveOffer:
    """Its row. Raises `BadOffer`."""
    if reason not in dict(cancellations.REASONS):
        raise BadOffer
    offer_terms.check(terms)
    return SaveOffer(
        id=ids.new(), reason=reason, kind=terms.kind, percent_bp=terms.percent_bp, payments=terms.payments,
        every_months=terms.every_months, to_plan=terms.to_plan, made_at=clock.now(), made_by=by, is_tried=is_tried,
    )  # fmt: skip


async def end(offer_id: UUID, *, by: UUID | None) -> None:
    """It is offered to nobody any more; what was accepted stays. Raises `NotFound`, `OfferTried`. May be repeated."""
    async with database.transaction():
        offer = await database.locked(SaveOffer, SaveOffer.id == offer_id)
        if offer is None:
            raise NotFound("There is no such offer.")
        if offer.is_tried:
            raise OfferTried
        if not offer.ended_at:
            await offer.update_self({SaveOffer.ended_at: clock.now(), SaveOffer.ended_by: by})
            await audit.record(by, "save offer ended", "save offer", offer_id)


async def open_offers() -> list[SaveOffer]:
    """What everybody is offered."""
    is_open = SaveOffer.ended_at.is_null() & SaveOffer.is_tried.eq(False)
    return await SaveOffer.objects().where(is_open).order_by(SaveOffer.made_at)


async def had_lately(person_id: UUID, months: int, *, besides: UUID | None = None) -> bool:
    """Whether they have accepted a discount in so many months, by any offer and on any membership."""
    return bool(await database.fetch_value(_HAD_LATELY, person_id, months, clock.now(), besides))


async def accept_discount(shown_id: UUID, *, person_id: UUID) -> FeeDiscountView:
    """Put it on the membership; a second click gives the same. Raises `NotFound`, `OfferGone`, `OfferUsed`, and what
    `fee_discounts.put` raises: then, but for `OutcomeUnknown`, nothing is accepted."""
    async with database.transaction():
        await take_turns(f"save-offer:{person_id}")
        is_theirs = (SaveOfferShown.id == shown_id) & (SaveOfferShown.person == person_id)
        shown = await database.locked(SaveOfferShown, is_theirs)
        offer = await SaveOffer.objects().where(SaveOffer.id == shown.offer).first() if shown else None
        if shown is None or offer is None or offer.kind != "discount":
            raise NotFound
        if not shown.accepted_at:
            if offer.ended_at:
                raise OfferGone
            if await had_lately(person_id, offer.every_months, besides=shown_id):
                raise OfferUsed
            await shown.update_self({SaveOfferShown.accepted_at: clock.now()})
    terms = FeeDiscountTerms(percent_bp=offer.percent_bp, payments=offer.payments)
    try:
        return await fee_discounts.put(shown.subscription, terms, key=shown_id, source="offer", reason=offer.reason)
    except OutcomeUnknown:
        raise
    except DiscountOver:
        raise OfferGone from None
    except Refusal:
        await _not_accepted(shown_id)
        raise


async def _not_accepted(shown_id: UUID) -> None:
    """Offered again under another id: a discount that was refused keeps the one it had."""
    await SaveOfferShown.update({SaveOfferShown.accepted_at: None, SaveOfferShown.id: ids.new()}).where(
        (SaveOfferShown.id == shown_id) & SaveOfferShown.accepted_at.is_not_null()
    )


_HAD_LATELY = """
SELECT EXISTS (SELECT FROM save_offer_shown s JOIN save_offer o ON o.id = s.offer WHERE s.person = $1
  AND o.kind = 'discount' AND s.accepted_at > $3::timestamptz - make_interval(months => $2)
  AND s.id IS DISTINCT FROM $4)
"""
