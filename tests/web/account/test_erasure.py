"""Being forgotten settles what is open first, and takes the person out of everything that stays."""

from components.foundation import database
from components.memberships.billing import cancellations, subscriptions
from components.orders import fulfilments
from tests.support import buy_products, fill_basket, join_members, make_plans, make_products, people
from tests.support.shops import Shop

SURE = {"is_sure": "on"}


async def test_a_membership_that_renews_is_cancelled_first(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    refused = await browser.post("/account/privacy/erasure", SURE)
    assert refused.status == 422 and "Please cancel it first" in refused.words
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await cancellations.schedule(row.id)
    await shop.catch_up()
    assert "Your account has been deleted" in (await browser.post("/account/privacy/erasure", SURE)).words
    await shop.catch_up()
    assert await subscriptions.running(row.payer) is None, "nothing runs on at the payment side"


async def test_a_parcel_is_sent_first_and_then_the_order_is_nobodys(shop: Shop) -> None:
    await fill_basket.ways()
    await make_products.product(on_hand=5)
    await people.customer(name="Noor Haddad")
    noor = await shop.signed_in("noor@kiln.test")
    await buy_products.buy(shop, noor, email="noor@kiln.test")
    await shop.catch_up()
    order = await buy_products.the_order()
    refused = await noor.post("/account/privacy/erasure", SURE)
    assert refused.status == 422 and f"Order {order.number} has not been shipped yet" in refused.words
    await fulfilments.ship(order.id, by=None)
    assert "Your account has been deleted" in (await noor.post("/account/privacy/erasure", SURE)).words
    await shop.catch_up()
    for table in ("orders", "person", "email", "address", "announced_fact"):
        rows = repr(await database.fetch(f"SELECT * FROM {table}")).lower()
        assert "noor" not in rows and "mill lane" not in rows, table
    assert (await buy_products.the_order()).total == order.total
