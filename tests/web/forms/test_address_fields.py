"""Addresses as each country writes them: what is asked, in which order, what is refused, how it is kept."""

import pytest

from components.foundation import database
from components.foundation.postal import postal_forms, postal_regions
from components.foundation.shop_settings import setting_rows
from components.foundation.shop_settings.setting_rules import COUNTRIES
from components.orders import erasure as order_erasure
from components.people import addresses
from components.people.privacy import account_export, erasure
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop
from web import countries, templating
from web.account.profile.addresses import AddressForm

ORDERS = {
    "GB": "line1 line2 city|postcode",
    "US": "line1 line2 city region|postcode",
    "DE": "line1 line2 postcode|city",
    "FR": "line1 line2 postcode|city",
    "IT": "line1 line2 postcode|city region",
    "IE": "line1 line2 district|city region|postcode",
    "AU": "line1 line2 city region|postcode",
    "BR": "line1 line2 district city|region postcode",
    "MX": "line1 line2 district postcode|city region",
    "JP": "line1 line2 region|postcode",
    "HK": "line1 line2 city|region",
    "SG": "line1 line2 postcode",
    "AE": "line1 line2 region",
}
LABELS = [
    ("US", "postcode", "ZIP code"), ("IN", "postcode", "PIN code"), ("IE", "postcode", "Eircode"),
    ("CA", "postcode", "Postal code"), ("GB", "postcode", "Postcode"), ("US", "region", "State"),
    ("CA", "region", "Province"), ("IE", "region", "County"), ("JP", "region", "Prefecture"),
    ("AU", "city", "Suburb or town"), ("NZ", "district", "Suburb"), ("BR", "district", "Neighbourhood"),
]  # fmt: skip
POSTCODES = [
    ("GB", "ls14ab", "LS1 4AB"), ("GB", "ec1y8sy", "EC1Y 8SY"), ("CA", "k1a0b1", "K1A 0B1"),
    ("NL", "1012ab", "1012 AB"), ("US", "78701", "78701"), ("US", "221621010", "22162-1010"),
    ("DE", "D-10115", "10115"), ("PL", "00950", "00-950"), ("SE", "11455", "11455"), ("JP", "1540023", "154-0023"),
    ("IE", "a65f4e2", "A65 F4E2"), ("BR", "40301110", "40301-110"),
]  # fmt: skip


def _typed(country: str) -> dict[str, str]:
    """The least that is enough there."""
    form = postal_forms.of_country(country)
    least = dict.fromkeys(form.required, "Somewhere")
    if "region" in form.required and form.regions:
        least["region"] = form.regions[0][0]
    if "postcode" in form.required:
        least["postcode"] = form.postcode_examples[0] if form.postcode else "123"
    return least


@every_cell("language", ["en", "zh", "ar"])
def test_every_country_has_a_form_that_its_least_address_passes(language: str) -> None:
    for country in sorted(COUNTRIES):
        form, least = postal_forms.of_country(country, language), _typed(country)
        assert form.country == country and "line1" in form.parts and set(form.required) <= set(form.parts), country
        assert len(form.parts) == len(set(form.parts)) and set(form.labels) >= set(form.parts), country
        assert form.wrong(least) == {}, country
        assert form.cleaned(form.cleaned(least)) == form.cleaned(least), country
        for part in form.required:
            words = form.wrong({**least, part: " "})
            assert list(words) == [part] and form.labels[part].lower() in words[part].lower(), country
        if form.postcode:
            (words,) = form.wrong({**least, "postcode": "!"}).values()
            assert form.postcode_examples[0] in words, country
            for example in form.postcode_examples:
                assert form.cleaned({"postcode": example.lower()})["postcode"] == example.upper(), country


async def test_every_country_is_shown_and_accepted(shop: Shop) -> None:
    known = {"country": countries.choices()}
    for country in sorted(COUNTRIES):
        least = _typed(country)
        sent = {name: [text] for name, text in {**least, "country": country, "name": "Maya"}.items()}
        form = AddressForm.of(sent, choices=known)
        assert form.is_valid, (country, form.errors)
        shown = templating.render("account/profile/addresses/_fields.html", {"form": form})
        positions = [shown.index(f'id="{part}"') for part in form.postal.parts]
        assert positions == sorted(positions), country
        assert postal_regions.town_line(
            city=form.city, postcode=form.postcode, country=country, region=form.region, district=form.district
        ) or not form.postal.required - {"line1"}, country
        nothing = AddressForm.of({"country": [country], "name": ["Maya"]}, choices=known)
        assert set(nothing.errors) == form.postal.required, country


def test_orders_labels_and_postcodes_of_some() -> None:
    for country, order in ORDERS.items():
        assert " ".join("|".join(row) for row in postal_forms.of_country(country).rows) == order, country
    for country, part, label in LABELS:
        assert postal_forms.of_country(country).labels[part] == label, country
    for country, typed, kept in POSTCODES:
        assert postal_forms.of_country(country).cleaned({"postcode": typed})["postcode"] == kept, country
    assert postal_forms.of_country("JP", "ja").rows[0] == ("postcode", "region"), "as it is written in Japanese"
    assert "like EC1Y 8SY" in postal_forms.of_country("GB").wrong({"postcode": "12345"})["postcode"]
    assert "an Eircode like" in postal_forms.of_country("IE").wrong({"postcode": "?"})["postcode"]


