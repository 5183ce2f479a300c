"""The staff find an order, send it, and give money back: once, however often a form is sent."""

import asyncio

import pytest

from components.foundation import database, ids
from components.orders import completion
from components.orders.refunds import refund_requests, refunds
from components.orders.refunds.refund_requests import OverRefund, RefundRequest
from components.payments import stripe_connection
from components.people import operators
from tests.support import buy_products, fill_basket, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def goods(goods: Shop) -> Shop:
    await make_products.product()
    return goods


async def operator(shop: Shop, *permissions: str, role: str = "staff") -> Browser:
    email = f"{role}-{len(permissions)}@kiln.test"
    person_id = await fill_basket.person(email, "Sam Okafor")
    await operators.add(person_id, role=role, permissions=permissions)
    return await shop.signed_in(email)


async def sold(shop: Shop, quantity: int = 1) -> str:
    await buy_products.buy(shop, shop.browser(), quantity=quantity)
    return (await buy_products.the_order()).number


async def test_an_order_is_found_sent_and_written_about(goods: Shop) -> None:
    number, sam = await sold(goods), await operator(goods, "orders")
    for search in (number, "noor@example", "Haddad"):
        assert number in (await sam.get(f"/staff/orders?q={search}")).words
    assert "No orders match this search." in (await sam.get("/staff/orders?q=100%25")).words
    page = await sam.get(f"/staff/orders/{number}")
    noted = await sam.submit(page, f"/staff/orders/{number}/notes", words="Wrapped twice.")
    assert "Wrapped twice." in noted.words and "Sam Okafor" in noted.words
    sent = await sam.submit(page, f"/staff/orders/{number}/shipment", carrier="Royal Mail", tracking="RM123")
    assert "Royal Mail RM123" in sent.words
    await sam.submit(page, f"/staff/orders/{number}/shipment", carrier="DPD", tracking="again")
    assert (
        await buy_products.count("fulfilment")
        == await buy_products.count("announced_fact", "name = 'OrderShipped'")
        == 1
    )
    assert await buy_products.count("audit_entry", "subject = 'order'") == 2
    seen = await goods.browser().get(f"/orders/{(await buy_products.the_order()).token}")
    assert "RM123" in seen.words


async def test_a_refund_sent_twice_is_made_once(goods: Shop) -> None:
    number, iris = await sold(goods), await operator(goods, role="owner")
    form = await iris.get(f"/staff/orders/{number}/refunds/new")
    await asyncio.gather(*(iris.submit(form, f"/staff/orders/{number}/refunds", restocks="on") for _ in range(4)))
    order = await buy_products.the_order()
    assert (order.refunded, order.left, order.state) == (2795, 0, "refunded")
    assert [made.status for made in order.refunds] == ["succeeded"]
    await goods.catch_up()
    assert (
        await buy_products.count("mirrored_refund")
        == await buy_products.count("announced_fact", "name = 'OrderRefunded'")
        == 1
    )
    assert await database.fetch_value("SELECT on_hand FROM variant") == 5
    assert await buy_products.is_sound()


async def test_some_pieces_are_refunded_at_what_was_paid_for_them(goods: Shop) -> None:
    number, iris = await sold(goods, quantity=3), await operator(goods, role="owner")
    line = (await buy_products.the_order()).lines[0].id
    form = await iris.get(f"/staff/orders/{number}/refunds/new")
    await iris.submit(form, f"/staff/orders/{number}/refunds", how="units", **{f"units-{line}": "2"})
    order = await buy_products.the_order()
    assert (order.refunded, order.state, order.units_refunded(line)) == (4800, "part refunded", 2)
    again = await iris.get(f"/staff/orders/{number}/refunds/new")
    refused = await iris.submit(again, f"/staff/orders/{number}/refunds", how="units", **{f"units-{line}": "2"})
    assert refused.status == 422 and "more units than were bought" in refused.alerts()
    assert await buy_products.is_sound()


async def test_what_is_typed_beside_another_choice_is_refused_and_kept(goods: Shop) -> None:
    """Whoever forgets the choice would refund everything, and that cannot be undone."""
    number, iris = await sold(goods, quantity=3), await operator(goods, role="owner")
    units, here = f"units-{(await buy_products.the_order()).lines[0].id}", f"/staff/orders/{number}/refunds"
    cells: tuple[tuple[dict[str, str], str], ...] = (
        ({"how": "whole", units: "1"}, "You’ve entered quantities."),
        ({"how": "amount", "amount": "5.00", units: "1"}, "You’ve entered quantities."),
        ({"how": "whole", "amount": "5.00"}, "You’ve entered an amount."),
        ({"how": "units", "amount": "5.00", units: "1"}, "You’ve entered an amount."),
        ({"how": "amount", "amount": "5.00", "restocks": "on"}, "An amount restocks nothing."),
    )
    form = await iris.get(f"{here}/new")
    for typed, told in cells:
        page = await iris.submit(form, here, **typed)
        kept = page.form(here).given
        assert page.status == 422 and told in page.words and {**kept, **typed} == kept, (typed, page.alerts())
    assert await buy_products.count("refund") == 0
    assert "£24.00 refunded" in (await iris.submit(form, here, how="units", **{units: "1"})).alerts()


