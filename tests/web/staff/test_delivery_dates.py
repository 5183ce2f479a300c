"""Settings, Delivery dates: typed by staff, tried before they are saved, refused where they cannot be."""

from datetime import UTC, date, datetime, timedelta

import pytest

from components.checkout.delivery import delivery_terms
from components.foundation import clock
from components.foundation.postal import postal_regions
from components.foundation.shop_settings import setting_rows, shop_settings
from components.foundation.shop_settings.setting_rules import COUNTRIES
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.people import operators
from tests.support import buy_products, fill_basket, make_delivery
from tests.support.pages import Browser
from tests.support.shops import Shop

LINK = "/staff/settings/delivery"
FRIDAY = datetime(2027, 3, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    clock.set_everywhere(FRIDAY - timedelta(minutes=1))
    begun = ShopSettings()
    names = ("delivery_dates", "handling_least", "handling_most", "order_cutoff")
    await setting_rows.change({name: str(getattr(begun, name)) for name in names}, by=None)
    clock.set_everywhere(FRIDAY)
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    return await shop.signed_in("iris@kiln.test")


async def test_a_new_shop_promises_nothing_and_tries_before_it_saves(owner: Browser) -> None:
    page = await owner.get(LINK)
    assert shop_settings.current().delivery_dates == "off" and "No delivery method has days on the way" in page.words
    await make_delivery.method("Post", "GB", fee=500, transit_least=1, transit_most=1)
    await make_delivery.method("Van", "GB", fee=900)
    page = await owner.get(LINK)
    assert "As customers in the United Kingdom would read it with Post." in page.words
    assert "Now Mon 8 Mar – Tue 9 Mar Arrives Tue 9 Mar – Wed 10 Mar" in page.words
    assert "which have no days on the way: Van." in page.words and "Fri 26 Mar (Good Friday)" in page.words
    typed = page.form(LINK).given | {"packing_days": ["6"], "handling_least": "0", "handling_most": "0"}
    tried = await owner.post(f"{LINK}/preview", typed)
    assert "Now Sat 6 Mar Arrives Mon 8 Mar" in tried.words, "tried"
    assert shop_settings.current().packing_days == "12345", "not saved"
    part = await owner.post_for_part(f"{LINK}/preview", typed)
    assert "Now Sat 6 Mar Arrives Mon 8 Mar" in part.words and "<form" not in part.text
    done = await owner.submit(tried, LINK, delivery_dates="on", packing_days=["6", "1"], order_cutoff="08:15")
    assert "Saved." in done.words
    known = shop_settings.current()
    assert (known.packing_days, known.handling_least, known.order_cutoff) == ("16", 0, "08:15")
    assert await buy_products.count("audit_entry", "what = 'settings changed' AND actor IS NOT NULL") == 1


WRONG = (
    ({"packing_days": []}, "Choose at least one day."),
    ({"order_cutoff": "25:00"}, "must be a time such as 14:00"),
    ({"handling_least": "3", "handling_most": "2"}, "at least as many as the fewest"),
    ({"handling_most": "31"}, "Choose a number from 0 to 30."),
    ({"handling_most": ""}, "is required"),
    ({"holiday_region": "XX"}, "Choose one of the options listed."),
)


async def test_what_cannot_be_is_refused_and_nothing_is_saved(owner: Browser) -> None:
    page, before = await owner.get(LINK), shop_settings.current()
    for wrong, words in WRONG:
        for link in (LINK, f"{LINK}/preview"):
            again = await owner.post(link, {**page.form(LINK).given, "packing_days": ["1"], **wrong})
            assert again.status == 422 and words in again.words, (wrong, link)
    assert shop_settings.current() == before


async def test_closed_days_move_dates_until_they_are_removed(owner: Browser) -> None:
    await make_delivery.method("Post", "GB", fee=500, transit_least=1, transit_most=1)
    page = await owner.get(LINK)
    for sent, words in (
        ({"first_day": ""}, "Choose a date for “From”."),
        ({"first_day": "2027-03-09", "last_day": "2027-03-08"}, "Choose a day from then on"),
        ({"first_day": "2027-03-09", "last_day": "2028-03-08"}, "at most 180 days"),
    ):
        again = await owner.submit(page, f"{LINK}/closed", **sent)
        assert again.status == 422 and words in again.words
    await owner.submit(page, f"{LINK}/closed", first_day="2027-03-08", last_day="2027-03-10", words="Stocktaking")
    page = await owner.submit(page, f"{LINK}/closed", first_day="2027-03-06", is_open="on")
    assert "Mon 8 Mar – Wed 10 Mar 2027 are closed Stocktaking" in page.words and "Sat 6 Mar 2027 pack" in page.words
    assert "Now Sat 6 Mar – Thu 11 Mar Arrives Mon 8 Mar – Fri 12 Mar" in page.words
    first, second = (await delivery_terms.current()).closures
    assert (first.first_day, first.is_open) == (date(2027, 3, 6), True)
    for one in (first, second):
        page = await owner.submit(page, f"{LINK}/closed/{one.id}/removal")
    assert "Now Mon 8 Mar – Tue 9 Mar" in page.words
    assert (await owner.post(f"{LINK}/closed/{first.id}/removal", {})).status == 404
    assert await buy_products.count("audit_entry", "subject = 'closed days'") == 4


async def test_only_those_who_set_delivery_may(shop: Shop, owner: Browser) -> None:
    sam = await fill_basket.person("sam@kiln.test", "Sam Field")
    await operators.add(sam, role="staff", permissions=("orders",))
    assert (await (await shop.signed_in("sam@kiln.test")).get(LINK)).status == 403


def test_the_list_of_countries_with_states_is_that_of_the_data() -> None:
    assert {one for one in COUNTRIES if postal_regions.of_country(one)} == postal_regions.WITH_REGIONS
