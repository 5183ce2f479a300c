"""Members who joined in an experiment with a benefit: what they were promised holds, and is never less than others'."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_decisions, experiment_watch, experiments
from components.foundation import clock, database
from components.memberships.billing import price_migrations
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlement_history, membership_periods
from components.memberships.plans import plan_catalogue
from components.people import customer_accounts
from tests.components.experiments import made
from tests.support import make_plans, people
from tests.support.make_plans import TENTH_OFF
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_without_tax import without_tax
from tests.web.account.test_household import link
from tests.web.shop.test_experiment_benefits import MORE, USUAL, begun, held, is_sound
from tests.web.shop.test_experiment_members import a_year_goes_by
from tests.web.shop.test_experiments import JOIN, put_in

FIFTH = {**TENTH_OFF, "percent": 2000}


async def joins(shop: Shop, experiment: UUID, arm: int = 1) -> tuple[Browser, UUID]:
    browser, email = await put_in(shop, experiment, arm)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    person = await customer_accounts.by_email(email)
    assert person is not None
    return browser, person.id


async def by() -> UUID:
    found: UUID = await database.fetch_value("SELECT created_by FROM experiment")
    return found


async def people_id() -> UUID:
    found: UUID = await database.fetch_value("SELECT id FROM person LIMIT 1")
    return found


async def later(**after: int) -> None:
    clock.set_everywhere(clock.now() + timedelta(**(after or {"hours": 1})))


def of_plan() -> list[str]:
    return [one.words for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price"]


async def test_members_read_what_they_were_promised_wherever_their_plan_is_told(shop: Shop) -> None:
    _, experiment = await begun()
    browser, _ = await joins(shop, experiment)
    for path in ("/account/membership", "/join", "/account/membership/cancellation"):
        words = (await browser.get(path)).words
        assert ("15% off" in words or MORE in words) and "10% off" not in words, path
    assert "instead of" not in (await browser.get("/join")).words, "nothing is left to be promised"
    text = await people.letter("membership_started")
    assert "- 15% off" in text and "10% off" not in text
    assert f"We promised you “{MORE}”: it's yours for as long as you stay a member on this plan." in text


async def test_the_welcome_promises_nobody_else_anything(shop: Shop) -> None:
    _, experiment = await begun()
    await joins(shop, experiment, 0)
    text = await people.letter("membership_started")
    assert "10% off" in text and "promised" not in text


async def test_it_is_held_through_renewals_and_after_the_ordinary_was_chosen(shop: Shop) -> None:
    _, experiment = await begun()
    await joins(shop, experiment)
    await experiment_decisions.decide(experiment, 0, by=await by())
    for step in (timedelta(days=366), timedelta(hours=2)):
        clock.set_everywhere(clock.now() + step)
        await shop.catch_up()
    assert await database.fetch_values("SELECT amount FROM paid_period") == [3900, 3900]
    assert await held() == ["15% off"] and of_plan() == [USUAL] and await is_sound()


async def test_the_arm_that_won_is_everybodys_and_held_once(shop: Shop) -> None:
    _, experiment = await begun()
    await joins(shop, experiment, 0)
    await joins(shop, experiment, 1)
    assert await held() == ["10% off", "15% off"]
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    assert await held() == ["15% off", "15% off"] and of_plan() == [MORE]
    everybodys = next(one.id for one in plan_catalogue.by_slug("annual").benefits if one.kind == "member_price")
    await later()
    await plan_benefits.change_benefit(everybodys, name="5% off", answers={**TENTH_OFF, "percent": 500}, by=None)
    assert await held() == ["15% off", "5% off"], "who was promised it keeps it; the others follow the plan"
    assert await is_sound()


async def test_what_everybody_has_by_then_is_never_more_than_what_was_promised(shop: Shop) -> None:
    plan, experiment = await begun()
    await joins(shop, experiment)
    tenth = next(one.id for one in plan.benefits if one.kind == "member_price")
    await later()
    await plan_benefits.change_benefit(tenth, name="20% off", answers=FIFTH, by=None)
    await experiment_watch.watch()
    assert await held() == ["20% off"]
    await later()
    await plan_benefits.change_benefit(tenth, name="10% off", answers=TENTH_OFF, by=None)
    await experiment_watch.watch()
    assert await held() == ["20% off"] and of_plan() == [USUAL] and await is_sound()


async def test_whoever_shares_the_membership_holds_the_same(shop: Shop) -> None:
    plan, experiment = await begun()
    await plans.set_terms(plan.id, plans.PlanTerms(seats=1), by=None)
    browser, _ = await joins(shop, experiment)
    await browser.submit(await browser.get("/account/household"), "/account/household", email="theo@kiln.test")
    await shop.catch_up()
    address = await link()
    await people.customer("theo@kiln.test", name="Theo")
    theo = await shop.signed_in("theo@kiln.test")
    taken = await theo.submit(await theo.get(address), address)
    assert MORE in taken.words and USUAL not in taken.words
    assert await held() == ["15% off", "15% off"] and await is_sound()


async def test_after_a_pause_and_at_another_price_it_is_the_same(shop: Shop) -> None:
    """A pause ends the membership's row, and a new one begins for the same subscription."""
    _, experiment = await begun()
    _, person = await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await later()
    await plans.revise((plan := plan_catalogue.by_slug("annual")).id, price=4500, by=None)
    await price_migrations.schedule(
        plan_catalogue.by_slug("annual"), from_at=clock.now() + timedelta(days=1), notice_days=20, by=await by()
    )
    await a_year_goes_by(shop)
    assert await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at") == [3900, 4500]
    assert await held() == ["15% off"]
    subscription = await database.fetch_value("SELECT id FROM subscription")
    running = await membership_periods.latest_from(subscription)
    assert running is not None
    await membership_periods.move_end(running, clock.now())
    await later()
    await membership_periods.start(
        person, plan_id=plan.id, source="subscription", source_id=subscription, starts_at=clock.now()
    )
    assert await held() == ["15% off"] and await is_sound()


