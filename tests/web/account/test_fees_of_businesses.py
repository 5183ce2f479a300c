"""Reverse charge on fees: a business with a VAT number of another EU country pays them without tax, told first."""

from datetime import timedelta
from typing import Any

import pytest

from components.checkout import invoice_buyers
from components.checkout.taxes import suggested_rates
from components.foundation import clock, database, ids, json
from components.foundation.shop_settings import setting_rows
from components.invoices import fee_invoices
from components.memberships import invariants
from components.memberships.billing import fee_refunds, price_migrations, subscriptions
from components.memberships.billing.states import fee_tax_moves
from components.memberships.editing import plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.promises import plan_places
from components.payments import invariants as payment_invariants
from components.payments import plan_prices, running_subscriptions
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

ADDRESS = "/account/invoices/address"
NUMBER = "FR40303265045"
BUYER = {"company": "Dupont SARL", "line1": "1 Rue Basse", "city": "Lille", "postcode": "59000", "country": "FR"}
INVOICES = {
    "invoices": "on", "company_name": "Kiln GmbH", "company_street": "Ofenweg 3", "company_town": "10115 Berlin",
}  # fmt: skip
WHY = f"Reverse charge: no VAT is charged. The buyer accounts for it under VAT number {NUMBER}."


async def german(shop: Shop, **settings: str) -> None:
    known = {
        "country": "DE",
        "currency": "EUR",
        "vat_number": "DE136695976",
        "eu_sales": "home",
        **INVOICES,
        **settings,
    }
    clock.set_everywhere(clock.now() + timedelta(seconds=1))  # of two rows of one instant either may hold
    await setting_rows.change(known, by=None)
    for country in ("DE", "FR"):
        await suggested_rates.adopt(country)
    await shop.refresh()


async def types(browser: Browser, number: str = NUMBER, **parts: str) -> None:
    typed = {f"invoice_{part}": value for part, value in {**BUYER, **parts}.items()}
    done = await browser.submit(await browser.get(ADDRESS), ADDRESS, invoice_vat_number=number, **typed)
    assert "Invoice address saved." in done.words


async def business(shop: Shop) -> Browser:
    await people.customer(join_members.MAYA, name="Maya")
    browser = await shop.signed_in(join_members.MAYA)
    await types(browser)
    return browser


async def joined(shop: Shop, browser: Browser, slug: str) -> None:
    outcome = await shop.pay(await browser.submit(await browser.get(f"/join/{slug}"), f"/join/{slug}"))
    await browser.get(outcome.url)
    await shop.catch_up()


