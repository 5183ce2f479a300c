"""Orders of an earlier shop are a record: kept as they were told, and nothing of this shop follows from them."""

from typing import Any
from uuid import UUID

import pytest

from components.foundation import database
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.old_shop import customer_import, old_orders
from components.old_shop.old_orders import OldOrderView
from components.old_shop.record_columns import SubscriptionsFile
from components.people.privacy import erasure
from components.product_files.runs import import_runs, record_undo
from components.product_files.runs.run_kinds import PRODUCTS, RECORDS, NoRecords, UnknownRecords
from tests.components.old_shop.earlier_files import (
    SHOPIFY_CUSTOMERS,
    SHOPIFY_ORDERS,
    WOO_ORDERS,
    imported,
    sheet,
    without,
)
from tests.support import people
from tests.support.shops import Shop

FIRST = {
    "Name": "#1001", "Email": "rosa@example.org", "Financial Status": "partially_refunded",
    "Fulfillment Status": "fulfilled", "Currency": "GBP", "Subtotal": "1,050.00", "Shipping": "5.00", "Taxes": "175.83",
    "Total": "1055.00", "Discount Amount": "10.00", "Created at": "2023-04-05 10:11:12 +0100", "Lineitem quantity": "2",
    "Lineitem name": "Blue shirt - M", "Lineitem price": "500.00", "Lineitem sku": "BS-M", "Billing Name": "Rosa Lind",
    "Shipping Name": "Rosa Lind", "Shipping Address1": "1 High Street", "Shipping City": "Leeds",
    "Shipping Zip": "LS1 4AB", "Shipping Country": "GB", "Refunded Amount": "50.00",
}  # fmt: skip
SECOND_LINE = {
    "Name": "#1001", "Email": "rosa@example.org", "Created at": "2023-04-05 10:11:12 +0100", "Lineitem quantity": "1",
    "Lineitem name": "Red shirt", "Lineitem price": "60.00",
}  # fmt: skip
WOO = {
    "order_id": "77", "order_number": "77", "order_date": "2022-12-24 18:00:00", "status": "completed",
    "shipping_total": "4,90", "tax_total": "9,50", "order_total": "59,40", "refunded_total": "0",
    "order_currency": "EUR", "billing_first_name": "Otto", "billing_last_name": "Lehm",
    "billing_email": "Otto@example.org", "billing_address_1": "Gasse 1", "billing_postcode": "1010",
    "billing_city": "Wien", "billing_country": "AT",
    "line_items": "id:5|name:Mug|sku:M-1|quantity:2|total:40.00;id:6|name:Lid: blue|quantity:1|total:5.00",
}  # fmt: skip
MONEY_TABLES = ("orders", "order_line", "stock_movement", "lot", "payment", "movement", "announced_fact", "email")


@pytest.fixture
async def iris(db: None) -> UUID:
    return (await people.owner()).id


async def count(table: str) -> int:
    number: int = await database.fetch_value(f"SELECT count(*) FROM {table}")
    return number


async def all_orders(search: str = "") -> list[OldOrderView]:
    return (await old_orders.for_staff(search)).rows


