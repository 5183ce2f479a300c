"""What people see in an experiment: the same on every device, never a higher price, and what was promised holds."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_decisions, experiments
from components.experiments.arm_hash import arm_of
from components.foundation import clock, database
from components.foundation.refusals import Refusal
from components.memberships.editing import plans
from components.memberships.plans.plan_catalogue import PlanView
from tests.components.experiments import made
from tests.components.experiments.made import WORDS
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.shop import page_cache

JOIN = "/join/annual"
PAGES = ("/join", JOIN, "/basket", "/", "/checkout")


async def running(*, price: int = 3000, **given: object) -> tuple[PlanView, UUID]:
    plan = await make_plans.club()
    found = await made.started(made.price_draft(plan, price=price, **given), by=await made.owner())
    return plan, found.row.id


async def put_in(shop: Shop, experiment: UUID, arm: int) -> tuple[Browser, str]:
    """Somebody whom the draw puts in this arm, signed in and not asked yet."""
    for number in range(40):
        person = await people.customer(f"one{number}{arm}@kiln.test", name="Noor")
        if arm_of(experiment, person.id, (50, 50)) == arm:
            return await shop.signed_in(person.email), person.email
    raise AssertionError("nobody is drawn into this arm")


async def rows() -> list[tuple[object, ...]]:
    return [tuple(row) for row in await database.fetch_rows("SELECT person, arm FROM experiment_exposure ORDER BY 1")]


async def test_a_price_is_the_same_on_two_devices_and_what_is_paid(shop: Shop) -> None:
    _, experiment = await running()
    phone, email = await put_in(shop, experiment, 1)
    page = await phone.get(JOIN)
    assert "£30.00" in page.words and "instead of £39.00" in page.words and "drawn by chance" in page.words
    laptop = await shop.signed_in(email)
    listed = await laptop.get("/join")
    assert "£30.00" in listed.words and "Your price: £30.00 a year instead of £39.00" in listed.words
    assert len(await rows()) == 1
    paid = await shop.pay(await laptop.submit(await laptop.get(JOIN), JOIN))
    await laptop.get(paid.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    bought = await database.fetch_one("SELECT amount, plan_version FROM paid_period")
    assert bought is not None and bought["amount"] == 3000
    assert bought["plan_version"] == (await experiments.by_id(experiment)).arms[1].version
    assert await database.fetch_value("SELECT sum(amount) FROM movement") == 250, "MRR is of what was agreed"
    by = await database.fetch_value("SELECT created_by FROM experiment")
    await experiment_decisions.decide(experiment, 0, by=by)
    for step in (timedelta(days=366), timedelta(hours=2)):
        clock.set_everywhere(clock.now() + step)
        await shop.catch_up()
    assert await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at") == [3000, 3000]


async def test_strangers_staff_and_the_ordinary_arm_see_what_everybody_sees(shop: Shop) -> None:
    _, experiment = await running()
    for browser in (shop.browser(), await shop.signed_in("iris@kiln.test"), (await put_in(shop, experiment, 0))[0]):
        page = await browser.get(JOIN)
        assert "£39.00" in page.words and "£30.00" not in page.words and "instead of" not in page.words
    assert [arm for _, arm in await rows()] == [0], "only customers are in an experiment"


async def test_all_pages_name_the_same_price_once_somebody_was_asked(shop: Shop) -> None:
    _, experiment = await running()
    mug = await make_products.product(price=30000)
    ordinary, _ = await put_in(shop, experiment, 1)
    stranger = shop.browser()
    home = (await stranger.get("/")).text
    await buy_products.put_in(ordinary, mug.slug)
    await ordinary.get("/join")
    for path in (*PAGES, "/checkout?join=annual"):
        words = (await ordinary.get(path)).words
        assert "£30.00 a year" in words, path
        assert "£39.00" not in words.replace("instead of £39.00", ""), path
    assert (await stranger.get("/")).text == home, "a kept page of one is never another's"
    assert "£39.00" in (await stranger.get(JOIN)).words


async def test_the_home_page_names_to_each_their_own_price(shop: Shop) -> None:
    _, experiment = await running()
    cheap, _ = await put_in(shop, experiment, 1)
    usual, _ = await put_in(shop, experiment, 0)
    for browser in (cheap, usual):
        assert "costs £39.00 a year" in (await browser.get("/")).words, "not asked yet"
        await browser.get("/join")
    assert "costs £30.00 a year" in (await cheap.get("/")).words
    assert "costs £39.00 a year" in (await usual.get("/")).words
    assert "costs £39.00 a year" in (await shop.browser().get("/")).words


async def test_a_kept_page_is_only_for_whoever_is_offered_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not a page of today names a plan's price or words: those of others are never sent."""
    _, experiment = await running()
    await make_products.product()
    here, made, render = "/products", list[object](), page_cache.page
    monkeypatch.setattr(page_cache, "page", lambda *args, **how: made.append(args) or render(*args, **how))
    usual, _ = await put_in(shop, experiment, 0)
    cheap, email = await put_in(shop, experiment, 1)
    for browser in (usual, cheap):
        await browser.get("/join")
    made.clear()
    for browser, pages in ((usual, 1), (usual, 1), (cheap, 2), (await shop.signed_in(email), 2), (usual, 2)):
        await browser.get(here)
        assert len(made) == pages


