"""A member's own pages: what she holds, what she pays, what she saved."""

from datetime import datetime, timedelta

import pytest

from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.entitlements import savings
from components.memberships.entitlements.savings import Use
from components.memberships.grants import complimentary
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from tests.support import fill_basket, join_members, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

DAY = timedelta(days=1)


@pytest.fixture
async def maya(shop: Shop) -> Browser:
    await fill_basket.ways()
    return await join_members.joins(shop, await make_plans.club())


async def test_the_page_says_what_is_charged_when_and_to_which_card(maya: Browser) -> None:
    page = await maya.get("/account/membership")
    assert "Next charge £39.00 on 1 March 2028" in page.words
    assert "Price £39.00 a year, including £6.50 VAT" in page.words
    assert "Visa ending in 4242" in page.words
    assert "1 March 2027 to 1 March 2028" in page.words
    assert "10% off 10% off everything Since 1 March 2027" in page.words


async def test_cancelling_takes_two_clicks_and_meets_no_obstacle(maya: Browser) -> None:
    first = await maya.get("/account/membership")
    assert "/account/membership/cancellation" in first.links()
    second = await maya.get("/account/membership/cancellation")
    done = await maya.submit(second, "/account/membership/cancellation")
    assert "You won’t be charged again" in done.alerts()
    assert "Ends 1 March 2028. It won't renew." in done.words
    assert (await maya.get("/account/membership/cancellation")).path == "/account/membership"
    assert "no longer cancelled" in (await maya.submit(done, "/account/membership/cancellation/withdrawal")).alerts()


async def test_nobody_cancels_what_is_not_there(shop: Shop) -> None:
    await people.customer("noor@kiln.test")
    noor = await shop.signed_in("noor@kiln.test")
    assert "is no active membership to cancel" in (await noor.post("/account/membership/cancellation", {})).alerts()
    assert "has already ended" in (await noor.post("/account/membership/cancellation/withdrawal", {})).alerts()
    assert "You're not a member" in (await noor.get("/account/membership")).words


async def test_another_card_is_kept_and_somebody_elses_page_is_unknown(shop: Shop, maya: Browser) -> None:
    page = await maya.post("/account/membership/card", {})
    outcome = await shop.pay(page, "4000002500003155")
    await people.customer("noor@kiln.test")
    noor = await shop.signed_in("noor@kiln.test")
    assert (await noor.get(outcome.url)).status == 404  # type: ignore[attr-defined]
    kept = await maya.get(outcome.url)  # type: ignore[attr-defined]
    assert "Your new card has been saved." in kept.alerts() and "charge" not in kept.alerts(), "nothing is owed"
    again = await shop.pay(await maya.post("/account/membership/card", {}))
    assert "has been saved" in (await maya.get(again.url)).alerts()  # type: ignore[attr-defined]


async def test_the_pages_still_answer_while_stripe_is_down(shop: Shop, maya: Browser) -> None:
    shop.stand_in.fault("unavailable", times=20)
    page = await maya.get("/account/membership")
    assert page.status == 200 and "Next charge about £39.00 on 1 March 2028" in page.words


async def test_a_membership_from_the_shop_says_so(shop: Shop, at: datetime) -> None:
    person, plan = await people.customer("theo@kiln.test", name="Theo"), await make_plans.club()
    await complimentary.grant(person.id, plan, until=at + 10 * DAY, by=people.NOBODY)
    theo = await shop.signed_in("theo@kiln.test")
    page = await theo.get("/account/membership")
    assert "Complimentary From Kiln, until 11 March 2027" in page.words
    assert "/account/membership/cancellation" not in page.links()


async def test_the_free_tier_can_be_left(shop: Shop) -> None:
    person = await people.customer("theo@kiln.test")
    await complimentary.join_free(person.id, await make_plans.free_tier())
    theo = await shop.signed_in("theo@kiln.test")
    page = await theo.submit(await theo.get("/account/membership"), "/account/membership/free/end")
    assert "You’ve left the free plan." in page.alerts() and "You're not a member" in page.words
    assert await invariants() == []


