"""Settings, Tax: rates are set, planned, removed, and taken over from the list; and what buyers are charged then."""

from datetime import timedelta

import pytest

from components.checkout.delivery import delivery_terms
from components.checkout.tables import TaxRate
from components.checkout.taxes import domestic_tax_refresh, suggested_rates, tax_rates
from components.foundation import clock
from components.foundation.shop_settings import setting_rows
from components.insights import order_invariants
from components.messaging.tables import Email
from components.orders import queries
from components.people import operators
from tests.support import buy_products, fill_basket, make_delivery, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop

TAX = "/staff/settings/tax"


async def owner_of(shop: Shop) -> Browser:
    iris = await fill_basket.person("iris@kiln.test", "Iris Hall")
    await operators.add(iris, role="owner", permissions=())
    return await shop.signed_in("iris@kiln.test")


async def german(shop: Shop) -> None:
    await setting_rows.change({"country": "DE", "currency": "EUR", "vat_number": "DE136695976"}, by=None)
    await suggested_rates.adopt("DE")
    await make_delivery.method("Post", "DE", "FR", "CH", fee=595)


async def test_an_address_that_fills_in_nonsense_shows_it_in_the_form(shop: Shop) -> None:
    page = await (await owner_of(shop)).get(f"{TAX}/rates/new?from_at=on&rate=x&country=DE")
    assert page.status == 200
    assert page.form(f"{TAX}/rates").given["country"] == "DE"


