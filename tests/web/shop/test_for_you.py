"""What is chosen for somebody: who sees it, where, how it is switched off; and that kept pages know nothing of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.catalog.products import collections
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.content.site import home_editing
from components.foundation import clock, database
from components.memberships.editing import plan_benefits, plans
from components.memberships.plans import plan_cache
from components.people import customer_accounts
from components.people.privacy import erasure
from components.recommendations import join_words, product_pairs
from components.segments import segment_editing
from tests.support import (
    canary_rows,
    give_benefits,
    make_plans,
    make_products,
    past_orders,
    people,
    visits,
)
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

WHY = "Because you bought Moon mug"
PLACES = ("/", "/for-you", "/for-you (part)")
HAS_ORDERED = {"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": "1"}]}
Goods = tuple[ProductView, ProductView]


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    product_pairs._known.clear()
    yield


@pytest.fixture
async def pair(goods: Shop) -> Goods:
    """A mug and a bowl that others buy together, in a collection; the home page has “For you” alone."""
    mug, bowl = await past_orders.mug_and_bowl()
    home = await collections.create(collections.CollectionDetails(title="Cups"))
    await canary_rows.add("collection_product", collection=home, product=mug.id)
    await home_editing.add("for_you", {"title": "Picked for you", "count": 4}, by=None)
    for one in home_editing.sections()[:-1]:
        assert one.id
        await home_editing.remove(one.id, by=None)
    await snapshot_refresh.refresh()
    return mug, bowl


async def buyer(shop: Shop, mug: ProductView, email: str = "noor@kiln.test") -> Browser:
    person = await customer_accounts.by_email(email) or await people.customer(email)
    await past_orders.bought(person.id, mug)
    return await shop.signed_in(email)


async def at(browser: Browser, place: str) -> Page:
    return await browser.part("/for-you") if "part" in place else await browser.get(place)


@pytest.mark.parametrize("place", PLACES)
async def test_a_customer_sees_it_with_its_reason(goods: Shop, pair: Goods, place: str) -> None:
    page = await at(await buyer(goods, pair[0]), place)
    assert page.status == 200 and WHY in page.words and "Ash bowl" in page.words
    assert page.headers["cache-control"] == "private, no-store"
    assert "£32.00" in page.words


@pytest.mark.parametrize("place", PLACES)
async def test_a_stranger_and_a_new_customer_see_nothing_of_it(goods: Shop, pair: Goods, place: str) -> None:
    await buyer(goods, pair[0])
    await people.customer("theo@kiln.test", name="Theo")
    for browser in (goods.browser(), await goods.signed_in("theo@kiln.test")):
        page = await at(browser, place)
        assert page.status == 200 and "Because" not in page.words and "Picked for you" not in page.words


@pytest.mark.parametrize("place", PLACES)
async def test_a_member_has_it_at_their_own_price(goods: Shop, pair: Goods, place: str) -> None:
    await give_benefits.plan(("member_price", "Tenth", make_plans.TENTH_OFF))
    maya, _ = await give_benefits.member(goods)
    await past_orders.bought(maya, pair[0])
    page = await at(await goods.signed_in("maya@kiln.test"), place)
    assert WHY in page.words and "£28.80" in page.words


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", ["themselves", "the shop"])
async def test_switched_off_it_is_gone_with_the_next_page(goods: Shop, pair: Goods, place: str, who: str) -> None:
    noor = await buyer(goods, pair[0])
    assert WHY in (await at(noor, place)).words
    if who == "the shop":
        with visits.counting("counts", personal_shelves="off"):
            assert "Because" not in (await at(noor, place)).words
        return
    switch = await noor.get("/account/for-you")
    off = await noor.submit(switch, "/account/for-you", wanted="")
    assert "Nothing is chosen for you any more." in off.words
    assert "Because" not in (await at(noor, place)).words
    on = await noor.submit(off, "/account/for-you", wanted="on")
    assert "We choose for you from now on." in on.words
    assert WHY in (await at(noor, place)).words


async def test_whoever_is_erased_is_in_no_pair_of_one_and_sees_nothing(goods: Shop, pair: Goods) -> None:
    noor = await buyer(goods, pair[0])
    person = await customer_accounts.by_email("noor@kiln.test")
    assert person is not None
    await erasure.erase(person.id)
    await goods.catch_up()
    for place in PLACES:
        assert "Because" not in (await at(noor, place)).words


async def test_a_preview_as_a_customer_shows_theirs_and_as_anybody_else_nobodys(goods: Shop, pair: Goods) -> None:
    await buyer(goods, pair[0])
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    form = await iris.get("/staff/preview")
    given = {"who": "person", "email": "noor@kiln.test"}
    await iris.submit(form, "/staff/preview", **given)
    page = await iris.get("/")
    assert WHY in page.words and "End preview" in page.words
    assert "/account/for-you" not in page.text
    assert WHY in (await iris.get("/for-you")).words
    await iris.post("/staff/preview/end")
    await iris.submit(await iris.get("/staff/preview"), "/staff/preview", who="guest")
    assert "Because" not in (await iris.get("/")).words


async def test_the_section_falls_back_to_a_collection_under_its_own_name(goods: Shop, pair: Goods) -> None:
    (row,) = home_editing.sections()
    assert row.id
    guest = goods.browser()
    assert "Picked for you" not in (await guest.get("/")).words
    await home_editing.change(row.id, {"title": "Picked for you", "collection": "cups"}, by=None)
    page = await guest.get("/")
    assert "Cups" in page.words and "Moon mug" in page.words and "Picked for you" not in page.words
    assert "Picked for you" in (await (await buyer(goods, pair[0])).get("/")).words


async def test_lists_that_are_kept_have_only_the_question(goods: Shop, pair: Goods) -> None:
    """Two customers get the same page, which asks for the shelf of each."""
    noor = await buyer(goods, pair[0])
    await people.customer("theo@kiln.test", name="Theo")
    theo = await goods.signed_in("theo@kiln.test")
    for address, asks in (("/products", "/for-you"), ("/collections/cups", "/for-you?collection=cups")):
        theirs = [await browser.get(address) for browser in (noor, theo)]
        assert theirs[0].text == theirs[1].text and f'hx-get="{asks}"' in theirs[0].text
        assert "Because" not in theirs[0].words and "What we’ve chosen for you" in theirs[0].words
        assert "/for-you" not in (await goods.browser().get(address)).text
    with visits.counting("counts", personal_shelves="off"):
        assert "/for-you" not in (await noor.get("/products")).text


async def test_on_a_collection_only_what_is_in_it(goods: Shop, pair: Goods) -> None:
    noor = await buyer(goods, pair[0])
    assert WHY in (await noor.part("/for-you?collection=unknown")).words
    assert "Ash bowl" not in (await noor.part("/for-you?collection=cups")).words


async def test_often_bought_together_is_for_everybody_and_nothing_personal(goods: Shop, pair: Goods) -> None:
    guest, noor = goods.browser(), await buyer(goods, pair[0])
    for browser in (guest, noor):
        page = await browser.get("/products/moon-mug")
        assert "Often bought together" in page.words and "Ash bowl" in page.words
        assert "Customers who bought Moon mug often bought these in the same order." in page.words
        assert "Because you" not in page.words
    assert (await goods.browser().get("/products/moon-mug")).headers["cache-control"].startswith("public")
    with visits.counting("counts", personal_shelves="off"):
        assert "Often bought together" in (await guest.get("/products/moon-mug")).words


async def test_the_basket_names_what_goes_with_it_until_it_is_inside(goods: Shop, pair: Goods) -> None:
    guest = goods.browser()
    page = await guest.submit(await guest.get("/products/moon-mug"), "/basket", quantity="1")
    page = await guest.get("/basket")
    assert "Often bought together" in page.words and "Ash bowl" in page.words
    await guest.submit(await guest.get("/products/ash-bowl"), "/basket", quantity="1")
    assert "Often bought together" not in (await guest.get("/basket")).words


@pytest.mark.parametrize(
    "change", ["members_only = true", "public_from = now() + interval '2 years'", "status = 'draft'"]
)
async def test_nothing_that_is_not_for_them_is_named_anywhere(goods: Shop, pair: Goods, change: str) -> None:
    noor = await buyer(goods, pair[0])
    await noor.submit(await noor.get("/products/moon-mug"), "/basket", quantity="1")
    await database.execute(f"UPDATE product SET {change} WHERE id = $1", pair[1].id)
    await snapshot_refresh.refresh()
    for address in ("/", "/for-you", "/products/moon-mug", "/basket"):
        page = await noor.get(address)
        assert page.status == 200 and "Ash bowl" not in page.words, address


async def test_what_it_costs_in_statements(goods: Shop, pair: Goods) -> None:
    """The home page of somebody signed in: one more. A product's page: one more the first time, then none."""
    noor = await buyer(goods, pair[0])
    counts = []
    for setting in ("off", "on"):
        with visits.counting("counts", personal_shelves=setting), database.counted() as tally:
            await noor.get("/")
        counts.append(tally.count)
    assert counts[1] - counts[0] == 1
    product_pairs._known.clear()
    counts = []
    for _ in range(2):
        with database.counted() as tally:
            await goods.browser().get("/products/moon-mug")
        counts.append(tally.count)
    assert counts[0] - counts[1] == 1


