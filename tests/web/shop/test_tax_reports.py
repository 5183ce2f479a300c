"""What Stripe Tax does not have is said to staff, whatever else an order is flagged for."""

from datetime import timedelta

import pytest

from components.catalog.stock import stock
from components.foundation import clock, database
from components.foundation.money import Money
from components.orders import flags, queries
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.orders.history import tax_reports
from components.orders.refunds import refund_requests, refunds
from components.orders.tables import Refund
from components.orders.views import OrderView
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.taxes.tables import TaxSale
from tests.support import buy_products, people
from tests.support.shops import Shop
from tests.web.shop.test_stripe_tax import SEATTLE, agreed, american, bought, shown, transactions

FAILS_LATER = "4000000000005126"
BAD_NEWS = "failed: the money did not move."


async def refused_sale(shop: Shop) -> OrderView:
    """Paid after the answer of Stripe Tax had run out."""
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    with shop.stand_in.engine.changing() as books:
        for calculation in books.find("tax.calculation"):
            calculation["expires_at"] = 1
    await guest.get((await shop.pay(paying)).url)
    await shop.catch_up()
    return await buy_products.the_order()


async def some_back(order: OrderView, amount: int = 700) -> Refund:
    part = refund_requests.RefundRequest(amount=amount, reason="A chip")
    return await refunds.create(order.id, part, by=None, key=order.lines[0].id)


async def test_a_refund_that_fails_after_it_was_recorded_is_said_beside_the_failure(shop: Shop) -> None:
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    await guest.get((await shop.pay(paying, FAILS_LATER)).url)
    await shop.catch_up()
    await some_back(await buy_products.the_order())
    await shop.catch_up()
    assert len(await transactions(shop)) == 2 and not (await buy_products.the_order()).is_flagged
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await shop.catch_up()
    order = await buy_products.the_order()
    assert [one.status for one in order.refunds] == ["failed"]
    moved, tax = order.issues
    assert moved.endswith(BAD_NEWS)
    assert (
        tax.startswith("The refund of US$7.00 (") and "failed after Stripe Tax had recorded it. Enter the sale" in tax
    )
    await shop.catch_up()
    await tax_reports.refund_failed(RefundFailed(order.id, order.refunds[0].id))
    assert (await buy_products.the_order()).issues == (moved, tax), "once, however often the fact comes"


async def test_what_is_added_since_the_page_was_opened_is_not_marked_as_resolved_with_the_rest(shop: Shop) -> None:
    guest = await american(shop)
    await bought(shop, guest, **SEATTLE)
    order = await buy_products.the_order()
    await flags.note(order.id, "One thing.")
    iris, here = await shop.signed_in((await people.owner("iris@kiln.test")).email), f"/staff/orders/{order.number}"
    page = await iris.get(here)
    await flags.note(order.id, "Another\nthing.")
    late = await iris.submit(page, f"{here}/flag")
    assert late.status == 409 and "Something else about this order needs attention" in late.alerts(), late.words
    assert "One thing. Another thing." in late.words
    assert (await buy_products.the_order()).issues == ("One thing.", "Another thing.")
    done = await iris.submit(late, f"{here}/flag")
    assert "Marked as resolved." in done.words and not (await buy_products.the_order()).is_flagged
    audited = await database.fetch_value("SELECT before::text FROM audit_entry WHERE what = 'issue resolved'")
    assert "One thing." in audited and "Another thing." in audited
    again = await iris.submit(late, f"{here}/flag")
    assert again.status == 409 or "Marked as resolved." in again.words


