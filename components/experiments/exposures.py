"""Who is in which arm: written down when somebody is first asked, and read with every page from then on.

Of a plan's price or words: only people with an account, who are not members and not staff, are ever in one. A stranger
sees what everybody sees; an arm's price is always less than that, so that signing in never makes anything dearer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.experiments import experiment_cache
from components.experiments.arm_hash import arm_of
from components.experiments.benefits import benefit_checks
from components.experiments.experiment_cache import PROMISED, CachedExperiment
from components.experiments.tables import Experiment
from components.foundation import database, ids
from components.foundation.database import Query
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.plans.plan_offers import PlanOffer
from components.people.privacy import personal_switch
from components.segments import segments


@dataclass(frozen=True, slots=True)
class Exposed:
    """Somebody is in this arm; its price or benefit is theirs until `promised_until`."""

    experiment: UUID
    arm: int
    promised_until: datetime | None


def query(person_sql: str, *args: Any, types: tuple[str, ...] = ()) -> Query[tuple[Exposed, ...]] | None:
    """The arms of the person that `person_sql` yields; None while no experiment is in force."""
    if not experiment_cache.current():
        return None
    sql = f"""SELECT json_agg(json_build_array(e.experiment, e.arm, e.promised_until)) FROM experiment_exposure e
        WHERE e.person = {person_sql}"""
    return Query(sql, args, _read, types)


def _read(found: Any) -> tuple[Exposed, ...]:
    return tuple(
        Exposed(UUID(experiment), arm, datetime.fromisoformat(until) if until else None)
        for experiment, arm, until in found or ()
    )


async def ask(person_id: UUID, known: tuple[Exposed, ...], at: datetime) -> tuple[Exposed, ...]:
    """Somebody who may join is asked to, at this instant: their arms, new ones written down, and promises that have
    run out while the experiment goes on given anew. Who is in a segment is read from their orders: not of those who
    switched that off."""
    found = {one.experiment: one for one in known}
    for one in experiment_cache.current():
        if one.kind == "offers" or not one.is_running or not _is_as_begun(one, at):
            continue
        mine = found.get(one.id)
        if mine is None:
            is_due = await is_meant(one, person_id, at)
        else:
            has_run_out = bool(mine.promised_until and mine.promised_until <= at)
            is_due = has_run_out and await may_know(one, person_id)
        if is_due:
            found[one.id] = await write_down(one, person_id, at)
    return tuple(found.values())


def offers(known: tuple[Exposed, ...], at: datetime, *, wants_personal: bool) -> tuple[PlanOffer, ...]:
    """What their arms offer them now: words while the experiment runs, a price or a benefit as long as it is promised.
    Words for a segment are not for whoever, or whose shop, switched off what is chosen for them."""
    by_id = {one.id: one for one in experiment_cache.current() if wants_personal or not one.words_for_some}
    made = [_offer(by_id[one.experiment], one, at) for one in known if one.experiment in by_id]
    return tuple(one for one in made if one is not None)


def _offer(experiment: CachedExperiment, mine: Exposed, at: datetime) -> PlanOffer | None:
    arm = next((one for one in experiment.arms if one.position == mine.arm), None)
    if arm is None or not arm.position or experiment.plan is None:
        return None
    if experiment.kind == "words":
        return PlanOffer(experiment.plan, summary=arm.words) if experiment.is_running else None
    priced = next((one for one in plan_cache.current().prices if one.id == arm.version), None)
    if priced is None or mine.promised_until is None or mine.promised_until <= at:
        return None
    return PlanOffer(
        experiment.plan, version_id=priced.id, price=Money(priced.price, priced.currency), interval=priced.interval,
        interval_count=priced.interval_count, until_at=mine.promised_until, variant=priced.variant,
    )  # fmt: skip


def _is_as_begun(one: CachedExperiment, at: datetime) -> bool:
    """The plan is on offer at the price, and with the benefits, it had when the experiment began; else nobody new is
    put in an arm."""
    plan = next((plan for plan in plan_catalogue.public_plans(at) if plan.id == one.plan), None)
    if plan is None or not plan.is_offered or (one.kind != "words" and plan.version_id != one.base_version):
        return False
    return one.kind != "benefits" or not benefit_checks.is_changed(plan.id, since=one.started_at, at=at)


async def is_meant(one: CachedExperiment, person_id: UUID, at: datetime) -> bool:
    if one.segment is None:
        return True
    if not await may_know(one, person_id):
        return False
    try:
        return await segments.fits((await segments.by_id(one.segment)).rules, person_id, at=at)
    except Refusal:
        return False


async def may_know(one: CachedExperiment, person_id: UUID) -> bool:
    """Whether they may be chosen for it; everybody may be where there is no choosing."""
    return one.segment is None or await personal_switch.is_on(person_id)


async def write_down(one: CachedExperiment, person_id: UUID, at: datetime) -> Exposed:
    """The row that is there already, from another device, is the one that counts. If the experiment was stopped this
    moment, or the plan is no longer on offer at its price, nothing is written, and nothing is promised anew: whoever
    changes the plan holds the experiment (`price_promises`), and it is read once that is over."""
    arm = arm_of(one.id, person_id, one.shares)
    until = at + timedelta(days=one.promise_days) if one.kind in PROMISED and arm else None
    async with database.transaction():
        await Experiment.select(Experiment.id).where(Experiment.id == one.id).lock_rows("SHARE")
        there = await database.fetch_one_as(Exposed, _WRITE, ids.new(), one.id, person_id, arm, at, until)
    return there or Exposed(one.id, 0, None)


_WRITE = """
INSERT INTO experiment_exposure (id, experiment, person, arm, first_at, promised_until)
SELECT $1::uuid, e.id, $3::uuid, $4::int, $5::timestamptz, $6::timestamptz FROM experiment e
WHERE e.id = $2 AND e.state = 'running' AND ($6::timestamptz IS NULL
  OR EXISTS (SELECT FROM experiments_prices p WHERE p.id = e.base_version AND p.is_on_offer))
ON CONFLICT (experiment, person) DO UPDATE SET promised_until = CASE
  WHEN experiment_exposure.promised_until <= $5 THEN EXCLUDED.promised_until
  ELSE experiment_exposure.promised_until END
RETURNING experiment, arm, promised_until"""
