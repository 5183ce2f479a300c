"""Variants of a plan: the benefits that some members were promised, instead of one of the plan's or as one more.

What a variant gives is a benefit of its own, in no plan, which nobody can change: it holds for its members however the
plan is edited. Where everybody's becomes better than theirs, they are promised that from then on.
"""

from collections.abc import Sequence
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.operations import one_by_one
from components.memberships.benefits import benefit_families
from components.memberships.benefits.kinds import kind
from components.memberships.editing import plan_benefits, rule_conflicts
from components.memberships.editing.plan_revisions import NewBenefit, Rule
from components.memberships.editing.tables import PlanVariant
from components.memberships.entitlements import entitlement_sync
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.plans.plan_cache import CachedVariant
from components.memberships.plans.plan_catalogue import BenefitView, PlanView
from components.memberships.tables import Benefit, BenefitVersion, Plan, PlanBenefit


async def known(benefit_id: UUID) -> NewBenefit | None:
    """A benefit of the shop with its settings now."""
    rows = await database.fetch_as(NewBenefit, _KNOWN, benefit_id, clock.now())
    return next(iter(rows), None)


_KNOWN = """
SELECT b.id, b.kind, b.name, v.settings::text AS settings FROM benefit b
JOIN benefit_version v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $2) WHERE b.id = $1 AND NOT b.is_tried"""


def conflicts(plan: PlanView, instead_of: UUID | None, wanted: NewBenefit) -> tuple[str, ...]:
    """Why the plan can't give this beside all it includes but `instead_of`, in sentences."""
    rules = [Rule(plan.id, one.id, one.kind, one.name, one.settings) for one in plan.benefits if one.id != instead_of]
    rules.append(Rule(plan.id, wanted.id, wanted.kind, wanted.name, wanted.settings))
    before = rule_conflicts.find_conflicts(tuple(rules[:-1]), {plan.id: plan.name})
    then = rule_conflicts.find_conflicts(tuple(rules), {plan.id: plan.name})
    return tuple(one for one in then if one not in before)


async def make(plan_id: UUID, *, instead_of: UUID | None, wanted: NewBenefit) -> UUID:
    """Belongs in the transaction of its cause; refresh the plan cache once it is committed."""
    replaced = [instead_of] if instead_of else []
    tried = await _tried(wanted.kind, wanted.name, wanted.settings, made_from=[wanted.id, *replaced])
    variant = PlanVariant(id=ids.new(), plan=plan_id, without=replaced, benefit=tried, made_at=clock.now())
    await PlanVariant.insert(variant)
    made: UUID = variant.id
    return made


async def _tried(kind_key: str, name: str, settings: str, *, made_from: Sequence[UUID]) -> UUID:
    """`made_from`, and what those were made from in their turn."""
    sources = await benefit_families.with_sources(made_from)
    now = clock.now()
    return await _create(
        Benefit(id=ids.new(), kind=kind_key, name=name, created_at=now, is_tried=True, made_from=sources), settings
    )


async def _create(benefit: Benefit, settings: str) -> UUID:
    await Benefit.insert(benefit)
    await BenefitVersion.insert(
        BenefitVersion(id=ids.new(), benefit=benefit.id, settings=settings, from_at=benefit.created_at)
    )
    made: UUID = benefit.id
    return made


async def use(
    variant_id: UUID, *, instead_of: UUID | None, source: UUID | None, beside: Sequence[UUID], by: UUID
) -> None:
    """From now on everybody's membership of the plan gives what the variant gives: as `source`, the benefit that it was
    made from, if that is still the same. Nobody gets it twice: whoever was promised it, or another in its place (those
    of `beside` too, of the same kind), keeps their own, unless everybody's is better. What is given once, and what was
    had of a limit, counts on from the one that it replaces.

    Belongs in a transaction. Raises what `plan_benefits.attach` raises; refresh the plan cache once it is committed.
    """
    found = plan_cache.current().variants[variant_id]
    await database.locked(Plan, Plan.id == found.plan)
    position = await _position(found.plan, instead_of)
    public = await _public(found, source)
    await benefit_families.count_as(public, [found.benefit, *([instead_of] if instead_of else [])])
    await database.execute(_LEAVE_OUT, public, instead_of, found.plan, _alike(found, beside))
    if instead_of is not None:
        await plan_benefits.detach(found.plan, instead_of, by=by)
    await plan_benefits.attach(found.plan, public, by=by, position=position)