async def renews(shop: Shop) -> Browser:
    """Maya is signed in anew after that time."""
    for hours in (28 * 24, 24, 24, 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        await shop.catch_up()
        await fee_tax_moves.follow_all()
        await shop.catch_up()
    return await shop.signed_in(join_members.MAYA)


async def paid() -> list[tuple[Any, ...]]:
    asked = "SELECT amount, net_amount, net_price, tax_country, tax_note <> '' FROM paid_period ORDER BY starts_at"
    return await database.fetch_rows(asked)


async def documents() -> list[dict[str, Any]]:
    found = await database.fetch_values("SELECT document FROM invoice ORDER BY issued_at, serial")
    return [json.load(one) for one in found]


async def told() -> list[str]:
    return await database.fetch_values("SELECT text FROM email WHERE template = 'fee_tax_moves' ORDER BY created_at")


async def test_it_is_told_before_paying_charged_kept_invoiced_and_renewed_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    assert "€10.00 a month for you, without tax (reverse charge)" in (await browser.get("/join")).words
    shown = (await browser.get(f"/join/{plan.slug}")).words
    assert f"You pay €10.00 today, then €10.00 a month until you cancel. {WHY}" in shown
    await joined(shop, browser, plan.slug)
    assert await paid() == [(1000, 1000, 1000, "FR", True)]
    page = (await browser.get("/account/membership")).words
    assert "€10.00 a month" in page and WHY in page and "New members pay" not in page
    await renews(shop)
    assert [row[:3] for row in await paid()] == [(1000, 1000, 1000)] * 2
    assert await database.fetch_values("SELECT DISTINCT amount_paid FROM mirrored_invoice") == [1000]
    first, second = await documents()
    for one in (first, second):
        assert one["buyer"]["vat_number"] == NUMBER and one["seller"]["vat_number"] == "DE136695976"
        assert one["notes"] == [WHY] and one["taxes"] == []
    receipt = await database.fetch_value("SELECT text FROM email WHERE template = 'payment_receipt'")
    assert "€10.00" in receipt and "Including" not in receipt
    assert await told() == [], "nothing has changed"
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


@pytest.mark.parametrize(
    "parts",
    [
        {"number": ""},
        {"number": "DE136695976", "country": "DE", "city": "Berlin", "postcode": "10115"},
        {"number": NUMBER, "country": "DE", "city": "Berlin", "postcode": "10115"},
        {"number": "CHE107787577MWST", "country": "CH", "city": "Zug", "postcode": "6300"},
    ],
)
async def test_everybody_else_pays_it_with_its_tax(shop: Shop, parts: dict[str, str]) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await people.customer(join_members.MAYA, name="Maya")
    browser = await shop.signed_in(join_members.MAYA)
    await types(browser, **parts)
    shown = (await browser.get(f"/join/{plan.slug}")).words
    assert "You pay €11.90 today" in shown and "Reverse charge" not in shown


@pytest.mark.parametrize("settings", [{"vat_number": ""}, {"small_business": "yes"}])
async def test_a_shop_without_a_number_or_below_the_limit_charges_it_as_shown(
    shop: Shop, settings: dict[str, str]
) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    await german(shop, **settings)
    assert "You pay €11.90 today" in (await browser.get(f"/join/{plan.slug}")).words


async def test_a_number_given_or_taken_out_later_counts_from_the_next_renewal_and_is_told(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await join_members.joins(shop, plan)
    browser = await shop.signed_in(join_members.MAYA)
    await types(browser)
    await shop.catch_up()
    (first,) = await told()
    assert "€11.90 a month" in first and "€10.00 a month" in first and WHY in first
    page = (await browser.get("/account/membership")).words
    assert "€10.00 on" in page and "€11.90 a month" in page
    browser = await renews(shop)
    assert [row[:2] for row in await paid()] == [(1190, 1000), (1000, 1000)]
    assert "€10.00 a month" in (await browser.get("/account/membership")).words
    await browser.submit(await browser.get(ADDRESS), f"{ADDRESS}/removal")
    await shop.catch_up()
    _, second = await told()
    assert "the fee has its tax in it again" in second and "€11.90 a month" in second
    assert "€11.90 on" in (await browser.get("/account/membership")).words
    await renews(shop)
    assert [row[:2] for row in await paid()] == [(1190, 1000), (1000, 1000), (1190, 1000)]
    taxes = [[(one["rate_bp"], one["tax"]) for one in each["taxes"]] for each in await documents()]
    assert taxes == [[(1900, 190)], [], [(1900, 190)]]
    assert len(await told()) == 2 and await payment_invariants.invariants() == []


async def test_a_number_that_goes_and_comes_back_before_the_renewal_changes_nothing(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    await joined(shop, browser, plan.slug)
    clock.set_everywhere(clock.now() + timedelta(days=30, hours=1))
    browser = await shop.signed_in(join_members.MAYA)
    for number in ("", NUMBER):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        await types(browser, number)
        await shop.catch_up()
    assert len(await told()) == 2, "told of each"
    await renews(shop)
    assert [row[0] for row in await paid()][:2] == [1000, 1000]


async def test_a_number_that_is_gone_when_the_fee_was_paid_without_leaves_its_tax_in_what_was_paid(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    asked = await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}")
    await types(browser, "")
    await shop.pay(asked)
    await shop.catch_up()
    assert [row[:2] for row in await paid()] == [(1000, 840)]
    await fee_tax_moves.follow_all()
    await shop.catch_up()
    assert len(await told()) == 1


async def test_a_setting_that_ends_it_is_told_by_the_timetable(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    await joined(shop, browser, plan.slug)
    await german(shop, vat_number="")
    for _ in range(2):
        await fee_tax_moves.follow_all()
        await shop.catch_up()
    assert len(await told()) == 1
    await renews(shop)
    assert [row[0] for row in await paid()] == [1000, 1190]


async def test_a_change_of_plan_is_without_tax_too(shop: Shop) -> None:
    await german(shop)
    club = await make_plans.club(price=1190, interval="month")
    dear = await make_plans.club(slug="studio", price=2380, interval="month")
    browser = await business(shop)
    await joined(shop, browser, club.slug)
    choice = (await browser.get("/account/membership/plan")).words
    assert "€20.00" in choice and "€23.80" not in choice
    page = await browser.get(f"/account/membership/plan/{dear.slug}")
    assert "€20.00" in page.words
    await browser.submit(page, f"/account/membership/plan/{dear.slug}")
    await shop.catch_up()
    assert "€20.00 a month" in (await browser.get("/account/membership")).words
    assert all(row[0] == row[1] for row in await paid())
    assert await payment_invariants.invariants() == []


async def test_a_plan_paid_once_is_without_tax_too(shop: Shop) -> None:
    await german(shop)
    await plans.create(slug="year", name="A year", summary="", price=11900, interval="year", is_once=True, by=None)
    plan = plan_catalogue.by_slug("year")
    browser = await business(shop)
    shown = (await browser.get(f"/join/{plan.slug}")).words
    assert "You pay €100.00 once, for a year." in shown and WHY in shown
    await joined(shop, browser, plan.slug)
    rows = await database.fetch_rows("SELECT net_amount, tax_country, taxes::text FROM paid_term")
    assert rows == [(10000, "FR", "[]")]
    issued = await fee_invoices.ensure_once(await database.fetch_value("SELECT id FROM paid_term"))
    assert issued is not None and (await documents())[0]["notes"] == [WHY]


async def test_with_an_order_the_account_decides_and_the_rows_and_the_fee_say_so(goods: Shop) -> None:
    await german(goods)
    await make_products.product(on_hand=20)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(goods)
    await buy_products.put_in(browser)
    lille = {key: BUYER[key] for key in ("line1", "city", "postcode", "country")}
    typed = {**buy_products.TYPED, "email": join_members.MAYA, **lille, "vat_number": NUMBER}
    page = await browser.submit(await browser.get(f"/checkout?join={plan.slug}"), "/checkout", **typed)
    asked = page if buy_products.is_pay_page(page) else await browser.submit(page, "/checkout")
    thanks = await browser.get((await goods.pay(asked)).url)
    await goods.catch_up()
    assert "€10.00" in thanks.words
    assert await database.fetch_rows("SELECT amount FROM order_tax WHERE of_fee AND amount > 0") == []
    assert [row[:4] for row in await paid()] == [(1000, 1000, 1000, "FR")]
    fee = await fee_invoices.ensure_latest((await join_members.subscription())["id"])
    document = await database.fetch_value("SELECT document FROM invoice WHERE id = $1", fee and fee.id)
    assert json.load(document)["buyer"]["vat_number"] == NUMBER and json.load(document)["taxes"] == []
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


async def test_a_fee_without_tax_is_one_version_for_all_and_is_never_on_offer(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await business(shop)
    person = await join_members.person()
    made = {(await reverse_charges.plan_for(plan_catalogue.by_slug(plan.slug), person)).version_id for _ in range(3)}
    (net,) = [plan_catalogue.by_version(one) for one in made]
    assert net.is_net and net.price.amount == 1000 and plan_catalogue.by_slug(plan.slug).price.amount == 1190
    assert [one.price for one in plan_catalogue.all_versions(plan.id)] == [1190]
    with pytest.raises(Exception, match="the price of a plan version never changes"):
        await database.execute("UPDATE plan_version SET net_of = NULL WHERE net_of IS NOT NULL")


@pytest.mark.parametrize(
    ("had", "wanted", "refusal"),
    [
        (NUMBER, "FR83404833048", None),
        (NUMBER, "ATU13585627", None),
        (NUMBER, "", invoice_buyers.FeeWithoutTax),
        (NUMBER, "DE136695976", invoice_buyers.FeeWithoutTax),
        ("", "", None),
        ("", NUMBER, invoice_buyers.FeeWithTax),
    ],
)
async def test_another_buyer_of_a_fee_keeps_its_tax_or_is_refused(
    shop: Shop, had: str, wanted: str, refusal: type[Exception] | None
) -> None:
    await german(shop)
    plan, by = await make_plans.club(price=1190, interval="month"), (await people.owner()).id
    browser = await business(shop)
    await types(browser, had)
    await joined(shop, browser, plan.slug)
    invoice = await database.fetch_value("SELECT id FROM invoice")
    buyer = InvoiceBuyer(**{**BUYER, "company": "Elm", "vat_number": wanted})
    if refusal:
        with pytest.raises(refusal):
            await invoice_buyers.correct(invoice, buyer, by=by, key=ids.new(), tells=False)
        return
    made = await invoice_buyers.correct(invoice, buyer, by=by, key=ids.new(), tells=False)
    notes = json.load(str(made.document))["notes"]
    assert (made.tax, notes) == ((0, [WHY.replace(NUMBER, wanted)]) if had else (190, []))


async def test_its_refund_is_credited_without_tax(shop: Shop) -> None:
    await german(shop)
    plan, by = await make_plans.club(price=1190, interval="month"), (await people.owner()).id
    await joined(shop, await business(shop), plan.slug)
    invoice = await database.fetch_value("SELECT invoice FROM paid_period")
    for amount in (400, 600):
        subscription: Any = (await join_members.subscription())["id"]
        await fee_refunds.create(subscription, invoice, amount, reason="Cold", ends_now=False, by=by, key=ids.new())
        await shop.catch_up()
    kinds = await database.fetch_rows("SELECT kind, total, tax FROM invoice ORDER BY issued_at, serial")
    assert [one["taxes"] for one in await documents()] == [[], [], []] and [row[2] for row in kinds] == [0, 0, 0]
    assert [abs(row[1]) for row in kinds] == [1000, 400, 600]
    assert await payment_invariants.invariants() == []


async def test_a_new_price_is_told_and_charged_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await joined(shop, await business(shop), plan.slug)
    assert await price_migrations.price_groups(plan_catalogue.by_slug(plan.slug)) == (), "they pay the current price"
    await plans.revise(plan.id, price=2380, by=None)
    dearer = plan_catalogue.by_slug(plan.slug)
    (group,) = await price_migrations.price_groups(dearer)
    assert group.count == 1 and group.more.amount == 1190
    await price_migrations.schedule(dearer, from_at=clock.now() + timedelta(days=1), notice_days=7, by=None)
    for hours in (20 * 24, 8 * 24, 24, 24, 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        for due in (price_migrations.run_due, fee_tax_moves.follow_all, shop.catch_up):
            await due()
    text = await database.fetch_value("SELECT text FROM email WHERE template = 'price_moves'")
    assert "€10.00 a month" in text and "€20.00 a month" in text and "€23.80" not in text
    assert [row[:2] for row in await paid()] == [(1000, 1000), (2000, 2000)] and await told() == []
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


async def test_until_the_renewal_what_is_held_is_what_was_paid_though_stripe_knows_of_the_other(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await join_members.joins(shop, plan)
    subscription: Any = (await join_members.subscription())["id"]
    kept = await subscriptions.by_id(subscription)
    clock.set_everywhere(kept.current_period_end - timedelta(hours=10))
    await types(await shop.signed_in(join_members.MAYA))
    await shop.catch_up()
    seen = await running_subscriptions.mirrored(subscription)
    assert seen is not None and await plan_prices.version_of(seen.price) != plan.version_id, "Stripe was told"
    assert (await subscriptions.by_id(subscription)).plan_version == plan.version_id
    assert "€11.90 a month" in (await (await shop.signed_in(join_members.MAYA)).get("/account/membership")).words


async def test_a_place_that_is_free_is_told_with_the_price_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await plans.set_terms(plan.id, plans.PlanTerms(places=1), by=None)
    noor = (await people.customer("noor@kiln.test")).id
    held = await complimentary.grant(noor, plan, until=None, by=noor)
    await business(shop)
    await plan_places.wait(plan.id, await join_members.person())
    await complimentary.end(held.id, by=noor)
    await plan_places.offer_free()
    await shop.catch_up()
    text = await database.fetch_value("SELECT text FROM email WHERE template = 'place_free'")
    assert "(€10.00 a month)" in text
