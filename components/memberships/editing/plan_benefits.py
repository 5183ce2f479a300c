"""Plan benefits: defining benefits, changing them, and adding them to plans. Current members follow at once."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, StillUsed, Thing
from components.foundation.refusals import NotFound
from components.memberships.benefits.kinds import kind
from components.memberships.editing import change_guard, promised_instead, rule_conflicts
from components.memberships.entitlements import entitlement_sync
from components.memberships.plans import plan_cache
from components.memberships.tables import Benefit, BenefitVersion, Plan, PlanBenefit

_PRESENT = """SELECT p.id FROM benefit_version p WHERE p.benefit = b.id AND (p.until_at IS NULL OR
  (p.until_at > $1 AND p.until_at > p.from_at)) ORDER BY p.from_at LIMIT 1"""
"""The version in effect at $1, or the first that will be."""


async def create_benefit(*, kind_key: str, name: str, answers: dict[str, Any], by: UUID | None) -> UUID:
    """A new benefit, included in no plan yet; its id. Raises `SettingRefused` at a field."""
    of_kind = kind(kind_key)
    settings = of_kind.dump(of_kind.read(answers))
    now = clock.now()
    benefit = Benefit(id=ids.new(), kind=kind_key, name=name, created_at=now)
    async with database.transaction():
        await Benefit.insert(benefit)
        await BenefitVersion.insert(BenefitVersion(id=ids.new(), benefit=benefit.id, settings=settings, from_at=now))
        await audit.record(by, "benefit created", "benefit", benefit.id, after={"name": name, "settings": settings})
    await plan_cache.refresh()
    return benefit.id


async def change_benefit(benefit_id: UUID, *, name: str, answers: dict[str, Any], by: UUID | None) -> None:
    """From now on it has these settings. Earlier settings stay on record. Raises `SettingRefused`, `NotFound`, or
    `Scheduled`."""
    now = clock.now()
    async with database.transaction():
        benefit = await _locked(benefit_id)
        await change_guard.refuse_if_scheduled([benefit_id])
        of_kind = kind(benefit.kind)
        settings = of_kind.dump(of_kind.read(answers))
        await rule_conflicts.refuse_conflicts(benefit_id, benefit.kind, name, settings)
        is_running = (BenefitVersion.benefit == benefit_id) & BenefitVersion.until_at.is_null()
        running = await database.locked(BenefitVersion, is_running)
        assert running is not None
        if of_kind.load(running.settings) != of_kind.load(settings):
            await running.update_self({BenefitVersion.until_at: now})
            await BenefitVersion.insert(
                BenefitVersion(id=ids.new(), benefit=benefit_id, settings=settings, from_at=now)
            )
        before = {"name": benefit.name, "settings": running.settings}
        await benefit.update_self({Benefit.name: name})
        after = {"name": name, "settings": settings}
        await audit.record(by, "benefit changed", "benefit", benefit_id, before=before, after=after)
    await plan_cache.refresh()


IN_A_PLAN = "A plan includes this benefit, or has included it. Remove it from the plan instead."


async def was_in_a_plan(benefit_id: UUID) -> bool:
    """Then it stays on record for good."""
    return await PlanBenefit.exists().where(PlanBenefit.benefit == benefit_id)


async def delete_benefit(benefit_id: UUID, *, by: UUID | None) -> UUID:
    """What it is brought back by. Raises `NotFound`, and `StillUsed` once a plan has included it."""
    async with database.transaction():
        benefit = await _locked(benefit_id)
        parts = (
            RowsOf(Benefit, Benefit.id, [benefit_id]),
            RowsOf(BenefitVersion, BenefitVersion.benefit, [benefit_id]),
        )
        try:
            thing = Thing("benefit", benefit_id, benefit.name, "/staff/benefits")
            deleted = await deletions.delete(thing, parts, by=by)
        except StillUsed:
            raise StillUsed(IN_A_PLAN) from None
    await plan_cache.refresh()
    return deleted


async def attach(plan_id: UUID, benefit_id: UUID, *, by: UUID | None, position: int = 0) -> None:
    """The plan includes it from now on, and its members hold it from now on, but for those who were promised it, or
    another in its place. Idempotent.

    Raises `SettingRefused` when another benefit of the plan conflicts with it.
    """
    now = clock.now()
    async with database.transaction():
        benefit = await _locked(benefit_id)
        await change_guard.refuse_if_scheduled([benefit_id])
        await database.locked(Plan, Plan.id == plan_id)
        if not await database.execute(_PROMISE_ONCE, ids.new(), plan_id, benefit_id, position, now):
            return
        settings = await _settings(benefit_id)
        await rule_conflicts.refuse_conflicts(benefit_id, benefit.kind, benefit.name, settings)
        await promised_instead.leave_out(plan_id, benefit_id, settings=settings)
        await entitlement_sync.sync_plan(plan_id)
        await audit.record(by, "benefit added to plan", "plan", plan_id, after={"benefit": str(benefit_id)})
    await plan_cache.refresh()


_PROMISE_ONCE = """
INSERT INTO plan_benefit (id, plan, benefit, position, from_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (plan, benefit) WHERE until_at IS NULL DO NOTHING
"""


async def detach(plan_id: UUID, benefit_id: UUID, *, by: UUID | None) -> None:
    """The plan no longer includes it, and its members no longer hold it because of the plan."""
    now = clock.now()
    async with database.transaction():
        await _locked(benefit_id)
        await change_guard.refuse_if_scheduled([benefit_id])
        await database.locked(Plan, Plan.id == plan_id)
        is_open = (PlanBenefit.benefit == benefit_id) & PlanBenefit.until_at.is_null()
        closing = PlanBenefit.update({PlanBenefit.until_at: now}).where((PlanBenefit.plan == plan_id) & is_open)
        if not await closing.returning(PlanBenefit.id):
            return
        await entitlement_sync.sync_plan(plan_id)
        await audit.record(by, "benefit removed from plan", "plan", plan_id, before={"benefit": str(benefit_id)})
    await plan_cache.refresh()


@dataclass(frozen=True, kw_only=True)
class BenefitDefinition:
    """A benefit in the staff's list; `plans` are the names of the plans that include it."""

    id: UUID
    kind_title: str
    name: str
    words: str
    plans: tuple[str, ...]


async def names_of_those_with(thing_id: UUID) -> tuple[str, ...]:
    """The benefits whose settings name this delivery method, collection or product."""
    found = await database.fetch_as(_Defined, _ALL, clock.now())
    return tuple(row.name for row in found if str(thing_id) in row.settings)


async def all_benefits() -> tuple[BenefitDefinition, ...]:
    return tuple(_defined(row) for row in await database.fetch_as(_Defined, _ALL, clock.now()))


class _Defined(NamedTuple):
    id: UUID
    kind: str
    name: str
    settings: str
    plans: list[str]


_ALL = f"""
SELECT b.id, b.kind, b.name, v.settings::text AS settings,
  ARRAY(SELECT p.name::text FROM plan_benefit pb JOIN plan p ON p.id = pb.plan
        WHERE pb.benefit = b.id AND holds(pb.from_at, pb.until_at, $1)
        ORDER BY p.position, p.name) AS plans
FROM benefit b JOIN benefit_version v ON v.id = ({_PRESENT}) WHERE NOT b.is_tried ORDER BY b.kind, b.name
"""


def _defined(row: _Defined) -> BenefitDefinition:
    of_kind = kind(row.kind)
    words = of_kind.words(of_kind.load(row.settings))
    return BenefitDefinition(id=row.id, kind_title=of_kind.title, name=row.name, words=words, plans=tuple(row.plans))


class EditedBenefit(NamedTuple):
    """A benefit as staff edit it, and the plans that include it."""

    id: UUID
    kind: str
    name: str
    settings: str
    plans: list[UUID]

    @property
    def answers(self) -> dict[str, Any]:
        of_kind = kind(self.kind)
        return of_kind.answers(of_kind.load(self.settings))


async def by_id(benefit_id: UUID) -> EditedBenefit:
    """Raises `NotFound`."""
    found = await database.fetch_one_as(EditedBenefit, _ONE, clock.now(), benefit_id)
    if found is None:
        raise NotFound("We couldn’t find this benefit.")
    return found


_ONE = f"""
SELECT b.id, b.kind, b.name, v.settings::text AS settings,
  ARRAY(SELECT plan FROM plan_benefit pb WHERE pb.benefit = b.id AND holds(pb.from_at, pb.until_at, $1)) AS plans
FROM benefit b JOIN benefit_version v ON v.id = ({_PRESENT}) WHERE b.id = $2 AND NOT b.is_tried
"""


async def _locked(benefit_id: UUID) -> Benefit:
    """One that an experiment gives is nobody's to change."""
    benefit = await database.locked(Benefit, Benefit.id == benefit_id)
    if benefit is None or benefit.is_tried:
        raise NotFound("We couldn’t find this benefit.")
    return benefit


async def _settings(benefit_id: UUID) -> str:
    is_open = (BenefitVersion.benefit == benefit_id) & BenefitVersion.until_at.is_null()
    found = await BenefitVersion.objects().where(is_open).first()
    assert found is not None
    return found.settings
