"""Promised dates: on the product's page, in the basket, at checkout, with the order and in its e-mail, and true."""

from datetime import UTC, date, datetime, timedelta

import pytest

from components.checkout.delivery import closed_days, delivery_methods, delivery_terms
from components.checkout.delivery.delivery_methods import MethodTerms
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.people import operators
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop

MONDAY = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
ARRIVES = "Arrives Wed 3 Mar – Fri 5 Mar"
SETTINGS = {"delivery_dates": "on", "handling_least": "1", "handling_most": "2", "order_cutoff": "14:00"}


def at(moment: datetime) -> None:
    clock.set_everywhere(moment)


@pytest.fixture
async def dated(shop: Shop) -> Shop:
    """Packed in one or two working days until 14:00, one day on the way."""
    at(MONDAY)
    await setting_rows.change(SETTINGS, by=None)
    await make_delivery.method("Post", "GB", "DE", fee=500, transit_least=1, transit_most=2)
    await make_delivery.method("Van", "GB", fee=900)
    await make_products.product(price=2400)
    return shop


async def _checkout(guest: Browser) -> str:
    return (await guest.get("/checkout")).words


async def test_the_same_promise_stands_everywhere_and_is_kept_with_the_order(dated: Shop) -> None:
    guest = dated.browser()
    soon = "in the United Kingdom if you order within 4 hours."
    assert f"{ARRIVES} {soon}" in (await guest.get("/products/moon-mug")).words
    await buy_products.put_in(guest)
    assert f"{ARRIVES} {soon}" in (await guest.get("/basket")).words
    form = await guest.get("/checkout")
    assert f"{ARRIVES} if you order within 4 hours" in form.words and form.words.count("Arrives") == 1
    page = await guest.submit(form, "/checkout", **buy_products.TYPED)
    assert buy_products.is_pay_page(page), page.alerts()
    await guest.get((await dated.pay(page)).url)
    order = await buy_products.the_order()
    assert order.promise is not None and order.promise.words == ARRIVES
    assert (order.promise.pack_by, order.promise.latest) == (date(2027, 3, 3), date(2027, 3, 5))
    await setting_rows.change({"delivery_dates": "off", "handling_most": "9"}, by=None)
    assert ARRIVES in (await guest.get(f"/orders/{order.token}")).words, "as it was said"
    await dated.catch_up()
    (email,) = await database.fetch("SELECT text, html FROM email WHERE template = 'order_confirmation'")
    assert ARRIVES in email["text"] and ARRIVES in email["html"]
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    owner, link = await dated.signed_in("iris@kiln.test"), f"/staff/orders/{order.number}"
    assert "Pack by Wed 3 Mar" in (await owner.get(link)).words
    for days, words in ((2, "Pack today"), (3, "Should have been packed by Wed 3 Mar")):
        at(MONDAY + timedelta(days=days))
        assert words in (await (await dated.signed_in("iris@kiln.test")).get(link)).words


async def test_a_sentence_that_ends_with_a_short_month_has_one_full_stop(dated: Shop) -> None:
    await database.execute("UPDATE delivery_method SET free_from = 1")
    await setting_rows.change({"shop_language": "de", "locale": "de_DE"}, by=None)
    at(MONDAY.replace(month=12, day=6, hour=20))
    guest = dated.browser()
    await buy_products.put_in(guest)
    words = (await guest.get("/checkout")).words
    assert "Dez. 5,00" in words and ".." not in words


async def test_a_cut_off_that_passes_while_somebody_reads_is_shown_before_they_pay(dated: Shop) -> None:
    guest = dated.browser()
    await buy_products.put_in(guest)
    at(MONDAY.replace(hour=13, minute=58))
    form = await guest.get("/checkout")
    assert f"{ARRIVES} if you order within 2 minutes" in form.words
    at(MONDAY.replace(hour=14))
    again = await guest.submit(form, "/checkout", **buy_products.TYPED)
    assert again.status == 409 and "Something has changed" in again.alerts()
    assert "Arrives Thu 4 Mar – Mon 8 Mar" in again.words and "if you order" not in again.words
    page = await guest.submit(again, "/checkout", **buy_products.TYPED)
    assert buy_products.is_pay_page(page), page.alerts()


async def test_nothing_is_promised_that_is_not_certain(dated: Shop) -> None:
    """No method with days, nothing on the shelf, not on sale yet, paid too late, the shop closed or silent."""
    guest = dated.browser()
    await buy_products.put_in(guest)
    later = await make_products.product("Later mug", public_from=MONDAY + timedelta(days=3))
    assert later.slug and "Arrives" not in (await guest.get("/products/later-mug")).words
    await make_products.product("Made again", on_hand=0, sells_when_out=True)
    assert "Arrives" not in (await guest.get("/products/made-again")).words
    variant = await database.fetch_value("SELECT variant FROM basket_line")
    await database.execute("UPDATE variant SET sells_when_out = true, on_hand = 1 WHERE id = $1", variant)
    await dated.refresh()
    assert "Arrives" in await _checkout(guest), "one is on the shelf"
    await database.execute("UPDATE basket_line SET quantity = 2")
    assert "Arrives" not in await _checkout(guest), "two are not"
    await database.execute("UPDATE basket_line SET quantity = 1")
    closed = await closed_days.add(date(2027, 3, 1), date(2027, 3, 5), by=None)
    assert "Arrives Wed 10 Mar – Fri 12 Mar" in await _checkout(guest)
    await closed_days.remove(closed, by=(await fill_basket.person("iris@kiln.test", "Iris Hall")))
    page = await guest.submit(await guest.get("/checkout"), "/checkout", **buy_products.TYPED)
    assert buy_products.is_pay_page(page), page.alerts()
    outcome = await dated.pay(page)
    at(MONDAY + timedelta(minutes=70))
    await guest.get(outcome.url)
    order = await buy_products.the_order()
    assert order.promise is not None and order.standing_promise is None, "the money came after the promise was made"
    await setting_rows.change({"delivery_dates": "off"}, by=None)
    assert "Arrives" not in (await guest.get("/products/moon-mug")).words


async def test_holidays_of_both_ends_count_and_days_of_a_carrier(dated: Shop) -> None:
    """Good Friday and Easter Monday rest everywhere; 1 May only in Germany, 3 May only in England."""
    guest = dated.browser()
    await buy_products.put_in(guest)
    cases = (
        (datetime(2027, 3, 24, 9, tzinfo=UTC), "GB", "Arrives Tue 30 Mar – Thu 1 Apr"),
        (datetime(2027, 5, 4, 9, tzinfo=UTC), "DE", "Arrives Fri 7 May – Mon 10 May"),
        (datetime(2027, 5, 4, 9, tzinfo=UTC), "GB", "Arrives Thu 6 May – Mon 10 May"),
    )
    for moment, country, words in cases:
        at(moment)
        typed = {**(await guest.get("/checkout")).form("/checkout").given, "country": country}
        assert words in (await guest.post_for_part("/checkout/choices", typed)).text, (moment, country)


async def test_a_pickup_is_ready_from_a_day(dated: Shop) -> None:
    place = delivery_terms.PickupPlace(line1="12 Castle Street", city="Leeds", postcode="LS1 4AB", country="GB")
    terms = MethodTerms(name="In the shop", fee=0, pickup=place, transit_least=0, transit_most=0)
    await delivery_methods.create_method(terms)
    guest = dated.browser()
    await buy_products.put_in(guest)
    assert "Ready to pick up from Wed 3 Mar if you order within 4 hours" in await _checkout(guest)
