"""Orders taxed by Stripe Tax: worked out once the address is known, shown, charged to the penny, recorded, reversed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from components.checkout.delivery.delivery_terms import PickupPlace
from components.checkout.taxes import tax_question_limits
from components.foundation import clock, database
from components.foundation.money import Money
from components.foundation.shop_settings import setting_rows
from components.invoices import invoice_lines
from components.memberships.plans import plan_cache
from components.orders import fulfilments
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.orders.history import tax_reports
from components.orders.refunds import refund_requests, refunds
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.tables import MirroredPayment
from components.payments.taxes.tables import TaxReversal, TaxSale
from components.people.privacy import erasure
from tests.support import buy_products, fill_basket, make_delivery, make_ledger_entries, make_plans, make_products
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

SEATTLE = {"country": "US", "region": "WA", "city": "Seattle", "postcode": "98104", "line1": "920 5th Ave"}
JERSEY = {"country": "US", "region": "NJ", "city": "Newark", "postcode": "07102", "line1": "1 Broad Street"}
WORKED_OUT = "We’ve worked out the tax for your address. Please check the total before you pay."
CHANGED = "Something has changed since you opened this page."


async def american(shop: Shop, *, price: int = 1499) -> Browser:
    """A guest with a mug in the basket of a shop in the United States, whose prices are without tax."""
    await setting_rows.change(
        {"country": "US", "currency": "USD", "tax_region": "WA", "prices_include_tax": "no", "tax_source": "stripe"},
        by=None,
    )
    await make_delivery.method("Post", "US", "GB", "CA", fee=500)
    await make_products.product(price=price)
    guest = shop.browser()
    await buy_products.put_in(guest)
    return guest


async def british(shop: Shop, **settings: str) -> Browser:
    """The same at home in Britain, whose prices are with tax."""
    await setting_rows.change({"tax_source": "stripe", **settings}, by=None)
    await make_delivery.method("Post", "GB", "DE", "US", "CH", fee=395)
    await make_products.product(price=2400)
    guest = shop.browser()
    await buy_products.put_in(guest)
    return guest


async def shown(guest: Browser, **typed: str) -> Page:
    """The checkout with an address: the tax is worked out, and shown before anything is paid."""
    return await guest.submit(await guest.get("/checkout"), "/checkout", **{**buy_products.TYPED, **typed})


async def agreed(guest: Browser, page: Page, **typed: str) -> Page:
    return await guest.submit(page, "/checkout", **{**buy_products.TYPED, **typed})


async def bought(shop: Shop, guest: Browser, **typed: str) -> Page:
    paying = await agreed(guest, await shown(guest, **typed), **typed)
    assert buy_products.is_pay_page(paying), paying.alerts()
    return await guest.get((await shop.pay(paying)).url)


async def asked(shop: Shop) -> int:
    """How many calculations Stripe has made."""
    with shop.stand_in.engine.reading() as books:
        return sum(1 for _ in books.find("tax.calculation"))


async def transactions(shop: Shop) -> list[dict[str, Any]]:
    with shop.stand_in.engine.reading() as books:
        return list(books.find("tax.transaction"))


async def test_before_an_address_is_known_tax_is_worked_out_at_checkout(shop: Shop) -> None:
    guest = await american(shop)
    words = "Tax is worked out at checkout, from your address, and added to the price."
    assert words in (await guest.get("/products/moon-mug")).words
    assert words in (await guest.get("/basket")).words
    await make_plans.club()
    await plan_cache.refresh()
    assert "Join and pay" not in (basket := (await guest.get("/basket")).words) or "plus tax now" in basket
    page = await guest.get("/checkout")
    assert words in page.words and "including delivery and tax" not in page.words
    assert await asked(shop) == 0, "without an address there is nothing to ask"


async def test_a_state_with_tax_on_top_is_shown_by_jurisdiction_and_charged_to_the_penny(shop: Shop) -> None:
    """6.5% and 3.85% of 14.99 and of 5.00, each rounded: 0.97 + 0.58 and 0.33 + 0.19."""
    guest = await american(shop)
    page = await shown(guest, **SEATTLE)
    assert page.status == 409 and WORKED_OUT in page.alerts()
    assert "Sales Tax, Washington (6.5%)" in page.words and "Sales Tax, Seattle (3.85%)" in page.words
    assert "$22.06" in page.words and "including delivery and tax" in page.words
    thanks = await agreed(guest, page, **SEATTLE)
    await guest.get((await shop.pay(thanks)).url)
    order = await buy_products.the_order()
    assert (order.tax, order.delivery_tax, order.total, order.lines[0].tax) == (207, 52, 2206, 155)
    assert [(row.name, row.rate_bp, row.amount) for row in order.taxes] == [
        ("Sales Tax, Washington", 650, 130),
        ("Sales Tax, Seattle", 385, 77),
    ]
    paid = await MirroredPayment.objects().first()
    assert paid is not None and (paid.received, paid.currency) == (2206, "USD")
    assert await asked(shop) == 1, "shown, agreed and placed with one question"
    assert "Sales Tax, Seattle (3.85%)" in (await guest.get(f"/orders/{order.token}")).words
    lines = invoice_lines.of_order(order, club="the Club")
    assert [[part.tax for part in line.parts] for line in lines] == [[97, 58], [33, 19]]
    assert await buy_products.is_sound()


async def test_a_rate_with_three_decimals_is_told_exactly(shop: Shop) -> None:
    guest = await american(shop)
    page = await shown(guest, **JERSEY)
    assert "Sales Tax, New Jersey (6.625%)" in page.words, page.words


async def test_prices_with_tax_in_them_stay_and_say_how_much_it_is(shop: Shop) -> None:
    """A fifth is in 24.00 and in 3.95: 4.00 and 0.66."""
    guest = await british(shop)
    assert "The price includes tax. At checkout we work out how much" in (await guest.get("/basket")).words
    page = await shown(guest)
    assert "Including VAT (20%)" in page.words and "£4.66" in page.words
    await guest.get((await shop.pay(await agreed(guest, page))).url)
    order = await buy_products.the_order()
    assert (order.total, order.tax, order.tax_is_included) == (2795, 466, True)
    assert await buy_products.is_sound()


async def test_a_business_elsewhere_in_the_eu_has_reverse_charge_by_stripes_answer(shop: Shop) -> None:
    guest = await british(shop, vat_number="GB980780684")
    typed = {**buy_products.IN_GERMANY, "vat_number": "DE136695976"}
    page = await shown(guest, **typed)
    page = page if "Reverse charge" in page.words else await agreed(guest, page, **typed)
    assert "Reverse charge: no VAT is charged." in page.words and "DE136695976" in page.words
    await guest.get((await shop.pay(await agreed(guest, page, **typed))).url)
    order = await buy_products.the_order()
    assert (order.tax, order.total, order.taxes) == (0, 2795, ())
    assert order.tax_note.startswith("Reverse charge")


async def test_another_address_or_another_basket_is_asked_about_anew_and_nothing_else(shop: Shop) -> None:
    guest = await american(shop)
    page = await shown(guest, **SEATTLE)
    typed = {**page.form("/checkout").given}
    for _ in range(3):
        await guest.post_for_part("/checkout/choices", typed)
    assert await asked(shop) == 1, "a page drawn again asks nothing"
    moved = await agreed(guest, page, **JERSEY)
    assert moved.status == 409 and CHANGED in moved.alerts() and "New Jersey" in moved.words
    assert await asked(shop) == 2
    await buy_products.put_in(guest)
    more = await agreed(guest, moved, **JERSEY)
    assert more.status == 409 and "$37.30" in more.words, more.words
    assert await asked(shop) == 3
    paying = await agreed(guest, more, **JERSEY)
    await guest.get((await shop.pay(paying)).url)
    order = await buy_products.the_order()
    assert (order.total, order.tax) == (3730, 232)


async def test_another_delivery_method_has_another_tax_that_is_shown_first(shop: Shop) -> None:
    guest = await american(shop)
    await make_delivery.method("Express", "US", fee=2000, position=1)
    page = await shown(guest, **SEATTLE)
    other = await agreed(guest, page, **SEATTLE, method=await _method("Express"))
    assert other.status == 409 and CHANGED in other.alerts() and "$38.61" in other.words, other.words
    paying = await agreed(guest, other, **SEATTLE)
    await guest.get((await shop.pay(paying)).url)
    assert (await buy_products.the_order()).total == 3861


async def test_an_address_that_stripe_cannot_tax_is_refused_at_its_field(shop: Shop) -> None:
    guest = await american(shop)
    page = await shown(guest, **{**SEATTLE, "postcode": "78701"})
    assert page.status == 422 and "We can’t work out the tax for this address." in page.alerts()
    assert await buy_products.count("orders") == 0


@pytest.mark.parametrize("fault", ["unavailable", "silent", "error_after_commit", "rate_limit"])
async def test_while_stripe_is_silent_the_order_waits(shop: Shop, fault: Any) -> None:
    guest = await american(shop)
    shop.stand_in.fault(fault, times=50, amount=30)
    page = await shown(guest, **SEATTLE)
    assert (
        page.status == 503
        and "We can’t work out the tax at the moment, so nothing was charged by this attempt." in page.alerts()
    )
    assert await buy_products.count("orders") == 0
    shop.stand_in.fault(fault, times=0)
    page = await agreed(guest, page, **SEATTLE)
    assert "$22.06" in page.words
    assert buy_products.is_pay_page(await agreed(guest, page, **SEATTLE))


async def test_an_answer_that_was_lost_is_had_by_asking_again_under_the_same_key(shop: Shop) -> None:
    guest = await american(shop)
    shop.stand_in.fault("timeout", times=1)
    page = await shown(guest, **SEATTLE)
    assert WORKED_OUT in page.alerts() and await asked(shop) == 1


async def test_the_shop_may_rather_sell_by_its_own_rates_while_stripe_is_silent(shop: Shop) -> None:
    await fill_basket.ways()
    guest = await british(shop, tax_fallback="own")
    shop.stand_in.fault("unavailable", times=9)  # asked for the form, for the page again, and for the form again
    page = await shown(guest, method=await _method("Standard"))
    assert "Including VAT (20%)" in page.words and CHANGED in page.alerts()
    paying = await agreed(guest, page)
    assert buy_products.is_pay_page(paying), paying.alerts()
    await guest.get((await shop.pay(paying)).url)
    order = await buy_products.the_order()
    assert order.tax and order.taxes[0].rate_bp == 2000
    assert await TaxSale.count() == 0 and await transactions(shop) == [], "Stripe has not worked it out"


async def _method(name: str) -> str:
    return str(await database.fetch_value("SELECT id FROM delivery_method WHERE name = $1", name))


async def test_an_account_that_is_not_ready_charges_nobody(shop: Shop) -> None:
    guest = await american(shop)
    shop.stand_in.fault("tax_inactive")
    page = await shown(guest, **SEATTLE)
    assert page.status == 503 and "We can’t work out the tax at the moment" in page.alerts()


async def test_own_rates_are_for_silence_and_not_for_an_account_that_is_not_ready(shop: Shop) -> None:
    """Stripe has answered: every order would be sold without tax until somebody looks."""
    guest = await american(shop)
    await setting_rows.change({"tax_fallback": "own"}, by=None)
    shop.stand_in.fault("tax_inactive")
    page = await shown(guest, **SEATTLE)
    assert page.status == 503 and "We can’t work out the tax at the moment" in page.alerts()
    assert await buy_products.count("orders") == 0


async def test_two_clicks_are_one_order_and_two_shoppers_have_an_answer_each(shop: Shop) -> None:
    guest = await american(shop)
    page = await shown(guest, **SEATTLE)
    first, second = await agreed(guest, page, **SEATTLE), await agreed(guest, page, **SEATTLE)
    assert first.path == second.path and await buy_products.count("orders") == 1
    other = shop.browser()
    await buy_products.put_in(other)
    assert buy_products.is_pay_page(await agreed(other, await shown(other, **SEATTLE), **SEATTLE))
    assert await buy_products.count("tax_sale") == 2
    assert len({sale.calculation for sale in await TaxSale.objects()}) == 2


async def test_while_an_address_is_typed_nothing_is_asked_and_then_once(shop: Shop) -> None:
    guest = await british(shop)
    typed = {**(await guest.get("/checkout")).form("/checkout").given, "country": "GB"}
    seen = []
    for name, value in (("line1", "1 Canal St"), ("city", "Leeds"), ("postcode", "LS1 1AA"), ("line1", "2 Canal St")):
        typed[name] = value
        await guest.post_for_part("/checkout/choices", typed)
        seen.append(await asked(shop))
    assert seen == [0, 0, 1, 1], "Britain is taxed alike in every street"


async def test_who_looks_too_often_reads_at_checkout_and_can_still_order(shop: Shop) -> None:
    """Each calculation beyond those of orders costs the shop money."""
    guest = await american(shop)
    typed = {**(await guest.get("/checkout")).form("/checkout").given, **SEATTLE}
    for number in range(tax_question_limits.OF_BASKET.most + 3):
        part = await guest.post_for_part("/checkout/choices", {**typed, "line1": f"{number} 5th Ave"})
    assert await asked(shop) == tax_question_limits.OF_BASKET.most
    assert "Tax is worked out at checkout" in part.words and "Sales Tax" not in part.words
    page = await shown(guest, **SEATTLE)
    assert WORKED_OUT in page.alerts() and "$22.06" in page.words
    assert buy_products.is_pay_page(await agreed(guest, page, **SEATTLE))


async def test_other_browsers_of_one_connection_are_counted_together(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr(tax_question_limits, "FROM_ADDRESS", replace(tax_question_limits.FROM_ADDRESS, most=2))
    monkeypatch.setattr(tax_question_limits, "TO_ORDER", replace(tax_question_limits.TO_ORDER, most=1))
    await american(shop)
    for number in range(4):
        guest = shop.browser()
        await buy_products.put_in(guest)
        typed = {**(await guest.get("/checkout")).form("/checkout").given, **SEATTLE, "line1": f"{number} 5th Ave"}
        await guest.post_for_part("/checkout/choices", typed)
    assert await asked(shop) == 2
    page = await shown(guest, **SEATTLE)
    assert WORKED_OUT in page.alerts() and await asked(shop) == 3
    page = await agreed(guest, page, **JERSEY)
    assert page.status == 429 and "Too many attempts." in page.alerts() and await asked(shop) == 3


async def test_an_order_that_waits_is_taxed_by_its_own_answer_also_while_stripe_is_silent(shop: Shop) -> None:
    """It may have been paid for: nobody is told that nothing was charged, and nothing is asked again."""
    guest = await american(shop)
    page = await shown(guest, **SEATTLE)
    outcome = await shop.pay(await agreed(guest, page, **SEATTLE))
    assert "Seattle" in (await guest.get("/checkout")).words and await asked(shop) == 1
    shop.stand_in.fault("unavailable", times=50)
    again = await agreed(guest, page, **SEATTLE)
    assert "nothing was charged" not in again.words and "work out the tax" not in again.words, again.alerts()
    shop.stand_in.fault("unavailable", times=0)
    await guest.get(outcome.url)
    assert (await buy_products.the_order()).is_paid and await asked(shop) == 1


async def test_an_order_that_was_given_up_keeps_its_answer_and_the_next_has_another(shop: Shop) -> None:
    guest = await american(shop)
    page = await shown(guest, **SEATTLE)
    await agreed(guest, page, **SEATTLE)
    again = await agreed(guest, page, **SEATTLE, email="other@kiln.test")
    assert buy_products.is_pay_page(again), again.alerts()
    assert await buy_products.count("orders") == 2 and await asked(shop) == 2
    assert len({sale.calculation for sale in await TaxSale.objects()}) == 2
    await guest.get((await shop.pay(again)).url)
    await shop.catch_up()
    assert [one["type"] for one in await transactions(shop)] == ["transaction"] and await buy_products.is_sound()


async def test_a_paid_order_is_recorded_once_and_its_refunds_reversed(shop: Shop) -> None:
    guest = await american(shop)
    await bought(shop, guest, **SEATTLE)
    await shop.catch_up()
    order = await buy_products.the_order()
    (sale,) = await transactions(shop)
    assert (sale["reference"], sale["type"]) == (f"{order.number}-{order.id}", "transaction")
    part = refund_requests.RefundRequest(amount=700, reason="A chip")
    key = order.lines[0].id
    await refunds.create(order.id, part, by=None, key=key)
    await shop.catch_up()
    await shop.catch_up()
    back, _sale = await transactions(shop)
    assert (back["type"], back["_"]["reversed"]) == ("reversal", 700)
    rest = refund_requests.whole_order(await buy_products.order(order.id), restocks=False)
    await refunds.create(order.id, rest, by=None, key=order.id)
    await shop.catch_up()
    assert [one["_"].get("reversed") for one in await transactions(shop)] == [1506, 700, None]
    assert await TaxReversal.count() == 2
    assert await buy_products.is_sound()


async def test_an_order_paid_after_ninety_days_says_that_its_sale_is_not_recorded(shop: Shop) -> None:
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    with shop.stand_in.engine.changing() as books:
        for calculation in books.find("tax.calculation"):
            calculation["expires_at"] = 1
    await guest.get((await shop.pay(paying)).url)
    await shop.catch_up()
    order = await buy_products.the_order()
    assert order.is_paid and "Stripe Tax has not recorded this sale:" in order.flag
    assert "No such calculation" in order.flag and (await TaxSale.objects().first()).refused  # type: ignore[union-attr]


async def test_while_stripe_does_not_answer_a_paid_order_is_recorded_later_and_once(shop: Shop) -> None:
    """The money has come: the customer is told so, whatever Stripe Tax says."""
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    outcome = await shop.pay(paying)
    page = await guest.get(outcome.url)
    assert "Thank you" in page.words
    order = await buy_products.the_order()
    shop.stand_in.fault("error_after_commit", times=1)
    with pytest.raises(OutcomeUnknown):
        await tax_reports.order_paid(OrderPaid(order.id))
    assert len(await transactions(shop)) == 1, "it was done, but nobody was told"
    await shop.catch_up()
    sale = await TaxSale.objects().first()
    assert sale is not None and sale.transaction == (await transactions(shop))[0]["id"]
    assert len(await transactions(shop)) == 1


async def test_a_sale_is_recorded_as_of_when_it_was_paid(shop: Shop) -> None:
    """Or Stripe's reports have it in another period than Money in and the invoice."""
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    await guest.get((await shop.pay(paying)).url)
    paid_at = clock.now() - timedelta(minutes=20)
    with shop.stand_in.engine.changing() as books:
        for calculation in books.find("tax.calculation"):
            calculation["tax_date"] -= 3600
    await database.execute("UPDATE orders SET paid_at = $1", paid_at)
    await tax_reports.order_paid(OrderPaid((await buy_products.the_order()).id))
    assert [one["posted_at"] for one in await transactions(shop)] == [int(paid_at.timestamp())]


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=1)])
async def test_a_sale_is_recorded_though_the_clocks_differ(shop: Shop, ahead: timedelta) -> None:
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    await guest.get((await shop.pay(paying)).url)
    order = await buy_products.the_order()
    await database.execute("UPDATE orders SET paid_at = paid_at + $1::interval", ahead)
    for _ in range(2):
        await tax_reports.order_paid(OrderPaid(order.id))
    assert (len(await transactions(shop)), (await buy_products.the_order()).flag) == (1, "")


