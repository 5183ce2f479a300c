"""What was paid for memberships keeps its tax: months that are over never move, whatever changes later."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.insights.accounting import membership_lines
from components.insights.metrics import money_in, plan_results
from components.insights.metrics.money_in import Span
from components.invoices import fee_invoices
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.messaging.emails import payment_emails
from components.payments.facts import InvoicePaid
from components.people import addresses
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop
from tests.web.staff.test_csv_files import everything

FRANCE: dict[str, Any] = {
    "name": "T", "line1": "1 Rue Basse", "city": "Lille", "postcode": "59000", "country": "FR",
}  # fmt: skip
INVOICES = {"invoices": "on", "company_name": "Kiln Ltd", "company_street": "3 Oven Lane", "company_town": "Leeds"}
FILES = (membership_lines.of_payments, membership_lines.of_refunds)
MIGRATION = import_module("piccolo_migrations.clubfront_2026_11_30_0333_the_tax_of_what_was_paid_so_far")


async def told(span: Span) -> tuple[object, ...]:
    """Everything that a closed span says of memberships."""
    lines = [line for file in FILES async for line in file(span)]
    return (await money_in.parts_between(span), await plan_results.by_plan(300), lines)


async def everything_changes() -> None:
    """A year of other taxes: the rate, the categories of the plans, where their payers live, whose tax is in fees."""
    clock.set_everywhere(clock.now() + timedelta(days=40))
    await tax_rates.set_rate("GB", rate_bp=1000, name="Other VAT")
    await setting_rows.change({"fee_tax": "member"}, by=None)
    for email in ("noor@kiln.test", "theo@kiln.test"):
        await addresses.add(await join_members.person(email), **FRANCE)
    for slug in ("pass", "month"):
        plan = plan_catalogue.by_slug(slug)
        terms = plans.PlanTerms(is_giftable=True, tax_category="zero" if slug == "pass" else "standard")
        await plans.set_terms(plan.id, terms, by=None)


async def test_a_closed_month_stays_when_rates_categories_and_addresses_change(shop: Shop) -> None:
    await everything(shop)
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    span = money_in.span_of(30)
    before = await told(span)
    parts = {one.name: (one.amount, one.tax) for one in before[0]}  # type: ignore[attr-defined]
    assert parts["Gift memberships"] == (450, 75) and parts["Terms paid once"] == (5000, 833)
    assert parts["Refunds of gift memberships"] == (-103, -17) and parts["Refunds of terms paid once"] == (-107, -18)
    lines: list[Any] = before[2]  # type: ignore[assignment]
    assert {(one.country, one.tax_name, one.rate_bp) for one in lines} == {("GB", "VAT", 2000)}
    await everything_changes()
    await shop.refresh()
    assert await told(span) == before


async def test_invoices_and_receipts_that_are_made_late_say_the_tax_that_was_paid(shop: Shop) -> None:
    with clock.frozen(clock.now() - timedelta(days=1)):
        await setting_rows.change({**INVOICES, "vat_number": "GB980780684"}, by=None)
    await everything(shop)
    async with database.transaction():
        await database.execute("ALTER TABLE invoice DISABLE TRIGGER USER")
        await database.execute("DELETE FROM invoice")
        await database.execute("ALTER TABLE invoice ENABLE TRIGGER USER")
    await everything_changes()
    await shop.refresh()
    found = []
    for table in ("gift_membership", "paid_term"):
        found.append(await fee_invoices.ensure_once(await database.fetch_value(f"SELECT id FROM {table}")))
    invoice = await database.fetch_value("SELECT p.invoice FROM paid_period p WHERE amount = 450")
    found.append(await fee_invoices.ensure_fee(invoice))
    assert [(one.total, one.tax) for one in found if one] == [(450, 75), (5000, 833), (450, 75)]
    rates = await database.fetch_values("SELECT DISTINCT document->'taxes'->0->>'rate_bp' FROM invoice")
    assert rates == ["2000"]
    noor = await database.fetch_value("SELECT subscription FROM paid_period WHERE invoice = $1", invoice)
    await database.execute("UPDATE mirrored_invoice SET reason = 'subscription_cycle' WHERE stripe_id = $1", invoice)
    await payment_emails.receipt(InvoicePaid(invoice, noor, "subscription_cycle", 450, "GBP"))
    text = await database.fetch_value("SELECT text FROM email WHERE template = 'payment_receipt'")
    assert "£0.75 VAT" in str(text), "not the tenth that it is now"


async def test_a_fee_that_is_told_of_late_has_the_tax_of_when_it_was_paid(shop: Shop) -> None:
    await tax_rates.set_rate("GB", rate_bp=2000)
    plan = await make_plans.club(price=1200, interval="month")
    await people.customer(join_members.MAYA, name="Maya")
    browser = await shop.signed_in(join_members.MAYA)
    await shop.pay(await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await tax_rates.set_rate("GB", rate_bp=1000)
    await shop.catch_up()
    assert await database.fetch_rows("SELECT net_amount, net_price, tax_rate_bp FROM insights_paid_periods") == [
        (1000, 1000, 2000)
    ]


@pytest.mark.parametrize("table", ["gift_membership", "paid_term", "paid_period"])
async def test_the_kept_tax_never_changes(shop: Shop, table: str) -> None:
    await everything(shop)
    for change in ("net_amount = net_amount - 1", "taxes = '[]'", "tax_country = 'FR'", "tax_note = 'x'"):
        with pytest.raises(Exception, match="what was paid for never changes"):
            await database.execute(f"UPDATE {table} SET {change}")


async def test_what_was_paid_before_has_the_rate_of_its_day(shop: Shop) -> None:
    """The migration: of rows that know no tax it makes those that are kept when they are paid."""
    await everything(shop)
    every = """SELECT taxes::text, net_amount, tax_country FROM {} ORDER BY id"""
    tables = ("gift_membership", "paid_term", "paid_period")
    wanted = {table: [tuple(row) for row in await database.fetch_rows(every.format(table))] for table in tables}
    assert all(wanted.values())
    await everything_changes()
    async with database.transaction():
        for table, column in zip(tables, ("net_amount = 0", "net_amount = 0", "tax_note = ''"), strict=True):
            await database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            await database.execute(f"UPDATE {table} SET taxes = '[]', tax_country = '', {column}")
        for statement in MIGRATION.FILL:
            await database.execute(statement)
        for table in tables:
            await database.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert {table: [tuple(row) for row in await database.fetch_rows(every.format(table))] for table in tables} == wanted
