"""Publishing a revision on a date: dated rows that take effect at that instant. Nothing changes before."""

from datetime import datetime, timedelta
from uuid import UUID

from piccolo.columns.combination import And

from components.foundation import audit, clock, database, ids
from components.foundation.database import any_of
from components.foundation.refusals import Refusal
from components.memberships.benefits.kinds import kind as kind_of
from components.memberships.editing import change_guard, plan_revisions, promised_instead, rule_conflicts
from components.memberships.editing.plan_revisions import NewBenefit, Pair, Revision, Rules
from components.memberships.entitlements import entitlement_sync
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.tables import Benefit, BenefitVersion, Plan, PlanBenefit

FURTHEST = timedelta(days=731)


class DateHasPassed(Refusal):
    message = "Choose a time in the future."


class TooFar(Refusal):
    message = "Choose a time within the next two years."


class NothingChanges(Refusal):
    message = "This scenario doesn’t change anything yet."


class Contradictory(Refusal):
    message = "Two benefits conflict with each other."


class NotAsDrafted(Refusal):
    message = "The plans’ benefits have changed since this scenario was created. Please review it."


class TooLate(Refusal):
    message = "This change is already live. Publish another change instead."


def rules(at: datetime | None = None) -> Rules:
    """What every plan includes at the instant."""
    at = at or clock.now()
    return plan_revisions.current_revision(
        one for one in plan_cache.current().promises if clock.holds(one.from_at, one.until_at, at)
    )


async def plans_without_benefit(at: datetime | None = None) -> tuple[NewBenefit, ...]:
    """Every benefit with its settings at the instant, included in a plan or not."""
    rows = await database.fetch_as(
        NewBenefit,
        """SELECT b.id, b.kind, b.name, v.settings::text AS settings FROM benefit b
        JOIN benefit_version v ON v.benefit = b.id
        WHERE holds(v.from_at, v.until_at, $1) AND NOT b.is_tried ORDER BY b.name""",
        at or clock.now(),
    )
    return tuple(rows)


async def refusals(revision: Revision, at: datetime) -> tuple[str, ...]:
    """What prevents publishing it at the instant: the benefits that would conflict then."""
    names = {plan.id: plan.name for plan in plan_catalogue.all_plans(at)}
    now = set(rule_conflicts.find_conflicts(rules(at), names))
    then = rule_conflicts.find_conflicts(
        plan_revisions.apply_revision(rules(at), revision, await plans_without_benefit(at)), names
    )
    return tuple(words for words in then if words not in now)


async def publish(revision: Revision, *, from_at: datetime, name: str, by: UUID) -> None:
    """Raises `DateHasPassed`, `TooFar`, `NothingChanges`, `Contradictory`, `NotAsDrafted`, `schedule.Scheduled`."""
    if from_at <= clock.now():
        raise DateHasPassed
    if from_at > clock.now() + FURTHEST:
        raise TooFar
    if revision.is_empty:
        raise NothingChanges
    if against := await refusals(revision, from_at):
        raise Contradictory(" ".join(against))
    async with database.transaction():
        await _check(revision)
        for benefit_id, settings in sorted(revision.redefined.items()):
            await _redefine(benefit_id, settings, from_at)
        for benefit in revision.defined:
            await _define(benefit, from_at)
        for pair in revision.taken_back:
            await _take_back(pair, from_at)
        for pair in revision.promised:
            await _promise(pair, from_at)
        after = {"name": name, "from": from_at, "benefits": sorted(map(str, _touched(revision)))}
        await audit.record(by, "benefit changes published", "revision", name, after=after)
    await plan_cache.refresh()


async def withdraw(revision: Revision, *, from_at: datetime, name: str, by: UUID) -> None:
    """Cancel it before its date: everything stays as it is. Raises `TooLate`."""
    if from_at <= clock.now():
        raise TooLate
    async with database.transaction():
        await change_guard.lock(_touched(revision))
        plans = sorted({pair.plan for pair in (*revision.promised, *revision.taken_back)})
        await Plan.select(Plan.id).where(any_of(Plan.id, plans)).order_by(Plan.id).lock_rows()
        await _end_what_was_to_begin(revision, from_at)
        await _reopen_what_was_to_end(revision, from_at)
        for plan_id in plans:
            await entitlement_sync.sync_plan(plan_id)
        await audit.record(by, "benefit changes unpublished", "revision", name, before={"from": from_at})
    await plan_cache.refresh()


