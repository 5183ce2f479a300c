"""Experiments with a benefit of a plan, in the staff area."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from components.experiments import experiments
from components.experiments.benefits import benefit_checks
from components.foundation import clock, database
from components.memberships.benefits.kinds import all_kinds
from components.memberships.editing import plan_benefits
from components.memberships.plans import plan_catalogue
from tests.components.campaigns import walked
from tests.components.experiments import made
from tests.components.experiments.test_experiment_results import ask, join
from tests.support import make_plans, make_products
from tests.support.make_plans import TENTH_OFF
from tests.support.shops import Shop
from tests.web.shop.test_experiments import JOIN, put_in
from tests.web.staff.test_experiments import LIST, somebody, staff

TYPED = {
    "name": "Fifteen", "kind": "benefits", "figure": "joined", "days": "14", "base": "10", "least": "2",
    "a_share": "50", "b_name": "Fifteen", "b_share": "50", "promise_days": "14",
}  # fmt: skip
MORE, USUAL = "15% off everything", "10% off everything"


async def tenth() -> str:
    return str(next(one.id for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price"))


async def off(percent: int, **more: object) -> str:
    return str(
        await make_plans.benefit("member_price", f"{percent}% off", **{**TENTH_OFF, "percent": percent * 100, **more})
    )


async def test_a_benefit_is_tried_and_becomes_everybodys(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    fifteen = await off(15)
    new = await sam.get(f"{LIST}/new?kind=benefits")
    assert "Member price" in new.words and "never less" in new.words and "(Annual)" in new.words
    page = await sam.submit(new, LIST, **TYPED, plan=str(plan.id), benefit=await tenth(), b_benefit=fifteen)
    there = page.path
    assert (
        "A better benefit for Annual" in page.words
        and MORE in page.words
        and "What the plan includes: “10% off”" in page.words
    )
    page = await sam.submit(page, f"{there}/copy")
    given = page.form(page.path.removesuffix("/edit")).given
    assert (given["benefit"], given["b_benefit"]) == (await tenth(), fifteen)
    await sam.submit(await sam.get(there), f"{there}/start", sure="on")
    await plan_benefits.change_benefit(UUID(fifteen), name="30% off", answers={**TENTH_OFF, "percent": 3000}, by=None)
    page = await sam.get(there)
    assert MORE in page.words and "30%" not in page.words, "what was promised is as it was on that day"
    one = await experiments.by_id(UUID(there.rsplit("/", 1)[-1]))
    for person in (await ask(one.row.id, 1, 200))[:60]:
        await join(person)
    await ask(one.row.id, 0, 200)
    clock.set_everywhere(clock.now() + timedelta(days=14, hours=1))
    sam = await shop.signed_in("sam@kiln.test")
    page = await sam.get(there)
    assert "“Fifteen” joins more often" in page.words and "£0.00 a person" in page.words, "what it earns stands beside"
    assert "even where the shop earns less" in page.words
    page = await sam.get(f"{there}/arms/1")
    assert f"Everybody gets now {USUAL}" in page.words and f"From now on {MORE}" in page.words
    page = await sam.submit(page, f"{there}/arms/1")
    assert "Decided" in page.words
    assert [one.words for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price"] == [MORE]
    assert UUID(fifteen) not in {one.id for one in plan_catalogue.by_slug("annual").benefits}, "that is 30% by now"


async def test_the_benefit_that_was_tried_is_used_itself_while_it_is_the_same(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    found = await made.started(await made.benefits_draft(plan), by=await somebody())
    page = await sam.get(f"{LIST}/{found.row.id}/arms/1")
    assert "It is not known whether “B” is better than what everybody sees now. Not yet known: each arm" in page.words
    assert "Counted so far: “Ordinary” 0, “B” 0." in page.words and "Use it all the same" in page.words
    assert "Nobody is a member on this plan now." in page.words
    await walked.member("noor")
    again = await sam.get(f"{LIST}/{found.row.id}/arms/1")
    assert "1 member is on this plan now. They get it at once and for good" in again.words
    for person in (await ask(found.row.id, 1, 9))[:2]:
        await join(person)
        await database.execute(
            "UPDATE membership SET variant = (SELECT id FROM plan_variant) WHERE holder = $1", person
        )
    again = await sam.get(f"{LIST}/{found.row.id}/arms/1")
    assert "3 members are on this plan now. 1 of them gets it at once and for good" in again.words
    assert "It is not known" not in (await sam.get(f"{LIST}/{found.row.id}/arms/0")).words
    await sam.post(f"{LIST}/{found.row.id}/arms/1", {})
    assert found.arms[1].benefit in {one.id for one in plan_catalogue.by_slug("annual").benefits}


@pytest.mark.parametrize(
    ("percent", "more", "words"),
    [
        (5, {}, "nobody may be promised less because they signed in"),
        (10, {}, "nobody may be promised less because they signed in"),
        (20, {"covers": "product", "products": ["mug"]}, "nobody may be promised less because they signed in"),
    ],
)
async def test_an_arm_never_gives_less(shop: Shop, percent: int, more: dict[str, object], words: str) -> None:
    plan, mug = await make_plans.club(), await make_products.product()
    sam = await staff(shop, "plans")
    more = {**more, "products": [str(mug.id)]} if more else more
    typed = {**TYPED, "plan": str(plan.id), "benefit": await tenth(), "b_benefit": await off(percent, **more)}
    page = await sam.submit(await sam.get(f"{LIST}/new?kind=benefits"), LIST, **typed)
    assert page.status == 422 and words in page.words
    assert page.form(LIST).given["name"] == "Fifteen"


async def test_what_is_wrong_is_said_at_its_field(shop: Shop) -> None:
    plan = await make_plans.club()
    sam = await staff(shop, "plans")
    back = str(await make_plans.benefit("cashback", "5% back", rate=500, each="year", days=0, cap=0))
    early = str(await make_plans.benefit("early_access", "A week early", hours=168, covers="everything"))
    first = await tenth()
    new = await sam.get(f"{LIST}/new?kind=benefits")
    for typed, words in (
        ({"benefit": first}, "Choose the benefit that this arm gives"),
        ({"benefit": first, "b_benefit": back}, "Choose a benefit of the same kind as “10% off”"),
        ({"b_benefit": await off(15)}, "only the better one would apply"),
        ({"b_benefit": first}, "The plan includes this already"),
        ({"benefit": back, "b_benefit": back}, ""),
        ({"b_benefit": early}, ""),
    ):
        page = await sam.submit(new, LIST, **{**TYPED, "plan": str(plan.id), **typed})
        assert page.status == 422 and words in page.words, typed
    assert not await database.fetch_value("SELECT EXISTS (SELECT FROM experiment)")
    page = await sam.submit(new, LIST, **TYPED, plan=str(plan.id), b_benefit=back)
    assert page.status == 200 and "5% back in store credit" in page.words
    draft = await made.benefits_draft(plan)
    untried = next(one for one in plan.benefits if one.kind == "early_access")
    said = await benefit_checks.troubles(plan, untried.id, [draft.arms[1].benefit])
    assert "“Early access” can’t be tried" in said["benefit"]


async def test_prices_and_benefits_of_a_plan_are_promised_one_at_a_time(shop: Shop) -> None:
    plan = await make_plans.club()
    by = await made.owner()
    priced = await made.started(made.price_draft(plan), by=by)
    with pytest.raises(experiments.RunsAlready, match="a price or a benefit"):
        await made.started(await made.benefits_draft(plan), by=by)
    browser, _ = await put_in(shop, priced.row.id, 1)
    await browser.get(JOIN)
    await experiments.stop(priced.row.id, by=by)
    with pytest.raises(experiments.NotStartable, match="was promised a lower price of this plan"):
        await made.started(await made.benefits_draft(plan), by=by)


async def test_a_change_that_is_planned_comes_first(shop: Shop) -> None:
    plan = await make_plans.club()
    first = UUID(await tenth())
    await database.execute(
        "UPDATE plan_benefit SET until_at = $1 WHERE benefit = $2", clock.now() + timedelta(days=9), first
    )
    with pytest.raises(experiments.NotStartable, match="is scheduled"):
        await made.started(await made.benefits_draft(plan), by=await made.owner())


def test_the_kinds_that_can_be_tried_are_those_that_stand_in_the_docs() -> None:
    told = (Path(__file__).parents[3] / "docs" / "experiments.md").read_text("utf-8")
    for one in all_kinds().values():
        assert (f"| {one.title} | yes |" in told) == one.is_tried, one.title
        assert (f"| {one.title} | no |" in told) != one.is_tried, one.title
