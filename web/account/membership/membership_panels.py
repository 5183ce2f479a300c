"""What is shown besides the plan on the membership page: trial, pause, planned change, household, gifts, spending."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import formatting
from components.memberships.billing import pauses, payments_due, plan_changes, plan_confirmations, subscriptions, trials
from components.memberships.billing.payments_due import PaymentDue
from components.memberships.billing.plan_confirmations import AwaitedChange
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.grants import gift_memberships, seats
from components.memberships.grants.spend_qualification import SpendProgress
from components.memberships.plans import plan_catalogue
from components.memberships.tables import PlanChange, Subscription
from components.orders.history import customer_spend


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    plan_name: str
    price_words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MembershipPanels:
    """`earning` says how far the member's spending reaches."""

    due: PaymentDue | None = None
    trial_until: datetime | None = None
    paused_until: datetime | None = None
    is_paused: bool = False
    paused_plan: str = ""
    planned: PlannedChange | None = None
    awaited: AwaitedChange | None = None
    may_change: bool = False
    has_seats: bool = False
    shares: str = ""
    gifts_waiting: tuple[str, ...] = ()
    second_trial: bool = False
    earning: tuple[str, ...] = ()


async def panels(person_id: UUID, plan: HeldPlan | None, latest: Subscription | None) -> MembershipPanels:
    running = await subscriptions.running(person_id)
    held_seat = await seats.seats_held(person_id) if plan and plan.source == "seat" else None
    return MembershipPanels(
        trial_until=running.current_period_end if running and running.status == "trialing" else None,
        second_trial=plan is None and latest is not None and await trials.was_refused(latest.id),
        has_seats=await seats.household(person_id) is not None,
        shares=(await seats.payer_of(held_seat)) if held_seat else "",
        gifts_waiting=tuple(
            [plan_catalogue.by_version(one.plan_version).name for one in await gift_memberships.pending(person_id)]
        ),
        earning=await _earning(person_id),
        **(await _of_running(running) if running else {}),  # type: ignore[arg-type]
    )


async def _of_running(running: Subscription) -> dict[str, object]:
    is_paused = running.status == "paused"
    pause = await pauses.current(running.id) if is_paused else None
    waiting = await plan_changes.planned(running.id)
    return {
        "due": await payments_due.of_subscription(running),
        "is_paused": is_paused,
        "paused_until": pause.until_at if pause else None,
        "paused_plan": plan_catalogue.by_version(running.plan_version).name if is_paused else "",
        "planned": _planned(*waiting) if waiting else None,
        "awaited": await plan_confirmations.awaited(running.id),
        "may_change": running.status == "active" and not running.cancel_at and bool(plan_changes.choices(running)),
    }


def _planned(change: PlanChange, plan: plan_catalogue.PlanView) -> PlannedChange:
    return PlannedChange(plan_name=plan.name, price_words=plan.price_words, at=change.due_at)


async def _earning(person_id: UUID) -> tuple[str, ...]:
    names = {plan.id: plan.name for plan in plan_catalogue.all_plans()}
    return tuple(
        _progress(one, names[one.plan_id]) for one in await customer_spend.progress(person_id) if one.plan_id in names
    )


def _progress(one: SpendProgress, name: str) -> str:
    length, amount = formatting.length("month", one.months), formatting.money(one.threshold)
    if one.until is not None:
        until = formatting.day(one.until)
        return (
            f"You’ve spent {amount} or more within {length}: you have {name} until {until}, longer if you shop again."
        )
    spent, missing = formatting.money(max(0, one.spent)), formatting.money(one.missing)
    rule = f"Spend {amount} on products within {length} to get {name}."
    return f"{rule} You’ve spent {spent} so far: {missing} to go."
