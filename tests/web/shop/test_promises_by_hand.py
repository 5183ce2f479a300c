"""Benefits that were promised in an experiment, where staff then change the plan by hand: nobody gets one twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_decisions, experiment_watch, experiments
from components.experiments.experiment_checks import ArmDraft
from components.foundation import clock, database
from components.memberships.editing import plan_benefits, scheduled_changes
from components.memberships.editing.plan_revisions import Pair, Revision
from components.memberships.plans import plan_catalogue
from tests.components.experiments import made
from tests.support import make_plans
from tests.support.shops import Shop
from tests.web.shop.test_benefit_promises import by, joins, later
from tests.web.shop.test_experiment_benefits import held, is_sound
from tests.web.shop.test_experiment_members import a_year_goes_by

KIND = "periodic_credit"


async def credit(pounds: int, each: str = "period") -> UUID:
    return await make_plans.benefit(KIND, f"{pounds} credit", amount=pounds * 100, each=each, expiry="never", days=0)


async def trying(wanted: UUID, *, instead_of: UUID | None = None) -> tuple[UUID, UUID]:
    """A plan, and a running experiment whose arm gives this."""
    plan = await make_plans.club()
    if instead_of is not None:
        await plan_benefits.attach(plan.id, instead_of, by=None)
    await later(days=1)
    draft = await made.benefits_draft(plan)
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, benefit=wanted))
    found = await made.started(replace(draft, benefit=instead_of, arms=arms), by=await made.owner())
    return plan.id, found.row.id


async def given() -> list[int]:
    return await database.fetch_values("SELECT amount FROM ledger_lot ORDER BY given_at, id")


async def test_what_staff_put_into_the_plan_themselves_is_not_given_twice(shop: Shop) -> None:
    eight = await credit(8)
    plan, experiment = await trying(eight)
    await joins(shop, experiment)
    await later()
    tenth = next(one.id for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price")
    await plan_benefits.detach(plan, tenth, by=None)
    with pytest.raises(experiment_decisions.PlanChangedSince):
        await experiment_decisions.decide(experiment, 1, by=await by())
    await experiments.stop(experiment, by=None)
    await later()
    await plan_benefits.attach(plan, eight, by=None)
    await experiment_watch.watch()
    assert await held(KIND) == ["8 credit"]
    await a_year_goes_by(shop)
    assert await given() == [800, 800] and await is_sound()


@pytest.mark.parametrize("pounds", [6, 8, 9])
async def test_another_in_place_of_the_one_that_was_replaced_is_not_given_beside_it(shop: Shop, pounds: int) -> None:
    five, eight = await credit(5), await credit(8)
    plan, experiment = await trying(eight, instead_of=five)
    await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await later()
    other = await credit(pounds)
    await plan_benefits.detach(plan, five, by=None)
    await plan_benefits.attach(plan, other, by=None)
    await experiment_watch.watch()
    assert await held(KIND) == [f"{max(8, pounds)} credit"] and await is_sound()


async def test_the_same_beside_the_one_that_was_replaced_is_both_for_everybody(shop: Shop) -> None:
    five, eight = await credit(5), await credit(8)
    plan, experiment = await trying(eight, instead_of=five)
    await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await later()
    await plan_benefits.attach(plan, eight, by=None)
    assert sorted(await held(KIND)) == ["5 credit", "8 credit"]
    await later()
    await plan_benefits.detach(plan, five, by=None)
    assert await held(KIND) == ["8 credit"] and await is_sound()


@pytest.mark.parametrize("is_withdrawn", [False, True])
async def test_nor_is_what_begins_on_a_day_to_come(shop: Shop, is_withdrawn: bool) -> None:
    five, eight, six = await credit(5), await credit(8), await credit(6)
    plan, experiment = await trying(eight, instead_of=five)
    await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await later()
    swap = Revision(promised=(Pair(plan, six),), taken_back=(Pair(plan, five),))
    day = clock.now() + timedelta(days=10)
    await scheduled_changes.publish(swap, from_at=day, name="Six", by=await by())
    if is_withdrawn:
        await scheduled_changes.withdraw(swap, from_at=day, name="Six", by=await by())
        await plan_benefits.attach(plan, six, by=None)
    await later(days=11)
    await experiment_watch.watch()
    assert sorted(await held(KIND)) == (["6 credit", "8 credit"] if is_withdrawn else ["8 credit"])
    assert await is_sound()
