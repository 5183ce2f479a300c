"""What membership gives, from the payment of the fee to the last penny, told by webhooks and the timetable."""

from datetime import UTC, datetime, timedelta

from components.foundation import clock, database
from components.insights import reward_invariants
from components.ledger import balances, invariants, reservations, schedule
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refund_requests, refunds
from tests.support import buy_products, fill_basket, give_benefits, join_members, make_products
from tests.support.shops import Shop

CREDIT = ("periodic_credit", "£10 a year", {"amount": 1000})
BACK = ("cashback", "3% back", {"rate": 300, "days": 90})


async def test_each_paid_year_brings_its_credit_and_takes_the_last_ones_away(shop: Shop) -> None:
    await give_benefits.plan(CREDIT)
    browser = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    maya = await join_members.person()
    assert await give_benefits.spendable(maya) == 1000
    assert "£10 a year, for 1 March 2027 to 1 March 2028" in (await browser.get("/account/credit")).words
    await join_members.until(shop, datetime(2028, 2, 29, 12, tzinfo=UTC))
    await schedule.release_and_expire()
    assert await give_benefits.spendable(maya) == 1000
    await join_members.until(shop, datetime(2028, 3, 1, 14, tzinfo=UTC))
    await schedule.release_and_expire()
    assert await give_benefits.spendable(maya) == 1000
    assert await database.fetch_value("SELECT count(*) FROM ledger_posting WHERE kind = 'given'") == 2
    assert await database.fetch_value("SELECT count(*) FROM ledger_posting WHERE kind = 'expired'") == 1
    assert await invariants.invariants() == []


async def test_a_renewal_that_is_not_paid_brings_nothing(shop: Shop) -> None:
    await give_benefits.plan(CREDIT)
    await join_members.joins(shop, plan_catalogue.by_slug("annual"), card="4000000000000341")
    maya = await join_members.person()
    await join_members.until(shop, datetime(2028, 3, 2, 12, tzinfo=UTC))
    await schedule.release_and_expire()
    assert await database.fetch_value("SELECT count(*) FROM ledger_posting WHERE kind = 'given'") <= 1
    assert await give_benefits.spendable(maya) == 0


async def test_cashback_from_order_to_order_and_back(shop: Shop) -> None:
    """Earned with the first order, spent on the second, reversed when both come back: nobody gains and nobody loses."""
    await fill_basket.ways()
    await make_products.product(price=12000, on_hand=9)
    await give_benefits.plan(BACK)
    browser = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    maya = await join_members.person()
    await buy_products.buy(shop, browser)
    await shop.catch_up()
    assert (await balances.for_person(maya)).pending == 300
    await join_members.until(shop, clock.now() + timedelta(days=31))
    await schedule.release_and_expire()
    assert await give_benefits.spendable(maya) == 300
    browser = await shop.signed_in(join_members.MAYA)
    await buy_products.buy(shop, browser)
    await shop.catch_up()
    placed = await database.fetch("SELECT id, credit FROM orders ORDER BY placed_at")
    assert [row["credit"] for row in placed] == [0, 300]
    for row in placed:
        order = await buy_products.order(row["id"])
        made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=row["id"])
        await refunds.send(made.id)
        await shop.catch_up()
    purse = await balances.for_person(maya)
    assert (purse.spendable, purse.pending, purse.owed) == (0, 0, 0), "what came back made good what was owed"
    given = "SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e JOIN ledger_account a ON a.id = e.account"
    assert await database.fetch_value(f"{given} WHERE a.kind = 'cashback_given'") == 0
    assert (
        await buy_products.is_sound()
        and await invariants.invariants() == []
        and await reward_invariants.of_rewards() == []
    )


async def test_paid_too_late_with_credit_spent_elsewhere_is_for_the_staff_to_see(shop: Shop) -> None:
    await fill_basket.ways()
    await make_products.product()
    await give_benefits.plan(BACK)
    maya, browser = await give_benefits.member(shop)
    await give_benefits.credit(maya, 1000)
    await buy_products.put_in(browser)
    outcome = await shop.pay(await buy_products.check_out(browser))
    order = await buy_products.the_order()
    await database.execute("UPDATE orders SET cancelled_at = now() WHERE id = $1", order.id)
    await reservations.release(order.id, words="Not paid")
    await reservations.reserve(maya, person_id=maya, amount=900, words="Another order")
    assert (await browser.get(outcome.url)).heading.startswith("Thank you")
    order = await buy_products.the_order()
    assert order.is_paid and order.is_flagged and "store credit used for it has been spent elsewhere" in order.flag
    assert await give_benefits.spendable(maya) == 100 and await invariants.invariants() == []
