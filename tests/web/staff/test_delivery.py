"""Where and how the shop delivers is set by those who may."""

from datetime import timedelta

import pytest

from components.checkout.delivery import delivery_terms, delivery_zones
from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.foundation.postal import tax_areas
from components.foundation.shop_settings import setting_rows
from components.people import operators
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    return await shop.signed_in("iris@kiln.test")


async def _zones() -> dict[str, str]:
    return {zone.name: str(zone.id) for zone in (await delivery_terms.current()).zones}


async def test_a_new_fee_holds_for_the_next_basket(shop: Shop, owner: Browser) -> None:
    await make_products.product()
    sent = await owner.get("/staff/delivery/methods/new")
    assert sent.path == "/staff/delivery/zones/new", "first where, then how"
    missing = await owner.submit(sent, "/staff/delivery/zones", name="Home", countries=[])
    assert missing.status == 422 and "Choose at least one country" in missing.alerts()
    await owner.submit(missing, "/staff/delivery/zones", name="Home", countries="GB")
    page = await owner.get("/staff/delivery/methods/new")
    assert page.form("/staff/delivery/methods").given["zones"] == (await _zones())["Home"], "the only one is ticked"
    wrong = await owner.submit(page, "/staff/delivery/methods", name="Bicycle", fee="2.50", zones=[])
    assert wrong.status == 422 and "Choose at least one zone." in wrong.alerts()
    listed = await owner.submit(wrong, "/staff/delivery/methods", zones=(await _zones())["Home"], free_from="30")
    assert "Bicycle" in listed.words and "2.50" in listed.prices() and "United Kingdom" in listed.words
    guest = shop.browser()
    await buy_products.put_in(guest)
    assert {"26.50", "2.50"} <= set((await guest.get("/basket")).prices())
    assert await buy_products.count("audit_entry", "subject = 'delivery method'") == 1
    assert await buy_products.count("audit_entry", "subject = 'delivery zone'") == 1
    await tax_rates.set_rate("GB", rate_bp=2000)
    await shop.refresh()
    assert "£30.00" in (await owner.get("/staff/delivery")).words, "as it was typed, whatever the tax"


async def test_an_ended_method_can_no_longer_be_chosen(shop: Shop, owner: Browser) -> None:
    await fill_basket.ways()
    await make_products.product()
    guest = shop.browser()
    await buy_products.put_in(guest)
    form = await guest.get("/checkout")
    method = next(one for one in (await delivery_terms.current()).methods if one.name == "Standard")
    link = f"/staff/delivery/methods/{method.id}/end"
    asked = await owner.get(link)
    assert "Remove Standard?" in asked.words and "any more" not in asked.words, "another method goes there too"
    await owner.submit(asked, link)
    refused = await guest.submit(form, "/checkout", **buy_products.TYPED)
    assert refused.status == 422 and "Choose one of the options listed." in refused.alerts()


async def test_no_place_is_in_two_zones(owner: Browser) -> None:
    await make_delivery.method("Post", "GB", fee=395)
    await make_delivery.method("Europe", "DE", "FR", fee=900)
    page = await owner.get("/staff/delivery/zones/new")
    assert "Alaska" not in page.words
    sent = {"name": "More", "countries": ["FR", "ES"], "parts_of": "US"}
    shown = await owner.post("/staff/delivery/zones/regions", sent)
    assert "United States: states or provinces" in shown.words and "Alaska" in shown.words
    sent |= {"regions": ["US-AK", "US-HI"]}
    refused = await owner.submit(shown, "/staff/delivery/zones", **sent)
    assert refused.status == 409 and "Already in the zone “DE, FR”: France." in refused.alerts()
    unknown = await owner.submit(refused, "/staff/delivery/zones", countries="ES", regions="US-XX")
    assert unknown.status == 422 and "Choose from the options listed." in unknown.alerts()
    done = await owner.submit(unknown, "/staff/delivery/zones", regions=["US-AK", "US-HI"], is_rest="on")
    assert "Alaska (United States)" in done.words and "every country in no other zone" in done.words
    more = f"/staff/delivery/zones/{(await _zones())['More']}"
    kept = await owner.post(f"{more}/regions", {"name": "More", "regions": ["US-AK"], "parts_of": "CA"})
    assert "Ontario" in kept.words and 'value="US-AK" checked' in kept.text, "what was ticked stays"
    again = await owner.submit(
        await owner.get("/staff/delivery/zones/new"), "/staff/delivery/zones", name="Else", countries=[], is_rest="on"
    )
    assert again.status == 409 and "the rest of the world already" in again.alerts()
    zone = (await delivery_zones.of_countries("GB"))[0]
    with pytest.raises(Exception, match="place_is_in_one_zone"):
        await database.execute(
            "INSERT INTO zone_place (id, zone, country, region) VALUES (gen_random_uuid(), $1, 'FR', '')", zone
        )
    with pytest.raises(Exception, match="one_rest_of_the_world"):
        await database.execute("UPDATE delivery_zone SET is_rest = true WHERE id = $1", zone)