async def test_the_fact_of_a_sale_or_a_refund_may_come_twice(shop: Shop) -> None:
    guest = await american(shop)
    await bought(shop, guest, **SEATTLE)
    order = await buy_products.the_order()
    for _ in range(3):
        await tax_reports.order_paid(OrderPaid(order.id))
    part = refund_requests.RefundRequest(amount=700)
    refund = await refunds.create(order.id, part, by=None, key=order.lines[0].id)
    await shop.catch_up()
    for _ in range(3):
        await tax_reports.order_refunded(OrderRefunded(order.id, refund.id, Money(700, "USD")))
    clock.set_everywhere(clock.now() + timedelta(days=2))  # Stripe has forgotten our keys
    await tax_reports.order_paid(OrderPaid(order.id))
    await tax_reports.order_refunded(OrderRefunded(order.id, refund.id, Money(700, "USD")))
    assert (await buy_products.the_order()).flag == ""
    assert [one["type"] for one in await transactions(shop)] == ["reversal", "transaction"]
    await tax_reports.refund_failed(RefundFailed(order.id, refund.id))
    assert "failed after Stripe Tax had recorded it" in (await buy_products.the_order()).flag


async def test_a_whole_refund_of_a_sale_that_was_not_recorded_yet_records_both(shop: Shop) -> None:
    guest = await american(shop)
    paying = await agreed(guest, await shown(guest, **SEATTLE), **SEATTLE)
    await guest.get((await shop.pay(paying)).url)
    order = await buy_products.the_order()
    whole = refund_requests.whole_order(order, restocks=False)
    refund = await refunds.create(order.id, whole, by=None, key=order.id)
    await tax_reports.order_refunded(OrderRefunded(order.id, refund.id, Money(order.total, "USD")))
    assert [one["type"] for one in await transactions(shop)] == ["reversal", "transaction"]