async def early_access(most: int | None) -> Any:
    return ("early_access", "Early", {"hours": 72, "most": most, "covers": "everything"})


async def test_with_a_limit_on_early_access_it_is_two_and_what_is_used_up_is_gone(goods: Shop, pair: Goods) -> None:
    await give_benefits.plan(await early_access(1))
    vase = await make_products.product("Vase", public_from=clock.now() + timedelta(days=2))
    maya, browser = await give_benefits.member(goods)
    await goods.refresh()
    counts = []
    for setting in ("off", "on"):
        with visits.counting("counts", personal_shelves=setting), database.counted() as tally:
            page = await browser.get("/")
        counts.append(tally.count)
    assert counts[1] - counts[0] == 2 and "Your early access: on general sale from" in page.words
    await canary_rows.add(
        "early_units", id=vase.id, person=maya, product=vase.id, variant=vase.lead.id, because_of=vase.id,
        quantity=1, bought=1, returned=0, refunded=0,
    )  # fmt: skip
    assert "Your early access" not in (await browser.get("/")).words


async def club() -> None:
    await make_plans.club()
    monthly = await plans.create(slug="monthly", name="Monthly", summary="", price=1000, interval="month", by=None)
    await plan_benefits.attach(
        monthly, await make_plans.benefit("member_price", "Tenth", **make_plans.TENTH_OFF), by=None
    )
    await plan_cache.refresh()


