"""What people see and hold in an experiment with a benefit: the same on every page, and what was promised holds."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiments
from components.foundation import clock, database
from components.memberships import invariants as membership_invariants
from components.memberships.editing import plan_benefits, plan_promises, plans
from components.memberships.plans import lead_plan
from components.memberships.plans.plan_catalogue import PlanView
from tests.components.experiments import made
from tests.support import buy_products, make_plans, make_products
from tests.support.make_plans import TENTH_OFF
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import business, german
from tests.web.account.test_fees_of_businesses import joined as joins_as
from tests.web.shop.test_experiments import JOIN, put_in

MORE, USUAL = "15% off everything", "10% off everything"


async def begun(**given: object) -> tuple[PlanView, UUID]:
    """The plan is older than the experiment, as it is in a shop."""
    plan = await make_plans.club()
    clock.set_everywhere(clock.now() + timedelta(days=1))
    found = await made.started(await made.benefits_draft(plan, **given), by=await made.owner())  # type: ignore[arg-type]
    return plan, found.row.id


async def joined(shop: Shop, experiment: UUID, arm: int = 1) -> tuple[Browser, str]:
    browser, email = await put_in(shop, experiment, arm)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    return browser, email


async def held(kind: str = "member_price") -> list[str]:
    """The benefits of this kind that anybody holds now."""
    return await database.fetch_values(
        """SELECT b.name FROM entitlement e JOIN benefit b ON b.id = e.benefit
        WHERE b.kind = $1 AND holds(e.from_at, e.until_at, $2) ORDER BY e.from_at, b.name""",
        kind,
        clock.now(),
    )


async def is_sound() -> bool:
    return await membership_invariants.invariants() == []


async def test_a_benefit_is_the_same_on_two_devices_and_what_is_held(shop: Shop) -> None:
    _, experiment = await begun()
    phone, email = await put_in(shop, experiment, 1)
    page = await phone.get(JOIN)
    assert f"Your benefit: “{MORE}” instead of “{USUAL}”" in page.words and "drawn by chance" in page.words
    assert "£39.00" in page.words
    laptop = await shop.signed_in(email)
    listed = await laptop.get("/join")
    assert MORE in listed.words and USUAL not in listed.words.replace(f"instead of “{USUAL}”", "")
    paid = await shop.pay(await laptop.submit(await laptop.get(JOIN), JOIN))
    await laptop.get(paid.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    assert await held() == ["15% off"]
    assert await database.fetch_values("SELECT amount FROM paid_period") == [3900]
    assert await is_sound()


async def test_strangers_staff_and_the_ordinary_arm_read_what_everybody_gets(shop: Shop) -> None:
    _, experiment = await begun()
    for browser in (shop.browser(), await shop.signed_in("iris@kiln.test"), (await put_in(shop, experiment, 0))[0]):
        words = (await browser.get(JOIN)).words
        assert USUAL in words and MORE not in words and "instead of" not in words


async def test_every_page_tells_each_their_own_benefit(goods: Shop) -> None:
    """A mug of £24.00: £21.60 for members, £20.40 in the arm; guests and whoever was not asked yet read the first."""
    mug = await make_products.product(on_hand=20, price=2400)
    _, experiment = await begun()
    theirs, _ = await put_in(goods, experiment, 1)
    usual, _ = await put_in(goods, experiment, 0)
    pages = (f"/products/{mug.slug}", "/products", "/")
    guest = goods.browser()
    before = [(await guest.get(path)).text for path in pages]
    for browser in (theirs, usual):
        assert "£21.60" in (await browser.get(pages[0])).words, "not asked yet"
        await browser.get("/join")
    for path in pages[:2]:
        assert "£20.40" in (words := (await theirs.get(path)).words) and "£21.60" not in words, path
        assert "£21.60" in (words := (await usual.get(path)).words) and "£20.40" not in words, path
    assert [(await guest.get(path)).text for path in pages] == before, "a kept page of one is never another's"
    for browser, mine, other in ((theirs, "£3.60", "£2.40"), (usual, "£2.40", "£3.60")):
        await buy_products.put_in(browser)
        words = (await browser.get("/basket")).words
        assert mine in words and other not in words


async def test_with_an_order_the_page_the_order_and_what_was_saved_agree(goods: Shop) -> None:
    await make_products.product(on_hand=20, price=2400)
    _, experiment = await begun()
    browser, email = await put_in(goods, experiment, 1)
    await buy_products.put_in(browser)
    page = await browser.get("/checkout?join=annual")
    assert "£20.40" in page.words and "£21.60" not in page.words
    asked = await browser.submit(page, "/checkout", **{**buy_products.TYPED, "email": email})
    thanks = await browser.get((await goods.pay(asked)).url)  # type: ignore[attr-defined]
    await goods.catch_up()
    assert MORE in thanks.words and USUAL not in thanks.words
    saved = (
        "SELECT u.regular - u.paid FROM benefit_use u JOIN benefit b ON b.id = u.benefit WHERE b.kind = 'member_price'"
    )
    assert await database.fetch_values(saved) == [360]
    assert await held() == ["15% off"]
    assert await buy_products.is_sound() and await is_sound()


async def test_a_benefit_that_was_read_is_not_another_one_when_the_button_is_pressed(shop: Shop) -> None:
    _, experiment = await begun(promise_days=1)
    browser, _ = await put_in(shop, experiment, 1)
    page = await browser.get(JOIN)
    await experiments.stop(experiment, by=None)
    clock.set_everywhere(clock.now() + timedelta(days=1))
    late = await browser.submit(page, JOIN)
    assert late.status == 422 and "What this plan includes for you has changed" in late.words
    assert USUAL in late.words and MORE not in late.words
    assert not await database.fetch_value("SELECT count(*) FROM subscription")


async def test_a_promise_outlives_the_experiment_and_not_its_day(shop: Shop) -> None:
    _, experiment = await begun(promise_days=10)
    early, _ = await put_in(shop, experiment, 1)
    await early.get(JOIN)
    await experiments.stop(experiment, by=None)
    assert MORE in (await early.get(JOIN)).words, "it was promised"
    clock.set_everywhere(clock.now() + timedelta(days=10, seconds=1))
    assert MORE not in (await early.get(JOIN)).words


@pytest.mark.parametrize(("public", "is_kept"), [(4500, True), (2500, False)])
async def test_at_another_public_price_what_was_promised_costs_what_it_did(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, public: int, is_kept: bool
) -> None:
    """The plan editor does not let it come to that while it is promised; of two at once it may have been quicker."""
    plan, experiment = await begun()
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    monkeypatch.setattr(plan_promises, "GUARDS", {})
    await plans.revise(plan.id, price=public, by=None)
    words = (await browser.get(JOIN)).words
    assert (MORE in words, "£39.00" in words) == (is_kept, is_kept)
    assert (f"£{public // 100}.00" in words) is not is_kept


async def test_one_more_benefit_can_be_tried(shop: Shop) -> None:
    plan = await make_plans.club()
    clock.set_everywhere(clock.now() + timedelta(days=1))
    draft = await made.benefits_draft(plan)
    back = await make_plans.benefit("cashback", "5% back", rate=500, each="year", days=0, cap=0)
    arms = (draft.arms[0], replace(draft.arms[1], benefit=back))
    found = await made.started(replace(draft, benefit=None, arms=arms), by=await made.owner())
    browser, _ = await put_in(shop, found.row.id, 1)
    page = await browser.get(JOIN)
    assert "One more benefit for you: “5% back in store credit" in page.words and USUAL in page.words
    await shop.pay(await browser.submit(page, JOIN))
    await shop.catch_up()
    assert await held("cashback") == ["5% back"] and await held() == ["10% off"]


async def test_an_arm_of_a_plan_that_is_not_the_first_has_its_own_prices_everywhere(shop: Shop) -> None:
    """Products, cards and the table of plans; and the price is had with that plan, not with the club as a whole."""
    mug = await make_products.product("Mug", price=1000)
    await make_plans.club(price=500, interval="month", slug="monthly")
    annual, experiment = await begun()
    await plans.set_words(annual.id, name="Annual", summary="", position=5, by=None)
    lead = lead_plan.current_plan()
    assert lead is not None and lead.slug == "monthly", "and the experiment is with the annual plan"
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get("/join")
    for address in ("/products", f"/products/{mug.slug}", f"/products/{mug.slug}/why"):
        page = await browser.get(address)
        assert "£8.50" in page.words and "£9.00" not in page.words, address
    assert "£8.50 with Annual" in (await browser.get(f"/products/{mug.slug}")).words
    (row,) = [one for one in (await browser.get("/join")).text.split("<tr")[1:] if "Off everything" in one]
    assert row.index("10%") < row.index("15%")
    stranger = (await shop.browser().get(f"/products/{mug.slug}")).words
    assert "£9.00 with" in stranger and "£9.00 with Monthly" not in stranger and "£8.50" not in stranger


async def test_plans_that_give_the_same_are_compared_in_one_row(shop: Shop) -> None:
    """What an arm gives is a benefit of its own, also where another plan gives as much to everybody."""
    monthly = await make_plans.club(price=500, interval="month", slug="monthly")
    tenth = next(one.id for one in monthly.benefits if one.kind == "member_price")
    await plan_benefits.change_benefit(tenth, name="15%", answers={**TENTH_OFF, "percent": 1500}, by=None)
    _, experiment = await begun()
    browser, _ = await put_in(shop, experiment, 1)
    page = await browser.get("/join")
    rows = [row for row in page.text.split("<tr")[1:] if MORE in row]
    assert len(rows) == 1 and USUAL not in page.text.split("<tr", 1)[1]


async def test_a_gift_is_of_what_everybody_gets(shop: Shop) -> None:
    _, experiment = await begun()
    await database.execute("UPDATE plan SET is_giftable = true")
    await shop.refresh()
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    assert MORE not in (await browser.get("/gifts?plan=annual")).words


async def test_a_business_is_promised_it_at_its_price_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    clock.set_everywhere(clock.now() + timedelta(days=1))
    await made.started(await made.benefits_draft(plan), by=await made.owner())
    browser = await business(shop)
    await browser.get(JOIN)
    async with database.transaction():
        await database.execute("ALTER TABLE experiment_exposure DISABLE TRIGGER USER")
        await database.execute("UPDATE experiment_exposure SET arm = 1, promised_until = now() + interval '9 years'")
        await database.execute("ALTER TABLE experiment_exposure ENABLE TRIGGER USER")
    await joins_as(shop, browser, plan.slug)
    assert await held() == ["15% off"]
    assert await database.fetch_values("SELECT amount FROM paid_period") == [1000]
