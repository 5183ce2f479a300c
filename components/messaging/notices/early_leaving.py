"""Members who may leave before the end of what they paid for: with a month's notice, once a long plan has renewed.

The payment provider ends memberships with what is paid. Such a cancellation therefore waits for staff, who end the
membership on the day and refund the fee for the time after it.
"""

from datetime import date, datetime

from components.foundation.intervals import months_later
from components.memberships.billing import paid_periods
from components.memberships.plans import plan_catalogue, renewed_terms
from components.memberships.tables import Subscription

NOTICE_MONTHS = 1


async def earliest(kept: Subscription, *, said_at: datetime) -> datetime | None:
    """The day from which they need not stay, where that is before the end of what is paid."""
    if kept.current_period_end is None or not renewed_terms.concerns(plan_catalogue.by_version(kept.plan_version)):
        return None
    periods = await paid_periods.of_subscription(kept.id)
    has_renewed = sum(not one.is_opening for one in periods) > 1
    leaves = months_later(said_at, NOTICE_MONTHS)
    return leaves if has_renewed and leaves < kept.current_period_end else None


async def is_wanted(kept: Subscription, wanted_on: date | None, *, said_at: datetime) -> bool:
    """Whether they name no day, which is the earliest possible, or one before the end of what is paid."""
    if await earliest(kept, said_at=said_at) is None:
        return False
    return wanted_on is None or wanted_on < kept.current_period_end.date()
