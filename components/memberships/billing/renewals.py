"""What will renew soon: for the notices that go out beforehand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock
from components.foundation.money import Money
from components.memberships.billing import coming_price, paid_periods
from components.memberships.discounts import fee_discounts
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription


@dataclass(frozen=True, slots=True)
class ComingRenewal:
    """`plan_name` and `price` are what the renewal will charge: a planned change, an announced price and a discount are
    in them. `fee` is that without the discount, which `discount` has in words."""

    subscription_id: UUID
    payer: UUID
    plan_name: str
    length_words: str
    price: Money
    renews_at: datetime
    since: datetime
    tax_category: str
    fee: Money
    discount: str = ""


async def trials_ending(*, from_at: datetime, until_at: datetime) -> tuple[ComingRenewal, ...]:
    """Trials that end in this period and will then be charged, unless they are cancelled."""
    return await _coming("trialing", from_at, until_at)


async def yearly(*, from_at: datetime, until_at: datetime) -> tuple[ComingRenewal, ...]:
    """Yearly subscriptions that will bill in this period, unless they are cancelled."""
    return await _coming("active", from_at, until_at, interval="year")


async def all_active(*, from_at: datetime, until_at: datetime) -> tuple[ComingRenewal, ...]:
    """Whatever bills in this period, unless it is cancelled."""
    return await _coming("active", from_at, until_at)


async def _coming(status: str, from_at: datetime, until_at: datetime, interval: str = "") -> tuple[ComingRenewal, ...]:
    is_within = (Subscription.current_period_end >= from_at) & (Subscription.current_period_end < until_at)
    will_bill = (Subscription.status == status) & Subscription.cancel_at.is_null() & is_within
    rows = await Subscription.objects().where(will_bill).order_by(Subscription.current_period_end, Subscription.id)
    held = {one.id: plan_catalogue.by_version(one.plan_version) for one in rows}
    found = [await _of(one) for one in rows if not interval or held[one.id].interval == interval]
    return tuple(one for one in found if one.fee)


async def _of(kept: Subscription) -> ComingRenewal:
    plan = await coming_price.of_renewal(kept)
    assert kept.current_period_end is not None
    paid = await paid_periods.of_subscription(kept.id)
    since = paid[0].starts_at if paid else kept.current_period_start or clock.now()
    discount = await fee_discounts.running(kept.id)
    return ComingRenewal(
        kept.id,
        kept.payer,
        plan.name,
        plan.interval_words,
        discount.terms.left(plan.price) if discount else plan.price,
        kept.current_period_end,
        since,
        plan.tax_category,
        plan.price,
        discount.terms.off_words if discount else "",
    )
