"""Offers to who is about to cancel, tried on a part of them: what each sees, and that cancelling stays as it is."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.experiments import experiment_cache, experiment_decisions, experiment_watch, experiments
from components.experiments.arm_hash import arm_of
from components.experiments.experiment_checks import ArmDraft
from components.experiments.offers import offer_decisions
from components.foundation import clock, database
from components.memberships.discounts import fee_discounts
from components.memberships.keeping_members import save_offers, tried_offers
from components.memberships.keeping_members.offer_terms import OfferTerms
from components.people import operators
from tests.components.experiments import made
from tests.components.experiments.made import FIFTH
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

PAGE = "/account/membership/cancellation"
TENTH, PAUSE = "10% off your next payment", "Pause it for one to six months"
ARM_B = "20% off your next 2 payments: you pay £7.20 instead of £9.00."
NOTHING = (ArmDraft("Ordinary", 50), ArmDraft("None", 50))
ASKED = "SELECT count(*) FROM experiment_exposure"


async def member(shop: Shop) -> Browser:
    """Staff set a tenth off for who says that it costs too much, and a pause for who doesn't buy enough."""
    maya = await join_members.joins(shop, await make_plans.club(price=900, interval="month", slug="monthly"))
    await save_offers.add(reason="price", kind="discount", percent_bp=1000, payments=1, by=None)
    await save_offers.add(reason="use", kind="pause", by=None)
    return maya


async def running(arm: int | None = None, **given: Any) -> UUID:
    """One that draws the member into this arm."""
    by, person = (await people.owner()).id, await join_members.person()
    for _ in range(40):
        one = await experiments.create(made.offers_draft(**given), by=by)
        if arm is None or arm_of(one, person, (50, 50)) == arm:
            await experiments.start(one, version=1, by=by)
            return one
        await experiments.delete(one, by=by)
    raise AssertionError("nobody is drawn into this arm")


async def iris() -> UUID:
    """The owner who made it."""
    found: UUID = await database.fetch_value("SELECT created_by FROM experiment")
    return found


def without_offers(text: str) -> str:
    return re.sub(r'<section class="panel stack instead".*?</section>', "", text, flags=re.S)


@pytest.mark.parametrize(("arm", "seen"), [(0, TENTH), (1, ARM_B)])
async def test_each_arm_is_offered_its_own_on_every_device(shop: Shop, arm: int, seen: str) -> None:
    maya = await member(shop)
    await running(arm)
    for browser in (maya, await shop.signed_in(join_members.MAYA), maya):
        page = await browser.get(PAGE)
        assert seen in page.words and PAUSE in page.words, "other reasons stay as they are"
        assert ({TENTH, ARM_B} - {seen}).pop() not in page.words
    assert await database.fetch_value(ASKED) == 1


@pytest.mark.parametrize("arms", [NOTHING, made.offers_draft().arms])
async def test_cancelling_is_the_same_in_every_arm(shop: Shop, arms: tuple[ArmDraft, ...]) -> None:
    """Nothing of the page but what is offered below it hangs on an arm, and one button cancels."""
    maya = await member(shop)
    before = await maya.get(PAGE)
    await running(1, arms=arms)
    page = await maya.get(PAGE)
    assert without_offers(page.text) == without_offers(before.text) and TENTH not in page.words
    buttons = re.findall(r"<(?:button|a)[^>]*class=\"button[^>]*>\s*([^<]+?)\s*<", page.text)
    assert buttons[0] == "Cancel membership"
    assert page.text.index(["Cancel membership", "/button>"][0]) < page.text.index('class="panel stack instead"')
    assert "Membership cancelled." in (await maya.submit(page, PAGE, reason="price")).words


async def test_what_was_accepted_stays_and_an_open_page_of_a_stopped_one_changes_nothing(shop: Shop) -> None:
    maya = await member(shop)
    experiment = await running(1)
    page = await maya.get(PAGE)
    (path,) = re.findall(rf'action="({PAGE}/offers/[^"]+)"', page.text)
    await experiments.stop(experiment, by=None)
    late = await maya.post(path, {})
    subscription: UUID = (await join_members.subscription())["id"]  # type: ignore[assignment]
    assert "This offer isn’t available any more" in late.words and await fee_discounts.running(subscription) is None
    page = await maya.get(PAGE)
    assert TENTH in page.words and ARM_B not in page.words, "from the next page on"


async def test_the_discount_of_an_arm_is_a_discount_like_any_other(shop: Shop) -> None:
    maya = await member(shop)
    experiment = await running(1)
    page = await maya.get(PAGE)
    (path,) = re.findall(rf'action="({PAGE}/offers/[^"]+)"', page.text)
    assert "Your membership goes on, with 20% off your next 2 payments." in (await maya.post(path, {})).words
    await experiments.stop(experiment, by=None)
    subscription: UUID = (await join_members.subscription())["id"]  # type: ignore[assignment]
    on = await fee_discounts.running(subscription)
    assert on is not None and on.source == "offer" and on.left == 2
    listed = await (await shop.signed_in("iris@kiln.test")).get("/staff/save-offers")
    assert "20% off 2 payments, once in 12 months (tried in an experiment)" in listed.words


