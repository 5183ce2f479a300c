"""What Stripe Tax has not recorded is on Today until staff say that they have entered it there."""

from components.foundation import clock, database
from components.orders.refunds import refunds
from components.payments.taxes.tables import TaxReversal
from tests.support import buy_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_stripe_tax import SEATTLE, american, bought
from tests.web.shop.test_tax_reports import refused_sale, some_back

LIST = "/staff/payments/taxes"


async def owner(shop: Shop) -> Browser:
    return await shop.signed_in((await people.owner("iris@kiln.test")).email)


async def test_a_refused_sale_and_its_refund_are_entered_by_hand_one_by_one(shop: Shop) -> None:
    order, iris = await refused_sale(shop), await owner(shop)
    assert "1 sale or refund to enter in Stripe Tax by hand" in (await iris.get("/staff")).words
    refund = await some_back(order)
    await shop.catch_up()
    assert "2 sales and refunds to enter in Stripe Tax by hand" in (await iris.get("/staff")).words
    page = await iris.get(LIST)
    assert "The sale." in page.words and "A refund." in page.words and order.number in page.words
    assert "$22.06" in page.words and "$7.00" in page.words and "is not recorded either" in page.words
    page = await iris.submit(page, f"{LIST}/{order.id}")
    assert "Marked as entered by hand." in page.words and "The sale." not in page.words
    (left,) = (await buy_products.the_order()).issues
    assert left.startswith("Stripe Tax has not recorded the refund of US$7.00"), "the sale is dealt with"
    page = await iris.submit(page, f"{LIST}/{order.id}/{refund.id}")
    assert "Nothing to enter" in page.words and not (await buy_products.the_order()).is_flagged
    assert "in Stripe Tax by hand" not in (await iris.get("/staff")).words
    assert await buy_products.count("audit_entry", "what = 'tax entered by hand'") == 2


async def test_resolving_the_issue_of_an_order_does_not_hide_it(shop: Shop) -> None:
    order, iris = await refused_sale(shop), await owner(shop)
    here = f"/staff/orders/{order.number}"
    await iris.submit(await iris.get(here), f"{here}/flag")
    assert "1 sale or refund to enter in Stripe Tax by hand" in (await iris.get("/staff")).words


async def test_of_a_refund_that_failed_the_sale_is_entered_again_where_it_was_entered(shop: Shop) -> None:
    order, iris = await refused_sale(shop), await owner(shop)
    refund = await some_back(order)
    await shop.catch_up()
    page = await iris.submit(await iris.get(LIST), f"{LIST}/{order.id}")
    await iris.submit(page, f"{LIST}/{order.id}/{refund.id}")
    await refunds._settled(order.id, refund.id, "failed", None)
    await shop.catch_up()
    page = await iris.get(LIST)
    assert "The sale of a refund that failed, again." in page.words
    page = await iris.submit(page, f"{LIST}/{order.id}/{refund.id}")
    assert "Nothing to enter" in page.words
    assert not any("Stripe Tax" in one for one in (await buy_products.the_order()).issues)


async def test_a_refund_that_failed_before_it_was_entered_leaves_nothing_to_do(shop: Shop) -> None:
    order, iris = await refused_sale(shop), await owner(shop)
    refund = await some_back(order)
    await shop.catch_up()
    await refunds._settled(order.id, refund.id, "failed", None)
    await shop.catch_up()
    words = (await iris.get(LIST)).words
    assert "The sale." in words and "A refund." not in words and "again." not in words


async def test_marking_twice_or_what_is_not_there_changes_nothing(shop: Shop) -> None:
    order, iris = await refused_sale(shop), await owner(shop)
    page = await iris.get(LIST)
    for _ in range(2):
        assert (await iris.submit(page, f"{LIST}/{order.id}")).status == 200
    assert await buy_products.count("audit_entry", "what = 'tax entered by hand'") == 1
    assert (await iris.post(f"{LIST}/{order.lines[0].id}", {})).status == 404
    assert (await iris.post(f"{LIST}/{order.id}/{order.lines[0].id}", {})).status == 404
    assert await database.fetch_value("SELECT entered_at IS NOT NULL FROM tax_sale")


async def test_of_a_refund_that_failed_while_stripe_was_being_told_the_sale_is_marked_too(shop: Shop) -> None:
    """Nobody heard whether Stripe has the refund."""
    guest, iris = await american(shop), await owner(shop)
    await bought(shop, guest, **SEATTLE)
    order = await buy_products.the_order()
    refund = await some_back(order)
    await TaxReversal.insert(TaxReversal(refund=refund.id, sale=order.id, amount=700, asked_at=clock.now()))
    await refunds._settled(order.id, refund.id, "failed", None)
    await shop.catch_up()
    page = await iris.get(LIST)
    assert "The sale of a refund that failed, again." in page.words
    assert (await buy_products.the_order()).is_flagged
    again = await iris.submit(page, f"{LIST}/{order.id}/{refund.id}")
    assert "Marked as entered by hand." in again.words and "Nothing to enter" in again.words
    assert not any("Stripe Tax" in one for one in (await buy_products.the_order()).issues)
    twice = await iris.submit(page, f"{LIST}/{order.id}/{refund.id}")
    assert "There was nothing to mark here any more." in twice.words
