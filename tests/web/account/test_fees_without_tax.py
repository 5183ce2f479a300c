"""A shop whose prices are without tax: a fee is typed so too, and members pay it with its tax on top, as told."""

from datetime import timedelta

from components.checkout.taxes import suggested_rates, tax_rates
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.invoices import fee_invoices
from components.memberships.plans import plan_catalogue
from components.messaging.notices import notice_emails
from components.payments import invariants as payment_invariants
from components.pricing import fee_tax
from components.pricing.tax import TaxTerms
from tests.support import buy_products, join_members, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

INVOICES = {
    "invoices": "on", "company_name": "Kiln Ltd", "company_street": "1 Kiln Lane", "company_town": "Leeds LS1 1AA",
}  # fmt: skip
PLAN = {"name": "Circle", "slug": "circle", "count": "1", "interval": "month", "position": "0"}


async def without_tax(shop: Shop) -> Browser:
    """Staff of a shop in Britain, which types prices without their 20%."""
    await setting_rows.change({"prices_include_tax": "no", **INVOICES}, by=None)
    await suggested_rates.adopt("GB")
    await shop.refresh()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def months_later(shop: Shop, count: int = 1) -> None:
    for hours in count * (31 * 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        await shop.catch_up()


def test_a_fee_is_typed_and_charged_to_the_penny_whatever_the_rate() -> None:
    for rate in (0, 500, 700, 1900, 2000, 2100, 2550):
        terms = TaxTerms(rate, inclusive=False)
        assert all(fee_tax.net(fee_tax.with_tax(typed, terms), terms) == typed for typed in range(3000)), rate


async def test_it_is_typed_without_tax_and_told_and_charged_with_it(shop: Shop) -> None:
    iris = await without_tax(shop)
    shown = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", price="4.00", **PLAN)
    assert "New members pay £4.80 a month: £4.00 + £0.80 VAT." in shown.words
    assert (
        'value="4.00"' in shown.text and "£4.80 a month (£4.00 + £0.80 VAT)" in (await iris.get("/staff/plans")).words
    )
    card = (await shop.browser().get("/join")).words
    assert "£4.80 a month £4.00 + £0.80 VAT" in card
    maya = await join_members.joins(shop, plan_catalogue.by_slug("circle"))
    page = (await maya.get("/account/membership")).words
    assert "£4.80 a month (£4.00 + £0.80 VAT)" in page and "£4.80 on" in page
    other = await (await shop.signed_in((await people.customer("noor@kiln.test")).email)).get("/join/circle")
    assert "You pay £4.80 today, then £4.80 a month until you cancel. This includes £0.80 VAT." in other.words
    clock.set_everywhere(clock.now() + timedelta(days=15))
    await notice_emails.send_renewal_notices()
    await months_later(shop)
    paid = await database.fetch("SELECT amount, net_amount, net_price FROM paid_period ORDER BY starts_at")
    assert [tuple(row.values()) for row in paid] == [(480, 400, 400)] * 2
    assert await database.fetch_values("SELECT DISTINCT amount_paid FROM mirrored_invoice") == [480]
    receipts = await database.fetch_values("SELECT text FROM email WHERE template = 'payment_receipt'")
    assert receipts and all("£4.80" in text and "Including £0.80 VAT" in text for text in receipts)
    subscription = await database.fetch_value("SELECT id FROM subscription")
    issued = await fee_invoices.ensure_latest(subscription)
    document = str(await database.fetch_value("SELECT document::text FROM invoice WHERE id = $1", issued and issued.id))
    assert '"net": 400' in document and '"tax": 80' in document and '"rate_bp": 2000' in document
    assert await payment_invariants.invariants() == []


async def test_another_rate_or_category_changes_what_is_told_and_only_newcomers_fee(shop: Shop) -> None:
    iris = await without_tax(shop)
    await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", price="4.00", **PLAN)
    maya = await join_members.joins(shop, plan_catalogue.by_slug("circle"))
    await tax_rates.set_rate("GB", rate_bp=2500)
    await shop.refresh()
    assert "£4.80 a month (£3.84 + £0.96 VAT)" in (await maya.get("/account/membership")).words, "she pays the same"
    staff = await iris.get("/staff/plans/circle")
    assert "New members pay £4.80 a month: £3.84 + £0.96 VAT." in staff.words
    saved = await iris.submit(staff, "/staff/plans/circle/price", price="4.00")
    assert "New members pay £5.00 a month: £4.00 + £1.00 VAT." in saved.words and "1 member pays" in saved.words
    saved = await iris.submit(saved, "/staff/plans/circle/terms", tax_category="zero")
    assert "With this tax on top they pay £4.00 a month." in saved.words
    assert plan_catalogue.by_slug("circle").price.amount == 400
    assert "£4.80 a month" in (await maya.get("/account/membership")).words
    await months_later(shop)
    paid = await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at")
    assert paid == [480, 480]


async def test_a_fee_that_no_net_price_makes_stays_as_it_is_when_something_else_is_saved(shop: Shop) -> None:
    """£9.99 was set before fees were typed without tax: £8.32 would make £9.98 of it."""
    plan = await join_members.plan(price=999, interval="month", slug="circle")
    iris = await without_tax(shop)
    page = await iris.get("/staff/plans/circle")
    saved = await iris.submit(page, "/staff/plans/circle/terms", places="3")
    assert "With this tax on top" not in saved.words
    saved = await iris.submit(saved, "/staff/plans/circle/price", interval="year")
    assert "New members pay £9.99 a year" in saved.words
    prices = await database.fetch_values("SELECT price FROM plan_version WHERE plan = $1 ORDER BY from_at", plan.id)
    assert prices == [999, 999]


async def test_with_an_order_the_fee_has_its_own_tax_beside_that_of_the_goods(goods: Shop) -> None:
    iris = await without_tax(goods)
    await make_products.product(on_hand=20)
    await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", price="4.00", **PLAN)
    await people.customer(join_members.MAYA, name="Maya")
    maya = await goods.signed_in(join_members.MAYA)
    await buy_products.put_in(maya)
    page = await maya.get("/checkout?join=circle")
    assert "Circle, £4.80 a month" in page.words and "Including VAT (20%) in the fee" in page.words
    asked = await maya.submit(page, "/checkout", **buy_products.TYPED)
    thanks = await maya.get((await goods.pay(asked)).url)
    order = await buy_products.the_order()
    rows = await database.fetch("SELECT rate_bp, net, amount, of_fee FROM order_tax ORDER BY position")
    assert [tuple(row.values()) for row in rows if row["of_fee"]] == [(2000, 400, 80, True)]
    assert order.joining_fee == 480 and order.charged == order.total + 480 and "£0.80" in thanks.words
    await goods.catch_up()
    assert await database.fetch_value("SELECT net_amount FROM paid_period") == 400
    assert await buy_products.is_sound()
