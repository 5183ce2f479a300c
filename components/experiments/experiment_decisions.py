"""The end of an experiment: one arm becomes the ordinary, as the plan editor would do it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.experiments import experiment_cache, experiment_states, experiments, price_promises
from components.experiments.benefits import benefit_checks
from components.experiments.experiment_arms import ExperimentView, offer_of
from components.experiments.experiment_cache import PROMISED
from components.experiments.offers import offer_decisions
from components.experiments.tables import Experiment, ExperimentArm
from components.foundation import audit, clock, database
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.editing import plan_variants, plans
from components.memberships.keeping_members import tried_offers
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.plans.plan_catalogue import BenefitView, PlanView


class PlanChangedSince(Refusal):
    message = "The plan was changed since this experiment began. Change it in the plan editor instead."
    status = 409


class NoSuchArm(NotFound):
    message = "There is no such arm."


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """What using an arm from now on means: for a plan, or for what is offered to who cancels. `joined` people have an
    arm's price and keep it; of `promised` more a lower price still holds, for the last of them until `until`. Of the
    plan's `members` now so many are `changed` by another benefit: the others keep what they were promised."""

    plan: PlanView | None
    price: Money | None
    words: str
    joined: int
    promised: int
    until: datetime | None
    offers_now: tuple[OfferTerms, ...] = ()
    offers_then: tuple[OfferTerms, ...] = ()
    benefit_now: BenefitView | None = None
    benefit_then: BenefitView | None = None
    members: int = 0
    changed: int = 0


class _Promised(NamedTuple):
    people: int
    until: datetime | None


async def preview(found: ExperimentView, position: int) -> DecisionPreview:
    """Raises `NotFound`, `PlanChangedSince`, `OffersChangedSince`, `PricePromised`, `NotInThisExperimentState`."""
    experiment_states.refuse_unless(found.row, "decide")
    arm = next((one for one in found.arms if one.position == position), None)
    if arm is None:
        raise NoSuchArm
    if found.row.kind == "offers":
        offers = await offer_decisions.now_and_then(found, position)
        return DecisionPreview(None, None, "", 0, 0, None, *offers)
    plan = _plan(found.row)
    price = Money(arm.price, plan.price.currency) if arm.price else None
    if price is not None:
        await price_promises.refuse_price_while_promised(plan.id)
    [(promised, until)] = await database.fetch_as(_Promised, _PROMISED, found.row.id, clock.now())
    now = next((one for one in plan.benefits if one.id == found.row.benefit), None)
    then = given(arm)
    words, held = arm.words if position else "", await _held(found)
    view = DecisionPreview(plan, price, words, held, promised, until, benefit_now=now, benefit_then=then)
    if then is None:
        return view
    own, beside = _own_variant(arm), _variants(found)
    members, changed = await plan_variants.changed_by(own, instead_of=found.row.benefit, beside=beside)
    return replace(view, members=members, changed=changed)


async def _held(found: ExperimentView) -> int:
    """How many joined in an arm and keep what it gave: a benefit at whatever price."""
    versions = [one.version for one in found.arms if one.version]
    if found.row.kind == "benefits":
        return await plan_variants.held_by(_variants(found))
    return int(await database.fetch_value(_HELD, versions)) if versions else 0


def _variants(found: ExperimentView) -> list[UUID]:
    versions = {one.version for one in found.arms}
    return [one.variant for one in plan_cache.current().prices if one.id in versions and one.variant]


def _own_variant(arm: ExperimentArm) -> UUID:
    own = next(one.variant for one in plan_cache.current().prices if one.id == arm.version)
    assert own is not None
    return own


def given(arm: ExperimentArm) -> BenefitView | None:
    """The benefit that an arm gives, as it was when the experiment began."""
    known = plan_cache.current()
    variant = next((one.variant for one in known.prices if arm.version and one.id == arm.version), None)
    return plan_catalogue.of_variant(known.variants[variant]) if variant else None


def _plan(row: Experiment) -> PlanView:
    plan = next((one for one in plan_catalogue.public_plans() if one.id == row.plan), None)
    if plan is None or (row.kind in PROMISED and plan.version_id != row.base_version):
        raise PlanChangedSince
    if row.kind == "benefits" and benefit_checks.is_changed(plan.id, since=row.started_at, at=clock.now()):
        raise PlanChangedSince
    return plan


async def decide(experiment_id: UUID, position: int, *, by: UUID) -> None:
    """From the next page on everybody sees what this arm saw; at 0 everything stays as it was. It stops if it runs.

    Raises `NotFound`, `NotInThisExperimentState`, `PlanChangedSince`, `OffersChangedSince`, `PricePromised`, and what
    `plans.revise` and `tried_offers.replace` raise.
    """
    found = await experiments.by_id(experiment_id)
    wanted = await preview(found, position)
    async with database.transaction():
        row = await database.locked(Experiment, Experiment.id == experiment_id)
        assert row is not None
        experiment_states.refuse_unless(row, "decide")
        now = clock.now()
        await row.update_self(
            {"state": "decided", "decided_at": now, "chosen": position, "stopped_at": row.stopped_at or now,
             "seen_at": now}
        )  # fmt: skip
        await _use(found, position, wanted, by=by)
        after = {"arm": found.arms[position].name}
        await audit.record(by, "experiment decided", "experiment", experiment_id, after=after)
    await plan_cache.refresh()
    await plan_variants.raise_promises()
    await experiment_cache.refresh()


async def _use(found: ExperimentView, position: int, wanted: DecisionPreview, *, by: UUID) -> None:
    plan, row = wanted.plan, found.row
    if plan is None:
        await tried_offers.end([one.offer for one in found.arms if one.offer], by=by)
        if position:
            await tried_offers.replace(row.reason, offer_of(found.arms[position]), by=by)
    elif wanted.benefit_then is not None:
        arm = found.arms[position]
        own = _own_variant(arm)
        await plan_variants.use(own, instead_of=row.benefit, source=arm.benefit, beside=_variants(found), by=by)
    elif wanted.price is not None:
        await plans.revise(row.plan, price=wanted.price.amount, by=by)
    elif position:
        await plans.set_words(plan.id, name=plan.name, summary=wanted.words, position=plan.position, by=by)


_PROMISED = """SELECT count(*) AS people, max(promised_until) AS until FROM experiment_exposure e
WHERE experiment = $1 AND promised_until > $2
  AND NOT EXISTS (SELECT FROM experiments_subscriptions s WHERE s.payer = e.person AND s.is_running)"""
_HELD = "SELECT count(*) FROM experiments_subscriptions WHERE plan_version = ANY($1) AND is_running"
