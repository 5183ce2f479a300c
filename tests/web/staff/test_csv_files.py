"""Files for the accountant: every line of Money in, and their sums are the figure's; the list of orders as it is."""

import csv
import io
from collections import defaultdict
from decimal import Decimal

import pytest

from components.checkout.taxes import tax_rates
from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.foundation.shop_settings import setting_rows
from components.insights.metrics import money_in
from components.memberships.billing import subscriptions
from components.memberships.editing import plans
from components.memberships.grants import fixed_term, gift_memberships, paid_once_refunds
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.orders.history.tax_shares import RateShare, by_rate
from components.orders.refunds import refund_requests, refunds
from components.payments import payment_refunds
from components.payments.values import Payer
from tests.support import buy_products, fill_basket, give_benefits, join_members, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.staff import csv_files

MONEY = "/staff/metrics/files"


def rows_of(page: Page) -> list[dict[str, str]]:
    assert page.status == 200
    return list(csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"), newline="")))


def sums(rows: list[dict[str, str]]) -> dict[str, tuple[Decimal, Decimal]]:
    """Gross and tax of each kind."""
    found: dict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for row in rows:
        assert Decimal(row["Net"]) + Decimal(row["Tax amount"]) == Decimal(row["Gross"]), row
        gross, tax = found[row["Kind"]]
        found[row["Kind"]] = (gross + Decimal(row["Gross"]), tax + Decimal(row["Tax amount"]))
    return dict(found)


async def paid(shop: Shop, url: str) -> None:
    await shop.stand_in.pay(url.rsplit("/", 1)[-1].split("?")[0], card="4242424242424242")
    await shop.catch_up()


async def everything(shop: Shop) -> Browser:
    """An order paid partly with credit, a fee, a gift and a term, and a part of each refunded; with 20% of tax."""
    iris = await people.owner()
    await tax_rates.set_rate("GB", rate_bp=2000)
    await make_products.product(price=12000, on_hand=9)
    await fill_basket.ways()
    await give_benefits.plan(("cashback", "3% back", {"rate": 300, "cap": 2000, "each": "year", "days": 365}))
    maya, browser = await give_benefits.member(shop)
    await give_benefits.credit(maya, 3333)
    await buy_products.put_in(browser, quantity=2)
    await shop.pay(await buy_products.check_out(browser, name='=HYPERLINK("x")'))
    await shop.catch_up()
    order = await buy_products.the_order()
    made = await refunds.create(
        order.id, refund_requests.RefundRequest(amount=1001, units={}, restocks=False), by=iris.id, key=ids.new()
    )
    await refunds.send(made.id)
    await plans.create(slug="pass", name="Pass", summary="", price=5000, interval="year", is_once=True, by=None)
    monthly = await plans.create(slug="month", name="Month", summary="", price=450, interval="month", by=None)
    await plans.set_terms(monthly, plans.PlanTerms(is_giftable=True), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("month"), email="noor@kiln.test")
    fee = await subscriptions.running(noor := await join_members.person("noor@kiln.test"))
    assert fee is not None
    invoice = await database.fetch_value("SELECT invoice FROM paid_period WHERE subscription = $1", fee.id)
    await payment_refunds.create(fee.id, Money(101, "GBP"), key=ids.new(), invoice=invoice)
    payer = Payer((await people.customer("theo@kiln.test", name="Theo")).id, "theo@kiln.test", "Theo")
    await paid(shop, await fixed_term.start(payer, plan_catalogue.by_slug("pass"), success_path="/", cancel_path="/"))
    gift = GiftDetails(
        giver_name="Noor", recipient_name="Ola", recipient_email="o@kiln.test", message="", send_at=clock.now()
    )
    giver = Payer(noor, "noor@kiln.test", "Noor")
    await paid(
        shop,
        await gift_memberships.buy(giver, plan_catalogue.by_slug("month"), gift, success_path="/", cancel_path="/"),
    )
    for table, back in (("gift_membership", 103), ("paid_term", 107)):
        reference = await database.fetch_value(f"SELECT id FROM {table}")
        again = await paid_once_refunds.create(reference, back, by=iris.id, key=ids.new())
        await paid_once_refunds.send(again.id)
    await shop.catch_up()
    return await shop.signed_in("iris@kiln.test")


async def test_the_files_of_money_in_add_up_to_the_figure_line_by_line_and_month_by_month(shop: Shop) -> None:
    iris = await everything(shop)
    page = await iris.get("/staff/metrics/figures/money-30")
    files = [link for link in page.links() if link.startswith(MONEY)]
    names = [link.rsplit("/", 1)[-1].split("?")[0] for link in files]
    assert names == ["orders", "memberships", "refunds", "months", "countries"]
    *lines, months, _countries = [rows_of(await iris.get(link)) for link in files]
    wanted = {
        one.name: (Decimal(one.amount) / 100, Decimal(one.tax) / 100) for one in await money_in.parts(30) if one.count
    }
    assert len(wanted) == 8, "everything but lost disputes"
    assert sums([row for rows in lines for row in rows]) == wanted
    assert {kind: one for kind, one in sums(months).items() if one != (0, 0)} == wanted
    rows = [row for rows in lines for row in rows]
    assert all(row["Date"] == "2027-03-01" and row["Currency"] == "GBP" for row in rows)
    assert all(row["Payment reference"] for row in rows), rows
    assert {row["Tax rate %"] for row in rows} <= {"20", ""} and sum(row["Tax rate %"] == "20" for row in rows) >= 7
    assert {row["Customer"] for row in rows if row["Kind"] in ("Orders", "Refunds of orders")} == {'\'=HYPERLINK("x")'}
    assert {row["Customer"] for row in rows if "erms" in row["Kind"]} == {"Theo"}


async def test_the_files_name_the_shops_own_invoice_of_fees_gifts_and_terms(shop: Shop) -> None:
    company = {"company_name": "Kiln Ltd", "company_street": "3 Oven Lane", "company_town": "Leeds", "invoices": "on"}
    await setting_rows.change({**company, "vat_number": "GB980780684"}, by=None)
    iris = await everything(shop)
    named = {"Membership fees": "fee", "Gift memberships": "gift", "Terms paid once": "term"}
    issued = dict(await database.fetch_rows("SELECT subject, number FROM invoice WHERE kind = 'invoice'"))
    for file in ("memberships", "refunds"):
        rows = rows_of(await iris.get(f"{MONEY}/{file}?days=30"))
        of = {row["Kind"].replace("Refunds of ", "").capitalize(): row["Number"] for row in rows}
        assert {kind: of[kind] for kind in named} == {kind: issued[subject] for kind, subject in named.items()}, file


async def test_the_file_of_orders_is_the_list_with_its_filters(shop: Shop) -> None:
    await people.owner()
    await fill_basket.ways()
    await make_products.product(on_hand=9)
    browser = shop.browser()
    await buy_products.buy(shop, browser, quantity=1)
    await buy_products.buy(shop, shop.browser(), quantity=2)
    iris = await shop.signed_in("iris@kiln.test")
    listed = await iris.get("/staff/orders")
    assert "/staff/orders/export.csv" in listed.links()
    rows = rows_of(await iris.get("/staff/orders/export.csv"))
    totals = await database.fetch_values("SELECT total FROM orders ORDER BY placed_at DESC, id DESC")
    assert [Decimal(row["Gross"]) * 100 for row in rows] == totals and {row["State"] for row in rows} == {"Unfulfilled"}
    found = await iris.get("/staff/orders", params={"q": rows[0]["Number"], "show": "to-ship"})
    (filtered,) = [link for link in found.links() if "export.csv" in link]
    assert [row["Number"] for row in rows_of(await iris.get(filtered))] == [rows[0]["Number"]]
    assert rows_of(await iris.get("/staff/orders/export.csv", params={"show": "shipped"})) == []
    exported = await database.fetch("SELECT subject_id, after FROM audit_entry WHERE what = 'exported'")
    assert len(exported) == 3 and any("to-ship" in str(row["after"]) for row in exported)


@pytest.mark.parametrize("before", ["", "Anna;", "Anna,", "Anna; ", 'Anna;"', "Anna\t", "Anna\n", "Anna\r\n "])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_no_cell_runs_whichever_sign_a_spreadsheet_separates_by(before: str, sign: str) -> None:
    """German ones take semicolons, and split what a name has between them."""
    written = csv_files._lines([["S-1", f"{before}{sign}1+1", "12.50", "-5.00"]]).decode()
    for separator in (",", ";", "\t"):
        cells = [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator) for cell in row]
        begin = [cell.lstrip('" \r\n\t') for cell in cells]
        assert not [cell for cell in begin if cell.startswith(("=", "+", "@", "＝", "-1"))], (separator, cells)
    assert written.endswith(",12.50,-5.00\r\n"), "amounts stay numbers"