async def test_the_european_union_is_added_by_one_tick_but_for_what_is_in_another_zone(owner: Browser) -> None:
    await make_delivery.method("Post", "FR", fee=900)
    page = await owner.get("/staff/delivery/zones/new")
    done = await owner.submit(page, "/staff/delivery/zones", name="Union", countries=["CH"], is_eu="on")
    assert done.path == "/staff/delivery"
    zone = next(one for one in (await delivery_terms.current()).zones if one.name == "Union")
    assert set(zone.places) == (tax_areas.EU - {"FR"}) | {"CH"}
    edited = await owner.get(f"/staff/delivery/zones/{zone.id}")
    assert 'value="DE" checked' in edited.text, "each is ticked, to be taken out one by one"
    await owner.submit(edited, f"/staff/delivery/zones/{zone.id}", countries=["DE"])
    zone = next(one for one in (await delivery_terms.current()).zones if one.name == "Union")
    assert zone.places == ("DE",)


async def test_a_zone_that_a_method_needs_is_not_removed(owner: Browser) -> None:
    await make_delivery.method("Post", "GB", fee=395)
    zone = (await _zones())["GB"]
    page = await owner.get(f"/staff/delivery/zones/{zone}")
    assert "It can’t be removed now. Offered in this zone only: Post." in page.words
    refused = await owner.post(f"/staff/delivery/zones/{zone}/removal")
    assert refused.status == 409 and "Offered in this zone only: Post." in refused.alerts()
    (method,) = (await delivery_terms.current()).methods
    link = f"/staff/delivery/methods/{method.id}/end"
    asked = await owner.get(link)
    assert "Nothing is delivered to “GB” any more" in asked.words
    await owner.submit(asked, link)
    page = await owner.get(f"/staff/delivery/zones/{zone}")
    gone = await owner.submit(page, f"/staff/delivery/zones/{zone}/removal")
    assert "GB removed." in gone.words and await _zones() == {}
    assert (await owner.get(f"/staff/delivery/zones/{zone}")).status == 404


async def test_a_region_comes_before_its_country_and_both_before_the_rest(shop: Shop) -> None:
    await setting_rows.change({"country": "US"}, by=None)
    await make_delivery.method("Ground", "US", fee=500)
    far = await delivery_zones.create_zone("Far", places=("US-AK", "US-HI"))
    rest = await delivery_zones.create_zone("World", places=(), is_rest=True)
    await make_delivery.method("Air", fee=2500, zones=(far,))
    await make_delivery.method("Worldwide", fee=4000, zones=(rest,))
    known = await delivery_terms.current()
    found = [
        [method.name for method in known.methods_for(country, region)]
        for country, region in (("US", ""), ("US", "TX"), ("US", "HI"), ("FR", ""), ("CA", "HI"))
    ]
    assert found == [["Ground"], ["Ground"], ["Air"], ["Worldwide"], ["Worldwide"]]
    assert known.countries[0] == "US" and len(known.countries) == 250
    assert known.named_countries == ("US",)


BANDS = {250: "28.95", 999: "28.95", 1000: "31.50", 4999: "31.50", 5000: "36.00", 9000: "36.00", 9001: ""}


async def test_fees_follow_the_weight_of_the_basket(shop: Shop, owner: Browser) -> None:
    """495 up to 1 kg, 750 from there, 1200 from 5 kg, and nothing above 9 kg."""
    mug = (await make_products.product(price=2400)).variants[0]
    zone = str((await delivery_zones.of_countries("GB"))[0])
    steps = {"from1": "1", "fee1": "7.50", "from2": "5 kg", "fee2": "12"}
    sent = {"name": "Parcel", "basis": "weight", "fee": "4.95", "heaviest": "9", "zones": zone, "position": "0"}
    page = await owner.get("/staff/delivery/methods/new")
    for wrong, words in (
        ({**steps, "from2": "1"}, "Each step must begin after the one before it."),
        ({**steps, "from2": "heavy"}, "Enter a weight in kilograms like 2 or 0.5."),
        ({**steps, "fee2": ""}, "Enter the fee from there on, 0 for none."),
        ({**steps, "from2": ""}, "Enter where this fee begins."),
        (dict.fromkeys(steps, ""), "Enter at least one step"),
    ):
        again = await owner.submit(page, "/staff/delivery/methods", **sent, **wrong)
        assert again.status == 422 and words in again.words, words
    listed = await owner.submit(page, "/staff/delivery/methods", **sent, **steps)
    assert "from 1 kg: £7.50 from 5 kg: £12.00 up to 9 kg" in listed.words
    form = await owner.get(next(link for link in listed.links() if "/methods/" in link and "new" not in link))
    assert {name: form.form(form.path).given[name] for name in steps} == {**steps, "from2": "5", "fee2": "12.00"}
    guest = shop.browser()
    await buy_products.put_in(guest)
    assert "from £4.95" in (await guest.get("/products/moon-mug")).words
    for grams, total in BANDS.items():
        await database.execute("UPDATE variant SET weight_grams = $2 WHERE id = $1", mug.id, grams)
        await shop.refresh()
        basket = await guest.get("/basket")
        if not total:
            assert "too heavy for our delivery methods" in basket.words
            assert "too heavy for our delivery methods" in (await guest.get("/checkout")).words
        else:
            assert total in basket.prices() and total in (await guest.get("/checkout")).prices(), grams