def _touched(revision: Revision) -> list[UUID]:
    pairs = (*revision.promised, *revision.taken_back)
    return sorted({*revision.redefined, *(one.id for one in revision.defined), *(pair.benefit for pair in pairs)})


async def _check(revision: Revision) -> None:
    touched = _touched(revision)
    await change_guard.lock(touched)
    await change_guard.refuse_if_scheduled(touched)
    held = {Pair(rule.plan, rule.benefit) for rule in rules()}
    if held & set(revision.promised) or not set(revision.taken_back) <= held:
        raise NotAsDrafted
    for benefit in revision.defined:
        kind_of(benefit.kind)


async def _redefine(benefit_id: UUID, settings: str, from_at: datetime) -> None:
    is_open = (BenefitVersion.benefit == benefit_id) & BenefitVersion.until_at.is_null()
    closing = BenefitVersion.update({BenefitVersion.until_at: from_at}).where(is_open)
    if not await closing.returning(BenefitVersion.id):
        raise NotAsDrafted
    await _begin_version(benefit_id, settings, from_at)


async def _define(benefit: NewBenefit, from_at: datetime) -> None:
    row = Benefit(id=benefit.id, kind=benefit.kind, name=benefit.name, created_at=clock.now())
    await Benefit.insert(row).on_conflict(action="DO NOTHING")
    await _begin_version(benefit.id, benefit.settings, from_at)


async def _begin_version(benefit_id: UUID, settings: str, from_at: datetime) -> None:
    version = BenefitVersion(id=ids.new(), benefit=benefit_id, settings=settings, from_at=from_at)
    await BenefitVersion.insert(version)


async def _promise(pair: Pair, from_at: datetime) -> None:
    """Those who are members then hold it from then on, through their membership."""
    await database.locked(Plan, Plan.id == pair.plan)
    position = await PlanBenefit.count().where(PlanBenefit.plan == pair.plan)
    await PlanBenefit.insert(
        PlanBenefit(id=ids.new(), plan=pair.plan, benefit=pair.benefit, position=position, from_at=from_at)
    )
    settings = await database.fetch_value(_SETTINGS, pair.benefit)
    await promised_instead.leave_out(pair.plan, pair.benefit, settings=settings, at=from_at)
    await entitlement_sync.sync_plan(pair.plan)


_SETTINGS = "SELECT settings::text FROM benefit_version WHERE benefit = $1 AND until_at IS NULL"


async def _take_back(pair: Pair, from_at: datetime) -> None:
    await database.locked(Plan, Plan.id == pair.plan)
    await PlanBenefit.update({PlanBenefit.until_at: from_at}).where(_is(pair) & PlanBenefit.until_at.is_null())
    await entitlement_sync.sync_plan(pair.plan)


async def _end_what_was_to_begin(revision: Revision, from_at: datetime) -> None:
    """Rows that never took effect become empty periods: they stay, and are active at no instant."""
    begun = [*revision.redefined, *(one.id for one in revision.defined)]
    if begun:
        was_to_begin = BenefitVersion.benefit.is_in(begun) & (BenefitVersion.from_at == from_at)
        await BenefitVersion.update({BenefitVersion.until_at: from_at}).where(was_to_begin)
    for pair in revision.promised:
        never_held = PlanBenefit.update({PlanBenefit.until_at: from_at})
        await never_held.where(_is(pair) & (PlanBenefit.from_at == from_at))
        await promised_instead.begins_never(pair.plan, pair.benefit)


async def _reopen_what_was_to_end(revision: Revision, from_at: datetime) -> None:
    if revision.redefined:
        was_to_end = (BenefitVersion.until_at == from_at) & (BenefitVersion.from_at < from_at)
        its_own = BenefitVersion.benefit.is_in(list(revision.redefined))
        await BenefitVersion.update({BenefitVersion.until_at: None}).where(its_own & was_to_end)
    for pair in revision.taken_back:
        reopened = PlanBenefit.update({PlanBenefit.until_at: None})
        await reopened.where(_is(pair) & (PlanBenefit.until_at == from_at))


def _is(pair: Pair) -> And:
    return (PlanBenefit.plan == pair.plan) & (PlanBenefit.benefit == pair.benefit)