@pytest.mark.parametrize(
    ("permission", "address"), [("metrics", "/staff/orders/export.csv"), ("orders", f"{MONEY}/orders")]
)
async def test_a_file_is_for_who_may_see_its_page(shop: Shop, permission: str, address: str) -> None:
    await people.staff(permissions=(permission,))
    sam = await shop.signed_in("sam@kiln.test")
    assert (await sam.get(address)).status == 403
    assert await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'exported'") == 0
    if permission == "metrics":
        for wrong in (f"{MONEY}/nothing", f"{MONEY}/orders?days=31"):
            assert (await sam.get(wrong)).status == 404


def test_a_part_of_an_order_has_its_share_of_every_rate() -> None:
    taxes = (RateShare("VAT", 2000, 1000, 200), RateShare("VAT", 500, 333, 17))
    for of in (1, 2, 777, 1549, 1600):
        parts = by_rate(taxes, total=1600, of=of)
        assert sum(one.gross for one in parts) == of
        assert sum(one.tax for one in parts) == (2 * 217 * of + 1600) // 3200
    assert by_rate(taxes, total=1600, of=1600) == (*taxes, RateShare("", 0, 50, 0)), "and what bears no tax"
    assert by_rate((), total=1600, of=800) == (RateShare("", 0, 800, 0),)
    assert by_rate(taxes, total=0, of=0) == (RateShare("", 0, 0, 0),)


