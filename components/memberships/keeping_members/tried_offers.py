"""Offers that an experiment makes to a part of those who are about to cancel, in place of what everybody is offered.

Each is an offer like any other, so that what is shown, accepted and kept is known of it the same way; it is only never
open to everybody.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database.advisory_locks import take_turns
from components.memberships.keeping_members import offer_terms, save_offers
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.keeping_members.tables import SaveOffer


async def put(reason: str, terms: OfferTerms, *, by: UUID | None) -> UUID:
    """Inside of the caller's transaction. Raises `BadOffer`."""
    offer = save_offers.write(reason, terms, by=by, is_tried=True)
    await SaveOffer.insert(offer)
    made: UUID = offer.id
    return made


async def end(offer_ids: Iterable[UUID], *, by: UUID | None) -> None:
    """Nobody is offered them any more; what was accepted stays. May be repeated."""
    if not (wanted := list(offer_ids)):
        return
    are_open = SaveOffer.id.is_in(wanted) & SaveOffer.is_tried.eq(True) & SaveOffer.ended_at.is_null()
    await SaveOffer.update({SaveOffer.ended_at: clock.now(), SaveOffer.ended_by: by}).where(are_open)


async def of_everybody(reason: str) -> tuple[OfferTerms, ...]:
    """What staff set for this reason."""
    return tuple(offer_terms.of(one) for one in await save_offers.open_offers() if one.reason == reason)


async def is_changed(reason: str, since: datetime) -> bool:
    """Whether staff have added or ended an offer for this reason since then."""
    one = SaveOffer
    is_later = (one.made_at > since) | (one.ended_at > since)
    return await one.exists().where(one.reason == reason, one.is_tried.eq(False), is_later)


async def replace(reason: str, terms: OfferTerms | None, *, by: UUID | None) -> None:
    """Everybody is offered this for the reason, or nothing, in place of what they were. Raises `BadOffer`."""
    async with database.transaction():
        await take_turns(save_offers.TURN)
        for one in await save_offers.open_offers():
            if one.reason == reason:
                await save_offers.end(one.id, by=by)
        if terms is not None:
            await save_offers.add(
                reason=reason, kind=terms.kind, percent_bp=terms.percent_bp, payments=terms.payments,
                every_months=terms.every_months, to_plan=terms.to_plan, by=by,
            )  # fmt: skip
