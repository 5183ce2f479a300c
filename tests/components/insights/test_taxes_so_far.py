"""What was paid before its tax was kept: its rates, the country that they are of, and why there is none."""

from importlib import import_module
from typing import Any

import pytest

from components.foundation import database
from components.invoices import fee_invoices
from components.people import addresses
from tests.scenarios import test_renewal_credit
from tests.support import join_members, make_plans
from tests.support.shops import Shop
from tests.web.account.test_fee_taxes import HOME, INVOICES, german, lives

MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_30_0333_the_tax_of_what_was_paid_so_far")
TOWNS = {"FR": "59000", "DE": "10115", "CH": "8001", "IT": "00118"}
KEPT = "SELECT tax_country, tax_note, taxes::text, net_amount FROM paid_period ORDER BY starts_at"


async def upgraded(*, further: str = "SELECT") -> Any:
    """Of periods that know no tax those that know it; what `further` says before it is tidied up."""
    async with database.transaction():
        await database.execute("ALTER TABLE paid_period DISABLE TRIGGER USER")
        await database.execute("UPDATE paid_period SET taxes = '[]', tax_country = '', tax_note = ''")
        for statement in MIGRATION.FILL[:-2]:
            await database.execute(statement)
        found = await database.fetch_rows(further)
        for statement in MIGRATION.FILL[-2:]:
            await database.execute(statement)
        await database.execute("ALTER TABLE paid_period ENABLE TRIGGER USER")
    return found


async def joined(shop: Shop, country: str) -> None:
    """Maya lives there and pays."""
    plan = await make_plans.club(price=1200, interval="month")
    await lives(join_members.MAYA, country=country, postcode=TOWNS[country])
    browser = await shop.signed_in(join_members.MAYA)
    await shop.pay(await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
    await shop.catch_up()


async def moves(country: str) -> None:
    person = await join_members.person()
    (home,) = await addresses.of_person(person)
    await addresses.update(person, home.id, **{**HOME, "country": country, "postcode": TOWNS[country]})


async def no_invoices() -> None:
    await database.execute("ALTER TABLE invoice DISABLE TRIGGER USER")
    await database.execute("DELETE FROM invoice")
    await database.execute("ALTER TABLE invoice ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("there", "now", "invoices"),
    [("DE", "FR", "off"), ("FR", "DE", "off"), ("FR", "CH", "off"), ("FR", "IT", "on"), ("DE", "CH", "on")],
)
async def test_the_country_is_the_one_whose_tax_was_paid(shop: Shop, there: str, now: str, invoices: str) -> None:
    await german(shop, fee_tax="member", **({**INVOICES, "invoices": invoices}))
    await joined(shop, there)
    (before,) = await database.fetch_rows(KEPT)
    assert before[0] == there
    await moves(now)
    await upgraded()
    assert await database.fetch_rows(KEPT) == [before]


async def test_where_all_pay_the_tax_of_home_the_country_is_the_payers(shop: Shop) -> None:
    await german(shop, fee_tax="home")
    await joined(shop, "FR")
    before = await database.fetch_rows(KEPT)
    assert before[0][0] == "FR" and '"rate_bp": 1900' in before[0][2]
    await upgraded()
    assert await database.fetch_rows(KEPT) == before


async def test_what_store_credit_paid_keeps_its_rates_for_the_invoice(shop: Shop) -> None:
    await test_renewal_credit.taxed(shop)
    await test_renewal_credit.ready(shop, 2500)
    await test_renewal_credit.drafted(shop)
    await test_renewal_credit.charged(shop)
    before = await database.fetch_rows(KEPT)
    assert [(row[3], '"rate_bp": 2000' in row[2]) for row in before] == [(833, True), (0, True)]
    await upgraded()
    assert await database.fetch_rows(KEPT) == before
    await no_invoices()
    issued = await fee_invoices.ensure_fee((await test_renewal_credit.at_stripe())["id"])
    assert issued is not None and (issued.total, issued.tax) == (1000, 167)


async def test_an_invoice_that_is_issued_late_says_why_there_is_no_tax(shop: Shop) -> None:
    await german(shop, small_business="yes", **INVOICES)
    await joined(shop, "DE")
    await upgraded()
    assert (await database.fetch_rows(KEPT))[0][1:3] == (note := await said(), "[]") and "§ 19 UStG" in note
    await no_invoices()
    await upgraded()
    assert (await database.fetch_rows(KEPT))[0][1:3] == ("", "[]"), "nobody knows it any more"
    await fee_invoices.ensure_fee(await database.fetch_value("SELECT invoice FROM paid_period"))
    assert await said() == note


async def said() -> str:
    return str(await database.fetch_value("SELECT document->'notes'->>0 FROM invoice"))


async def test_what_is_alike_is_worked_out_once(shop: Shop) -> None:
    """The shop is down meanwhile: six million periods must not ask for six million calculations."""
    await german(shop, fee_tax="member")
    await joined(shop, "FR")
    await database.execute(
        """INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency, paid_at,
             plan_version, net_amount, net_price, is_partial, is_opening, tax_country, tax_note, taxes)
           SELECT gen_random_uuid(), subscription, 'in_again' || n, starts_at - n * interval '1 hour',
             ends_at - n * interval '1 hour', amount, currency, paid_at + n * interval '1 second', plan_version,
             net_amount, net_price, is_partial, is_opening, tax_country, tax_note, taxes
           FROM paid_period, generate_series(1, 500) n"""
    )
    before = await database.fetch_rows(KEPT)
    await database.execute("SET track_functions = 'all'")
    try:
        calls = await upgraded(
            further="SELECT funcname, calls FROM pg_stat_xact_user_functions WHERE funcname LIKE 'taxes_%'"
        )
    finally:
        await database.execute("RESET track_functions")
    assert calls and all(number < 10 for _, number in calls), calls
    assert await database.fetch_rows(KEPT) == before and len(before) == 501


async def test_a_rate_of_nothing_on_an_invoice_is_no_tax(shop: Shop) -> None:
    await database.execute(MIGRATION.FUNCTIONS[4])
    try:
        found = await database.fetch_value("""SELECT taxes_in(1200, '[{"name": "VAT", "rate_bp": 0}]')::text""")
    finally:
        await database.execute("DROP FUNCTION taxes_in")
    assert found == '[{"tax": 0, "name": "VAT", "rate_bp": 0}]'