async def test_savings_stand_beside_the_fee_line_by_line_and_refunds_are_taken_off(shop: Shop, maya: Browser) -> None:
    maya_id, benefit_id = await join_members.person(), plan_catalogue.by_slug("annual").benefits[0].id
    order_id = people.NOBODY
    uses = [
        Use("order line:1", benefit_id, "Moon mug", "10% off", 24000, 21600),
        Use("order:1:delivery", None, "Standard", "Free delivery", 395, 0),
    ]
    for _ in range(2):
        await savings.record(maya_id, order_id=order_id, currency="GBP", uses=uses)
        await savings.reverse("order line:1", because_of="refund:1:1", regular=12000, paid=10800)
    page = await maya.get("/account/savings")
    assert page.heading == "You’ve saved £15.95 towards your £39.00 fee"
    assert "£23.05 to go" in page.words and "Refunded" in page.words
    assert await savings.total(maya_id) == 1595
    assert await database.fetch_value("SELECT count(*) FROM benefit_use") == 3
    assert await invariants() == []


async def test_a_bought_thing_appears_among_the_savings(shop: Shop, maya: Browser) -> None:
    await make_products.product("Moon mug", on_hand=5)
    await maya.submit(await maya.get("/products/moon-mug"), "/basket", quantity="2")
    typed = {"name": "Maya", "line1": "1 Row", "city": "Leeds", "postcode": "LS1 4AB", "country": "GB"}
    checkout_session = await maya.submit(await maya.get("/checkout"), "/checkout", **typed)
    await shop.pay(checkout_session)
    await shop.catch_up()
    page = await maya.get("/account/savings")
    assert page.heading == "You’ve saved £8.75 towards your £39.00 fee"
    assert "Moon mug" in page.words and any("/account/orders/K-" in link for link in page.links())


async def test_last_periods_savings_do_not_count_for_this_fee(shop: Shop, at: datetime) -> None:
    maya = await join_members.joins(shop, await make_plans.club(price=400, interval="month", slug="monthly"))
    use = Use("order line:1", None, "Moon mug", "10% off", 2400, 2160)
    await savings.record(await join_members.person(), order_id=people.NOBODY, currency="GBP", uses=[use])
    assert (await maya.get("/account/savings")).heading == "You’ve saved £2.40 towards your £4.00 fee"
    await join_members.until(shop, at + 33 * DAY)
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.get("/account/savings")
    assert page.heading == "You’ve saved £0.00 towards your £4.00 fee" and "Earlier savings" in page.words


async def test_two_people_in_turn_see_each_their_own_price(shop: Shop, maya: Browser) -> None:
    await make_products.product("Moon mug")
    guest = shop.browser()
    for _ in range(2):
        mine, theirs = await maya.get("/products/moon-mug"), await guest.get("/products/moon-mug")
        assert mine.prices()[0] == "21.60" and theirs.prices()[0] == "24.00"
        assert mine.headers["cache-control"] == "private, no-store"


async def test_the_price_changes_with_the_second_the_membership_ends(shop: Shop, at: datetime) -> None:
    person, plan = await people.customer("theo@kiln.test"), await make_plans.club()
    await make_products.product("Moon mug")
    await complimentary.grant(person.id, plan, until=at + DAY, by=people.NOBODY)
    theo = await shop.signed_in("theo@kiln.test")
    seen = []
    for moment in (DAY - timedelta(seconds=1), DAY, DAY + timedelta(seconds=1)):
        clock.set_everywhere(at + moment)
        seen.append((await theo.get("/products/moon-mug")).prices()[0])
    assert seen == ["21.60", "24.00", "24.00"]


async def test_of_a_trial_that_is_cancelled_nobody_says_that_it_is_paid_for(shop: Shop) -> None:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    maya = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    asked = await maya.get("/account/membership/cancellation")
    assert "Your free trial goes on until 15 March 2027, when your membership ends. You won't be charged" in asked.words
    assert "paid for" not in asked.words and "charged again" not in asked.words
    done = await maya.submit(asked, "/account/membership/cancellation")
    assert "Your free trial goes on until 15 March 2027. You won’t be charged." in done.alerts()
