"""Staff draft new rules, replay past orders by them, publish them on a date, and undo that in time."""

from datetime import datetime, timedelta

import pytest

from components.foundation import clock, database
from components.insights.backtests import rule_drafts
from components.memberships.entitlements import entitlements
from components.memberships.plans import plan_catalogue
from tests.support import buy_products, fill_basket, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def sold(shop: Shop) -> None:
    """Maya, a member, bought two mugs at £21.60 each; a guest bought one at £24.00."""
    await make_products.product("Moon mug", price=2400, on_hand=50)
    maya = await buy_products.member(shop)
    await buy_products.buy(shop, maya, quantity=2)
    await buy_products.buy(shop, shop.browser())
    await shop.catch_up()


async def draft(iris: Browser, *, cost: str = "50") -> Page:
    return await iris.submit(
        await iris.get("/staff/simulator/new"), "/staff/simulator", name="More for members", cost=cost
    )


async def with_percent(iris: Browser, page: Page, percent: str) -> Page:
    address = f"{page.path}/benefits/{await benefit('member_price')}"
    return await iris.submit(await iris.get(address), address, percent=percent)


async def benefit(kind: str) -> str:
    return str(await database.fetch_value("SELECT id FROM benefit WHERE kind = $1 ORDER BY created_at LIMIT 1", kind))