def test_goods_that_bear_several_taxes_are_counted_once() -> None:
    """State and city, GST and PST: no part of the order is negative, and each tax keeps its own amount."""
    taxes = (RateShare("Washington", 650, 1999, 130), RateShare("Seattle", 385, 1999, 77))
    assert by_rate(taxes, total=2206, of=2206) == (
        RateShare("Washington", 650, 1999, 130),
        RateShare("Seattle", 385, 0, 77),
    )
    for of in (1, 2, 777, 1549, 2206):
        parts = by_rate(taxes, total=2206, of=of)
        assert sum(one.gross for one in parts) == of and min(one.gross for one in parts) >= 0
        assert sum(one.tax for one in parts) == (2 * 207 * of + 2206) // 4412
    mixed = (RateShare("GST", 500, 3000, 150), RateShare("PST", 700, 2000, 140))
    assert [one.gross for one in by_rate(mixed, total=3290, of=3290)] == [3150, 140]


def test_what_bears_no_tax_beside_goods_with_several_stays_apart() -> None:
    """At which tax the goods are counted is kept: 8.00 that bear none are no part of the city's."""
    taxes = (RateShare("Washington", 650, 1999, 130, 1999), RateShare("Seattle", 385, 1999, 77, 0))
    assert by_rate(taxes, total=3006, of=3006) == (
        RateShare("Washington", 650, 1999, 130),
        RateShare("Seattle", 385, 0, 77),
        RateShare("", 0, 800, 0),
    )