async def test_rates_are_taken_over_changed_planned_and_removed(shop: Shop) -> None:
    owner = await owner_of(shop)
    empty = await owner.get(TAX)
    assert "No tax is charged until you set one." in empty.words
    shown = await owner.get(f"{TAX}/known?country=DE")
    assert "European Commission" in shown.words and {"19%", "7%"} <= set(shown.words.split())
    done = await owner.submit(shown, f"{TAX}/known/DE")
    assert "2 rates of Germany set." in done.words
    again = await owner.get(f"{TAX}/known?country=DE")
    assert again.words.count("the same") == 2
    assert "none is offered" in (await owner.get(f"{TAX}/known?country=US")).words
    form = await owner.get(f"{TAX}/rates/new?country=DE")
    for wrong, words in (
        ({"rate": "120"}, "from 0 to 100"),
        ({"rate": "5", "is_added": "on"}, "Only the tax of a state"),
        ({"rate": "5", "region": "Bavaria"}, "Germany: addresses there name no state or province"),
        ({"rate": "5", "region": "SCO", "country": "GB"}, "United Kingdom: addresses there name no state"),
        ({"rate": "5", "region": "CAL", "country": "US"}, "by its name or code, such as Alabama (AL)"),
        ({"rate": "5", "from_at": "2020-01-01T00:00"}, "cannot begin in the past"),
    ):
        refused = await owner.submit(form, f"{TAX}/rates", category="standard", name="MwSt.", **wrong)
        assert refused.status == 422 and words in refused.words
    later = (clock.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    planned = await owner.submit(
        form, f"{TAX}/rates", category="standard", name="MwSt.", rate="21", from_at=later, region=""
    )
    assert "planned for" in planned.words and "21%" in planned.words
    link = next(link for link in planned.links() if link.endswith("/removal"))
    confirm = await owner.get(link)
    assert "Remove MwSt." in confirm.words
    gone = await owner.submit(confirm, link)
    assert "Tax rate removed." in gone.words
    assert (await owner.get(link)).status == 404
    assert await buy_products.count("audit_entry", "subject = 'tax rate'") == 4


async def test_categories_and_settings_are_checked(shop: Shop) -> None:
    owner = await owner_of(shop)
    page = await owner.get(TAX)
    added = await owner.submit(page, f"{TAX}/categories", category_name="Wine")
    assert "Wine added." in added.words
    assert (await owner.submit(added, f"{TAX}/categories", category_name="wine")).status == 422
    wrong = await owner.submit(added, TAX, vat_number="GB123456789")
    assert wrong.status == 422 and "digit wrong" in wrong.alerts()
    elsewhere = await owner.submit(added, TAX, tax_region="CALIFORNIA")
    assert elsewhere.status == 422 and "United Kingdom: addresses there name no state" in elsewhere.alerts()
    saved = await owner.submit(added, TAX, vat_number="980 7806 84")
    assert saved.status == 200, saved.alerts()
    prices = await owner.get(f"{TAX}/prices")
    unread = await owner.submit(prices, f"{TAX}/prices", prices_include_tax="no")
    assert unread.status == 422 and "tick this box" in unread.alerts()
    changed = await owner.submit(unread, f"{TAX}/prices", prices_include_tax="no", has_read="on")
    assert "Your prices are without tax" in changed.words


async def test_the_state_or_province_is_asked_for_where_tax_depends_on_it(shop: Shop) -> None:
    owner = await owner_of(shop)
    assert "Your state or province" not in (await owner.get(TAX)).words
    await setting_rows.change({"tax_region": "CA"}, by=None)
    page = await owner.get(TAX)
    assert "Your state or province" in page.words, "what was entered can be taken out"
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    gone = await owner.submit(page, TAX, tax_region="")
    assert gone.status == 200, gone.alerts()
    assert "Your state or province" not in (await owner.get(TAX)).words
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await setting_rows.change({"country": "CA", "currency": "CAD"}, by=None)
    assert "Your state or province" in (await owner.get(TAX)).words


async def test_a_state_is_understood_by_name_and_code_and_its_rate_is_charged(shop: Shop) -> None:
    owner = await owner_of(shop)
    form = await owner.get(f"{TAX}/rates/new?country=US")
    for country, typed, code, place in (
        ("US", "California", "CA", "California"), ("US", "us-ny", "NY", "New York"), ("CA", "Quebec", "QC", "Quebec"),
        ("CA", "QUÉBEC", "QC", "Quebec"), ("AU", "nsw", "NSW", "New South Wales"),
    ):  # fmt: skip
        saved = await owner.submit(form, f"{TAX}/rates", country=country, region=typed, name="Tax", rate="7.25")
        assert saved.status == 200, saved.alerts()
        assert place in saved.words and "never charged" not in saved.words
        taxes = (await delivery_terms.current()).taxes
        assert any(one.region == code for one in taxes.in_force(clock.now()) if one.country == country)


async def test_a_rate_of_a_place_that_no_address_names_is_not_set_and_one_of_before_is_marked(shop: Shop) -> None:
    with pytest.raises(tax_rates.BadRate, match="No address there names"):
        await tax_rates.set_rate("US", rate_bp=725, region="CAL")
    await tax_rates.set_rate("US", rate_bp=725, region="CA")
    await TaxRate.update(region="CAL").where(TaxRate.region == "CA")
    await domestic_tax_refresh.refresh()
    assert "CAL: no address names this place, so it is never charged" in (await (await owner_of(shop)).get(TAX)).words


async def test_a_business_in_another_eu_country_pays_no_tax_and_reads_why(shop: Shop) -> None:
    await german(shop)
    await make_products.product(price=11900)
    guest = shop.browser()
    await buy_products.put_in(guest)
    form = await guest.get("/checkout")
    typed = {**buy_products.TYPED, "postcode": "75001", "country": "FR", "shown_country": "FR"}
    wrong = await guest.submit(form, "/checkout", **typed, vat_number="FR123")
    assert wrong.status == 422 and "digit wrong" in wrong.alerts()
    seen = await guest.submit(wrong, "/checkout", **typed, vat_number="FR 40 303 265 045")
    assert seen.status == 409 and "Reverse charge" in seen.words, (
        "the total changed: it is shown before anything is paid"
    )
    page = await guest.submit(seen, "/checkout")
    await guest.get((await shop.pay(page)).url)
    await shop.catch_up()
    order = await buy_products.the_order()
    kept = await queries.by_id(order.id)
    assert kept is not None and (kept.goods, kept.delivery, kept.tax, kept.total) == (10000, 500, 0, 10500)
    assert kept.vat_number == "FR40303265045" and kept.seller_vat_number == "DE136695976"
    email = await Email.objects().where(Email.template == "order_confirmation").first()
    for text in ((await guest.get(f"/orders/{kept.token}")).words, email.text):  # type: ignore[union-attr]
        assert "Reverse charge: no VAT is charged." in text and "FR40303265045" in text and "DE136695976" in text
    assert await buy_products.is_sound()


async def test_each_rate_is_a_row_of_the_order_and_a_new_rate_leaves_it(shop: Shop) -> None:
    await german(shop)
    await make_products.product(price=11900)
    await make_products.product("Book", price=10700, tax_category="reduced")
    guest = shop.browser()
    await buy_products.put_in(guest)
    await buy_products.put_in(guest, "book")
    product = (await guest.get("/products/moon-mug")).words
    assert "The price includes 19% VAT." in product and "VAT.." not in product
    basket = await guest.get("/basket")
    assert "Including VAT (19%)" in basket.words and "Including VAT (7%)" in basket.words
    form = await guest.get("/checkout")
    page = await guest.submit(form, "/checkout", **{**buy_products.TYPED, **buy_products.IN_GERMANY})
    await guest.get((await shop.pay(page)).url)
    await tax_rates.set_rate("DE", rate_bp=2100, name="MwSt.")
    await shop.catch_up()
    order = await queries.by_id((await buy_products.the_order()).id)
    assert order is not None
    rows = [(row.rate_bp, row.net + row.amount, row.amount) for row in order.taxes]
    assert rows == [(1900, 11900 + 313, 1900 + 50), (700, 10700 + 282, 700 + 18)]
    assert sum(amount for _, _, amount in rows) == order.tax
    assert await order_invariants.of_orders() == []


async def test_a_buyer_abroad_is_told_of_import_charges_everywhere(shop: Shop) -> None:
    await setting_rows.change({"country": "GB"}, by=None)
    await fill_basket.ways()
    await make_products.product(price=5000)
    guest = shop.browser()
    note = "import VAT and customs duties may be charged on arrival"
    assert note in (await guest.get("/products/moon-mug")).words
    await buy_products.put_in(guest)
    assert note in (await guest.get("/basket")).words
    form = await guest.get("/checkout")
    assert note not in form.words, "at home nothing is charged on arrival"
    page = await guest.submit(
        form, "/checkout", **{**buy_products.TYPED, "postcode": "", "country": "IE", "shown_country": "IE"}
    )
    assert note in page.words
    paid = await guest.submit(page, "/checkout")
    await guest.get((await shop.pay(paid)).url)
    await shop.catch_up()
    email = await Email.objects().where(Email.template == "order_confirmation").first()
    assert email is not None and note in email.text and note in email.html


async def test_a_small_business_charges_none_and_says_so_everywhere(shop: Shop) -> None:
    await german(shop)
    await setting_rows.change({"small_business": "yes"}, by=None)
    await make_products.product(price=11900)
    guest = shop.browser()
    note = "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet"
    assert note in (await guest.get("/products/moon-mug")).words
    await buy_products.put_in(guest)
    assert note in (await guest.get("/basket")).words
    form = await guest.get("/checkout")
    assert note in form.words and 'name="vat_number"' not in form.text
    page = await guest.submit(form, "/checkout", **{**buy_products.TYPED, **buy_products.IN_GERMANY})
    await guest.get((await shop.pay(page)).url)
    await setting_rows.change({"small_business": "no"}, by=None)
    await shop.catch_up()
    order = await queries.by_id((await buy_products.the_order()).id)
    email = await Email.objects().where(Email.template == "order_confirmation").first()
    assert order is not None and email is not None
    assert (order.tax, order.taxes, order.total) == (0, (), 12495) and note in email.text
    assert note in (await guest.get(f"/orders/{order.token}")).words, "an order keeps its sentence"


async def test_a_shop_without_tax_in_its_prices_lists_each_tax_it_adds(shop: Shop) -> None:
    await setting_rows.change(
        {"country": "CA", "currency": "CAD", "tax_region": "BC", "prices_include_tax": "no"}, by=None
    )
    await suggested_rates.adopt("CA")
    await make_delivery.method("Post", "CA", fee=595)
    await make_products.product(price=11900)
    guest = shop.browser()
    assert "12% GST + PST is added at checkout." in (await guest.get("/products/moon-mug")).words
    await buy_products.put_in(guest)
    basket = await guest.get("/basket")
    assert {"6.25", "8.75", "139.95"} <= set(basket.prices()), "5% and 7% of 119.00 and of 5.95, each rounded"
