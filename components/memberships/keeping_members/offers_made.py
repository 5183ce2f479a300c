"""The offers that one member is made beside the cancel button, by what they have and pay now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import cancellations, coming_price
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction, MembershipState
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.keeping_members.offer_terms import KINDS
from components.memberships.keeping_members.save_offers import had_lately, open_offers
from components.memberships.keeping_members.tables import SaveOffer
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.breakeven import costs_less
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import open_plans

InsteadOffers = Mapping[str, tuple[UUID, ...]]


@dataclass(frozen=True, kw_only=True)
class OfferMade:
    """One offer to one member. `fee` is what they will pay next without it, for `held`; `left` what they would with
    it, or for a smaller `plan`."""

    id: UUID
    reason: str
    kind: str
    terms: FeeDiscountTerms | None = None
    fee: Money | None = None
    left: Money | None = None
    plan: PlanView | None = None
    held: PlanView | None = None


async def show(current: CurrentState, *, instead: InsteadOffers | None = None) -> tuple[OfferMade, ...]:
    """What this member may have now instead of cancelling, in the order of the reasons; that they saw it is kept.

    `instead`: of a reason, what an experiment offers them in place of what everybody is offered.
    """
    made = list[OfferMade]()
    for offer in await _chosen(instead or {}) if is_asked(current) else ():
        one = await _for_member(offer, current)
        if one is not None:
            assert current.subscription is not None
            made.append(replace(one, id=await _shown(offer.id, current.subscription.id, current.subscription.payer)))
    order = [key for key, _ in cancellations.REASONS]
    return tuple(sorted(made, key=lambda one: (order.index(one.reason), KINDS.index(one.kind))))


def is_asked(current: CurrentState) -> bool:
    """Offers are made beside the button that cancels an active membership, and nowhere else."""
    is_active = current.subscription is not None and current.state is MembershipState.ACTIVE
    return is_active and MemberAction.CANCEL in current.actions


async def could_make(current: CurrentState, offer_ids: Iterable[UUID]) -> bool:
    """Whether any of these, if they were offered, could be had by this member. Nothing is kept."""
    for offer in await _open_ones(offer_ids) if is_asked(current) else ():
        if await _for_member(offer, current) is not None:
            return True
    return False


async def _chosen(instead: InsteadOffers) -> list[SaveOffer]:
    """Where an experiment's offer has ended meanwhile, what everybody is offered counts."""
    wanted = [one for ids_of_reason in instead.values() for one in ids_of_reason]
    tried = await _open_ones(wanted)
    known = {one.id for one in tried}
    replaced = {reason for reason, ids_of_reason in instead.items() if all(one in known for one in ids_of_reason)}
    return [one for one in await open_offers() if one.reason not in replaced] + tried


async def _open_ones(offer_ids: Iterable[UUID]) -> list[SaveOffer]:
    wanted = list(offer_ids)
    if not wanted:
        return []
    is_open = SaveOffer.id.is_in(wanted) & SaveOffer.ended_at.is_null()
    return await SaveOffer.objects().where(is_open).order_by(SaveOffer.made_at)


async def _for_member(offer: SaveOffer, current: CurrentState) -> OfferMade | None:
    """Under the offer's own id; None where they can't have it."""
    assert current.subscription is not None
    plan = plan_catalogue.by_version(current.subscription.plan_version)
    terms = smaller = None
    coming = await coming_price.of_renewal(current.subscription)
    held = coming if coming.id == plan.id else plan
    if offer.kind == "pause" and MemberAction.PAUSE not in current.actions:
        return None
    if offer.kind == "downgrade":
        smaller = next((one for one in plan_catalogue.active_plans() if one.id == offer.to_plan), None)
        if smaller is None or MemberAction.CHANGE_PLAN not in current.actions or smaller.id == plan.id:
            return None
        if await open_plans.is_full(smaller.id, current.subscription.payer):
            return None
        smaller = await reverse_charges.plan_for(smaller, current.subscription.payer)
        if not costs_less(smaller, held) or not await coming_price.leaves_something(current.subscription, smaller):
            return None
    if offer.kind == "discount":
        terms = FeeDiscountTerms(percent_bp=offer.percent_bp, payments=offer.payments)
        if not await _may_have(offer, current.subscription.payer, current.subscription.id, terms, coming):
            return None
        held = coming
    left = terms.left(held.price) if terms else smaller.price if smaller else None
    return OfferMade(
        id=offer.id, reason=offer.reason, kind=offer.kind, terms=terms, fee=held.price, left=left, plan=smaller,
        held=held,
    )  # fmt: skip


async def _may_have(
    offer: SaveOffer, person_id: UUID, subscription_id: UUID, terms: FeeDiscountTerms, plan: PlanView
) -> bool:
    try:
        terms.check(plan)
    except Refusal:
        return False
    return not await had_lately(person_id, offer.every_months) and await fee_discounts.running(subscription_id) is None


async def _shown(offer_id: UUID, subscription_id: UUID, person_id: UUID) -> UUID:
    found: UUID = await database.fetch_value(_SHOW, ids.new(), offer_id, subscription_id, person_id, clock.now())
    return found


_SHOW = """
INSERT INTO save_offer_shown (id, offer, subscription, person, shown_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (offer, subscription) WHERE accepted_at IS NULL DO UPDATE SET seen_at = EXCLUDED.seen_at RETURNING id
"""