async def test_a_draft_is_replayed_over_real_orders(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    page = await draft(iris)
    assert (
        "Nothing changes in your shop until you publish it" in page.alerts() and "Change a benefit first" in page.words
    )
    page = await with_percent(iris, page, "25")
    assert "25% off everything" in page.words and "Changed" in page.words
    page = await iris.submit(page, f"{page.path}/runs")
    assert "Waiting to start" in page.words and "http-equiv" in page.text
    part = await iris.part(page.path)
    assert 'hx-trigger="every 1s"' in part.text and "<html" not in part.text
    await shop.catch_up()
    done = await iris.get(page.path)
    assert "2 orders with 2 lines" in done.words and "every 1s" not in done.text
    # two mugs from £21.60 to £18.00; the guest's mug stays as it is
    assert "Cost £7.20" in done.words and "Maya Lindqvist" in done.words and "saves £7.20" in done.words
    assert "Annual" in done.words and "No plan" in done.words
    outcome = (await rule_drafts.all_drafts())[0].outcome
    assert outcome is not None and outcome.cost == 720
    assert (outcome.goods_now, outcome.goods_drafted) == (2 * 2160 + 2400, 2 * 1800 + 2400)
    assert (outcome.people_winning, outcome.people_losing, outcome.products_winning) == (1, 0, 1)
    # £7.20 less a fifth of tax in it
    assert outcome.margin_now - outcome.margin_drafted == 600


async def test_replaying_todays_rules_is_what_was_paid(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    page = await with_percent(iris, await draft(iris), "20")
    await iris.post(f"{page.path}/runs")
    await shop.catch_up()
    outcome = (await rule_drafts.all_drafts())[0].outcome
    assert outcome is not None
    paid = await database.fetch_one("SELECT sum(goods)::int AS goods, sum(delivery)::int AS delivery FROM orders")
    assert paid == {"goods": outcome.goods_now, "delivery": outcome.delivery_now}


async def test_a_threshold_costs_members_their_delivery(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    page = await draft(iris)
    address = f"{page.path}/benefits/{await benefit('free_delivery')}"
    page = await iris.submit(await iris.get(address), address, threshold="100.00")
    await iris.post(f"{page.path}/runs")
    await shop.catch_up()
    done = await iris.get(page.path)
    assert "Cost −£3.95" in done.words and "pays £3.95 more" in done.words


async def test_a_rule_is_added_and_taken_back_in_the_draft_alone(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    page = await draft(iris)
    path, before = page.path, plan_catalogue.by_slug("annual").benefits
    address = f"{path}/benefits/new?plan=annual&kind=member_price"
    look = await iris.post(
        address, {"name": "Mugs", "discount_type": "amount", "amount": "9", "covers": "everything", "look": "1"}
    )
    assert "Moon mug £24.00 → £15.00" in look.words
    page = await iris.post(
        address, {"name": "Nine off", "discount_type": "amount", "amount": "9", "covers": "everything"}
    )
    assert page.path == path and "Nine off" in page.words and "New" in page.words
    annual = plan_catalogue.by_slug("annual")
    page = await iris.post(f"{path}/promises", {"plan": str(annual.id), "benefit": await benefit("member_price")})
    assert "Removed" in page.words
    page = await iris.post(f"{path}/runs")
    await shop.catch_up()
    assert "Cost £13.20" in (await iris.get(path)).words  # two mugs from £21.60 to £15.00
    assert plan_catalogue.by_slug("annual").benefits == before
    page = await iris.post(f"{path}/promises", {"plan": str(annual.id), "benefit": await benefit("member_price")})
    assert "Not run yet" in page.words, "another draft needs another run"


async def test_it_is_published_on_a_date_and_undone_before(shop: Shop, iris: Browser, at: datetime) -> None:
    await sold(shop)
    maya = await database.fetch_value("SELECT id FROM person WHERE email = 'maya@kiln.test'")
    page = await with_percent(iris, await draft(iris), "25")
    path = page.path
    refused = await iris.submit(page, f"{path}/publication", at="2027-02-01T10:00")
    assert refused.status == 422 and "Choose a time in the future." in refused.words
    page = await iris.submit(page, f"{path}/publication", at="2027-03-11T12:00")
    assert "Published" in page.alerts() and "Takes effect on Thursday 11 March 2027 at 12:00" in page.words

    async def percent(instant: datetime) -> int:
        return (await entitlements.for_person(maya, instant)).price_context.rules[0].value

    day = at + 10 * DAY
    assert [await percent(day + d) for d in (-SECOND, timedelta(0))] == [1000, 2500]
    changed = await iris.post(
        f"{path}/benefits/{await benefit('member_price')}",
        {"name": "x", "discount_type": "percent", "percent": "30", "covers": "everything"},
    )
    assert changed.status == 422 and "This scenario is published" in changed.words
    clock.set_everywhere(day - SECOND)
    page = await iris.submit(await iris.get(path), f"{path}/publication/end")
    assert "Unpublished. Nothing changes." in page.alerts() and await percent(day) == 1000
    await iris.post(f"{path}/publication", {"at": "2027-03-12T12:00"})
    clock.set_everywhere(day + DAY)
    late = await iris.post(f"{path}/publication/end")
    assert "already live" in late.alerts() and await percent(day + DAY) == 2500
    assert "In effect since" in late.words
    written = await database.fetch("SELECT DISTINCT what FROM audit_entry WHERE subject IN ('revision', 'rule draft')")
    assert {row["what"] for row in written} == {
        "scenario created", "scenario changed", "benefit changes published", "benefit changes unpublished"
    }  # fmt: skip


async def test_what_contradicts_itself_is_not_published(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    page = await draft(iris)
    path = page.path
    await iris.post(f"{path}/benefits/new?plan=annual&kind=member_price",
                    {"name": "Autumn", "discount_type": "percent", "percent": "5", "covers": "everything"})  # fmt: skip
    page = await iris.get(path)
    assert "“10% off” and “Autumn” discount the same products" in page.words
    page = await iris.submit(page, f"{path}/publication", at="2027-03-11T12:00")
    assert page.status == 422 and "“10% off” and “Autumn”" in page.words


async def test_a_run_that_was_overtaken_leaves_no_trace(shop: Shop, iris: Browser) -> None:
    await sold(shop)
    page = await with_percent(iris, await draft(iris), "25")
    await iris.post(f"{page.path}/runs")
    await with_percent(iris, page, "30")
    await shop.catch_up()
    found = (await rule_drafts.all_drafts())[0]
    assert found.state == "draft" and found.outcome is None


async def test_nothing_drafted_nothing_run(shop: Shop, iris: Browser) -> None:
    page = await draft(iris)
    assert "doesn’t change anything yet" in (await iris.post(f"{page.path}/runs")).alerts()
    assert (await iris.post(f"{page.path}/publication", {"at": "2027-03-11T12:00"})).status == 422


@pytest.mark.parametrize(
    ("cost", "words"), [("101", "between 0 and 100"), ("-1", "between 0 and 100"), ("a", "percentage")]
)
async def test_a_bad_share_is_refused_at_its_field(iris: Browser, cost: str, words: str) -> None:
    page = await draft(iris, cost=cost)
    assert page.status == 422 and words in page.words


async def test_only_those_who_keep_plans_may_draft(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["orders", "members"])
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get("/staff/simulator")).status == 403
    assert (await sam.post("/staff/simulator", {"name": "x", "cost": "50"})).status == 403


async def test_by_another_name_it_is_another_benefit_from_that_day(shop: Shop, iris: Browser, at: datetime) -> None:
    await sold(shop)
    maya = await database.fetch_value("SELECT id FROM person WHERE email = 'maya@kiln.test'")
    page = await draft(iris)
    path, address = page.path, f"{page.path}/benefits/{await benefit('member_price')}"
    page = await iris.submit(await iris.get(address), address, name="25% off", percent="25")
    assert "Removed" in page.words and "New" in page.words and "“" not in page.alerts()
    await iris.post(f"{path}/runs")
    await shop.catch_up()
    assert "Cost £7.20" in (await iris.get(path)).words
    await iris.post(f"{path}/publication", {"at": "2027-03-11T12:00"})
    day = at + 10 * DAY
    rules = [(await entitlements.for_person(maya, day + d)).price_context.rules for d in (-SECOND, timedelta(0))]
    assert [[(rule.words, rule.value) for rule in each] for each in rules] == [[("10% off", 1000)], [("25% off", 2500)]]
