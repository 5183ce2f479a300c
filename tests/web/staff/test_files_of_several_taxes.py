"""Two taxes on the same goods, as Stripe Tax has them in a state and its city, in every file for the accountant: the
goods are counted once, and each tax is whole."""

import csv
import io
from decimal import Decimal

import pytest

from components.orders.refunds import refund_requests, refunds
from tests.support import buy_products, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_stripe_tax import SEATTLE, american, bought

MONTREAL = {"country": "CA", "region": "QC", "city": "Montréal", "postcode": "H2Y 1C6", "line1": "1 Rue Notre-Dame"}


async def rows(owner: Browser, address: str) -> list[dict[str, str]]:
    text = (await owner.client.get(address)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def total(found: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in found), Decimal(0))


def taxes(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["Tax"], row["Tax amount"]) for row in found]


@pytest.mark.parametrize("is_mixed", [False, True], ids=["everything taxed", "beside goods that are exempt"])
async def test_each_file_counts_the_goods_once(shop: Shop, is_mixed: bool) -> None:
    """19.99 taxed at 6.5% and 3.85%, each line rounded; a book of 8.00 that bears no tax."""
    guest = await american(shop)
    if is_mixed:
        await make_products.product("Book", price=800, is_taxable=False)
        await buy_products.put_in(guest, "book")
    await bought(shop, guest, **SEATTLE)
    await shop.catch_up()
    order, owner = await buy_products.the_order(), await shop.signed_in((await people.owner("iris@kiln.test")).email)
    net, gross = (Decimal("27.99"), Decimal("30.06")) if is_mixed else (Decimal("19.99"), Decimal("22.06"))
    assert Decimal(order.total) / 100 == gross
    wanted = [("Sales Tax, Washington", "1.30"), ("Sales Tax, Seattle", "0.77"), *([("", "0.00")] if is_mixed else [])]
    for address in ("/staff/orders/export.csv", "/staff/metrics/files/orders?days=30"):
        found = await rows(owner, address)
        assert taxes(found) == wanted, address
        assert [row["Net"] for row in found][:2] == ["19.99", "0.00"], address
        assert (total(found, "Net"), total(found, "Gross")) == (net, gross), address
    months = [row for row in await rows(owner, "/staff/metrics/files/months?days=30") if row["Kind"] == "Orders"]
    assert [total(months, column) for column in ("Net", "Tax amount", "Gross")] == [net, Decimal("2.07"), gross]
    await refunds.create(
        order.id, refund_requests.RefundRequest(amount=order.total, reason="Chipped"), by=None, key=order.lines[0].id
    )
    await shop.catch_up()
    back = await rows(owner, "/staff/metrics/files/refunds?days=30")
    assert [(name, f"-{sum_}" if sum_ != "0.00" else sum_) for name, sum_ in wanted] == taxes(back)
    assert (total(back, "Net"), total(back, "Gross")) == (-net, -gross)
    (listed,) = {row["Number"] for row in await rows(owner, "/staff/orders/export.csv")}
    assert listed == order.number and total(await rows(owner, "/staff/orders/export.csv"), "Of it refunded") == gross


async def test_a_part_of_it_in_store_credit_and_a_part_given_back_add_up_as_well(shop: Shop) -> None:
    guest = await american(shop)
    await bought(shop, guest, **MONTREAL)
    await shop.catch_up()
    order, owner = await buy_products.the_order(), await shop.signed_in((await people.owner("iris@kiln.test")).email)
    assert len(order.taxes) == 2, "GST and QST"
    await refunds.create(order.id, refund_requests.RefundRequest(amount=700, reason="A chip"), by=None, key=order.id)
    await shop.catch_up()
    back = await rows(owner, "/staff/metrics/files/refunds?days=30")
    assert total(back, "Gross") == Decimal("-7.00") and len(back) == 2
    assert total(back, "Net") + total(back, "Tax amount") == Decimal("-7.00")
    assert all(Decimal(row["Net"]) <= 0 and Decimal(row["Tax amount"]) < 0 for row in back)
    listed = await rows(owner, "/staff/orders/export.csv")
    assert total(listed, "Of it refunded") == Decimal("7.00") and all(Decimal(row["Net"]) >= 0 for row in listed)