async def test_on_another_plan_and_back_they_hold_what_everybody_does(shop: Shop) -> None:
    plan, experiment = await begun()
    monthly = await make_plans.club(price=500, interval="month", slug="monthly")
    _, person = await joins(shop, experiment)
    subscription = await database.fetch_value("SELECT id FROM subscription")
    for plan_id, percent in ((monthly.id, "10% off"), (plan.id, "10% off")):
        running = await membership_periods.latest_from(subscription)
        assert running is not None
        await later()
        await membership_periods.move_end(running, clock.now())
        version = plan_catalogue.by_slug("monthly" if plan_id == monthly.id else "annual").version_id
        await database.execute("UPDATE subscription SET plan_version = $1", version)
        await membership_periods.start(
            person, plan_id=plan_id, source="subscription", source_id=subscription, starts_at=clock.now()
        )
        assert await held() == [percent]
    assert await is_sound()


async def test_the_access_check_says_why(shop: Shop) -> None:
    _, experiment = await begun()
    _, theirs = await joins(shop, experiment, 1)
    _, usual = await joins(shop, experiment, 0)
    said = await entitlement_history.at_instant(theirs, clock.now())
    assert "15% off" in {one.name for one in said if one.is_held}
    (tenth,) = [one for one in said if one.name == "10% off"]
    assert "was promised “15% off” in an experiment instead" in tenth.why and not tenth.is_held
    said = await entitlement_history.at_instant(usual, clock.now())
    (other,) = [one for one in said if one.name == "15% off"]  # that of the experiment says nothing more
    assert "did not include it" in other.why and not other.is_held
    await database.execute("UPDATE benefit SET name = 'Renamed' WHERE name = '15% off' AND NOT is_tried")
    (alone,) = [one for one in await entitlement_history.at_instant(usual, clock.now()) if one.name == "15% off"]
    assert "this membership didn’t join in it" in alone.why and not alone.is_held


async def test_the_plan_is_kept_as_it_was_promised(shop: Shop) -> None:
    _, experiment = await begun()
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    await people.staff("sam@kiln.test", ("plans",))
    sam = await shop.signed_in("sam@kiln.test")
    there = "/staff/plans/annual"
    page = await sam.submit(await sam.get(there), f"{there}/price", price="45")
    assert page.status == 422 and "promised a better benefit of this plan" in page.words
    page = await sam.submit(await sam.get(there), f"{there}/retirement")
    assert "it can’t be archived" in page.alerts()
    assert plan_catalogue.by_slug("annual").price.amount == 3900


async def test_nor_does_another_tax_change_the_price_it_was_promised_at(shop: Shop) -> None:
    iris, plan = await without_tax(shop), await make_plans.club()
    await later()
    found = await made.started(await made.benefits_draft(plan), by=await people_id())
    browser, _ = await put_in(shop, found.row.id, 1)
    await browser.get(JOIN)
    there = "/staff/plans/annual"
    page = await iris.submit(await iris.get(there), f"{there}/terms", tax_category="zero")
    assert page.status == 409 and "its price stays as they were told it" in page.words
    assert plan_catalogue.by_slug("annual").price.amount == 3900
    page = await iris.submit(await iris.get(there), f"{there}/terms", seats="1")
    assert page.status == 200 and "Saved." in page.words


@pytest.mark.parametrize("change", ["detach", "change", "attach"])
async def test_an_experiment_stops_when_the_plan_s_benefits_change_and_nobody_new_is_asked(
    shop: Shop, change: str
) -> None:
    plan, experiment = await begun()
    tenth = next(one.id for one in plan.benefits if one.kind == "member_price")
    await later()
    if change == "detach":
        await plan_benefits.detach(plan.id, tenth, by=None)
    elif change == "change":
        await plan_benefits.change_benefit(tenth, name="5% off", answers={**TENTH_OFF, "percent": 500}, by=None)
    else:
        back = await make_plans.benefit("cashback", "5% back", rate=500, each="year", days=0, cap=0)
        await plan_benefits.attach(plan.id, back, by=None)
    browser, _ = await put_in(shop, experiment, 1)
    assert MORE not in (await browser.get(JOIN)).words
    assert await database.fetch_value("SELECT count(*) FROM experiment_exposure") == 0
    await experiment_watch.watch()
    found = (await experiments.by_id(experiment)).row
    assert found.state == "stopped" and "benefits were changed" in found.stopped_why
    with pytest.raises(experiment_decisions.PlanChangedSince):
        await experiment_decisions.decide(experiment, 1, by=await by())


async def test_what_an_experiment_gives_is_nobody_s_to_change(shop: Shop) -> None:
    plan, _ = await begun()
    tried = await database.fetch_value("SELECT id FROM benefit WHERE is_tried")
    assert tried not in {one.id for one in await plan_benefits.all_benefits()}
    for act in (
        plan_benefits.change_benefit(tried, name="x", answers=TENTH_OFF, by=None),
        plan_benefits.attach(plan.id, tried, by=None),
        plan_benefits.delete_benefit(tried, by=None),
    ):
        with pytest.raises(plan_benefits.NotFound):
            await act