async def test_store_credit_pays_the_tax_too(shop: Shop) -> None:
    maya = await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    guest = await american(shop)
    await make_ledger_entries.give(maya, 1000)
    browser = await shop.signed_in("maya@kiln.test")
    await buy_products.put_in(browser)
    del guest
    page = await shown(browser, **SEATTLE)
    assert "$12.06" in page.words, page.words
    await browser.get((await shop.pay(await agreed(browser, page, **SEATTLE))).url)
    order = await buy_products.the_order()
    assert (order.total, order.credit, order.to_pay) == (2206, 1000, 1206)


async def test_what_is_picked_up_is_taxed_where_that_is(shop: Shop) -> None:
    guest = await american(shop)
    place = {"line1": "920 5th Ave", "city": "Seattle", "region": "WA", "postcode": "98104", "country": "US"}
    await make_delivery.method("Seattle store", "US", fee=0, pickup=PickupPlace(**place), position=5)
    page = await guest.get("/checkout")
    typed = {**buy_products.TYPED, "country": "US", "method": await _method("Seattle store")}
    page = await guest.submit(page, "/checkout", **typed)
    while page.status == 409:
        page = await guest.submit(page, "/checkout", **typed)
    assert buy_products.is_pay_page(page), page.alerts()
    order = await buy_products.the_order()
    assert (order.tax, order.total) == (155, 1654)


async def test_an_erased_buyer_leaves_no_address_with_the_answer(shop: Shop) -> None:
    maya = await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    await american(shop)
    browser = await shop.signed_in("maya@kiln.test")
    await buy_products.put_in(browser)
    await bought(shop, browser, **SEATTLE)
    await shop.catch_up()
    await fulfilments.ship((await buy_products.the_order()).id, by=maya)
    await erasure.erase(maya)
    await shop.catch_up()
    kept = await database.fetch_value("SELECT string_agg(t::text, ' ') FROM tax_sale t")
    kept += await database.fetch_value("SELECT coalesce(string_agg(t::text, ' '), '') FROM tax_answer t")
    assert "920 5th" not in kept and "98104" not in kept and "Maya" not in kept
    order = await buy_products.the_order()
    assert (order.tax, [row.amount for row in order.taxes]) == (207, [130, 77])
    await refunds.create(order.id, refund_requests.RefundRequest(amount=700), by=None, key=order.id)
    await shop.catch_up()
    assert [one["type"] for one in await transactions(shop)] == ["reversal", "transaction"]