_LEAVE_OUT = """
UPDATE plan_variant SET without = array_append(without, $1)
WHERE plan = $3 AND ($2 = ANY (without) OR id = ANY ($4))"""


def _alike(found: CachedVariant, beside: Sequence[UUID]) -> list[UUID]:
    variants = plan_cache.current().variants
    return [found.id, *(one for one in beside if one in variants and variants[one].kind == found.kind)]


async def _position(plan_id: UUID, instead_of: UUID | None) -> int:
    is_here = (PlanBenefit.plan == plan_id) & PlanBenefit.until_at.is_null()
    if instead_of is not None:
        replaced = await PlanBenefit.objects().where(is_here & (PlanBenefit.benefit == instead_of)).first()
        return int(replaced.position) if replaced else 0
    return int(await PlanBenefit.count().where(is_here))


async def _public(found: CachedVariant, source: UUID | None) -> UUID:
    """A benefit as any other, with what the variant gives."""
    of_kind, made_from = kind(found.kind), await known(source) if source else None
    is_same = made_from is not None and made_from.kind == found.kind
    if made_from is not None and is_same and of_kind.load(made_from.settings) == of_kind.load(found.settings):
        return made_from.id
    return await _create(
        Benefit(id=ids.new(), kind=found.kind, name=found.name, created_at=clock.now()), found.settings
    )


async def held_by(variants: Sequence[UUID]) -> int:
    """How many have a membership of their own that goes on and gives what one of these does."""
    return int(await database.fetch_value(_HELD_BY, list(variants)))


_HELD_BY = """
SELECT count(*) FROM subscription s WHERE s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed')
  AND (SELECT m.variant FROM membership m WHERE m.source_id = s.id
    ORDER BY m.starts_at DESC, m.ends_at DESC LIMIT 1) = ANY ($1)"""


async def changed_by(variant_id: UUID, *, instead_of: UUID | None, beside: Sequence[UUID]) -> tuple[int, int]:
    """How many hold the plan now, and for how many of them `use` changes what it gives: not for those who keep what
    they were promised."""
    found = plan_cache.current().variants[variant_id]
    [(every, changed)] = await database.fetch_rows(
        _CHANGED_BY, found.plan, clock.now(), instead_of, _alike(found, beside)
    )
    return every, changed


_CHANGED_BY = """
SELECT count(DISTINCT m.holder), count(DISTINCT m.holder) FILTER (
  WHERE w.id IS NULL OR NOT (coalesce($3 = ANY (w.without), false) OR w.id = ANY ($4)))
FROM membership m LEFT JOIN plan_variant w ON w.id = m.variant
WHERE m.plan = $1 AND holds(m.starts_at, m.ends_at, $2)"""


async def raise_promises() -> None:
    """Whoever was promised less than everybody has by now is promised that. May run at any time, any number of times.
    One that can't be raised keeps no other from it."""
    await one_by_one.each(list(_outdone()), _raise, what="a variant of a plan")
    await plan_cache.refresh()


def _outdone() -> list[tuple[CachedVariant, BenefitView]]:
    plans = {plan.id: plan for plan in plan_catalogue.public_plans()}
    return [
        (one, theirs)
        for one in plan_cache.current().variants.values()
        if one.plan in plans
        for theirs in plans[one.plan].benefits
        if theirs.id in one.without and _is_better(theirs, one)
    ]


def _is_better(everybodys: BenefitView, promised: CachedVariant) -> bool:
    if everybodys.kind != promised.kind:
        return False
    of_kind = kind(promised.kind)
    return of_kind.is_better(of_kind.load(everybodys.settings), of_kind.load(promised.settings))


async def _raise(outdone: tuple[CachedVariant, BenefitView]) -> None:
    promised, everybodys = outdone
    async with database.transaction():
        await database.locked(Plan, Plan.id == promised.plan)
        made_from = [promised.benefit, everybodys.id]
        better = await _tried(everybodys.kind, everybodys.name, everybodys.settings, made_from=made_from)
        await PlanVariant.update({PlanVariant.benefit: better}).where(PlanVariant.id == promised.id)
        await entitlement_sync.sync_plan(promised.plan)
