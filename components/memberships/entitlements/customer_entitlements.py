"""A person's entitlements at one instant: the memberships and benefits they hold, and their combined effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar
from uuid import UUID

from components.catalog.visibility import Access
from components.memberships.benefits.combined_effects import access_of, best_delivery, context_of
from components.memberships.benefits.effects import ContentEffect, E, Effects, of_type
from components.memberships.benefits.effects_cache import effects_of
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.price_context import PriceContext


@dataclass(frozen=True)
class HeldPlan:
    """One membership. `status` and the dates after it are the subscription's; None when there is none. `variant`: what
    they were promised instead of what everybody's membership of this plan gives."""

    membership_id: UUID
    plan_slug: str
    plan_name: str
    source: str
    is_free: bool
    from_at: datetime
    until_at: datetime | None
    subscription_id: UUID | None = None
    status: str | None = None
    period_end: datetime | None = None
    cancel_at: datetime | None = None
    variant: UUID | None = None

    @property
    def is_in_grace(self) -> bool:
        return self.status in ("past_due", "unpaid")

    @property
    def renews(self) -> bool:
        """Whether it goes on being charged until it is cancelled."""
        return self.subscription_id is not None and self.cancel_at is None


@dataclass(frozen=True)
class HeldBenefit:
    """One benefit held: from, until, and because of what. `since` is when it was first held without a gap."""

    benefit_id: UUID
    kind: str
    name: str
    settings: str
    from_at: datetime
    until_at: datetime | None
    since: datetime
    because_of: str

    @property
    def effects(self) -> Effects:
        return effects_of(self.kind, self.benefit_id, self.name, self.settings)


@dataclass(frozen=True)
class MembershipOnHold:
    """A subscription that goes on while its benefits are off: a pause, or a renewal that is owed. It is their own, or
    with a `giver` one that is shared with them; `owes` is about their own.

    `until` is when a pause ends, where that is known; `ends_at` when the membership is over, where it is cancelled;
    `variant` what they were promised instead of what everybody's membership of this plan gives.
    """

    plan_name: str
    owes: bool
    until: datetime | None
    ends_at: datetime | None
    giver: str = ""
    variant: UUID | None = None


@dataclass(frozen=True)
class CustomerEntitlements:
    """Depends on rows alone. Two standings that give the same access share one price context.

    `owes` says that a renewal of theirs is not paid now, whatever the instant that was asked for; `on_hold` is a
    membership of their own, or one shared with them, that gives nothing at that instant, and will again.
    """

    plans: tuple[HeldPlan, ...] = ()
    entitlements: tuple[HeldBenefit, ...] = ()
    owes: bool = False
    on_hold: MembershipOnHold | None = None

    NONE: ClassVar[CustomerEntitlements]

    @cached_property
    def all_effects(self) -> Effects:
        return tuple(effect for held in self.entitlements for effect in held.effects)

    def effects(self, effect_type: type[E]) -> tuple[E, ...]:
        """What they hold of one type of effect: the question of whoever opens that thing, whichever kind gave it."""
        return of_type(self.all_effects, effect_type)

    @cached_property
    def price_context(self) -> PriceContext:
        return context_of(self.all_effects)

    @cached_property
    def access(self) -> Access:
        return access_of(self.all_effects)

    @property
    def free_delivery(self) -> DeliveryBenefit | None:
        """The one with the lowest threshold, when there are several."""
        return best_delivery(self.all_effects)

    @property
    def is_member(self) -> bool:
        """Holds a membership that is paid for, given or a gift; the free tier alone does not count."""
        return any(not plan.is_free for plan in self.plans)

    @property
    def has_membership(self) -> bool:
        """Is a member, or will be again without joining."""
        return self.is_member or self.on_hold is not None

    @property
    def is_on_free_tier(self) -> bool:
        return bool(self.plans) and not self.is_member

    @property
    def opens_content(self) -> bool:
        return self.content_since is not None

    @property
    def content_since(self) -> datetime | None:
        """Since when the person may read members' articles; delays count from here."""
        return min((held.since for held in self.entitlements if of_type(held.effects, ContentEffect)), default=None)

    @property
    def plan(self) -> HeldPlan | None:
        """The membership that counts: a paid one before the free tier."""
        return next(iter(sorted(self.plans, key=lambda plan: (plan.is_free, plan.from_at))), None)


CustomerEntitlements.NONE = CustomerEntitlements()
