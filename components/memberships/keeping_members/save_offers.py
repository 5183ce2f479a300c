"""Save offers: a pause, a smaller plan or a discount beside the cancel button. Cancelling stays as it is."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import cancellations, coming_price
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction, MembershipState
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.discounts.fee_discounts import DiscountOver, FeeDiscountView
from components.memberships.keeping_members.tables import SaveOffer, SaveOfferShown
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.breakeven import costs_less
from components.memberships.plans.plan_catalogue import PlanView
from components.payments.payment_refusals import OutcomeUnknown

KINDS = ("pause", "downgrade", "discount")


class BadOffer(Refusal):
    message = "Choose a reason and what is offered."


class OfferExists(Refusal):
    message = "This is offered for this reason already. End that offer first."
    status = 409


class OfferUsed(Refusal):
    message = N_("You’ve already had this discount. It can be had once in a while, not every time.")
    status = 409


class OfferGone(Refusal):
    message = N_("This offer isn’t available any more. Your membership stays as it is.")
    status = 409


@dataclass(frozen=True, kw_only=True)
class OfferMade:
    """One offer to one member. `fee` is what they pay now, for `held`; `left` what they would, for a smaller `plan`."""

    id: UUID
    reason: str
    kind: str
    terms: FeeDiscountTerms | None = None
    fee: Money | None = None
    left: Money | None = None
    plan: PlanView | None = None
    held: PlanView | None = None


async def add(
    *, reason: str, kind: str, by: UUID | None, percent_bp: int = 0, payments: int = 1, every_months: int = 12,
    to_plan: UUID | None = None,
) -> UUID:  # fmt: skip
    """From now on. Raises `BadOffer`, `OfferExists`."""
    if reason not in dict(cancellations.REASONS) or kind not in KINDS:
        raise BadOffer
    if kind == "discount" and not (0 < percent_bp < 10_000 and 1 <= payments <= 60 and 1 <= every_months <= 120):
        raise BadOffer("Enter a percentage below 100, for 1 to 60 payments, once in 1 to 120 months.")
    if kind == "downgrade" and to_plan not in {plan.id for plan in plan_catalogue.active_plans() if plan.renews}:
        raise BadOffer("Choose a plan that is on offer and renews.")
    offer = SaveOffer(
        id=ids.new(), reason=reason, kind=kind, made_at=clock.now(), made_by=by,
        percent_bp=percent_bp if kind == "discount" else 0, payments=payments if kind == "discount" else 1,
        every_months=every_months if kind == "discount" else 12, to_plan=to_plan if kind == "downgrade" else None,
    )  # fmt: skip
    async with database.transaction():
        await take_turns("save offers")
        if any((one.reason, one.kind) == (reason, kind) for one in await open_offers()):
            raise OfferExists
        await SaveOffer.insert(offer)
        await audit.record(by, "save offer added", "save offer", offer.id, after={"reason": reason, "kind": kind})
    return offer.id


async def end(offer_id: UUID, *, by: UUID | None) -> None:
    """It is offered to nobody any more; what was accepted stays. Raises `NotFound`. May be repeated."""
    async with database.transaction():
        offer = await database.locked(SaveOffer, SaveOffer.id == offer_id)
        if offer is None:
            raise NotFound("There is no such offer.")
        if not offer.ended_at:
            await offer.update_self({SaveOffer.ended_at: clock.now(), SaveOffer.ended_by: by})
            await audit.record(by, "save offer ended", "save offer", offer_id)


async def open_offers() -> list[SaveOffer]:
    return await SaveOffer.objects().where(SaveOffer.ended_at.is_null()).order_by(SaveOffer.made_at)


async def show(current: CurrentState) -> tuple[OfferMade, ...]:
    """What this member may have now instead of cancelling, in the order of the reasons; that they saw it is kept."""
    found = current.subscription
    if found is None or MemberAction.CANCEL not in current.actions or current.state is not MembershipState.ACTIVE:
        return ()
    plan, made = plan_catalogue.by_version(found.plan_version), []
    for offer in await open_offers():
        one = await _for_member(offer, current, plan)
        if one is not None:
            made.append(one)
    order = [key for key, _ in cancellations.REASONS]
    return tuple(sorted(made, key=lambda one: (order.index(one.reason), KINDS.index(one.kind))))


async def _for_member(offer: SaveOffer, current: CurrentState, plan: PlanView) -> OfferMade | None:
    assert current.subscription is not None
    terms = smaller = None
    if offer.kind == "pause" and MemberAction.PAUSE not in current.actions:
        return None
    if offer.kind == "downgrade":
        smaller = next((one for one in plan_catalogue.active_plans() if one.id == offer.to_plan), None)
        if smaller is None or MemberAction.CHANGE_PLAN not in current.actions or smaller.id == plan.id:
            return None
        smaller, held = [await reverse_charges.plan_for(one, current.subscription.payer) for one in (smaller, plan)]
        if not costs_less(smaller, held) or not await coming_price.leaves_something(current.subscription, smaller):
            return None
    if offer.kind == "discount":
        terms = FeeDiscountTerms(percent_bp=offer.percent_bp, payments=offer.payments)
        if not await _may_have(offer, current.subscription.payer, current.subscription.id, terms, plan):
            return None
    shown = await _shown(offer.id, current.subscription.id, current.subscription.payer)
    left = terms.left(plan.price) if terms else smaller.price if smaller else None
    return OfferMade(
        id=shown, reason=offer.reason, kind=offer.kind, terms=terms, fee=plan.price, left=left, plan=smaller, held=plan
    )


async def _may_have(
    offer: SaveOffer, person_id: UUID, subscription_id: UUID, terms: FeeDiscountTerms, plan: PlanView
) -> bool:
    try:
        terms.check(plan)
    except Refusal:
        return False
    return not await had_lately(person_id, offer.every_months) and await fee_discounts.running(subscription_id) is None


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


async def _shown(offer_id: UUID, subscription_id: UUID, person_id: UUID) -> UUID:
    found: UUID = await database.fetch_value(_SHOW, ids.new(), offer_id, subscription_id, person_id, clock.now())
    return found


_SHOW = """
INSERT INTO save_offer_shown (id, offer, subscription, person, shown_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (offer, subscription) WHERE accepted_at IS NULL DO UPDATE SET seen_at = EXCLUDED.seen_at RETURNING id
"""
_HAD_LATELY = """
SELECT EXISTS (SELECT FROM save_offer_shown s JOIN save_offer o ON o.id = s.offer WHERE s.person = $1
  AND o.kind = 'discount' AND s.accepted_at > $3::timestamptz - make_interval(months => $2)
  AND s.id IS DISTINCT FROM $4)
"""