async def test_fees_follow_the_price_of_the_goods(shop: Shop) -> None:
    await make_delivery.method("Post", "GB", fee=495, basis="price", bands=((5000, 295), (10000, 0)))
    await make_products.product(price=2400)
    guest = shop.browser()
    for _, total in ((1, "28.95"), (2, "52.95"), (3, "74.95"), (4, "98.95"), (5, "120.00")):
        page = await buy_products.put_in(guest)
        assert total in (await guest.get("/basket")).prices(), page.words
    page = await buy_products.check_out(guest)
    assert buy_products.is_pay_page(page), page.alerts()
    order = await buy_products.the_order()
    assert (order.total, order.delivery, order.delivery_method) == (12000, 0, "Post")


async def test_weights_are_typed_and_shown_in_the_units_of_the_shop(shop: Shop, owner: Browser) -> None:
    """A pound is 453.59237 g; what is shown is read back as the same grams."""
    mug = await make_products.product(price=2400)
    zone = str((await delivery_zones.of_countries("GB"))[0])
    page = await owner.get("/staff/settings/shop")
    await owner.submit(page, "/staff/settings/shop", weight_unit="lb")
    sent = {"name": "Parcel", "basis": "weight", "fee": "4.95", "zones": zone, "position": "0"}
    page = await owner.get("/staff/delivery/methods/new")
    for wrong, words in (("2 kg", "Weights are in pounds here."), ("heavy", "Enter a weight in pounds like 2 or 0.5.")):
        again = await owner.submit(page, "/staff/delivery/methods", **sent, from1=wrong, fee1="7.50")
        assert again.status == 422 and words in again.words
    steps = {"from1": "1", "fee1": "7.50", "from2": "2.205 lb", "fee2": "9", "heaviest": "50"}
    listed = await owner.submit(page, "/staff/delivery/methods", **sent, **steps)
    assert "from 1 lb: £7.50 from 2.205 lb: £9.00 up to 50 lb" in listed.words
    (method,) = (await delivery_terms.current()).methods
    assert method.bands == ((454, 750), (1000, 900)) and method.heaviest == 22680
    link = f"/staff/delivery/methods/{method.id}"
    await owner.submit(await owner.get(link), link)
    assert (await delivery_terms.current()).methods[0].bands == method.bands, "saved again, nothing moved"
    link = f"/staff/products/{mug.slug}/variants/{mug.variants[0].id}"
    await owner.submit(await owner.get(link), link, weight_grams="1.5")
    assert await database.fetch_value("SELECT weight_grams FROM variant") == 680
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await setting_rows.change({"weight_unit": "kg"}, by=None)
    assert (await owner.get(link)).form(link).given["weight_grams"] == "680"


async def test_days_on_the_way_are_both_given_or_neither(owner: Browser) -> None:
    zone = str((await delivery_zones.of_countries("GB"))[0])
    sent = {"name": "Post", "basis": "flat", "fee": "4.95", "zones": zone, "position": "0"}
    page = await owner.get("/staff/delivery/methods/new")
    for wrong, words in (
        ({"transit_least": "2"}, "Enter both, or leave both empty"),
        ({"transit_least": "3", "transit_most": "2"}, "at least as many as the fewest"),
        ({"transit_least": "1", "transit_most": "2", "carrier_days": []}, "Choose at least one day"),
        ({"transit_least": "1", "transit_most": "91"}, "Choose a number from 0 to 90."),
    ):
        again = await owner.submit(page, "/staff/delivery/methods", **sent, **wrong)
        assert again.status == 422 and words in again.words, words
    days = {"transit_least": "1", "transit_most": "2", "carrier_days": ["6", "1"]}
    listed = await owner.submit(page, "/staff/delivery/methods", **sent, **days)
    assert "1 to 2 days on the way" in listed.words
    (method,) = (await delivery_terms.current()).methods
    assert (method.transit_least, method.transit_most, method.carrier_days) == (1, 2, "16")
