"""Memberships that ran and ended in another system, imported so that a member's history is complete."""

from datetime import datetime
from uuid import UUID

from components.foundation import database, ids, intervals
from components.memberships.entitlements import membership_periods
from components.memberships.plans import kept_taxes
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import PaidPeriod, Subscription


async def import_membership(
    payer: UUID, plan: PlanView, *, started_at: datetime, ended_at: datetime, reason: str
) -> Subscription:
    """A subscription that is over, with its periods as paid there. No `reason` means that the payment failed.

    It does not exist at Stripe. Active ones are not imported this way: somebody has to go on billing them. One that
    was cancelled there and has time left counts as leaving until `ended_at`.
    """
    made = Subscription(
        id=ids.new(), payer=payer, plan_version=plan.version_id, status="cancelled", created_at=started_at,
        started_at=started_at, cancel_at=ended_at if reason else None, cancel_reason=reason or None, ended_at=ended_at,
        past_due_since=None if reason else ended_at,
    )  # fmt: skip
    paid = periods_between(started_at, ended_at, interval=plan.interval, count=plan.interval_count)
    made.current_period_start, made.current_period_end = paid[-1]
    async with database.transaction():
        await Subscription.insert(made)
        await PaidPeriod.insert(*[_period(made, plan, number, span) for number, span in enumerate(paid)])
        await membership_periods.start(
            payer, plan_id=plan.id, source="subscription", source_id=made.id, starts_at=started_at, ends_at=ended_at
        )
    return made


def periods_between(start: datetime, end: datetime, *, interval: str, count: int) -> list[tuple[datetime, datetime]]:
    """The billing periods from `start` that had begun before `end`; the last one may have been cut short.

    Each is counted from the first day: 31 January, 28 February, 31 March.
    """
    found: list[tuple[datetime, datetime]] = []
    while (begins := start + intervals.of(interval, count * len(found))) < end:
        found.append((begins, min(start + intervals.of(interval, count * (len(found) + 1)), end)))
    return found


def _period(made: Subscription, plan: PlanView, number: int, span: tuple[datetime, datetime]) -> PaidPeriod:
    taxes = kept_taxes.at_home(plan.tax_category)
    return PaidPeriod(
        id=ids.new(), subscription=made.id, invoice=f"elsewhere:{made.id}:{number + 1}",
        starts_at=span[0], ends_at=span[1],
        amount=plan.price.amount, currency=plan.price.currency, paid_at=span[0], plan_version=plan.version_id,
        net_price=taxes.net(plan.price.amount), **taxes.columns(plan.price.amount),
    )  # fmt: skip
