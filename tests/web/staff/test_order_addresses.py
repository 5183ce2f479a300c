"""Staff correct the address of an order before it is shipped: what is paid stays, and the customer is told."""

from dataclasses import replace
from typing import Any

import pytest

from components.checkout.taxes import suggested_rates
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.orders import change_feed, erasure, fulfilments, queries
from components.orders.delivery import address_changes
from components.orders.views import PostalAddress
from components.people import operators
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def staff(shop: Shop) -> Browser:
    sam = await fill_basket.person("sam@kiln.test", "Sam Field")
    await operators.add(sam, role="staff", permissions=("orders",))
    await make_delivery.method("Post", "GB", "CA", "DE", fee=500)
    await make_products.product(price=2400)
    return await shop.signed_in("sam@kiln.test")


async def _order(shop: Shop, **typed: Any) -> Any:
    guest = shop.browser()
    await buy_products.put_in(guest)
    page = await buy_products.check_out(guest, **typed)
    if not buy_products.is_pay_page(page):
        page = await guest.submit(page, "/checkout", **{**buy_products.TYPED, **typed})
    await guest.get((await shop.pay(page)).url)
    await shop.catch_up()
    return await buy_products.the_order()


async def test_an_address_is_corrected_told_and_kept_in_the_history(shop: Shop, staff: Browser) -> None:
    order = await _order(shop)
    link = f"/staff/orders/{order.number}"
    page = await staff.get(f"{link}/address")
    assert "its tax and its delivery price stay as they were paid" in page.words
    wrong = await staff.submit(page, f"{link}/address", postcode="nowhere", line1="")
    assert wrong.status == 422 and "Enter a postcode like" in wrong.words
    at = clock.now()
    done = await staff.submit(page, f"{link}/address", line1="9 Mill Lane", postcode="ls14ad", phone="0113 496 0000")
    assert "Address changed. The customer is told by e-mail." in done.words
    assert "Delivery address changed Before: Noor Haddad, 4 Mill Lane, Leeds LS1 4AB" in done.words
    now = await queries.by_id(order.id)
    assert now is not None and (now.address.line1, now.address.postcode) == ("9 Mill Lane", "LS1 4AD")
    assert now.address.phone == "+441134960000" and (now.total, now.tax) == (order.total, order.tax)
    assert order.id in await _changed_since(at), "programs hear of it"
    same = await staff.submit(await staff.get(f"{link}/address"), f"{link}/address")
    assert "Nothing was changed." in same.words
    await shop.catch_up()
    (email,) = await database.fetch("SELECT recipient, text FROM email WHERE template = 'order_address_changed'")
    assert email["recipient"] == "noor@example.org" and "9 Mill Lane" in email["text"]
    (entry,) = await database.fetch("SELECT after::text FROM audit_entry WHERE what = 'delivery address changed'")
    assert "line1, postcode, phone" in entry["after"] and "Mill" not in entry["after"], "no address in the log"


async def _changed_since(at: Any) -> list[Any]:
    found = await database.fetch(f"SELECT id FROM orders WHERE {change_feed.CHANGED} >= $1", at)
    return [row["id"] for row in found]


async def test_another_country_is_another_order(shop: Shop, staff: Browser) -> None:
    order = await _order(shop)
    link = f"/staff/orders/{order.number}/address"
    page = await staff.get(link)
    refused = await staff.submit(page, link, **buy_products.IN_GERMANY)
    assert refused.status == 422 and "Choose one of the options listed." in refused.words
    with pytest.raises(address_changes.CountryFixed):
        address = PostalAddress(name="Noor", line1="1 Platz", city="Berlin", postcode="10115", country="DE")
        await address_changes.change(order.id, address, by=(await fill_basket.person("iris@kiln.test", "Iris")))
    assert (await queries.by_id(order.id)) == order


async def test_another_province_needs_a_tick_because_its_tax_is_not_charged(shop: Shop, staff: Browser) -> None:
    await setting_rows.change(
        {"country": "CA", "currency": "CAD", "tax_region": "ON", "prices_include_tax": "no"}, by=None
    )
    await suggested_rates.adopt("CA")
    order = await _order(shop, country="CA", region="ON", city="Ottawa", postcode="K1A 0B1")
    link = f"/staff/orders/{order.number}/address"
    page = await staff.get(link)
    assert "Keep the tax" not in page.words
    moved = {"region": "BC", "city": "Vancouver", "postcode": "V5K 0A1"}
    asked = await staff.submit(page, link, **moved)
    assert asked.status == 422 and "Tax and delivery were charged for Ontario." in asked.words
    done = await staff.submit(asked, link, keeps_charges="on")
    assert "Vancouver BC V5K 0A1" in done.words
    now = await queries.by_id(order.id)
    assert now is not None and (now.total, now.taxes) == (order.total, order.taxes)


async def test_what_is_shipped_refunded_or_unpaid_keeps_its_address(shop: Shop, staff: Browser) -> None:
    order = await _order(shop)
    link = f"/staff/orders/{order.number}/address"
    page = await staff.get(link)
    await fulfilments.ship(order.id, by=None)
    late = await staff.submit(page, link, line1="9 Mill Lane")
    assert late.status == 409 and "has been shipped already" in late.words and "9 Mill Lane" in late.text
    assert (await staff.get(link)).status == 409
    assert "Change delivery address" not in (await staff.get(f"/staff/orders/{order.number}")).words
    for wrong, words in (
        ({"paid_at": None, "stock_taken_at": None, "fulfilled_at": None}, "is not paid"),
        ({"fulfilled_at": None, "total": 0}, "was refunded in full"),
    ):
        assert words in address_changes.obstacle(replace(order, **wrong))
    assert (await staff.get("/staff/orders/K-99999/address")).status == 404


async def test_only_staff_who_see_orders_may_and_earlier_addresses_go_with_an_account(
    shop: Shop, staff: Browser
) -> None:
    order = await _order(shop)
    link = f"/staff/orders/{order.number}/address"
    await staff.submit(await staff.get(link), link, line1="9 Mill Lane")
    pia = await fill_basket.person("pia@kiln.test", "Pia Holm")
    await operators.add(pia, role="staff", permissions=("products",))
    assert (await (await shop.signed_in("pia@kiln.test")).get(link)).status == 403
    await database.execute("UPDATE orders SET person = $1", pia)
    await erasure.anonymise(pia, "")
    left = await database.fetch_value("SELECT before::text FROM order_address_change")
    assert "Mill" not in left and "Noor" not in left and "GB" in left
