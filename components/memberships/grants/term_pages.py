"""The payment page of a plan that is paid once: it pays what it was opened for, whatever was asked for since."""

from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.foundation.database.advisory_locks import take_turns
from components.memberships.grants import term_codes
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import plan_places
from components.memberships.tables import PaidTerm
from components.payments.checkout_sessions import pages
from components.payments.tables import CheckoutSession
from components.pricing.fee_destination import Place

IS_WAITING = PaidTerm.paid_at.is_null() & PaidTerm.lapsed_at.is_null()
_VERSION, _DISCOUNT = "plan_version", "fee_discount"
_COUNTRY, _REGION = "fee_country", "fee_region"


class TermPaid(NamedTuple):
    """The price of a plan, the discount that was taken off it, if any, and where the order goes that was paid with
    it."""

    version_id: UUID
    discount_id: UUID | None
    place: Place | None = None


def agreed(plan: PlanView, discount_id: UUID | None, place: Place | None = None) -> dict[str, str]:
    """What the page is told that it is for; `place`: where the order goes that is on it, whose tax is in the fee."""
    known = {_VERSION: str(plan.version_id), **({_DISCOUNT: str(discount_id)} if discount_id else {})}
    return {**known, _COUNTRY: place[0], _REGION: place[1]} if place else known


def paid_with(page: CheckoutSession, kept: PaidTerm) -> TermPaid:
    """A page of before this was kept pays what its term says, for which no code could be used then."""
    known = pages.agreed_on(page)
    if _VERSION not in known:
        return TermPaid(kept.plan_version, None)
    place = (known[_COUNTRY], known.get(_REGION, "")) if _COUNTRY in known else None
    return TermPaid(UUID(known[_VERSION]), UUID(known[_DISCOUNT]) if _DISCOUNT in known else None, place)


async def is_for(term_id: UUID, version_id: UUID) -> bool:
    """Whether it waits for this price, or was paid."""
    is_paid, waits = PaidTerm.paid_at.is_not_null(), IS_WAITING & (PaidTerm.plan_version == version_id)
    return bool(await PaidTerm.exists().where((PaidTerm.id == term_id) & (is_paid | waits)))


async def take_turn(payer: UUID) -> None:
    """Before anything of a term of theirs is locked, places on plans too: those are locked before it by who asks for
    it, and after it by what becomes of its page."""
    await take_turns(f"term:{payer}")


async def locked(term_id: UUID) -> PaidTerm | None:
    seen = await PaidTerm.select(PaidTerm.payer).where(PaidTerm.id == term_id).first()
    if seen is None:
        return None
    await take_turn(seen["payer"])
    return await database.locked(PaidTerm, PaidTerm.id == term_id)


async def waits_for(term_id: UUID, plan: PlanView) -> None:
    """There is a page for this price now; the place on another plan is free again."""
    async with database.transaction():
        kept = await locked(term_id)
        is_waiting = kept is not None and not kept.paid_at and not kept.lapsed_at
        if kept is not None and is_waiting and kept.plan_version != plan.version_id:
            await leave_place(kept, plan)
            await kept.update_self({PaidTerm.plan_version: plan.version_id})


async def leave_place(kept: PaidTerm, plan: PlanView) -> None:
    """It was waited for with another plan."""
    if (other := plan_catalogue.by_version(kept.plan_version).id) != plan.id:
        await plan_places.release(other, kept.payer)


async def give_back(term_id: UUID, payer: UUID, plan: PlanView) -> None:
    """There is no page on which it could be paid. Where there may be one, what is held for it waits for what becomes of
    that."""
    page = await pages.for_reference("term", term_id)
    if page is None or not (page.is_open or page.is_complete):
        await plan_places.release(plan.id, payer)
        await term_codes.release(term_id)
