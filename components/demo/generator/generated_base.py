"""The demo's shop as the generator needs it: its plans with their prices over time, its benefits, and its terms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import unit_costs
from components.catalog.views import VariantView
from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.demo.demo_products import shelves
from components.demo.practice_payments import PracticePayments
from components.demo.shop_history import ANNUAL, MONTHLY
from components.foundation import clock
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import subscriptions
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import hypothetical_member
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.keeping_members import save_offers
from components.memberships.plans import kept_taxes, plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView

FRIEND, ONCE = "friend", "kiln-club-once"
OLD_MONTHLY, NOTICE_DAYS = 400, 30
"""What the monthly plan cost at first, in pence, and how long before the change its members were told."""
DEARER_AFTER = 0.55
"""After this share of the history the monthly plan becomes dearer."""


@dataclass(frozen=True)
class GeneratedPrice:
    """A plan version with its fee, the tax in it as it is kept with what is paid, and what Stripe calls it; `months`
    between fees."""

    version: UUID
    plan: UUID
    amount: int
    net: int
    kept: dict[str, Any]
    stripe: str
    months: int


@dataclass(frozen=True)
class SoldItem:
    variant: VariantView
    title: str
    cost: int | None


@dataclass(frozen=True)
class OfferedToStay:
    """A save offer that runs, since when."""

    id: UUID
    kind: str
    since: int


@dataclass(frozen=True, kw_only=True)
class GeneratedBase:
    """`dearer_at` is when the monthly price rose, `moves_at` from when members of before were moved to it; 0 where it
    never did."""

    now: int
    currency: str
    owner: UUID
    staff: UUID
    plans: dict[str, PlanView]
    prices: dict[str, GeneratedPrice]
    old_monthly: GeneratedPrice
    dearer_at: int
    moves_at: int
    held: dict[str, CustomerEntitlements]
    kinds: dict[UUID, str]
    items: tuple[SoldItem, ...]
    terms: DeliveryTerms
    bank: PracticePayments | None = None
    offers: tuple[OfferedToStay, ...] = ()

    @property
    def has_risen(self) -> bool:
        return self.dearer_at > 0

    @cached_property
    def costs(self) -> dict[UUID, int]:
        """Of one unit, of those whose cost is known."""
        return {item.variant.id: item.cost for item in self.items if item.cost is not None}


async def extend_plans(opened: datetime, today: datetime, *, by: UUID) -> None:
    """A plan that is paid once, and a monthly price that rises. Before any history, with the clock at the opening."""
    await plans.create(
        slug=ONCE, name="Kiln Club for a year", summary="Paid once. It ends by itself.", price=4200, interval="year",
        is_once=True, position=3, by=by,
    )  # fmt: skip
    once = plan_catalogue.by_slug(ONCE).id
    for place, benefit in enumerate(plan_catalogue.by_slug(MONTHLY).benefits):
        await plan_benefits.attach(once, benefit.id, by=by, position=place)
    with clock.frozen(opened + (today - opened) * DEARER_AFTER):
        await plans.revise(plan_catalogue.by_slug(MONTHLY).id, price=450, by=by)


async def look_around(
    today: datetime, *, owner: UUID, staff: UUID, bank: PracticePayments | None = None
) -> GeneratedBase:
    """What stands in the shop once all but its history is there."""
    sold = {plan.slug for plan in plan_catalogue.active_plans()}
    found = {slug: plan_catalogue.by_slug(slug, today) for slug in (ANNUAL, MONTHLY, FRIEND, ONCE) if slug in sold}
    old, *_later = sorted(plan_catalogue.all_versions(found[MONTHLY].id), key=lambda version: version.from_at)
    before = plan_catalogue.by_slug(MONTHLY, old.from_at)
    held = {slug: await hypothetical_member.holding_plan(slug, since=today, at=today) for slug in found}
    return GeneratedBase(
        now=int(today.timestamp()),
        currency=shop_settings.current().currency,
        owner=owner,
        staff=staff,
        plans=found,
        prices={slug: await _price(plan) for slug, plan in found.items() if slug != FRIEND},
        old_monthly=await _price(before),
        dearer_at=int(old.until_at.timestamp()) if old.until_at else 0,
        moves_at=int((old.until_at + timedelta(days=NOTICE_DAYS + 10)).timestamp()) if old.until_at else 0,
        held=held | {"": CustomerEntitlements.NONE},
        kinds={benefit.id: benefit.kind for plan in found.values() for benefit in plan.benefits},
        items=await _items(),
        terms=await delivery_terms.current(),
        bank=bank,
        offers=tuple(
            [OfferedToStay(one.id, one.kind, int(one.made_at.timestamp())) for one in await save_offers.open_offers()]
        ),
    )


async def _price(plan: PlanView) -> GeneratedPrice:
    months = 1 if plan.interval == "month" else 12
    known = "" if plan.is_once else str(await subscriptions.price_of(plan))
    taxes, fee = kept_taxes.at_home(plan.tax_category), plan.price.amount
    return GeneratedPrice(plan.version_id, plan.id, fee, taxes.net(fee), taxes.columns(fee), known, months)


async def _items() -> tuple[SoldItem, ...]:
    """What anybody could buy all the time: nothing that opens later, nothing for members only."""
    sold = {ware.slug for shelf in shelves() for ware in shelf.wares if ware.opens is None and not ware.members_only}
    found = [product for product in snapshot_refresh.snapshot().products if product.slug in sold]
    costs = await unit_costs.of_variants([variant.id for product in found for variant in product.variants])
    return tuple(
        SoldItem(variant, product.title, costs.get(variant.id)) for product in found for variant in product.variants
    )
