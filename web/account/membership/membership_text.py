"""What the membership pages say about a subscription, the benefits held and the payments."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import day
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.memberships.benefits.kinds import kind
from components.memberships.billing import (
    coming_price,
    price_migrations,
)
from components.memberships.billing.states import next_charges
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.billing.subscription_state import grace_until
from components.memberships.entitlements import membership_history
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements, HeldPlan
from components.memberships.grants.seats import SharedMembership
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.payments import cards
from web.account.membership.renewal_credit import CreditOnRenewal, credit_on_renewal
from web.shop.join import fee_tax


@dataclass(frozen=True, kw_only=True)
class Charge:
    """The active subscription: what will be charged when, and to which card. `amount` is None when nothing will be:
    it has been cancelled, or what is owed has not been paid and Stripe has given up (unpaid). `no_tax` says why there
    is none in the price, `no_tax_then` why in the next charge, when the price still has it. `price_now` is what new
    members pay while the older price goes on: it `keeps_price` to the penny unless its tax goes or comes back, and for
    as long as no move to the newer one is under way. `new_price` is the one they have been told of, and from when.

    `is_about` says that Stripe has not said just now what exactly it will be: the amount is then the agreed price.
    """

    amount: Money | None
    is_about: bool
    at: datetime | None
    price_words: str
    tax_words: str
    fee_sum: str
    card: str
    cancel_at: datetime | None
    grace_until: datetime | None
    price_now: str
    keeps_price: bool = True
    discount_words: str = ""
    no_tax: str = ""
    no_tax_then: str = ""
    new_price: str = ""
    credit: CreditOnRenewal | None = None


@dataclass(frozen=True, kw_only=True)
class BenefitHeld:
    """`off_from` and `back_at` are those of a pause that is planned."""

    name: str
    words: str
    since: datetime
    until: datetime | None
    off_from: datetime | None = None
    back_at: datetime | None = None


async def charge_of(subscription: Subscription) -> Charge:
    """With at most one short call to Stripe, for what will be charged to the penny."""
    agreed = plan_catalogue.by_version(subscription.plan_version)
    offered_now = await _offered_now(agreed, subscription.payer)
    stops = subscription.status == "unpaid" or subscription.cancel_at is not None
    found = None if stops else await next_charges.of_renewal(subscription)
    coming = found.coming if found else await coming_price.of_renewal(subscription)
    is_other = coming.version_id != agreed.version_id
    keeps = reverse_charges.is_same_price(coming.version_id, agreed.version_id)
    amount = found.amount if found else None
    is_new_price = is_other and not keeps and not stops and coming.id == agreed.id
    price_now = offered_now.price_words if keeps and offered_now.price != agreed.price else ""
    return Charge(
        amount=amount,
        is_about=found is None or found.is_about,
        at=subscription.current_period_end,
        price_words=agreed.price_words,
        tax_words=""
        if agreed.is_net
        else await fee_tax.fee_tax_text(agreed.price, agreed.tax_category, subscription.payer),
        fee_sum=""
        if agreed.is_net
        else await fee_tax.fee_sum_text(agreed.price, agreed.tax_category, subscription.payer),
        no_tax=await fee_tax.no_tax_words(agreed, subscription.payer),
        no_tax_then="" if stops or agreed.is_net else await fee_tax.no_tax_words(coming, subscription.payer),
        card=await _card(subscription.id),
        cancel_at=subscription.cancel_at,
        grace_until=_grace(subscription),
        price_now=price_now,
        keeps_price=bool(price_now) and not is_other and await price_migrations.running_migrations(agreed.id) is None,
        discount_words=found.discount.words if found and found.discount else "",
        new_price=_new_price(coming.price_words, subscription.current_period_end) if is_new_price else "",
        credit=await credit_on_renewal(subscription, amount),
    )


def _new_price(price_words: str, from_at: datetime | None) -> str:
    return _("%(price)s from %(day)s", price=price_words, day=day(from_at)) if from_at else ""


async def _offered_now(agreed: PlanView, payer: UUID) -> PlanView:
    """What the plan costs today, with its tax or without like the price that was agreed."""
    offered = next((plan for plan in plan_catalogue.all_plans() if plan.id == agreed.id), agreed)
    if reverse_charges.is_same_price(offered.version_id, agreed.version_id):
        return agreed
    return await reverse_charges.plan_for(offered, payer) if agreed.is_net else offered


def held_of(standing: CustomerEntitlements, current: CurrentState | None = None) -> tuple[BenefitHeld, ...]:
    """Each benefit once, for as long as any membership gives it; what a planned pause interrupts does not end then."""
    of: dict[UUID, BenefitHeld] = {}
    for held in standing.entitlements:
        one = BenefitHeld(name=held.name, words=_words(held.kind, held.settings), since=held.since, until=held.until_at)
        other = of.get(held.benefit_id, one)
        until = None if one.until is None or other.until is None else max(one.until, other.until)
        of[held.benefit_id] = replace(other, since=min(one.since, other.since), until=until)
    if standing.plan and current and _is_owed_by_another(standing.plan, current.shared):
        return tuple(replace(one, until=None) for one in of.values())
    pause = planned_pause(current) if current else None
    return tuple(_interrupted(one, pause) for one in of.values())


def as_told(plan: HeldPlan | None, shared: SharedMembership | None) -> HeldPlan | None:
    """A guest isn't told until when the payer has time to pay: it goes on if they do."""
    return replace(plan, until_at=None) if plan and _is_owed_by_another(plan, shared) else plan


def _is_owed_by_another(plan: HeldPlan, shared: SharedMembership | None) -> bool:
    return plan.source == "seat" and shared is not None and shared.is_owed


def _interrupted(one: BenefitHeld, pause: tuple[datetime, datetime] | None) -> BenefitHeld:
    if pause is None or one.until != pause[0]:
        return one
    return replace(one, until=None, off_from=pause[0], back_at=pause[1])


async def began(current: CurrentState, held: HeldPlan | None) -> datetime | None:
    """Since when they are a member: also while the benefits of their membership are off."""
    running = current.subscription
    if held is not None:
        return await membership_history.member_since(held.membership_id)
    return await membership_history.first_start(running.id) if running and not running.ended_at else None


def planned_pause(current: CurrentState) -> tuple[datetime, datetime] | None:
    """Its beginning and end: their own, or that of the membership they share."""
    if current.state is MembershipState.PAUSE_PLANNED and current.pause:
        return current.pause.from_at, current.pause.until_at
    if current.shared and current.shared.pauses_at and current.shared.back_at:
        return current.shared.pauses_at, current.shared.back_at
    return None


def _words(key: str, settings: str) -> str:
    of_kind = kind(key)
    return of_kind.words(of_kind.load(settings))


def _grace(subscription: Subscription) -> datetime | None:
    since = subscription.past_due_since
    return grace_until(since) if since and subscription.status in ("past_due", "unpaid") else None


async def _card(subscription_id: UUID) -> str:
    """ "Visa ending in 4242, expires 12/30"; empty when it is not known yet."""
    card = await cards.shown(subscription_id)
    if card is None:
        return ""
    year, month = card.expires.split("-")
    return _(
        "%(brand)s ending in %(digits)s, expires %(month)s",
        brand=card.brand.title(),
        digits=card.last4,
        month=f"{month}/{year[-2:]}",
    )
