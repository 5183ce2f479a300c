"""The tax in a fee: of the shop's own country or of the member's, told, stored and on the invoice alike."""

from datetime import timedelta
from typing import Any

from components.checkout.taxes import suggested_rates, tax_rates
from components.foundation import clock, database, json
from components.foundation.shop_settings import setting_rows
from components.invoices import fee_invoices
from components.memberships.billing import subscription_start
from components.memberships.plans import member_taxes, plan_catalogue
from components.people import addresses
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.shops import Shop

HOME: dict[str, Any] = {"name": "Maya", "line1": "1 Rue Basse", "city": "Lille", "postcode": "59000", "country": "FR"}
LILLE = {"line1": "1 Rue Basse", "city": "Lille", "postcode": "59000", "country": "FR"}
INVOICES = {
    "invoices": "on", "company_name": "Kiln GmbH", "company_street": "Ofenweg 3", "company_town": "10115 Berlin",
}  # fmt: skip


async def german(shop: Shop, **settings: str) -> None:
    known = {"country": "DE", "currency": "EUR", "vat_number": "DE136695976", "eu_sales": "each", **settings}
    await setting_rows.change(known, by=None)
    for country in ("DE", "FR"):
        await suggested_rates.adopt(country)
    await shop.refresh()


async def lives(email: str, **parts: Any) -> None:
    person = await people.customer(email, name="Maya")
    await addresses.add(person.id, **{**HOME, **parts})


async def test_each_place_and_setting_has_its_tax(shop: Shop) -> None:
    await german(shop)
    for place in ("FR", "DE", "CH"):
        await lives(
            f"{place.lower()}@kiln.test", country=place, postcode={"FR": "59000", "DE": "10115", "CH": "8001"}[place]
        )
    await people.customer("nowhere@kiln.test")
    for settings, wanted in (
        ({"fee_tax": "home"}, {"fr": 1900, "de": 1900, "ch": 1900, "nowhere": 1900}),
        ({"fee_tax": "member"}, {"fr": 2000, "de": 1900, "ch": 0, "nowhere": 1900}),
        ({"eu_sales": "home"}, {"fr": 1900, "de": 1900, "ch": 0, "nowhere": 1900}),
        ({"export_prices": "without"}, {"fr": 1900, "de": 1900, "ch": 1900, "nowhere": 1900}),
        ({"small_business": "yes"}, {"fr": 0, "de": 0, "ch": 0, "nowhere": 0}),
    ):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))  # of two rows of one instant either may hold
        await setting_rows.change(settings, by=None)
        await shop.refresh()
        found = {
            name: (await member_taxes.of_member(await join_members.person(f"{name}@kiln.test"))).terms().rate_bp
            for name in wanted
        }
        assert found == wanted, settings


async def test_it_is_told_stored_invoiced_and_follows_a_move_from_the_next_period(shop: Shop) -> None:
    await german(shop, fee_tax="member", **INVOICES)
    plan = await make_plans.club(price=1200, interval="month")
    await lives(join_members.MAYA)
    browser = await shop.signed_in(join_members.MAYA)
    shown = await browser.get(f"/join/{plan.slug}")
    assert "€2.00" in shown.words, "a sixth of it is tax in France"
    outcome = await shop.pay(await browser.submit(shown, f"/join/{plan.slug}"), "4242424242424242")
    await browser.get(outcome.url)
    await shop.catch_up()
    assert "€2.00" in (await browser.get("/account/membership")).words
    person = await join_members.person()
    (home,) = await addresses.of_person(person)
    await addresses.update(person, home.id, **{**HOME, "country": "DE", "city": "Berlin", "postcode": "10115"})
    assert "€1.92" in (await browser.get("/account/membership")).words
    for hours in (31 * 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        await shop.catch_up()
    paid = await database.fetch("SELECT amount, net_amount, net_price FROM paid_period ORDER BY starts_at")
    assert [tuple(row.values()) for row in paid] == [(1200, 1000, 1000), (1200, 1008, 1008)]
    rates = await database.fetch_values("SELECT document::text FROM invoice ORDER BY issued_at, serial")
    assert [('"rate_bp": 2000' in one or '"rate_bp":2000' in one) for one in rates] == [True, False]


async def test_joined_with_an_order_it_is_that_of_where_the_order_goes_on_the_order_the_invoice_and_in_money_in(
    goods: Shop,
) -> None:
    """Whatever is in the account, and though a rate changes before it is paid; the next period is as at home."""
    await german(goods, fee_tax="member", **INVOICES)
    await make_products.product(on_hand=20)
    plan = await make_plans.club(price=1200, interval="month")
    await lives(join_members.MAYA, country="DE", city="Berlin", postcode="10115")
    maya = await goods.signed_in(join_members.MAYA)
    await buy_products.put_in(maya)
    typed = {**buy_products.TYPED, "email": join_members.MAYA, **LILLE}
    page = await maya.submit(await maya.get(f"/checkout?join={plan.slug}"), "/checkout", **typed)
    asked = page if buy_products.is_pay_page(page) else await maya.submit(page, "/checkout")
    clock.set_everywhere(clock.now() + timedelta(seconds=20))
    await tax_rates.set_rate("FR", rate_bp=1000, name="TVA")
    thanks = await maya.get((await goods.pay(asked)).url)
    await goods.catch_up()
    assert "€2.00" in thanks.words
    order = await database.fetch_rows("SELECT rate_bp, net, amount FROM order_tax WHERE of_fee")
    kept = "SELECT tax_rate_bp, net_amount, amount - net_amount, tax_country FROM insights_paid_periods"
    assert order == [(2000, 1000, 200)] and await database.fetch_rows(kept) == [(2000, 1000, 200, "FR")]
    fee = await fee_invoices.ensure_latest((await join_members.subscription())["id"])
    document = await database.fetch_value("SELECT document FROM invoice WHERE id = $1", fee and fee.id)
    assert [(one["rate_bp"], one["net"], one["tax"]) for one in json.load(document)["taxes"]] == order
    clock.set_everywhere(clock.now() + timedelta(days=31))
    await goods.catch_up()
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await goods.catch_up()
    assert (await database.fetch_rows(kept + " ORDER BY paid_at"))[1:] == [(1900, 1008, 192, "DE")]


async def test_an_order_that_nobody_paid_says_nothing_of_the_fee_of_whoever_joins_without_one(shop: Shop) -> None:
    await german(shop, fee_tax="member")
    plan = await make_plans.club(price=1200, interval="month")
    await people.customer(join_members.MAYA, name="Maya")
    maya = await shop.signed_in(join_members.MAYA)
    person = await join_members.person()
    await subscription_start.create_pending(person, plan_catalogue.by_slug(plan.slug), place=("FR", ""))
    await shop.pay(await maya.submit(await maya.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
    await shop.catch_up()
    assert await database.fetch_values("SELECT tax_country FROM paid_period") == ["DE"]
