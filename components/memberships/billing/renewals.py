"""What will renew soon: for the notice that goes out beforehand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.foundation.money import Money


@dataclass(frozen=True, slots=True)
class ComingRenewal:
    subscription_id: UUID
    payer: UUID
    plan_name: str
    price: Money
    renews_at: datetime
    since: datetime


async def trials_ending(*, from_at: datetime, until_at: datetime) -> tuple[ComingRenewal, ...]:
    """Trials that end in this period and will then be charged, unless they are cancelled."""
    return await _coming("s.status = 'trialing'", from_at, until_at)


async def yearly(*, from_at: datetime, until_at: datetime) -> tuple[ComingRenewal, ...]:
    """Yearly subscriptions that will bill in this period, unless they are cancelled."""
    return await _coming("s.status = 'active' AND v.interval = 'year'", from_at, until_at)


async def _coming(which: str, from_at: datetime, until_at: datetime) -> tuple[ComingRenewal, ...]:
    rows = await database.fetch_rows(_COMING.format(which=which), from_at, until_at)
    return tuple(
        ComingRenewal(subscription_id, payer, plan_name, Money(price, currency), renews_at, since)
        for subscription_id, payer, plan_name, price, currency, renews_at, since in rows
    )


_COMING = """
SELECT s.id, s.payer, p.name, v.price, v.currency, s.current_period_end,
  coalesce((SELECT max(i.starts_at) FROM paid_period i WHERE i.subscription = s.id), s.current_period_start)
FROM subscription s JOIN plan_version v ON v.id = s.plan_version JOIN plan p ON p.id = v.plan
WHERE {which} AND s.cancel_at IS NULL AND v.price > 0
  AND s.current_period_end >= $1 AND s.current_period_end < $2 ORDER BY s.current_period_end, s.id
"""