async def test_staff_cannot_end_an_offer_that_is_tried(shop: Shop) -> None:
    await member(shop)
    await running(1)
    tried = await database.fetch_value("SELECT id FROM save_offer WHERE is_tried")
    owner = await shop.signed_in("iris@kiln.test")
    assert "In an experiment" in (await owner.get("/staff/save-offers")).words
    refused = await owner.post(f"/staff/save-offers/{tried}/end", {})
    assert "This offer is part of an experiment" in refused.alerts()
    assert await database.fetch_value("SELECT ended_at IS NULL FROM save_offer WHERE is_tried")


async def test_who_can_have_nothing_of_any_arm_is_not_asked(shop: Shop) -> None:
    """A discount runs already: neither the ordinary nor B differ for them."""
    maya = await member(shop)
    first = await maya.get(PAGE)
    (path,) = re.findall(rf'action="({PAGE}/offers/[^"]+)"', first.text)
    await maya.post(path, {})
    await running()
    assert PAUSE in (await maya.get(PAGE)).words
    assert not await database.fetch_value(ASKED)


async def test_strangers_joiners_and_staff_are_not_asked(shop: Shop) -> None:
    maya = await member(shop)
    await running(1)
    shopper = await shop.signed_in((await people.customer("noor@kiln.test")).email)
    for path in (PAGE, "/join", "/basket"):
        await shopper.get(path)
    for path in ("/join", "/basket", "/account/membership"):
        await maya.get(path)
    assert not await database.fetch_value(ASKED), "only the page that cancels asks"
    await operators.add(await join_members.person(), "owner")
    page = await (await shop.signed_in(join_members.MAYA)).get(PAGE)
    assert TENTH in page.words and not await database.fetch_value(ASKED)


@pytest.mark.parametrize(("arms", "then"), [(NOTHING, ()), (made.offers_draft().arms, (FIFTH,))])
async def test_an_arm_becomes_everybodys(shop: Shop, arms: tuple[ArmDraft, ...], then: tuple[OfferTerms, ...]) -> None:
    maya = await member(shop)
    experiment = await running(0, arms=arms)
    assert TENTH in (await maya.get(PAGE)).words
    wanted = await experiment_decisions.preview(await experiments.by_id(experiment), 1)
    assert wanted.offers_now == (OfferTerms("discount", 1000, 1, 12),) and wanted.offers_then == then
    await experiment_decisions.decide(experiment, 1, by=await iris())
    assert await tried_offers.of_everybody("price") == then
    assert not await database.fetch_value("SELECT count(*) FROM save_offer WHERE is_tried AND ended_at IS NULL")
    page = await maya.get(PAGE)
    assert TENTH not in page.words and (ARM_B in page.words) is bool(then) and PAUSE in page.words


async def test_the_ordinary_stays_as_staff_set_it(shop: Shop) -> None:
    maya = await member(shop)
    experiment = await running(1)
    await experiment_decisions.decide(experiment, 0, by=await iris())
    assert TENTH in (await maya.get(PAGE)).words
    assert await tried_offers.of_everybody("price") == (OfferTerms("discount", 1000, 1, 12),)


async def test_staff_who_change_the_offers_meanwhile_end_it(shop: Shop) -> None:
    maya = await member(shop)
    experiment = await running(1)
    await experiment_watch.watch()
    assert (await experiments.by_id(experiment)).row.state == "running"
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await save_offers.add(reason="price", kind="pause", by=None)
    assert TENTH in (await maya.get(PAGE)).words and not await database.fetch_value(ASKED), "nobody new is asked"
    with pytest.raises(offer_decisions.OffersChangedSince):
        await experiment_decisions.decide(experiment, 1, by=await iris())
    await experiment_watch.watch()
    row = (await experiments.by_id(experiment)).row
    assert row.state == "stopped" and "was changed under Save offers" in row.stopped_why
    assert not await database.fetch_value("SELECT count(*) FROM save_offer WHERE is_tried AND ended_at IS NULL")


async def test_an_offer_that_ended_in_another_process_gives_way_to_everybodys(shop: Shop) -> None:
    """This process has not heard that it was stopped: nobody is left with less than what everybody has."""
    maya = await member(shop)
    await running(1)
    assert ARM_B in (await maya.get(PAGE)).words
    await database.execute("UPDATE save_offer SET ended_at = $1 WHERE is_tried", clock.now())
    assert TENTH in (await maya.get(PAGE)).words
    await experiment_cache.refresh()


async def test_when_a_cancellation_was_withdrawn_is_kept(shop: Shop) -> None:
    """So that who changed their mind in time counts as kept, and who did later does not."""
    maya = await member(shop)
    await maya.submit(await maya.get(PAGE), PAGE, reason="price")
    assert await database.fetch_values("SELECT withdrawn_at FROM cancel_attempt") == [None]
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await maya.post(f"{PAGE}/withdrawal", {})
    assert await database.fetch_values("SELECT withdrawn_at FROM cancel_attempt") == [clock.now()]
