"""Membership earned by spending a set amount within a set number of months, held for as long as that is true."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, ids, intervals
from components.foundation.database.advisory_locks import take_turns
from components.foundation.refusals import NotFound, Refusal
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements import membership_periods
from components.memberships.grants.tables import SpendRule
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Membership, Plan


class RuleExists(Refusal):
    message = "There is already a spending rule for this plan. End it first."
    status = 409


class BadRule(Refusal):
    message = "Enter an amount above zero and a period of 1 to 60 months."


@dataclass(frozen=True, slots=True)
class Spent:
    """What one order came to for goods, net of refunds."""

    at: datetime
    amount: int


@dataclass(frozen=True, kw_only=True)
class SpendProgress:
    """How far a person is: `until` when they have spent enough, otherwise `missing` minor units."""

    plan_id: UUID
    threshold: int
    months: int
    spent: int
    until: datetime | None

    @property
    def missing(self) -> int:
        return max(0, self.threshold - self.spent)


def earned_until(spent: Sequence[Spent], *, threshold: int, months: int, at: datetime) -> datetime | None:
    """Until when the spending is enough if nothing more is bought; None when it is not enough at the instant.

    Pure. An order counts from its day until as many months later, not including that instant.
    """
    total = 0
    for one in sorted(spent, key=lambda one: one.at, reverse=True):
        total += one.amount
        if total >= threshold:
            until = one.at + intervals.of("month", months)
            return until if until > at else None
    return None


async def rules() -> list[SpendRule]:
    return await SpendRule.objects().where(SpendRule.ended_at.is_null()).order_by(SpendRule.threshold)


async def add(plan: PlanView, *, threshold: int, months: int, by: UUID | None) -> SpendRule:
    """The plan can be earned from now on. Raises `RuleExists`, `BadRule`."""
    if threshold <= 0 or not 1 <= months <= 60:
        raise BadRule
    rule = SpendRule(
        id=ids.new(), plan=plan.id, threshold=threshold, currency=shop_settings.current().currency, months=months,
        made_at=clock.now(), made_by=by,
    )  # fmt: skip
    async with database.transaction():
        await database.locked(Plan, Plan.id == plan.id)
        if any(one.plan == plan.id for one in await rules()):
            raise RuleExists
        await SpendRule.insert(rule)
        after = {"plan": plan.slug, "threshold": threshold, "months": months}
        await audit.record(by, "spending rule added", "plan", plan.id, after=after)
    return rule


async def end(rule_id: UUID, *, by: UUID | None) -> None:
    """Nobody earns it any more; those who have earned it keep it until the date they were given. Raises `NotFound`."""
    async with database.transaction():
        rule = await database.locked(SpendRule, (SpendRule.id == rule_id) & SpendRule.ended_at.is_null())
        if rule is None:
            raise NotFound("We couldn’t find this rule.")
        await rule.update_self({SpendRule.ended_at: clock.now()})
        await audit.record(by, "spending rule ended", "plan", rule.plan)


async def update_person(person_id: UUID, spending: Callable[[UUID], Awaitable[Sequence[Spent]]]) -> None:
    """Give, lengthen, shorten or end what is earned, as the orders of this instant say. May run any number of times.

    Their spending is read when it is their turn: what was read before may have been refunded meanwhile.
    """
    now = clock.now()
    for rule in await rules():
        async with database.transaction():
            await take_turns(f"membership:{person_id}")
            spent = await spending(person_id)
            until = earned_until(spent, threshold=rule.threshold, months=rule.months, at=now)
            await _follow(person_id, rule, until)


async def progress(spent: Sequence[Spent]) -> tuple[SpendProgress, ...]:
    """How far these orders reach, rule by rule."""
    now = clock.now()
    found = []
    for rule in await rules():
        counted = sum(one.amount for one in spent if one.at + intervals.of("month", rule.months) > now)
        until = earned_until(spent, threshold=rule.threshold, months=rule.months, at=now)
        found.append(
            SpendProgress(plan_id=rule.plan, threshold=rule.threshold, months=rule.months, spent=counted, until=until)
        )
    return tuple(found)


async def holders() -> list[UUID]:
    """Everyone who holds an earned membership."""
    is_earned = (Membership.source == "earned") & (Membership.ends_at > clock.now())
    return await Membership.select(Membership.holder).distinct().where(is_earned).output(as_list=True)


async def _follow(person_id: UUID, rule: SpendRule, until: datetime | None) -> None:
    now = clock.now()
    held = await database.locked(
        Membership,
        (Membership.holder == person_id) & (Membership.source == "earned") & (Membership.source_id == rule.id)
        & (Membership.ends_at > now),
    )  # fmt: skip
    if held is not None:
        await membership_periods.move_end(held, until or now)
    elif until is not None:
        await membership_periods.start(
            person_id, plan_id=rule.plan, source="earned", source_id=rule.id, starts_at=now, ends_at=until
        )
