"""Fees, gifts and terms by the country of their buyer and the rate, as they were when they were paid."""

from datetime import timedelta
from decimal import Decimal

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.insights.accounting import country_totals, membership_lines
from components.insights.metrics import money_in
from components.memberships.editing import plans
from components.memberships.grants import fixed_term
from components.memberships.plans import plan_catalogue
from components.payments.values import Payer
from components.people import addresses
from tests.support import join_members, make_plans
from tests.support.shops import Shop
from tests.web.account.test_fee_taxes import HOME, german, lives
from tests.web.staff.test_csv_files import MONEY, everything, paid, rows_of

TOWNS = {"FR": "59000", "DE": "10115", "CH": "8001"}


async def test_they_add_up_to_money_in_kind_by_kind(shop: Shop) -> None:
    iris = await everything(shop)
    found = await country_totals.totals(money_in.span_of(30))
    wanted = {one.name: (one.count, one.amount, one.tax) for one in await money_in.parts(30) if one.count}
    assert {one.kind: (one.number, one.amount, one.tax) for one in found} == {
        kind: sums for kind, sums in wanted.items() if "rder" not in kind
    }
    assert {(one.country, one.tax_name, one.rate_bp) for one in found} == {("GB", "VAT", 2000)}
    words = (await iris.get("/staff/metrics/figures/money-30")).words
    assert "United Kingdom Gift memberships VAT 20% 1 £3.75 £0.75 £4.50" in words
    rows = rows_of(await iris.get(f"{MONEY}/countries?days=30"))
    assert {(row["Kind"], Decimal(row["Gross"]), Decimal(row["Tax amount"])) for row in rows} == {
        (one.kind, Decimal(one.amount) / 100, Decimal(one.tax) / 100) for one in found
    }
    assert {(row["Country"], row["Tax rate %"]) for row in rows} == {("GB", "20")}


async def test_each_country_is_that_of_the_day_it_was_paid(shop: Shop) -> None:
    await german(shop, fee_tax="member")
    plan = await make_plans.club(price=1200, interval="month")
    await plans.create(slug="pass", name="P", summary="", price=6000, interval="year", is_once=True, by=None)
    for country, town in TOWNS.items():
        email = f"{country.lower()}@kiln.test"
        await lives(email, country=country, postcode=town)
        browser = await shop.signed_in(email)
        await shop.pay(await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
        await shop.catch_up()
    await lives("term@kiln.test", country="CH", postcode="8001")
    swiss = await join_members.person("term@kiln.test")
    clock.set_everywhere(clock.now() + timedelta(days=1))
    payer = Payer(swiss, "term@kiln.test", "Maya")
    url = await fixed_term.start(payer, plan_catalogue.by_slug("pass"), success_path="/", cancel_path="/")
    await paid(shop, url)
    clock.set_everywhere(clock.now() + timedelta(days=2))
    before = await country_totals.totals(span := money_in.span_of(30))
    assert [(one.country, one.kind, one.rate_bp, one.amount, one.tax) for one in before] == [
        ("CH", "Membership fees", 0, 1200, 0),
        ("CH", "Terms paid once", 0, 6000, 0),
        ("DE", "Membership fees", 1900, 1200, 192),
        ("FR", "Membership fees", 2000, 1200, 200),
    ]
    (home,) = await addresses.of_person(swiss)
    await addresses.update(swiss, home.id, **{**HOME, "country": "FR"})
    await setting_rows.change({"fee_tax": "home"}, by=None)
    assert await country_totals.totals(span) == before


@pytest.mark.parametrize("statement", [country_totals._TOTALS, membership_lines._PAID, membership_lines._REFUNDED])
async def test_no_statement_opens_the_taxes_of_each_row(shop: Shop, statement: str) -> None:
    """A year of a hundred thousand members is over a million rows: their taxes are read by group, or by page."""
    instants = ["timestamptz '2026-01-01'", "timestamptz '2027-12-31'"]
    bound = ["'UTC'", "4", *instants] if "$4" in statement else instants
    for number, value in enumerate(bound, start=1):
        statement = statement.replace(f"${number}", value)
    plan = [row[0] for row in await database.fetch_rows(f"EXPLAIN {statement}")]
    assert len(plan) > 5 and not [line for line in plan if "jsonb_array_elements" in line], plan
