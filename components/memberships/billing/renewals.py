"""What will renew soon: for the notices that go out beforehand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock
from components.foundation.money import Money
from components.memberships.billing import coming_price, paid_periods
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription


@dataclass(frozen=True, slots=True)
class ComingRenewal:
    """`plan_name` and `price` are what the renewal will charge: a planned change, an announced price and a discount are
    in them. `fee` is that without the discount, which `discount` has in words. Words are those of the language that is
    spoken when they are read: the notice is in the member's."""

    subscription_id: UUID
    payer: UUID
    plan: PlanView
    price: Money
    renews_at: datetime
    since: datetime
    off: FeeDiscountTerms | None = None

    @property
    def plan_name(self) -> str:
        return self.plan.name

    @property
    def length_words(self) -> str:
        return self.plan.interval_words

    @property
    def fee(self) -> Money:
        return self.plan.price

    @property
    def tax_category(self) -> str:
        return self.plan.tax_category

    @property
    def discount(self) -> str:
        return self.off.off_words if self.off else ""


async def trials_ending(*, from_at: datetime, until_at: datetime) -> list[Subscription]:
    """Trials that end in this period, unless they are cancelled."""
    return await _will_bill("trialing", from_at, until_at)


async def renewing(*, from_at: datetime, until_at: datetime) -> list[Subscription]:
    """What bills in this period, unless it is cancelled."""
    return await _will_bill("active", from_at, until_at)


async def _will_bill(status: str, from_at: datetime, until_at: datetime) -> list[Subscription]:
    is_within = (Subscription.current_period_end >= from_at) & (Subscription.current_period_end < until_at)
    will_bill = (Subscription.status == status) & Subscription.cancel_at.is_null() & is_within
    return await Subscription.objects().where(will_bill).order_by(Subscription.current_period_end, Subscription.id)


async def coming(kept: Subscription) -> ComingRenewal:
    """What its renewal will charge, and on which day."""
    plan = await coming_price.of_renewal(kept)
    assert kept.current_period_end is not None
    paid = await paid_periods.of_subscription(kept.id)
    since = paid[0].starts_at if paid else kept.current_period_start or clock.now()
    discount = await fee_discounts.running(kept.id)
    return ComingRenewal(
        kept.id,
        kept.payer,
        plan,
        discount.terms.left(plan.price) if discount else plan.price,
        kept.current_period_end,
        since,
        discount.terms if discount else None,
    )