async def test_a_refused_sale_is_said_beside_what_is_out_of_stock_and_stays_when_that_is_there(shop: Shop) -> None:
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    with shop.stand_in.engine.changing() as books:
        for calculation in books.find("tax.calculation"):
            calculation["expires_at"] = 1
    await stock.release((await buy_products.the_order()).id)
    await database.execute("UPDATE variant SET on_hand = 0")
    await guest.get((await shop.pay(paying)).url)
    await shop.catch_up()
    order = await buy_products.the_order()
    empty, tax = order.issues
    assert empty.startswith("Paid, but out of stock.") and tax.startswith("Stripe Tax has not recorded this sale:")
    await database.execute("UPDATE variant SET on_hand = 9")
    iris, here = await shop.signed_in((await people.owner("iris@kiln.test")).email), f"/staff/orders/{order.number}"
    allocated = await iris.submit(await iris.get(here), f"{here}/stock")
    assert "Stock allocated." in allocated.words
    order = await buy_products.the_order()
    assert order.issues == (tax,) and order.is_flagged and order.stock_taken_at


async def test_a_refund_of_a_sale_that_was_refused_is_said_too(shop: Shop) -> None:
    """Staff have entered the sale by hand: what is given back of it belongs there as well."""
    order = await refused_sale(shop)
    iris, here = await shop.signed_in((await people.owner("iris@kiln.test")).email), f"/staff/orders/{order.number}"
    await iris.submit(await iris.get(here), f"{here}/flag")
    refund = await some_back(order)
    await shop.catch_up()
    (said,) = (await buy_products.the_order()).issues
    assert said.startswith("Stripe Tax has not recorded the refund of US$7.00 (") and "by hand" in said
    await refunds._settled(order.id, refund.id, "failed", None)
    await shop.catch_up()
    back, _moved, failed = (await buy_products.the_order()).issues
    assert back == said and "Should you have entered it in Stripe Tax by hand" in failed
    assert await transactions(shop) == []


async def test_a_refusal_that_was_kept_and_not_said_is_said_when_the_job_is_done_again(shop: Shop) -> None:
    """The worker ended between the two."""
    order = await refused_sale(shop)
    await database.execute("UPDATE orders SET flag = '', flagged_at = NULL")
    for _ in range(2):
        await tax_reports.order_paid(OrderPaid(order.id))
    (said,) = (await buy_products.the_order()).issues
    assert said.startswith("Stripe Tax has not recorded this sale:")
    assert await TaxSale.exists().where(TaxSale.refused != "")


async def test_a_refund_that_fails_while_it_is_being_recorded_is_said(shop: Shop) -> None:
    guest = await american(shop)
    await bought(shop, guest, **SEATTLE)
    await shop.catch_up()
    order = await buy_products.the_order()
    refund = await some_back(order)
    await refunds.send(refund.id)
    refunded = await database.fetch_value("SELECT count(*) FROM announced_fact WHERE name = 'OrderRefunded'")
    assert refunded == 1
    shop.stand_in.fault("error_after_commit", times=1)
    fact = OrderRefunded(order.id, refund.id, Money(700, "USD"))
    with pytest.raises(OutcomeUnknown):
        await tax_reports.order_refunded(fact)
    await refunds._settled(order.id, refund.id, "failed", None)
    await tax_reports.refund_failed(RefundFailed(order.id, refund.id))
    _moved, said = (await buy_products.the_order()).issues
    assert "failed while Stripe Tax was being told of it. See whether it is recorded" in said


async def test_another_shop_on_the_same_account_may_have_an_order_of_the_same_number(shop: Shop) -> None:
    guest = await american(shop)
    await bought(shop, guest, **SEATTLE)
    await shop.catch_up()
    theirs = await buy_products.the_order()
    await some_back(theirs)
    await shop.catch_up()
    await database.execute("UPDATE orders SET number = 'X-1'")
    await buy_products.put_in(other := shop.browser())
    paying = await agreed(other, await shown(other, **SEATTLE), **SEATTLE)
    await database.execute("UPDATE orders SET number = $1 WHERE number <> 'X-1'", theirs.number)
    await other.get((await shop.pay(paying)).url)
    await shop.catch_up()
    ours = await queries.by_number(theirs.number)
    assert ours is not None and ours.is_paid and ours.issues == ()
    assert [one["type"] for one in await transactions(shop)] == ["transaction", "reversal", "transaction"]
