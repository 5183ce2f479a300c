"""A variant's own sale price obeys the rules of sales; what stands already is left in peace."""

from typing import TYPE_CHECKING, Any

import pytest

from components.foundation import database
from components.people import customer_accounts, operators
from tests.support import make_products
from tests.support.cells import every_cell

if TYPE_CHECKING:
    from tests.support.pages import Browser, Page
    from tests.support.shops import Shop


@pytest.fixture
async def sam(shop: "Shop") -> "Browser":
    """Staff, for products only; and a mug of £24.00."""
    person = await customer_accounts.sign_up("sam@kiln.test", name="Sam", password="kiln-demo")
    await operators.add(person.id, role="staff", permissions=("products",))
    await make_products.product(sku="MOON")
    await shop.refresh()
    return await shop.signed_in("sam@kiln.test")


async def priced(sam: "Browser", **typed: Any) -> "Page":
    variant = await database.fetch_value("SELECT id FROM variant WHERE sku = 'MOON'")
    address = f"/staff/products/moon-mug/variants/{variant}"
    return await sam.submit(await sam.get(address), address, **typed)


@every_cell(
    ("typed", "words"),
    [
        ({"sale_price": "24"}, "This must be lower than the price."),
        ({"sale_price": "30"}, "This must be lower than the price."),
        ({"sale_price": "0"}, "Enter a price above zero."),
        ({"sale_price": "20", "sale_until": "2027-02-01T00:00"}, "That date has passed."),
        ({"compare_at": "24"}, "so it must be higher"),
        ({"compare_at": "20"}, "so it must be higher"),
    ],
)
async def test_a_sale_price_that_is_none_is_refused_at_its_field(
    sam: "Browser", typed: dict[str, str], words: str
) -> None:
    page = await priced(sam, **typed)
    assert page.status == 422
    assert words in page.words


async def test_two_sales_are_never_over_one_variant(sam: "Browser") -> None:
    sale = {"name": "Spring", "discount_type": "percent", "percent": "25", "covers": "variant", "variants": "MOON"}
    await sam.post("/staff/sales/new", sale)
    page = await priced(sam, sale_price="20")
    assert page.status == 422
    assert "“Spring” already covers it at that time" in page.words


async def test_what_stands_already_stays(sam: "Browser") -> None:
    sql = "UPDATE variant SET compare_at = 2400, sale_price = 2400, sale_until = '2027-01-01'"
    await database.execute(sql)
    page = await priced(sam, barcode="123")
    assert page.heading == "Moon mug", page.words
    assert await database.fetch_value("SELECT barcode FROM variant") == "123"


async def test_a_beginning_long_ago_is_refused_where_it_is_newly_typed(sam: "Browser") -> None:
    page = await sam.submit(
        await sam.get("/staff/products/moon-mug"), "/staff/products/moon-mug", public_from="1990-01-01T00:00"
    )
    assert page.status == 422
    assert "Choose a date in 2000 or later" in page.words
    await database.execute("UPDATE product SET public_from = '1990-01-01'")
    page = await sam.submit(await sam.get("/staff/products/moon-mug"), "/staff/products/moon-mug", title="Another")
    assert page.status == 200, page.words
