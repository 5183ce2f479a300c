"""Two benefits that stood in place of one another once, and that a membership gives side by side: each is given."""

from dataclasses import replace

import pytest

from components.experiments import experiment_decisions
from components.experiments.experiment_checks import ArmDraft
from components.memberships.benefits import benefit_families
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_catalogue
from tests.components.experiments import made
from tests.support import join_members, make_plans
from tests.support.shops import Shop
from tests.web.shop.test_benefit_promises import by, joins, later
from tests.web.shop.test_experiment_benefits import held, is_sound
from tests.web.shop.test_experiment_members import a_year_goes_by
from tests.web.shop.test_once_in_a_family import gift, gifts
from tests.web.shop.test_promises_by_hand import credit, given, trying


async def test_one_more_benefit_beside_the_one_that_replaced_it_is_given(shop: Shop) -> None:
    five, eight = await credit(5), await credit(8)
    _, experiment = await trying(eight, instead_of=five)
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    await later(days=1)
    arms = (ArmDraft("Ordinary", 50), ArmDraft("B", 50, benefit=five))
    draft = await made.benefits_draft(plan_catalogue.by_slug("annual"))
    second = await made.started(replace(draft, benefit=None, arms=arms, name="Second"), by=await by())
    await joins(shop, second.row.id)
    assert sorted(await held("periodic_credit")) == ["5 credit", "8 credit"]
    assert sorted(await given()) == [500, 800] and await is_sound()
    await a_year_goes_by(shop)
    assert sorted(await given()) == [500, 500, 800, 800]


@pytest.mark.parametrize("each", ["period", "once"])
async def test_both_in_the_plan_again_are_both_given(shop: Shop, each: str) -> None:
    five, eight = await credit(5, each), await credit(8, each)
    plan, experiment = await trying(eight, instead_of=five)
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    await later()
    await plan_benefits.attach(plan, five, by=None)
    await later()
    await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    await shop.catch_up()
    assert sorted(await held("periodic_credit")) == ["5 credit", "8 credit"]
    assert sorted(await given()) == [500, 800] and await is_sound()


async def test_two_gifts_for_joining_are_two(shop: Shop) -> None:
    plan, mug, bowl = await make_plans.club(), await gift("joining"), await gift("joining")
    await benefit_families.count_as(bowl, [mug])
    for one in (mug, bowl):
        await plan_benefits.attach(plan.id, one, by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    await shop.catch_up()
    assert await gifts() == 2