async def test_a_newcomer_sees_the_public_price_and_then_never_a_higher_one(shop: Shop) -> None:
    _, experiment = await running()
    browser, email = await put_in(shop, experiment, 1)
    stranger = shop.browser()
    before = await stranger.get(JOIN)
    assert "£39.00" in before.words
    after = await (await shop.signed_in(email)).get(JOIN)
    assert "£30.00" in after.words
    page = await browser.post(JOIN, {**before.form(JOIN).given})
    assert page.status == 422 and "it is now £30.00" in page.words, "what was seen before is not charged unasked"


async def test_a_promise_outlives_the_experiment_and_not_its_day(shop: Shop) -> None:
    _, experiment = await running(promise_days=10)
    early, _ = await put_in(shop, experiment, 1)
    await early.get(JOIN)
    await experiments.stop(experiment, by=None)
    assert "£30.00" in (await early.get(JOIN)).words, "it was promised"
    late = await shop.signed_in((await people.customer("late@kiln.test", name="Late")).email)
    assert "£30.00" not in (await late.get(JOIN)).words, "nobody else is asked from the next page on"
    clock.set_everywhere(clock.now() + timedelta(days=10, seconds=1))
    page = await early.get(JOIN)
    assert "£39.00" in page.words and "£30.00" not in page.words
    assert len(await rows()) == 1


async def test_while_it_runs_a_promise_is_given_anew(shop: Shop) -> None:
    _, experiment = await running(promise_days=2)
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    first = await database.fetch_value("SELECT promised_until FROM experiment_exposure")
    clock.set_everywhere(first + timedelta(hours=1))
    assert "£30.00" in (await browser.get(JOIN)).words
    assert await database.fetch_value("SELECT promised_until FROM experiment_exposure") == first + timedelta(
        days=2, hours=1
    )


@pytest.mark.parametrize(("public", "theirs"), [(4500, "£30.00"), (2500, "£25.00")])
async def test_when_the_public_price_changes_the_lower_one_counts(shop: Shop, public: int, theirs: str) -> None:
    plan, experiment = await running()
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    await plans.revise(plan.id, price=public, by=None)
    page = (await browser.get(JOIN)).words
    assert theirs in page and ("£30.00" in page) is (theirs == "£30.00")
    new = await shop.signed_in((await people.customer("new@kiln.test", name="New")).email)
    assert "£30.00" not in (await new.get(JOIN)).words, "nobody new is put in an arm of another price"
    assert len(await rows()) == 1


async def test_members_are_in_no_experiment(shop: Shop) -> None:
    plan = await make_plans.club()
    await people.customer("maya@kiln.test", name="Maya")
    maya = await shop.signed_in("maya@kiln.test")
    await shop.pay(await maya.submit(await maya.get(JOIN), JOIN))
    await shop.catch_up()
    await made.started(made.price_draft(plan), by=await made.owner())
    for path in PAGES:
        assert "£30.00" not in (await maya.get(path)).words
    assert not await rows()


async def test_a_gift_costs_what_everybody_pays(shop: Shop) -> None:
    _, experiment = await running()
    await database.execute("UPDATE plan SET is_giftable = true")
    await shop.refresh()
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    assert "£30.00" not in (await browser.get("/gifts?plan=annual")).words


async def test_words_are_tried_on_a_part_and_become_everybodys(shop: Shop) -> None:
    plan = await make_plans.club()
    by = await made.owner()
    found = await made.started(made.words_draft(plan), by=by)
    theirs, _ = await put_in(shop, found.row.id, 1)
    usual, _ = await put_in(shop, found.row.id, 0)
    assert WORDS in (await theirs.get(JOIN)).words and WORDS in (await theirs.get("/join")).words
    assert WORDS not in (await usual.get(JOIN)).words and WORDS not in (await shop.browser().get(JOIN)).words
    await experiment_decisions.decide(found.row.id, 1, by=by)
    assert WORDS in (await usual.get(JOIN)).words and WORDS in (await shop.browser().get(JOIN)).words


async def test_an_arm_that_was_shown_never_changes(db: None) -> None:
    _, experiment = await running()
    await database.execute(
        "INSERT INTO experiment_exposure (id, experiment, person, arm, first_at) VALUES "
        "(gen_random_uuid(), $1, gen_random_uuid(), 1, now())",
        experiment,
    )
    with pytest.raises(Exception, match="never changes"):
        await database.execute("UPDATE experiment_exposure SET arm = 0")


async def test_a_price_that_is_not_lower_is_never_started(db: None) -> None:
    plan = await make_plans.club()
    by = await made.owner()
    for price in (3900, 4000, 1):
        one = await experiments.create(made.price_draft(plan, price=price), by=by)
        with pytest.raises(Refusal):
            await experiments.start(one, version=1, by=by)
