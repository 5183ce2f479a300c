"""States and provinces: asked where addresses name one, charged by, and printed as the country does."""

import pytest

from components.checkout.taxes import suggested_rates
from components.foundation.postal import postal_regions
from components.foundation.shop_settings import setting_rows
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop

ONTARIO = {"country": "CA", "region": "ON", "city": "Ottawa", "postcode": "K1A 0B1"}

LINES = [
    ("DE", "Berlin", "10115", "", "10115 Berlin"),
    ("US", "Austin", "78701", "TX", "Austin, TX 78701"),
    ("GB", "Leeds", "LS1 4AB", "", "Leeds LS1 4AB"),
    ("IT", "Roma", "00184", "RM", "00184 Roma RM"),
    ("AU", "Sydney", "2000", "NSW", "Sydney NSW 2000"),
    ("CA", "Vancouver", "V5K 0A1", "BC", "Vancouver BC V5K 0A1"),
    ("FR", "Paris", "75001", "", "75001 Paris"),
    ("IE", "Dublin", "", "", "Dublin"),
    ("AE", "Dubai", "", "DU", "DU Dubai"),
    ("JP", "Sapporo", "060-0001", "01", "〒060-0001 Hokkaido Sapporo"),
    ("US", "50%Z off %S", "1", "TX", "50%Z off %S, TX 1"),
    ("US", "Austin", "78701", "", "Austin 78701"),
    ("CH", "Zürich", "8001", "", "CH-8001 Zürich"),
    ("MX", "Oaxaca", "68000", "OAX", "68000 Oaxaca, OAX"),
    ("AQ", "McMurdo", "1", "", "McMurdo 1"),
]


@pytest.fixture
async def canadian(shop: Shop) -> Browser:
    """A guest with something in the basket, at a shop in British Columbia that sends to Canada and Germany."""
    await setting_rows.change(
        {"country": "CA", "currency": "CAD", "tax_region": "BC", "prices_include_tax": "no"}, by=None
    )
    await suggested_rates.adopt("CA")
    await make_delivery.method("Post", "CA", "DE", fee=595)
    await make_products.product(price=11900)
    guest = shop.browser()
    await buy_products.put_in(guest)
    return guest


async def test_the_tax_is_that_of_the_province_of_the_address(shop: Shop, canadian: Browser) -> None:
    """HST of Ontario is 13% instead of GST: 15.47 of 119.00 and 0.77 of 5.95, each rounded."""
    typed = (await canadian.get("/checkout")).form("/checkout").given
    form = await canadian.post_for_part("/checkout/choices", {**typed, "country": "CA", "region": "ON"})
    assert "141.19" in form.words
    other = await canadian.post_for_part("/checkout/choices", {**typed, "country": "CA", "region": "TX"})
    assert "Province" in other.text and "Choose a province" not in other.text, "nothing was sent yet"
    assert "Province (optional)" not in other.text
    form = await canadian.submit(await canadian.get("/checkout"), "/checkout", **{**buy_products.TYPED, **ONTARIO})
    assert "Something has changed" in form.alerts(), "it was shown with the shop's own province"
    page = await canadian.submit(form, "/checkout", **{**buy_products.TYPED, **ONTARIO})
    assert buy_products.is_pay_page(page), page.alerts()
    await canadian.get((await shop.pay(page)).url)
    order = await buy_products.the_order()
    assert (order.total, order.address.region, order.address.town_line) == (14119, "ON", "Ottawa ON K1A 0B1")
    assert "Ottawa ON K1A 0B1" in (await canadian.get(f"/orders/{order.token}")).words


async def test_a_province_is_asked_for_where_there_are_any(canadian: Browser) -> None:
    form = await canadian.get("/checkout")
    for sent in ("", "TX", "nonsense"):
        again = await canadian.submit(form, "/checkout", **{**buy_products.TYPED, **ONTARIO, "region": sent})
        assert again.status == 422 and "Choose a province." in again.words, sent
    german = {**buy_products.TYPED, "country": "DE", "region": "ON", "city": "Berlin", "postcode": "10115"}
    moved = await canadian.submit(form, "/checkout", **german)
    assert "Province" not in moved.words
    page = await canadian.submit(moved, "/checkout", **{k: v for k, v in german.items() if k != "region"})
    assert buy_products.is_pay_page(page), page.alerts()
    assert (await buy_products.the_order()).address.region == ""


async def test_the_address_book_keeps_it(shop: Shop) -> None:
    await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    maya = await shop.signed_in("maya@kiln.test")
    typed = {"name": "Maya", "line1": "1 Elm Street", "city": "Austin", "postcode": "78701", "country": "US"}
    again = await maya.submit(await maya.get("/account/addresses/new"), "/account/addresses", **typed)
    assert again.status == 422 and "Choose a state." in again.words
    done = await maya.submit(again, "/account/addresses", **typed, region="TX")
    assert "Austin, TX 78701" in done.words


@every_cell(("country", "city", "postcode", "region", "line"), LINES)
def test_a_town_is_printed_in_the_order_of_its_country(
    country: str, city: str, postcode: str, region: str, line: str
) -> None:
    assert postal_regions.town_line(city=city, postcode=postcode, country=country, region=region) == line
