"""A plan paid once, joined with an order: what is told, taxed and disputed of it, and what staff do with the order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from components.checkout.placement import joined_fees
from components.checkout.taxes import tax_rates
from components.foundation import clock, ids
from components.foundation.shop_settings import setting_rows
from components.insights.evidence import prefilled_evidence
from components.insights.metrics import lost_disputes
from components.memberships.grants import paid_once_refunds
from components.orders.delivery import address_changes
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments import disputes
from tests.scenarios.test_49_disputes import DISPUTED
from tests.support import buy_products, join_members, make_products, people
from tests.support.shops import Shop
from tests.web.account import test_fee_taxes
from tests.web.account.test_fees_of_businesses import NUMBER, types
from tests.web.shop import test_fee_codes_with_orders as with_orders
from tests.web.shop import test_orders_of_businesses as businesses
from tests.web.shop.test_fee_codes import states
from tests.web.shop.test_fee_codes_paid_once import INVOICES, once, term
from tests.web.shop.test_fee_codes_with_orders import MAYA, club, pays, shopping
from tests.web.shop.test_pages_of_terms import held_plans
from tests.web.shop.test_terms_with_orders import all_is_well, places, term_club
from web.api.orders import order_json
from web.standin.charging import disputes as bank

__all__ = ["club"]


async def test_staff_and_programs_are_told_what_the_fee_is(club: Shop) -> None:
    await term_club()
    await with_orders.code("SPRING", fee_plans=("once",), value=2000)
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await places(maya))
    order = await buy_products.the_order()
    staff = await club.signed_in((await people.owner("iris@kiln.test")).email)
    shown = await staff.get(f"/staff/orders/{order.number}")
    assert "including £16.00 membership (£4.00 less with SPRING)" in shown.words
    assert "Once" in (await staff.get(f"/staff/members/{order.person}")).words
    told = order_json.order_json(order)
    assert (told.joining_fee.minor, told.joining_off.minor, told.joining_code) == (1600, 400, "SPRING")
    assert told.joining_words.startswith("Once")


@pytest.mark.parametrize("number", ["account", "order"])
async def test_a_business_pays_the_fee_without_tax_where_its_account_has_the_number(goods: Shop, number: str) -> None:
    """With the number on the order alone, the fee has the tax of where that goes."""
    browser, email = await businesses.shopping(goods, "ordinary", "none")
    await once(1190)
    if number == "account":
        await types(browser)
    typed = {**MAYA, **businesses.LILLE, "email": email, "vat_number": NUMBER}
    page = await places(browser, **typed)
    asked = page if buy_products.is_pay_page(page) else await browser.submit(page, "/checkout")
    await pays(goods, browser, asked)
    order, kept = await buy_products.the_order(), await term()
    of_fee = sum(row.amount for row in order.taxes if row.of_fee)
    assert (order.joining_fee, of_fee) == ((1000, 0) if number == "account" else (1190, 190))
    assert (kept["net_amount"], kept["tax_country"]) == (order.joining_fee - of_fee, "FR")
    await with_orders.all_is_well()


async def test_the_tax_in_it_is_that_of_where_the_order_goes(goods: Shop) -> None:
    """And of when it was placed, though the rate is another one by the time it is paid."""
    await test_fee_taxes.german(goods, fee_tax="member", **INVOICES)
    await make_products.product(on_hand=20)
    await once(1200)
    await people.customer(join_members.MAYA, name="Maya")
    browser = await goods.signed_in(join_members.MAYA)
    await buy_products.put_in(browser)
    page = await places(browser, **{**MAYA, **businesses.LILLE})
    asked = page if buy_products.is_pay_page(page) else await browser.submit(page, "/checkout")
    clock.set_everywhere(clock.now() + timedelta(seconds=20))
    await tax_rates.set_rate("FR", rate_bp=1000, name="TVA")
    await pays(goods, browser, asked)
    order, kept = await buy_products.the_order(), await term()
    assert [(row.rate_bp, row.amount) for row in order.taxes if row.of_fee] == [(2000, 200)]
    assert (kept["net_amount"], kept["tax_country"]) == (1000, "FR")
    await with_orders.all_is_well()


@pytest.mark.parametrize("plan", ["annual", "once"])
async def test_what_staff_do_with_the_order_leaves_fee_and_code_alone(club: Shop, plan: str) -> None:
    """Another address, and all of the goods given back: the code stays used, and the membership goes on."""
    await term_club()
    await with_orders.code("SPRING", fee_plans=(plan,), value=2000)
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await places(maya, f"/checkout?join={plan}"))
    staff, order = (await people.owner("iris@kiln.test")).id, await buy_products.the_order()
    await address_changes.change(order.id, replace(order.address, line1="2 New Street"), by=staff)
    await refunds.create(order.id, RefundRequest(amount=2160, reason="Cancelled"), by=staff, key=ids.new())
    await club.catch_up()
    after = await buy_products.the_order()
    assert after.state == "refunded" and after.address.line1 == "2 New Street"
    assert (after.joining_fee, after.joining_off) == (order.joining_fee, order.joining_off)
    assert after.joining_off and await states() == ["used"] and await held_plans() == [plan]
    iris = await club.signed_in("iris@kiln.test")
    assert "less with SPRING" in (await iris.get(f"/staff/orders/{order.number}")).words
    await all_is_well()


@pytest.mark.parametrize("outcome", ["won", "lost"])
async def test_a_dispute_is_of_both(club: Shop, outcome: str) -> None:
    """It stands beside order and term, keeps either from being refunded, and what is lost is lost in its two parts."""
    await term_club()
    maya = await shopping(club)
    await maya.get((await club.pay(await places(maya), DISPUTED)).url)
    await club.catch_up()
    order, staff = await buy_products.the_order(), (await people.owner("iris@kiln.test")).id
    assert order.joins_term
    with pytest.raises(disputes.PaymentDisputed):
        await paid_once_refunds.create(order.joins_term, 100, by=staff, key=ids.new())
    with pytest.raises(disputes.PaymentDisputed):
        await refunds.create(order.id, RefundRequest(amount=100, reason=""), by=staff, key=ids.new())
    assert len(await disputes.of_order(order.id)) == len(await disputes.of_reference(order.joins_term)) == 1
    with club.stand_in.engine.changing() as books:
        for dispute in list(books.find("dispute")):
            bank.close(books, dispute, verdict=outcome)  # type: ignore[arg-type]
    await club.catch_up()
    iris = await club.signed_in("iris@kiln.test")
    (one,) = await disputes.of_order(order.id)
    told = await iris.get(f"/staff/payments/disputes/{one.id}")
    assert f"Membership fee of Maya and order {order.number} , paid together" in told.words, told.words
    assert "£20.00 of the fee, £21.60 of the order" in told.words
    listed = await iris.get("/staff/payments/disputes")
    assert {f"/staff/orders/{order.number}", f"/staff/members/{order.person}"} <= set(listed.links())
    assert f"Maya; Order {order.number}" in (await iris.get("/staff/payments/disputes.csv")).text
    if outcome == "lost":
        shown = (await iris.get(f"/staff/members/{order.person}")).words
        assert "£20.00 paid £20.00 lost in a dispute £0.00 net" in shown and "41.60 lost" not in shown, shown
    lost = await lost_disputes.lost_between(clock.now() - timedelta(days=1), clock.now() + timedelta(days=1))
    assert sorted(one.amount for one in lost) == ([2000, 2160] if outcome == "lost" else [])
    await all_is_well()


async def test_the_answer_to_a_dispute_says_what_each_part_was_for(club: Shop) -> None:
    """The fee is not said to be the whole payment, and what is known of the order stands below it."""
    await term_club()
    maya = await shopping(club)
    await maya.get((await club.pay(await places(maya), DISPUTED)).url)
    await club.catch_up()
    order = await buy_products.the_order()
    found = await prefilled_evidence.prefilled((await disputes.of_order(order.id))[0])
    said = f"£20.00, for all of it, and £21.60 for order {order.number}, together £41.60 in one payment."
    assert said in found["uncategorized_text"], found
    assert "Membership “Once”" in found["product_description"] and "mug" in found["product_description"].lower()
    assert order.address.line1 in found["shipping_address"] and order.number in str(found)


@pytest.mark.parametrize("plan", ["annual", "once"])
async def test_an_order_that_was_given_up_tells_nothing_of_a_fee_paid_with_another(club: Shop, plan: str) -> None:
    """Its address is no way to the invoices of the order that was paid."""
    await setting_rows.change(INVOICES, by=None)
    await club.refresh()
    await term_club()
    maya = await shopping(club)
    await places(maya, f"/checkout?join={plan}")
    given_up = await buy_products.the_order()
    await buy_products.put_in(maya)
    thanks = await pays(club, maya, await places(maya, f"/checkout?join={plan}"))
    if plan == "once":
        staff = (await people.owner("iris@kiln.test")).id
        await paid_once_refunds.create((await term())["id"], 2000, by=staff, key=ids.new())
        await club.catch_up()
    paid = await maya.get(thanks.path)
    assert len([one for one in paid.links() if "/invoices/" in one]) >= 2, paid.words
    shown = await club.browser().get(f"/orders/{given_up.token}")
    assert "This order was not paid" in shown.words and "Membership fee refunded" not in shown.words, shown.words
    assert [one for one in shown.links() if "/invoices/" in one] == []
    assert await joined_fees.refunded(given_up) == 0
    assert await joined_fees.paid_invoices(given_up) == [] and await joined_fees.paid_term(given_up) is None
