"""What is shown besides the plan on the membership page: planned change, household, gifts, spending."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import formatting
from components.foundation.languages.words import _
from components.memberships.billing import (
    coming_price,
    fee_disputes,
    payments_due,
    plan_changes,
    plan_confirmations,
    subscriptions,
)
from components.memberships.billing.payments_due import PaymentDue
from components.memberships.billing.plan_confirmations import AwaitedChange
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.entitlements import membership_history
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.entitlements.membership_history import FormerMembership
from components.memberships.grants import gift_memberships, seats
from components.memberships.grants.seats import SharedMembership
from components.memberships.grants.spend_qualification import SpendProgress
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging.notices import own_withdrawals
from components.messaging.notices.own_withdrawals import OwnWithdrawal
from components.orders.history import customer_spend
from components.payments.billing_requests import billing_requests, refused_wishes
from web.account.membership.household_text import Losing, losing_sentences
from web.account.membership.state_text import SECOND_TRIAL


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    plan_name: str
    price_words: str
    at: datetime
    losing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What they had last. `giver` shared it with them, where it was a seat; `slug` is that of the plan, where it is
    still offered; `why` it ended, where a bank has taken its payment back."""

    plan_name: str
    at: datetime
    is_shared: bool
    giver: str
    slug: str
    is_paid_once: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class MembershipPanels:
    """`earning` says how far the member's spending reaches; `asking` is the page that waits for their bank's
    answer; `refused` what was refused after they were told to wait, and `refused_at` the page on which they read it;
    `shared_too` what somebody else shares with them beside the plan of their own."""

    due: PaymentDue | None = None
    planned: PlannedChange | None = None
    awaited: AwaitedChange | None = None
    asking: str = ""
    refused: str = ""
    refused_at: str = ""
    has_seats: bool = False
    gifts_waiting: tuple[str, ...] = ()
    second_trial: str = ""
    earning: tuple[str, ...] = ()
    shared_too: SharedMembership | None = None


async def panels(person_id: UUID, plan: HeldPlan | None, current: CurrentState) -> MembershipPanels:
    running = await subscriptions.running(person_id)
    refused, refused_at = await _refused(running.id) if running else ("", "")
    return MembershipPanels(
        refused=refused,
        refused_at=refused_at,
        second_trial=_(SECOND_TRIAL) if plan is None and current.was_refused else "",
        has_seats=await seats.household(person_id) is not None,
        gifts_waiting=tuple(
            [plan_catalogue.by_version(one.plan_version).name for one in await gift_memberships.pending(person_id)]
        ),
        earning=await _earning(person_id),
        shared_too=await seats.shared_with(person_id) if plan and (running or plan.source != "seat") else None,
        planned=await planned_change(running) if running else None,
        due=await payments_due.of_subscription(running) if running else None,
        awaited=await plan_confirmations.awaited(running.id) if running else None,
        asking=await _asking(running.id) if running else "",
    )


async def withdrawals_of(person_id: UUID) -> tuple[OwnWithdrawal, ...]:
    """Gifts that they bought have a page of their own."""
    return tuple(one for one in await own_withdrawals.of_member(person_id) if not one.is_gift)


async def _refused(subscription_id: UUID) -> tuple[str, str]:
    asked = await refused_wishes.unread(subscription_id)
    return (refused_wishes.words(asked), f"/account/waiting/{asked.id}") if asked else ("", "")


async def ended_of(person_id: UUID) -> Ended | None:
    last = await membership_history.former(person_id)
    if last is None:
        return None
    seat = await seats.by_id(last.seat_id) if last.seat_id else None
    return Ended(
        plan_name=last.plan_name,
        at=last.ended_at,
        is_shared=last.seat_id is not None,
        giver=await seats.payer_of(seat) if seat else "",
        slug=next((one.slug for one in plan_catalogue.active_plans() if one.id == last.plan_id), ""),
        is_paid_once=last.is_paid_once,
        why=await _why(last),
    )


async def _why(last: FormerMembership) -> str:
    if last.source_id is None or last.source not in fee_disputes.WHY_ENDED:
        return ""
    return _(fee_disputes.WHY_ENDED[last.source]) if await fee_disputes.has_ended(last.source_id) else ""


async def _asking(subscription_id: UUID) -> str:
    """Empty when nothing that was asked of the bank is without an answer."""
    asked = await billing_requests.unsettled(subscription_id)
    return f"/account/waiting/{asked.id}" if asked else ""


async def planned_change(running: Subscription) -> PlannedChange | None:
    """None for one that is cancelled. A pause moves the change together with the renewal. A plan of another length may
    have been billed already."""
    waiting = None if running.cancel_at else await plan_changes.planned(running.id)
    if waiting is None:
        return None
    change, plan = waiting[0], await coming_price.of_renewal(running)
    is_billed = change.applied_at is not None and not change.keeps_length
    at = change.due_at if is_billed else running.current_period_end or change.due_at
    losing = await losing_sentences(running.id, plan, when=Losing.THEN)
    return PlannedChange(plan_name=plan.name, price_words=plan.price_words, at=at, losing=losing)


async def _earning(person_id: UUID) -> tuple[str, ...]:
    names = {plan.id: plan.name for plan in plan_catalogue.all_plans()}
    return tuple(
        _progress(one, names[one.plan_id]) for one in await customer_spend.progress(person_id) if one.plan_id in names
    )


def _progress(one: SpendProgress, name: str) -> str:
    length, amount = formatting.length("month", one.months), formatting.money(one.threshold)
    if one.until is not None:
        until = formatting.day(one.until)
        return _(
            "You’ve spent %(amount)s or more within %(length)s: you have %(plan)s until %(day)s, "
            "longer if you shop again.",
            amount=amount,
            length=length,
            plan=name,
            day=until,
        )
    spent, missing = formatting.money(max(0, one.spent)), formatting.money(one.missing)
    rule = _("Spend %(amount)s on products within %(length)s to get %(plan)s.", amount=amount, length=length, plan=name)
    so_far = _("You’ve spent %(spent)s so far: %(missing)s to go.", spent=spent, missing=missing)
    return f"{rule} {so_far}"
