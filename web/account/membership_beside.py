"""What is shown besides the plan on the membership page: trial, pause, planned change, household, gifts, spending."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.memberships import (
    PlanChange,
    PlanStanding,
    Subscription,
    changes,
    gifts,
    offers,
    pauses,
    seats,
    subscriptions,
    trials,
    wording,
)
from components.memberships.earned import Progress
from components.orders import spending


@dataclass(frozen=True, kw_only=True)
class Planned:
    plan_name: str
    price_words: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Beside:
    """`earning` says how far the member's spending reaches."""

    trial_until: datetime | None = None
    paused_until: datetime | None = None
    is_paused: bool = False
    paused_plan: str = ""
    planned: Planned | None = None
    may_change: bool = False
    has_seats: bool = False
    shares: str = ""
    gifts_waiting: tuple[str, ...] = ()
    second_trial: bool = False
    earning: tuple[str, ...] = ()


async def beside(person_id: UUID, plan: PlanStanding | None, latest: Subscription | None) -> Beside:
    running = await subscriptions.running(person_id)
    held_seat = await seats.held(person_id) if plan and plan.source == "seat" else None
    return Beside(
        trial_until=running.current_period_end if running and running.status == "trialing" else None,
        second_trial=plan is None and latest is not None and await trials.was_refused(latest.id),
        has_seats=await seats.household(person_id) is not None,
        shares=(await seats.giver(held_seat)) if held_seat else "",
        gifts_waiting=tuple([offers.by_version(one.plan_version).name for one in await gifts.waiting(person_id)]),
        earning=await _earning(person_id),
        **(await _of_running(running) if running else {}),  # type: ignore[arg-type]
    )


async def _of_running(running: Subscription) -> dict[str, object]:
    is_paused = running.status == "paused"
    pause = await pauses.current(running.id) if is_paused else None
    waiting = await changes.planned(running.id)
    return {
        "is_paused": is_paused,
        "paused_until": pause.until_at if pause else None,
        "paused_plan": offers.by_version(running.plan_version).name if is_paused else "",
        "planned": _planned(*waiting) if waiting else None,
        "may_change": running.status == "active" and not running.cancel_at and bool(changes.choices(running)),
    }


def _planned(change: PlanChange, plan: offers.PlanView) -> Planned:
    return Planned(plan_name=plan.name, price_words=plan.price_words, at=change.due_at)


async def _earning(person_id: UUID) -> tuple[str, ...]:
    names = {plan.id: plan.name for plan in offers.every()}
    return tuple(
        _progress(one, names[one.plan_id]) for one in await spending.progress(person_id) if one.plan_id in names
    )


def _progress(one: Progress, name: str) -> str:
    length, amount = wording.length("month", one.months), wording.money(one.threshold)
    if one.until is not None:
        until = wording.day(one.until)
        return (
            f"You’ve spent {amount} or more within {length}: you have {name} until {until}, longer if you shop again."
        )
    spent, missing = wording.money(max(0, one.spent)), wording.money(one.missing)
    rule = f"Spend {amount} on goods within {length} to get {name}."
    return f"{rule} You’ve spent {spent} so far: {missing} to go."