async def spent(person: UUID, mug: ProductView, times: int) -> None:
    order = await past_orders.bought(person, mug)
    await database.execute(
        'UPDATE order_line SET quantity = $2, total = $3 WHERE "order" = $1', order, times, 2400 * times
    )
    await database.execute("UPDATE orders SET total = $2, goods = $2 WHERE id = $1", order, 2400 * times)


async def test_the_plan_that_pays_is_recommended_and_every_plan_told_to_the_penny(goods: Shop, pair: Goods) -> None:
    """Twenty mugs at £24.00: a tenth is £48.00. A year costs £39.00, and twelve months at £10.00 £120.00."""
    await club()
    noor = await people.customer()
    await spent(noor.id, pair[0], 20)
    page = await (await goods.signed_in("noor@kiln.test")).get("/join")
    assert "Recommended for you" in page.words and "Best value" not in page.words
    assert "On your last 12 months’ orders: £48.00 saved, £9.00 more than the £39.00 it costs for a year." in page.words
    assert (
        "On your last 12 months’ orders: £48.00 saved, £72.00 less than the £120.00 it costs for a year." in page.words
    )


async def test_none_is_recommended_where_none_would_have_paid(goods: Shop, pair: Goods) -> None:
    await club()
    noor = await people.customer()
    await spent(noor.id, pair[0], 2)
    page = await (await goods.signed_in("noor@kiln.test")).get("/join")
    assert "Recommended for you" not in page.words and "Best value" not in page.words
    assert "£4.80 saved, £34.20 less than the £39.00 it costs for a year." in page.words


