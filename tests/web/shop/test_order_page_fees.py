"""An order's page names what became of the fee that was paid with it: its invoice, and what went back."""

import pytest

from components.foundation import database, ids
from components.foundation.shop_settings import setting_rows
from components.memberships.billing import fee_refunds
from components.orders.refunds import refund_requests, refunds
from tests.support import buy_products, join_members, people
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes_paid_once import INVOICES
from tests.web.shop.test_fee_codes_with_orders import MAYA, club, pays, places, shopping
from tests.web.shop.test_terms_with_orders import term_club

__all__ = ["club"]
FULL = "This order has been refunded in full."


async def test_refunded_in_full_is_said_once_the_fee_went_back_as_well(club: Shop) -> None:
    maya = await shopping(club)
    thanks = await pays(club, maya, await places(maya))
    assert "Welcome to" in thanks.words and "Membership fee refunded" not in thanks.words
    assert "Paid after refunds" not in thanks.words
    order, owner = await buy_products.the_order(), await people.owner()
    here, of_staff = f"/orders/{order.token}", f"/staff/orders/{order.number}/refunds/new"
    iris = await club.signed_in(owner.email)
    asked = await iris.get(of_staff)
    assert "The membership fee of £5.00 that was paid with it is not in this sum." in asked.words
    assert f"/staff/members/{order.person}" in asked.links()
    await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=order.id)
    await club.catch_up()
    page = await maya.get(here)
    assert FULL not in page.words and "Of the membership fee paid with it, £5.00 has not been refunded." in page.words
    assert "Welcome to" in page.words and "Refunded £21.60 Paid after refunds £5.00" in page.words
    assert "The goods of this order have been refunded in full." in (await iris.get(of_staff)).words
    subscription = (await join_members.subscription())["id"]
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    for amount, ends_now, kept in ((200, False, "£3.00 has not been refunded."), (300, True, FULL)):
        await fee_refunds.create(
            subscription,
            invoice,
            amount,
            reason="",
            ends_now=ends_now,
            by=owner.id,
            key=ids.new(),  # type: ignore[arg-type]
        )
        await club.catch_up()
        page = await maya.get(here)
        assert kept in page.words, page.words
    assert "Refunded £21.60 Membership fee refunded £5.00 Paid after refunds £0.00" in page.words
    told = (await iris.get(f"/staff/orders/{order.number}")).words
    for amount in ("£2.00", "£3.00"):
        assert f"Refund of {amount} of the membership fee completed" in told, told
    assert "Welcome to" not in page.words and "now a member" not in page.words
    mine = await maya.get(f"/account/orders/{order.number}")
    assert "Membership fee refunded £5.00" in mine.words


@pytest.mark.parametrize(("joins", "link"), [("once", "benefits and receipts"), ("annual", "and how to cancel")])
async def test_only_of_what_renews_it_says_how_to_cancel(club: Shop, joins: str, link: str) -> None:
    await term_club()
    maya = await shopping(club)
    await pays(club, maya, await maya.submit(await maya.get(f"/checkout?join={joins}"), "/checkout", **MAYA))
    order = await buy_products.the_order()
    page = await maya.get(f"/orders/{order.token}")
    assert link in page.words and ("how to cancel" in page.words) is (joins == "annual"), page.words


async def test_both_invoices_of_one_sum_are_listed(club: Shop) -> None:
    await setting_rows.change(INVOICES, by=None)
    await club.refresh()
    maya = await shopping(club)
    await pays(club, maya, await places(maya))
    order = await buy_products.the_order()
    numbers = await database.fetch_values("SELECT number FROM invoice ORDER BY subject DESC")
    assert len(numbers) == 2
    iris = await club.signed_in((await people.owner("iris@kiln.test")).email)
    seen_by = (
        (maya, f"/orders/{order.token}"),
        (maya, f"/account/orders/{order.number}"),
        (iris, f"/staff/orders/{order.number}"),
    )
    for who, address in seen_by:
        page = await who.get(address)
        assert all(f"Invoice {number}" in page.words for number in numbers), page.words
        fee = await database.fetch_value("SELECT number FROM invoice WHERE subject = 'fee'")
        assert f"Invoice {fee} Membership fee" in page.words