async def test_a_shopify_order_is_kept_as_it_was_told(iris: UUID) -> None:
    names = await database.fetch_values("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    watched = [name for name in MONEY_TABLES if name in names]
    before = [await count(name) for name in watched]
    _, told = await imported(sheet(SHOPIFY_ORDERS, FIRST, SECOND_LINE), iris, name="orders_export.csv")
    assert told.counts == {"new": 1} and [await count(name) for name in watched] == before
    (order,) = await all_orders("#1001")
    assert (order.number, order.email, order.name) == ("#1001", "rosa@example.org", "Rosa Lind")
    assert (order.goods, order.delivery, order.tax, order.discount) == (105_000, 500, 17_583, 1000)
    assert (order.total, order.refunded, order.currency) == (105_500, 5000, "GBP")
    assert [(line.name, line.sku, line.quantity, line.price, line.total) for line in order.lines] == [
        ("Blue shirt - M", "BS-M", "2", 50_000, 100_000), ("Red shirt", "", "1", 6000, 6000)
    ]  # fmt: skip
    assert order.statuses == ["partially refunded", "fulfilled"] and "1 High Street, LS1 4AB Leeds" in order.address
    assert [one.number for one in await all_orders("ROSA@")] == ["#1001"] and await all_orders("nobody") == []


async def test_what_the_total_holds_already_is_not_added_to_it(iris: UUID) -> None:
    """Goods 100, delivery 5, tax 20, reduction 10: the total says which of them it holds."""
    totals = {"105.00": ("within", "within"), "125.00": ("", "within"), "95.00": ("within", "back"),
              "115.00": ("", "back"), "99.00": ("told", "told")}  # fmt: skip
    row = FIRST | {"Subtotal": "100.00", "Shipping": "5.00", "Taxes": "20.00", "Discount Amount": "10.00"}
    await imported(sheet(SHOPIFY_ORDERS, *(row | {"Name": total, "Total": total} for total in totals)), iris)
    for order in await all_orders():
        kinds = {name: kind for name, _, kind in order.sums}
        assert (kinds["tax"], kinds["discount"]) == totals[order.number], order.number
        assert kinds["goods"] == kinds["delivery"] == ""


async def test_a_woocommerce_order_has_its_lines_from_one_cell_or_from_rows(iris: UUID) -> None:
    await imported(sheet(WOO_ORDERS, WOO, separator=";"), iris)
    (order,) = await all_orders("otto@example.org")
    assert (order.total, order.tax, order.delivery, order.currency, order.refunded) == (5940, 950, 490, "EUR", 0)
    assert [(line.name, line.sku, line.quantity, line.total) for line in order.lines] == [
        ("Mug", "M-1", "2", 4000), ("Lid: blue", "", "1", 500)
    ]  # fmt: skip
    header = [
        *(name for name in WOO_ORDERS if name != "line_items"),
        "item_name",
        "item_sku",
        "item_quantity",
        "item_total",
    ]
    row = {name: value for name, value in WOO.items() if name != "line_items"} | {"order_number": "78"}
    rows = [row | {"item_name": name, "item_quantity": "1", "item_total": "3.00"} for name in ("Cup", "Plate")]
    await imported(sheet(header, *rows), iris)
    (other,) = await all_orders("78")
    assert [(line.name, line.total) for line in other.lines] == [("Cup", 300), ("Plate", 300)]


async def test_what_an_order_cannot_do_without_is_said_and_the_rest_may_be_missing(iris: UUID) -> None:
    needed = {"Name", "Created at"}
    for turn, column in enumerate(name for name in FIRST if name not in needed):
        row = FIRST | {"Name": f"#{2000 + turn}"}
        _, told = await imported(without(sheet(SHOPIFY_ORDERS, row), column), iris)
        assert told.counts["new"] == 1, column
    wrong: dict[str, dict[str, str]] = {
        "date": {"Created at": "03/04/2023"}, "not an amount": {"Total": "a lot"}, "currency": {"Currency": "XXQ"},
        "no total": {"Total": "", "Subtotal": ""},
    }  # fmt: skip
    for number, (words, change) in enumerate(wrong.items(), 3000):
        _, told = await imported(sheet(SHOPIFY_ORDERS, FIRST | {"Name": f"#{number}"} | change), iris)
        assert told.counts == {"skipped": 1} and words in told.troubles[0].words, told.troubles


async def test_the_same_file_again_changes_nothing_and_a_newer_one_brings_its_news(iris: UUID) -> None:
    first, _ = await imported(sheet(SHOPIFY_ORDERS, FIRST), iris)
    _, again = await imported(sheet(SHOPIFY_ORDERS, FIRST), iris)
    assert again.counts == {"the same": 1}
    _, newer = await imported(sheet(SHOPIFY_ORDERS, FIRST | {"Refunded Amount": "60.00"}), iris)
    assert newer.counts == {"changed": 1} and (await all_orders())[0].refunded == 6000
    assert await record_undo.undo(first, by=iris) == (1, 0) and await all_orders() == []


@pytest.mark.parametrize(
    ("header", "refusal"),
    [
        ("subscription_id,subscription_status,customer_email,billing_period", SubscriptionsFile),
        ("Handle,Title,Variant SKU,Variant Price", NoRecords),
        ("Colour,Length", UnknownRecords),
    ],
)
async def test_files_of_other_things_are_refused_in_words(iris: UUID, header: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        await import_runs.create(f"{header}\na,b,c,d\n".encode(), name="x.csv", by=iris, kinds=RECORDS)
    for source in (sheet(SHOPIFY_ORDERS, FIRST), sheet(SHOPIFY_CUSTOMERS, {"Email": "a@example.org"})):
        with pytest.raises(UnreadableFile, match="Import it under Members"):
            await import_runs.create(source, name="x.csv", by=iris, kinds=PRODUCTS)


async def test_erasing_somebody_takes_their_name_from_everything_that_came_with_files(shop: Shop) -> None:
    iris = (await people.owner()).id
    customer = {"Email": "zq.canary@example.org", "First Name": "Zenobia", "Note": "Zenobia likes blue",
                "Default Address Address1": "9 Canary Wharf"}  # fmt: skip
    order = FIRST | {"Email": "zq.canary@example.org", "Shipping Name": "Zenobia", "Billing Name": "Zenobia",
                     "Shipping Address1": "9 Canary Wharf"}  # fmt: skip
    zenobia = await people.customer("zq.canary@example.org", name="Zenobia")
    await imported(sheet(SHOPIFY_CUSTOMERS, customer), iris)
    await imported(sheet(SHOPIFY_ORDERS, order, FIRST | {"Name": "#1002"}), iris)
    assert await customer_import.of_person(zenobia.id) is not None
    await erasure.erase(zenobia.id)
    await shop.catch_up()
    for table in ("old_customer", "old_order", "import_step", "product_import"):
        rows = await database.fetch_values(f"SELECT to_jsonb(t)::text FROM {table} t")
        assert not [row for row in rows if "canary" in row.lower() or "zenobia" in row.lower()], table
    nameless, other = sorted(await all_orders(), key=lambda one: one.number)
    assert (nameless.total, nameless.email) == (105_500, "") and other.email == "rosa@example.org"
    _, again = await imported(sheet(SHOPIFY_ORDERS, order), iris)
    assert again.counts == {"skipped": 1} and sorted(one.email for one in await all_orders()) == [
        "",
        "rosa@example.org",
    ]