@pytest.fixture
async def guest(shop: Shop) -> Browser:
    await make_delivery.method("Post", "GB", "US", "JP", "DE", fee=595)
    await make_products.product(price=11900)
    guest = shop.browser()
    await buy_products.put_in(guest)
    return guest


async def test_another_country_asks_for_its_parts_and_keeps_what_was_typed(guest: Browser) -> None:
    form = (await guest.get("/checkout")).form("/checkout").given
    typed = {**form, **buy_products.TYPED, "region": ""}
    japan = await guest.post_for_part("/checkout/choices", {**typed, "country": "JP"})
    assert "Prefecture" in japan.text and 'type="hidden" name="city" value="Leeds"' in japan.text
    assert "is required" not in japan.text, "nothing was sent yet"
    america = await guest.post("/checkout/choices", {**typed, "country": "US"})
    assert america.status == 200 and america.form("/checkout").given["city"] == "Leeds"
    assert america.text.index('id="city"') < america.text.index('id="region"') < america.text.index('id="postcode"')
    assert 'hx-get="/checkout' not in america.text, "an address in a query would stand in logs"


async def test_without_script_the_next_page_has_the_countrys_form(shop: Shop, guest: Browser) -> None:
    form = await guest.get("/checkout")
    again = await guest.submit(form, "/checkout", **{**buy_products.TYPED, "country": "US"})
    assert again.status == 422 and "Choose a state." in again.words and "Enter a ZIP code like 95014." in again.words
    page = await guest.submit(again, "/checkout", region="TX", postcode="78701", city="Austin")
    assert buy_products.is_pay_page(page), page.alerts()
    await guest.get((await shop.pay(page)).url)
    order = await buy_products.the_order()
    assert order.address.town_line == "Austin, TX 78701"


async def test_the_postcode_is_kept_as_it_is_written_there(shop: Shop, guest: Browser) -> None:
    page = await guest.submit(await guest.get("/checkout"), "/checkout", **{**buy_products.TYPED, "postcode": "ls14ab"})
    assert buy_products.is_pay_page(page), page.alerts()
    assert (await buy_products.the_order()).address.postcode == "LS1 4AB"


async def test_a_phone_number_goes_with_the_order_where_the_shop_asks(shop: Shop, guest: Browser) -> None:
    silent = await guest.get("/checkout")
    assert "Phone" not in silent.words
    await setting_rows.change({"checkout_phone": "required"}, by=None)
    form = await guest.get("/checkout")
    for sent, words in (("", "“Phone” is required."), ("12", "Enter a phone number like 07400 123456")):
        again = await guest.submit(form, "/checkout", **{**buy_products.TYPED, "phone": sent})
        assert again.status == 422 and words in again.words
    page = await guest.submit(again, "/checkout", phone="(0113) 496 0000")
    assert buy_products.is_pay_page(page), page.alerts()
    await guest.get((await shop.pay(page)).url)
    order = await buy_products.the_order()
    assert (order.address.phone, order.address.phone_shown) == ("+441134960000", "0113 496 0000")
    assert "0113 496 0000" in (await guest.get(f"/orders/{order.token}")).words
    await setting_rows.change({"country": "DE", "checkout_phone": "optional"}, by=None)
    assert "+44 113 496 0000" in (await guest.get(f"/orders/{order.token}")).words, "seen from another country"
    person = await fill_basket.person("noor@kiln.test", "Noor Haddad")
    await database.execute("UPDATE orders SET person = $1", person)
    await order_erasure.anonymise(person, "")
    assert (await buy_products.the_order()).address.phone == ""


async def test_the_address_book_keeps_phone_and_suburb_until_erased(shop: Shop) -> None:
    await setting_rows.change({"checkout_phone": "optional"}, by=None)
    person = await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    maya = await shop.signed_in("maya@kiln.test")
    typed = {"name": "Maya", "line1": "1 Queen Street", "country": "NZ", "city": "Auckland", "postcode": "1010"}
    fields = await maya.post_for_part("/account/addresses/fields", {**typed, "country": "NZ"})
    assert "Suburb" in fields.words and 'value="Auckland"' in fields.text
    done = await maya.submit(
        await maya.get("/account/addresses/new"),
        "/account/addresses",
        **typed,
        district="Ponsonby",
        phone="021 123 4567",
    )
    assert "Ponsonby, Auckland 1010" in done.words and "+64 21 123 4567" in done.words
    (kept,) = (await account_export.collect(person))["addresses"]
    assert (kept["phone"], kept["district"]) == ("+64211234567", "Ponsonby")
    await erasure.erase(person)
    assert await addresses.of_person(person) == []