async def test_what_was_refunded_of_an_order_is_said_where_it_is_packed_and_where_it_is_read(goods: Shop) -> None:
    buyer = goods.browser()
    page = await buy_products.buy(goods, buyer, quantity=3)
    order, iris = await buy_products.the_order(), await operator(goods, role="owner")
    here, thanks = f"/staff/orders/{order.number}", page.path.split("?")[0]
    coming = "We’ll e-mail you when your order is on its way"
    assert coming in page.words and "3 × £24.00 1 refunded" not in (await iris.get(here)).words
    form = await iris.get(f"{here}/refunds/new")
    await iris.submit(form, f"{here}/refunds", how="units", **{f"units-{order.lines[0].id}": "1"})
    assert "3 × £24.00 1 refunded" in (await iris.get(here)).words, "whoever packs it sends two"
    page = await buyer.get(thanks)
    assert "3 × £24.00 1 refunded" in page.words and coming in page.words
    payment = await database.fetch_value("SELECT stripe_id FROM mirrored_payment")
    await stripe_connection.client().v1.refunds.create_async({"payment_intent": str(payment)})
    await goods.catch_up()
    page = await buyer.get(thanks)
    assert coming not in page.words and "Nothing more will be sent for this order." in page.words
    texts = [row["text"] for row in await database.fetch("SELECT text FROM email WHERE template = 'order_refunded'")]
    assert len(texts) == 2 and not [text for text in texts if "Stripe" in text], "the customer knows no Stripe"
    assert "Made in Stripe" in (await iris.get(here)).words


async def test_more_than_was_paid_is_refused(goods: Shop) -> None:
    number, iris = await sold(goods), await operator(goods, role="owner")
    form = await iris.get(f"/staff/orders/{number}/refunds/new")
    refused = await iris.submit(form, f"/staff/orders/{number}/refunds", how="amount", amount="27.96")
    assert refused.status == 422 and "£27.95 can still be refunded" in refused.alerts()
    assert await buy_products.count("refund") == 0


async def test_two_refunds_at_once_never_give_back_more_than_was_paid(goods: Shop) -> None:
    await sold(goods)
    order = await buy_products.the_order()
    wishes = [RefundRequest(amount=1000) for _ in range(8)]
    made = await asyncio.gather(
        *(refunds.create(order.id, wish, by=None, key=ids.new()) for wish in wishes), return_exceptions=True
    )
    assert sum(isinstance(one, OverRefund) for one in made) == 6
    await goods.catch_up()
    assert (await buy_products.the_order()).refunded == 2000
    assert await buy_products.is_sound()


async def test_staff_without_the_permission_may_not_refund(goods: Shop) -> None:
    number, sam = await sold(goods), await operator(goods, "orders")
    assert "Refund" not in (await sam.get(f"/staff/orders/{number}")).words.replace("Refunded", "")
    assert (await sam.get(f"/staff/orders/{number}/refunds/new")).status == 403
    assert (await sam.post(f"/staff/orders/{number}/refunds", {"how": "whole", "key": str(ids.new())})).status == 403
    assert await buy_products.count("refund") == 0


async def test_an_order_paid_elsewhere_keeps_every_invariant_and_is_refunded_by_hand(goods: Shop) -> None:
    guest = goods.browser()
    await buy_products.put_in(guest)
    await buy_products.check_out(guest)
    order = await buy_products.the_order()
    await completion.record_paid(order.id, reference="bank transfer of 3 May")
    made = await refunds.create(order.id, RefundRequest(amount=500), by=None, key=ids.new())
    await refunds.send(made.id)
    assert (await buy_products.the_order()).refunds[0].status == "succeeded"
    assert await buy_products.is_sound()


async def test_the_margin_of_an_order_is_shown_when_all_costs_were_known(goods: Shop) -> None:
    await database.execute("UPDATE variant SET cost = 800")
    number, iris = await sold(goods, quantity=2), await operator(goods, role="owner")
    await database.execute("UPDATE variant SET cost = 999")
    # £48.00 and £3.95 with a fifth of tax in them, less twice £8.00 as it was when they were bought
    page = await iris.get(f"/staff/orders/{number}")
    assert "Margin £27.29 = £43.29 before tax − £16.00 product cost" in page.words
    order = await buy_products.the_order()
    assert "16.00" not in (await goods.browser().get(f"/orders/{order.token}")).text
    wish = refund_requests.for_units(order, {order.lines[0].id: 1}, restocks=True, reason="Sent back")
    await refunds.create(order.id, wish, by=None, key=ids.new())
    page = await iris.get(f"/staff/orders/{number}")
    assert "Margin £15.30 = £23.30 before tax, less refunds, − £8.00 product cost" in page.words
    await database.execute("UPDATE order_line SET unit_cost = NULL")
    assert "Margin" not in (await iris.get(f"/staff/orders/{number}")).words
