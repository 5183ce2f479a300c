"""A business joins with an order: in an arm of an experiment, with a code on the fee, with both, or with neither."""

from typing import Any

import pytest

from components.foundation import database, json
from components.invoices import fee_invoices
from components.memberships.plans import plan_catalogue
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import BUYER, NUMBER, german, types
from tests.web.shop.test_experiment_prices import begun
from tests.web.shop.test_experiments import put_in
from tests.web.shop.test_fee_codes import code, states
from tests.web.shop.test_fee_codes_with_orders import all_is_well, enters, later

LILLE = {key: BUYER[key] for key in ("line1", "city", "postcode", "country")}
FEES = {
    ("ordinary", "none"): (1000, 1000), ("arm", "none"): (500, 500),
    ("ordinary", "SPRING"): (800, 1000), ("arm", "SPRING"): (400, 500),
}  # fmt: skip


async def shopping(goods: Shop, arm: str, typed: str) -> tuple[Browser, str]:
    """Somebody with a mug in the basket, and perhaps a code; in the cheaper arm, where there is an experiment."""
    await german(goods)
    await make_products.product(on_hand=20)
    plan, email = await make_plans.club(price=1190, interval="month"), join_members.MAYA
    if arm == "arm":
        browser, email = await put_in(goods, await begun(price=595, plan=plan), 1)
    else:
        await people.customer(email, name="Maya")
        browser = await goods.signed_in(email)
    await buy_products.put_in(browser)
    if typed != "none":
        await code(typed, value=2000)
        assert (await enters(browser, typed)).status == 200
    return browser, email


async def joins(goods: Shop, browser: Browser, **typed: Any) -> Any:
    """The page with the total is shown again where the address changes it."""
    page = await browser.submit(
        await browser.get("/checkout?join=annual"), "/checkout", **{**buy_products.TYPED, **LILLE, **typed}
    )
    asked = page if buy_products.is_pay_page(page) else await browser.submit(page, "/checkout")
    assert buy_products.is_pay_page(asked), asked.alerts()
    thanks = await browser.get((await goods.pay(asked, "4242424242424242")).url)
    await goods.catch_up()
    return thanks


@pytest.mark.parametrize(("arm", "typed"), FEES)
async def test_the_fee_is_without_tax_of_the_price_and_less_the_code(goods: Shop, arm: str, typed: str) -> None:
    browser, email = await shopping(goods, arm, typed)
    await types(browser)
    first, second = FEES[arm, typed]
    page = await browser.get("/checkout?join=annual")
    assert f"€{second / 100:.2f}" in page.words and ("Coupon SPRING" in page.words) is (first != second)
    thanks = await joins(goods, browser, email=email, vat_number=NUMBER)
    assert f"€{second / 100:.2f}" in thanks.words and (
        f"Coupon SPRING −€{(second - first) / 100:.2f}" in thanks.words
    ) is (first != second)
    order = await buy_products.the_order()
    assert (order.joining_fee, order.joining_off) == (first, second - first)
    assert not [row for row in order.taxes if row.of_fee and row.amount]
    assert await states() == (["used"] if typed != "none" else [])
    issued = await fee_invoices.ensure_latest((await join_members.subscription())["id"])  # type: ignore[arg-type]
    document = json.load(await database.fetch_value("SELECT document FROM invoice WHERE id = $1", issued and issued.id))
    assert document["taxes"] == [] and document["buyer"]["vat_number"] == NUMBER
    assert [one["amount"] for one in document["payments"] if one["by"] == "money"] == [first]
    await later(goods)
    assert await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at") == [first, second]
    assert plan_catalogue.by_slug("annual").price.amount == 1190
    await all_is_well()


async def test_with_a_number_on_the_order_alone_the_fee_has_the_tax_of_what_is_left_of_it(goods: Shop) -> None:
    browser, email = await shopping(goods, "ordinary", "SPRING")
    thanks = await joins(goods, browser, email=email, vat_number=NUMBER)
    assert "€11.90" in thanks.words and "Coupon SPRING −€2.38" in thanks.words
    order = await buy_products.the_order()
    (tax,) = [row for row in order.taxes if row.of_fee]
    assert (order.joining_fee, tax.net + tax.amount, tax.amount) == (
        952,
        952,
        round(952 * tax.rate_bp / (10_000 + tax.rate_bp)),
    )
    assert await database.fetch_values("SELECT amount FROM paid_period") == [952]
    await all_is_well()