async def test_the_cheapest_plan_is_the_best_value_only_with_all_that_dearer_ones_have(goods: Shop) -> None:
    made = [
        await plans.create(slug=slug, name=slug.title(), summary="", price=price, interval=interval, by=None)
        for slug, price, interval in (("monthly", 1000, "month"), ("annual", 3900, "year"))
    ]
    said = ["Best value" in (await goods.browser().get("/join")).words]
    for benefit in (
        await make_plans.benefit("content", "The whole journal"),
        await make_plans.benefit("free_delivery", "Free delivery", threshold=0),
    ):
        for plan_id in made:
            await plan_benefits.attach(plan_id, benefit, by=None)
            await plan_cache.refresh()
            said.append("Best value" in (await goods.browser().get("/join")).words)
    assert said == [False, False, True, False, True]


async def test_switched_off_the_page_to_join_knows_no_order_of_theirs(goods: Shop, pair: Goods) -> None:
    await club()
    noor = await people.customer()
    await spent(noor.id, pair[0], 20)
    await join_words.add(await segment_editing.create("Buyers", HAS_ORDERED), "Welcome back", "", by=None)
    browser = await goods.signed_in("noor@kiln.test")
    assert "Welcome back" in (await browser.get("/join")).words
    with visits.counting("counts", personal_shelves="off"):
        page = await browser.get("/join")
    assert not any(words in page.words for words in ("last 12 months", "Recommended", "Welcome back"))
    await browser.post("/account/for-you", {})
    page = await browser.get("/join")
    assert not any(words in page.words for words in ("last 12 months", "Recommended", "Welcome back"))
    stranger = (await goods.browser().get("/join")).words
    assert not any(words in stranger for words in ("last 12 months", "Recommended", "Welcome back"))


async def test_the_first_segment_that_fits_says_its_words(goods: Shop, pair: Goods) -> None:
    await club()
    noor = await people.customer()
    everybody = {"match": "none", "parts": [{"kind": "tag", "is": "yes", "tag": "nobody"}]}
    first = await join_words.add(await segment_editing.create("Buyers", HAS_ORDERED), "Welcome back", "*Hi*", by=None)
    last = await join_words.add(await segment_editing.create("All", everybody), "Come in", "", by=None)
    browser = await goods.signed_in("noor@kiln.test")
    page = await browser.get("/join")
    assert "Come in" in page.words and "You see this because of your orders and your account with us." in page.words
    await past_orders.bought(noor.id, pair[0])
    assert "Welcome back" in (page := await browser.get("/join")).words and "<em>Hi</em>" in page.text
    await join_words.move(last, places=-1, by=None)
    assert "Come in" in (await browser.get("/join")).words
    await segment_editing.archive((await join_words.by_id(last)).segment, by=None)
    assert "Welcome back" in (await browser.get("/join")).words
    await join_words.remove(first, by=None)
    page = await browser.get("/join")
    assert "Welcome back" not in page.words and "Come in" not in page.words


async def test_the_account_says_what_is_used(goods: Shop, pair: Goods) -> None:
    noor = await buyer(goods, pair[0])
    page = await noor.get("/account/for-you")
    assert "paid orders of the last two years" in page.words and "looked at" not in page.words
    with visits.counting("visits"):
        assert "Products you looked at in the last 60 days" in (await noor.get("/account/for-you")).words
    with visits.counting("counts", personal_shelves="off"):
        assert "This shop chooses nothing for anybody from their orders." in (await noor.get("/account/for-you")).words
    assert (await goods.browser().get("/account/for-you")).path.startswith("/sign-in?")
