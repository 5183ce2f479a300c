"""A guaranteed fee from joining to the credit, by pages, clock and worker: what each page says is what comes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from components import worker
from components.foundation import clock, database, ids
from components.foundation.consistency import invariant_walks
from components.memberships.billing.states import pause_lengths, pause_schedule
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.memberships.promises import guarantee_standings, promise_invariants
from components.orders.refunds import refund_requests, refunds
from tests.scenarios.test_plans import agreed, charged
from tests.scenarios.test_plans import sound as rest_is_sound
from tests.support import (
    agreed_dates,
    buy_products,
    fill_basket,
    give_benefits,
    join_members,
    make_plans,
    make_products,
    people,
)
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.account.membership.pausing.pause_forms import local_day

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAVINGS = "/account/savings"
RENEWS = datetime(2028, 3, 1, 12, tzinfo=UTC)
TENTH = ("member_price", "10% off", make_plans.TENTH_OFF)


async def guaranteed(shop: Shop, slug: str = "annual") -> Browser:
    """Maya has paid £39.00 for a year; of a mug of £120.00 she saves £12.00."""
    await fill_basket.ways()
    await make_products.product(price=12000, on_hand=20)
    await give_benefits.plan(TENTH)
    plan = plan_catalogue.by_slug("annual")
    await plans.set_terms(plan.id, plans.PlanTerms(guarantees_fee=True), by=None)
    return await join_members.joins(shop, plan_catalogue.by_slug(slug))


async def on(shop: Shop, at: datetime) -> Browser:
    """Time goes on, with the hourly job of guarantees and that of pauses."""
    while clock.now() < at:
        await join_members.until(shop, min(clock.now() + 20 * DAY, at))
        await pause_schedule.end_due()
        await shop.catch_up()
        await worker.TASKS["settle_guarantees"]()
        await shop.catch_up()
    return await shop.signed_in(join_members.MAYA)


async def emails() -> list[str]:
    found = await database.fetch_values(
        "SELECT text FROM email WHERE template = 'guarantee_credit' ORDER BY created_at"
    )
    return [" ".join(text.split()) for text in found]


async def statement(maya: Browser) -> str:
    return (await maya.get("/account/credit")).words


async def comes_back(shop: Shop, order_id: UUID) -> None:
    order = await buy_products.order(order_id)
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=ids.new())
    await refunds.send(made.id)
    await shop.catch_up()


async def staff(shop: Shop) -> Browser:
    await people.owner("iris@kiln.test")
    return await shop.signed_in("iris@kiln.test")


async def credit() -> int:
    return await give_benefits.spendable(await join_members.person())


async def sound() -> list[str]:
    return [*await rest_is_sound(), *await invariant_walks.sentences(promise_invariants.RULES)]


async def told(maya: Browser) -> str:
    """The sentences about guarantees."""
    words = (await maya.get(SAVINGS)).words
    return words.split("Fee guarantee ", 1)[1].split(" What you haven")[0] if "Fee guarantee " in words else ""


async def test_what_a_year_did_not_save_becomes_credit_a_day_after_it_to_the_last_hour(shop: Shop) -> None:
    maya = await guaranteed(shop)
    await buy_products.buy(shop, maya)
    maya = await on(shop, RENEWS - HOUR)
    page = await maya.get(SAVINGS)
    assert "You’ve saved £12.00 towards your £39.00 fee" in page.words and "£27.00 to go" in page.words
    year = "1 March 2027 to 1 March 2028:"
    assert await told(maya) == f"{year} if you save nothing more, £27.00 becomes store credit when this period ends."
    await buy_products.buy(shop, maya)
    maya = await on(shop, RENEWS + 2 * HOUR)
    await buy_products.buy(shop, maya)
    maya = await on(shop, RENEWS + 3 * HOUR)
    new = "1 March 2028 to 1 March 2029: if you save nothing more, £27.00 becomes store credit when this period ends."
    over = f"{year} this period is over, and you saved £24.00 of your £39.00 fee."
    assert await told(maya) == f"{new} {over} £15.00 becomes store credit by 2 March 2028."
    assert (
        await credit() == 0
        and await emails() == []
        and guarantee_standings.owed(await guarantee_standings.unsettled()) == 1500 + 2700
    )
    maya = await on(shop, RENEWS + 24 * HOUR)
    became = f"{year} £15.00 became store credit, because you saved £24.00 of your £39.00 fee."
    assert await told(maya) == f"{new} {became}" and await credit() == 1500
    assert "Fee guarantee, for 1 March 2027 to 1 March 2028 2 March 2028 — +£15.00 £15.00" in await statement(maya)
    (text,) = await emails()
    assert "With Annual you saved £24.00 from 1 March 2027 to 1 March 2028. The fee for that time was £39.00." in text
    assert "we've added £15.00 of store credit" in text and "doesn't run out" in text
    await on(shop, RENEWS + 60 * DAY)
    assert await credit() == 1500 and len(await emails()) == 1 and await sound() == []


async def test_what_comes_back_in_the_day_of_waiting_counts_and_after_it_no_more(shop: Shop) -> None:
    maya = await guaranteed(shop)
    await buy_products.buy(shop, maya)
    await on(shop, RENEWS - DAY)
    maya = await shop.signed_in(join_members.MAYA)
    await buy_products.buy(shop, maya)
    await shop.catch_up()
    maya = await on(shop, RENEWS + 2 * HOUR)
    first, second = await database.fetch_values("SELECT id FROM orders ORDER BY placed_at")
    await comes_back(shop, second)
    assert "you saved £12.00 of your £39.00 fee. £27.00 becomes store credit by 2 March 2028." in await told(maya)
    maya = await on(shop, RENEWS + 25 * HOUR)
    await comes_back(shop, first)
    assert "£27.00 became store credit, because you saved £12.00 of your £39.00 fee." in await told(maya)
    assert await credit() == 2700 and await sound() == []


async def test_after_a_pause_the_year_is_as_much_longer_and_orders_of_that_time_count(shop: Shop) -> None:
    await guaranteed(shop)
    maya = await on(shop, RENEWS - 60 * DAY)
    assert "on hold until" in (await maya.post("/account/membership/pause", agreed_dates.pause_now())).alerts()
    await shop.catch_up()
    said = "1 March 2027 to 1 April 2028: if you save nothing more, %s becomes store credit when this period ends."
    assert await told(maya) == said % "£39.00"
    maya = await on(shop, RENEWS - 25 * DAY)
    assert await told(maya) == said % "£39.00"
    maya = await on(shop, RENEWS + 10 * DAY)
    await buy_products.buy(shop, maya)
    maya = await on(shop, RENEWS + 11 * DAY)
    assert await told(maya) == said % "£27.00" and "to 1 April 2028." in (await maya.get(SAVINGS)).words
    maya = await on(shop, RENEWS + 34 * DAY)
    assert "to 1 April 2028: £27.00 became store credit, because you saved £12.00 of your £39.00" in await told(maya)
    (text,) = await emails()
    assert "saved £12.00 from 1 March 2027 to 1 April 2028. The fee for that time was £39.00." in text
    assert await credit() == 2700 and await sound() == []


async def test_a_pause_from_the_end_of_the_year_does_not_put_off_what_is_owed(shop: Shop) -> None:
    await guaranteed(shop)
    maya = await on(shop, RENEWS - DAY)
    until = local_day(pause_lengths.end_of(RENEWS, 2)).isoformat()
    await maya.post("/account/membership/pause", {"start": "end", "months": "2", "until": until})
    await shop.catch_up()
    year = "1 March 2027 to 1 March 2028:"
    said = f"{year} if you save nothing more, £39.00 becomes store credit when this period ends."
    assert await told(maya) == said
    maya = await on(shop, RENEWS + 2 * HOUR)
    over = f"{year} this period is over, and you saved £0.00 of your £39.00 fee."
    assert await told(maya) == f"{over} £39.00 becomes store credit by 2 March 2028."
    assert "For the period your fee covers: 1 March 2027 to 1 March 2028." in (await maya.get(SAVINGS)).words
    await on(shop, RENEWS + 26 * HOUR)
    assert await credit() == 3900 and len(await emails()) == 1 and await sound() == []


async def test_after_a_part_refund_only_what_is_left_of_the_fee_is_made_up(shop: Shop) -> None:
    maya = await guaranteed(shop)
    await buy_products.buy(shop, maya)
    await shop.catch_up()
    iris, person = await staff(shop), await join_members.person()
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    here = f"/staff/members/{person}/fees/{invoice}/refunds"
    clock.set_everywhere(clock.now() + HOUR)
    page = await iris.submit(await iris.get(f"{here}/new"), here, how="amount", amount="9.00")
    assert "£9.00 refunded." in page.alerts()
    await shop.catch_up()
    page = await maya.get(SAVINGS)
    assert "You’ve saved £12.00 towards your £30.00 fee" in page.words and "£18.00 to go" in page.words
    assert "if you save nothing more, £18.00 becomes store credit" in await told(maya)
    maya = await on(shop, RENEWS + 25 * HOUR)
    assert "£18.00 became store credit, because you saved £12.00 of your £30.00 fee." in await told(maya)
    (text,) = await emails()
    assert "The fee for that time was £30.00." in text and await credit() == 1800 and await sound() == []


async def test_a_fee_refunded_in_whole_is_no_fee_that_is_made_up(shop: Shop) -> None:
    maya = await guaranteed(shop)
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    iris, here = await staff(shop), f"/staff/members/{await join_members.person()}/fees/{invoice}/refunds"
    await iris.submit(await iris.get(f"{here}/new"), here, follows="keep")
    await shop.catch_up()
    page = await maya.get(SAVINGS)
    assert "fee" not in page.heading and "£0.00 fee" not in page.words and await told(maya) == ""
    await on(shop, RENEWS + 25 * HOUR)
    assert await credit() == 0 and await emails() == [] and await sound() == []


async def test_after_a_change_of_plan_both_payments_are_one_term(shop: Shop) -> None:
    maya = await guaranteed(shop)
    large = await plans.create(slug="large", name="Large", summary="", price=6000, interval="year", by=None)
    await plans.set_terms(large, plans.PlanTerms(guarantees_fee=True), by=None)
    await buy_products.buy(shop, maya)
    maya = await on(shop, datetime(2027, 8, 30, tzinfo=UTC))
    await agreed(maya, "large")
    await shop.catch_up()
    assert await charged() == [3900, 1059]
    page = await maya.get(SAVINGS)
    assert "You’ve saved £12.00 towards your £49.59 fee" in page.words and "£37.59 to go" in page.words
    assert "For the period your fee covers: 1 March 2027 to 1 March 2028." in page.words
    assert "if you save nothing more, £37.59 becomes store credit when this period ends." in await told(maya)
    maya = await on(shop, RENEWS + 25 * HOUR)
    assert "£37.59 became store credit, because you saved £12.00 of your £49.59 fee." in await told(maya)
    (text,) = await emails()
    assert "With Large you saved £12.00" in text and "The fee for that time was £49.59." in text
    assert await credit() == 3759 and await sound() == []


OWED, SAVED = "£9.53 fee. £9.53 becomes store credit by 31 May 2027.", "no less than the £9.53 for that time."


@pytest.mark.parametrize(("buys", "said", "given"), [(True, SAVED, 0), (False, OWED, 953)])
async def test_ended_at_once_the_part_for_the_time_had_is_what_the_page_says(
    shop: Shop, buys: bool, said: str, given: int
) -> None:
    maya = await guaranteed(shop)
    if buys:
        await buy_products.buy(shop, maya)
    await on(shop, datetime(2027, 5, 30, tzinfo=UTC))
    iris, here = await staff(shop), f"/staff/members/{await join_members.person()}/cancellation/now"
    assert "The membership has ended." in (await iris.submit(await iris.get(here), here)).alerts()
    await shop.catch_up()
    maya = await on(shop, clock.now() + HOUR)
    words = await told(maya)
    assert words.startswith("1 March 2027 to 30 May 2027: this period is over, and you saved") and said in words
    assert guarantee_standings.owed(await guarantee_standings.unsettled()) == given
    await on(shop, clock.now() + 25 * HOUR)
    assert await credit() == given and len(await emails()) == bool(given) and await sound() == []
