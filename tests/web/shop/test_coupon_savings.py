"""What a coupon takes off is no saving of membership: the order, the account and the savings page agree."""

from importlib import import_module

import asyncpg
import pytest

from components.foundation import database, ids
from components.insights.invariants import invariants
from components.orders.refunds import refund_requests, refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, make_products, people
from tests.support.shops import Shop

MIGRATION = "piccolo_migrations.clubfront_2026_11_29_0085_a_coupon_is_no_saving_of_a_member"


async def test_a_coupon_is_no_saving_of_membership_and_a_refund_leaves_none(goods: Shop) -> None:
    await make_products.product(on_hand=10)
    maya = await buy_products.member(goods)
    await editing.create(CouponDetails(code="FIVER", words="£5 off", discount_type="amount", value=500, stacks=True))
    await buy_products.put_in(maya, quantity=3)
    await maya.submit(await maya.get("/basket"), "/basket/coupon", coupon="fiver")
    await goods.pay(await buy_products.check_out(maya))
    await goods.catch_up()
    order = await buy_products.the_order()
    assert "Membership saved £7.20 on this order" in (await maya.get(f"/orders/{order.token}")).words
    page = await maya.get("/account/savings")
    assert "£67.00 £59.80 £7.20" in page.words and page.heading.startswith("You’ve saved £7.20")
    assert await invariants() == []

    await _refund(goods, 1)
    assert (await maya.get("/account/savings")).heading.startswith("You’ve saved £4.80")
    for own in (f"/orders/{order.token}", f"/account/orders/{order.number}"):
        assert "Membership saved £4.80 on what you kept of this order" in (await maya.get(own)).words
    assert "£4.80 saved" in (await maya.get("/account/orders")).words
    await _refund(goods, 2)
    assert "Membership saved" not in (await maya.get(f"/orders/{order.token}")).words
    assert "£4.80 saved" not in (words := (await maya.get("/account/orders")).words) and "£7.20 saved" not in words
    page = await maya.get("/account/savings")
    assert page.heading == "Your savings" and "−£44.66 −£39.86 −£4.80" in page.words, page.words
    assert await invariants() == []


async def test_who_kept_nothing_of_an_order_is_not_told_what_was_saved_on_it(goods: Shop) -> None:
    """Its delivery was free for the member; it was refunded whole, and named no items, as in Stripe."""
    await make_products.product()
    maya = await buy_products.member(goods)
    await buy_products.buy(goods, maya)
    order = await buy_products.the_order()
    assert "Membership saved" in (await maya.get(f"/orders/{order.token}")).words
    made = await refunds.create(order.id, RefundRequest(amount=order.total), by=None, key=ids.new())
    await refunds.send(made.id)
    await goods.catch_up()
    for own in (f"/orders/{order.token}", f"/account/orders/{order.number}"):
        words = (await maya.get(own)).words
        assert "Refunded £" in words and "Membership saved" not in words
    assert " saved" not in (await maya.get("/account/orders")).words


async def test_staff_read_what_each_item_is_refunded_at_after_the_coupon(goods: Shop) -> None:
    await make_products.product(on_hand=10)
    await editing.create(CouponDetails(code="FIVER", words="£5 off", discount_type="amount", value=500, stacks=True))
    guest, iris = goods.browser(), await people.owner()
    await buy_products.put_in(guest, quantity=3)
    await guest.submit(await guest.get("/basket"), "/basket/coupon", coupon="fiver")
    await goods.pay(await buy_products.check_out(guest))
    await goods.catch_up()
    order, staff = await buy_products.the_order(), await goods.signed_in(iris.email)
    address, line = f"/staff/orders/{order.number}/refunds", order.lines[0].id
    form = await staff.get(f"{address}/new")
    assert "(3 left, £22.33 or £22.34 each, £67.00 for all)" in form.words
    for gone, left in ((2233, "(2 left, £22.33 or £22.34 each, £44.67 for all)"), (4466, "(1 left, £22.34 each)")):
        await staff.submit(form, address, how="units", **{f"units-{line}": "1"})
        await goods.catch_up()
        assert (await buy_products.the_order()).refunded == gone
        form = await staff.get(f"{address}/new")
        assert left in form.words


async def test_savings_written_down_with_a_coupon_in_them_are_put_right_by_the_migration(goods: Shop) -> None:
    await make_products.product(on_hand=10)
    maya = await buy_products.member(goods)
    await editing.create(CouponDetails(code="FIVER", words="£5 off", discount_type="amount", value=500, stacks=True))
    await buy_products.put_in(maya, quantity=3)
    await maya.submit(await maya.get("/basket"), "/basket/coupon", coupon="fiver")
    await goods.pay(await buy_products.check_out(maya))
    await goods.catch_up()
    await _refund(goods, 1)
    right = await _written_down()
    async with database.transaction():
        await database.execute("ALTER TABLE benefit_use DISABLE TRIGGER benefit_use_is_append_only")
        await database.execute("UPDATE benefit_use SET regular = regular + sign(regular)::int * 119, paid = paid - 7")
        await database.execute("ALTER TABLE benefit_use ENABLE TRIGGER benefit_use_is_append_only")
    assert await _written_down() != right
    for statement in import_module(MIGRATION).STATEMENTS:
        await database.execute(statement)
    assert await _written_down() == right and await invariants() == []
    with pytest.raises(asyncpg.RaiseError, match="only ever added"):
        await database.execute("DELETE FROM benefit_use")


async def _written_down() -> list[tuple[int, int]]:
    return [tuple(row) for row in await database.fetch_rows("SELECT regular, paid FROM benefit_use ORDER BY reference")]


async def _refund(goods: Shop, quantity: int) -> None:
    order = await buy_products.the_order()
    units = {order.lines[0].id: quantity}
    wish = refund_requests.for_units(order, units, restocks=False, reason="")
    await refunds.create(order.id, wish, by=None, key=ids.new())
    await goods.catch_up()
