"""What went wrong with real files once: each kind with a small file, and the right value of every fact."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.catalog import invariants
from components.catalog.catalog_refusals import SkuTaken
from components.catalog.products import products as products_of
from components.catalog.products import variants
from components.foundation import database
from components.product_files import export_file, file_formats, import_file
from components.product_files.import_result import ImportResult

pytestmark = pytest.mark.usefixtures("db")
CASES = Path(__file__).parents[2] / "data" / "imports" / "cases"


async def brought(name: str, *, as_name: str = "", changed: tuple[str, str] = ("", "")) -> ImportResult:
    source = (CASES / f"{name}.csv").read_bytes().replace(changed[0].encode() or b"no such words", changed[1].encode())
    outcome = await import_file.run_import(source, name=as_name or f"{name}.csv")
    if not as_name:
        assert await export_file.original_file(f"{name}.csv") == source, "it goes out as it came"
        again = await import_file.run_import(source, name=f"{name}.csv")
        assert (again.changed_rows, again.count("new")) == (0, 0), again.told
    assert await invariants.invariants() == []
    return outcome


async def sold(columns: str = "price") -> list[Any]:
    """Of every variant that is offered, in order."""
    sql = f"SELECT {columns} FROM variant v JOIN product p ON p.id = v.product WHERE v.withdrawn_at IS NULL"
    rows = await database.fetch_rows(f"{sql} ORDER BY p.title, v.position")
    return [row if len(row) > 1 else row[0] for row in rows]


async def products(columns: str = "slug") -> list[Any]:
    rows = await database.fetch_rows(f'SELECT {columns} FROM product ORDER BY title COLLATE "C"')
    return [row if len(row) > 1 else row[0] for row in rows]


async def test_shopifys_present_columns() -> None:
    await brought("01-todays-columns")
    assert await products("title, status, vendor, tags") == [
        ("Case Jug", "active", "Case Pottery", ["jug", "table"]),
    ]
    assert await sold("price, on_hand, weight_grams, cost, sku, tracks_stock, sells_when_out") == [
        (2400, 7, 900, 900, "CJ-S", True, False),
        (3200, 3, 1400, 1200, "CJ-L", True, False),
    ]


async def test_a_file_without_stock_changes_no_stock() -> None:
    await brought("02-one-location")
    assert (await brought("02-two-locations")).changed_rows == 0
    assert await sold("on_hand, tracks_stock") == [(25, True)]


async def test_a_new_product_of_a_file_without_stock_is_said_to_be_sold_out() -> None:
    outcome = await brought("02-two-locations")
    assert [note.words for note in outcome.notes] == [
        "The file does not say how many are on hand: 1 new variants are sold out so far."
    ]


async def test_what_is_not_on_the_online_store_is_a_draft() -> None:
    await brought("03-not-published")
    assert await products("status") == ["draft"]


@pytest.mark.parametrize(
    ("status", "published", "right"),
    [
        ("active", "true", "active"),
        ("Active", "TRUE", "active"),
        ("", "", "active"),
        ("active", "FALSE", "draft"),
        ("draft", "true", "draft"),
        ("archived", "true", "archived"),
        ("unlisted", "true", "draft"),
        ("", "WAHR", "active"),
        ("", "FALSCH", "draft"),
    ],
)
async def test_only_active_and_published_is_for_sale(status: str, published: str, right: str) -> None:
    text = f"Handle,Title,Variant Price,Status,Published\nmug,Mug,12,{status},{published}\n"
    await import_file.run_import(text.encode(), name="products.csv")
    assert await products("status") == [right]


async def test_woocommerces_line_ends_and_entities() -> None:
    await brought("04-line-ends")
    (plain, lines) = await products("description")
    assert lines == ("<h3>Care</h3>\n<ul>\n<li>Oven</li>\n<li>Dishwasher</li>\n</ul>\nFolder C:\\new stays.")
    assert plain == "First line.  \nSecond line.", "a line of its own in Markdown"
    rows = await database.fetch_rows("SELECT slug, title FROM collection ORDER BY slug")
    assert [tuple(row) for row in rows] == [("tea-coffee", "Tea & Coffee"), ("tea-coffee-pots", "Pots")]


async def test_a_file_of_prices_changes_prices_only() -> None:
    await brought("05-whole")
    before = (await database.fetch("SELECT * FROM product"), await database.fetch("SELECT * FROM variant"))
    outcome = await brought("05-new-prices")
    assert [(one.what, one.fields) for one in outcome.told] == [("changed", ("price",))]
    assert await products("*") == [tuple(row.values()) for row in before[0]]
    after = await database.fetch("SELECT * FROM variant")
    assert after == [{**row, "price": 4200} for row in before[1]]


async def test_the_second_export_of_woocommerce_finds_the_products_of_the_first() -> None:
    await brought("06-first-export")
    outcome = await brought("06-second-export")
    assert (outcome.count("new"), outcome.count("changed")) == (0, 1)
    assert await products("title, slug") == [("Case No Sku Plate", "case-no-sku-plate")]
    assert await sold() == [1200]


async def test_the_same_number_in_another_shop_is_another_product() -> None:
    text = "ID,Type,SKU,Name,Regular price\n7,simple,{},{},10\n"
    await import_file.run_import(text.format("A", "Mug").encode(), name="one.csv")
    outcome = await import_file.run_import(text.format("B", "Bowl").encode(), name="other.csv")
    assert outcome.count("new") == 1 and await products("title") == ["Bowl", "Mug"]


async def test_a_gift_card_is_not_goods() -> None:
    outcome = await brought("07-gift-card")
    assert await products("status") == ["draft"]
    assert "is a gift card of the other shop" in outcome.notes[0].words


async def test_woocommerces_columns_in_german() -> None:
    await brought("08-german")
    assert await products("title, status, description") == [("Case Schüssel", "active", "<p>Text.</p>")]
    assert await sold("sku, price, compare_at, weight_grams, on_hand") == [("CASE-DE", 1250, 1990, 800, 5)]


async def test_a_repeated_sku_keeps_every_product() -> None:
    outcome = await brought("09-repeated-skus")
    assert outcome.troubles == []
    assert await sold("p.title, v.title, sku, shares_sku") == [
        ("Case Linen Apron", "Small", "APRON-1", False),
        ("Case Linen Apron", "Medium", "APRON-1", True),
        ("Case Linen Apron", "Large", "APRON-1", True),
        ("Case Second Apron", "", "APRON-1", True),
    ]
    assert [note.line for note in outcome.notes] == [3, 4, 5]
    await brought("09-repeated-skus", as_name="again.csv", changed=("Large,APRON-1,30.00", "Large,APRON-1,35.00"))
    assert await sold() == [3000, 3000, 3500, 2800]


@pytest.mark.parametrize(
    ("name", "title", "price"),
    [
        ("latin-1", "Case Café Cup", 1200),
        ("utf-16", "Case Sixteen", 1200),
        ("semicolons", "Case Semicolon", 1200),
        ("lower-case-columns", "Case Lower", 1200),
        ("line-ends-of-old-macs", "Case Mac", 1200),
        ("an-inch-sign", 'Case 12" Platter', 1200),
    ],
)
async def test_files_as_spreadsheets_save_them(name: str, title: str, price: int) -> None:
    outcome = await brought(f"10-{name}")
    assert outcome.troubles == []
    assert (await products("title"))[0] == title and (await sold())[0] == price


async def test_a_space_before_a_quote_is_not_part_of_the_cell() -> None:
    await brought("10-space-before-quote")
    assert await sold("v.title") == ["S", "M"]


async def test_other_scripts_keep_their_names_in_addresses() -> None:
    await brought("14-shopify")
    assert await products() == ["case-hashes", "陶器", "陶-器-x", "陶-器"]
    await brought("14-woocommerce")
    assert (await products())[4:] == ["глиняный-чайник", "急須", "抹茶碗"]
    rows = await database.fetch_rows('SELECT slug, title FROM collection ORDER BY slug COLLATE "C"')
    assert [tuple(row) for row in rows] == [
        ("tableware", "Tableware"),
        ("tableware-急須", "急須"),
        ("чайники", "Чайники"),
        ("茶道具", "茶道具"),
        ("茶道具-茶碗", "茶碗"),
    ]


async def test_an_apostrophe_before_a_number_is_not_part_of_it() -> None:
    await brought("15-apostrophes")
    assert await sold("sku, barcode") == [("00123", "5012345678900")]


async def test_a_variation_that_is_switched_off_is_not_sold() -> None:
    outcome = await brought("16-switched-off")
    assert await sold("v.title, price") == [("Moss", 2000)]
    assert [note.words for note in outcome.notes] == [
        "“Case Disabled Choice: Ash” is switched off and is not sold here."
    ]


async def test_a_variation_that_is_switched_off_later_is_sold_no_longer_until_it_is_switched_on() -> None:
    on = ("- Ash,0", "- Ash,1")
    await brought("16-switched-off", as_name="first.csv", changed=on)
    assert await sold("v.title") == ["Moss", "Ash"]
    await brought("16-switched-off", as_name="second.csv")
    assert await sold("v.title") == ["Moss"]
    await brought("16-switched-off", as_name="third.csv", changed=on)
    assert await sold("v.title") == ["Moss", "Ash"]


async def test_a_shared_sku_names_no_variant_and_staff_cannot_share_one() -> None:
    await brought("09-repeated-skus")
    assert await variants.by_skus(["APRON-1"]) == {}
    (_, _, last) = [row for row in await sold("v.id, v.title") if row[1]]
    row = next(one for one in await of_apron() if one.id == last[0])
    with pytest.raises(SkuTaken):
        await variants.add(await apron(), replace(row.details, options=("Giant",), sku="APRON-1"))
    assert await variants.revise(row.id, replace(row.details, price=3100)) == ("price",)
    assert await variants.revise(row.id, replace(row.details, sku="APRON-9")) == ("price", "sku")
    assert await database.fetch_value("SELECT shares_sku FROM variant WHERE id = $1", row.id) is False


async def apron() -> Any:
    return (await products_of.by_slugs(["case-linen-apron"]))["case-linen-apron"]


async def of_apron() -> Any:
    id = await apron()
    return (await variants.of_products([id]))[id]


@pytest.mark.parametrize(
    ("written", "price"), [("1.299,00", 129900), ("1,299.00", 129900), ("1 299,00", 129900), ("1'299.00", 129900)]
)
async def test_amounts_as_much_of_europe_writes_them(written: str, price: int) -> None:
    await import_file.run_import(f"Handle;Title;Price\nmug;Mug;{written}\n".encode(), name="products.csv")
    assert await sold() == [price]


async def test_a_product_without_a_price_is_a_draft_and_a_variation_without_one_is_not_sold() -> None:
    head = "ID,Type,SKU,Name,Published,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n"
    rows = (
        '1,simple,A,Plain,1,,,,\n2,variable,B,Sized,1,,,Size,"S, M"\n'
        "3,variation,,Sized - S,1,5,B,Size,S\n4,variation,,Sized - M,1,,B,Size,M\n"
    )
    outcome = await import_file.run_import((head + rows).encode(), name="products.csv")
    assert outcome.troubles == []
    assert await products("title, status") == [("Plain", "draft"), ("Sized", "active")]
    assert await sold("p.title, v.title, price") == [("Plain", "", 0), ("Sized", "S", 500)]
    assert {note.words for note in outcome.notes} == {
        "“Plain” has no price in the file: it is imported as a draft.",
        "“Sized: M” has no price and is not sold here.",
    }
    again = await import_file.run_import((head + rows).encode(), name="products.csv")
    assert again.changed_rows == 0


@pytest.mark.parametrize("sale", ["10", "12"])
async def test_a_sale_price_that_is_no_lower_is_no_sale(sale: str) -> None:
    text = f"ID,Type,SKU,Name,Regular price,Sale price\n1,simple,A,Mug,10,{sale}\n"
    await import_file.run_import(text.encode(), name="products.csv")
    assert await sold("price, compare_at") == [(1000, None)]


async def test_files_of_people_are_named_as_such() -> None:
    for text in (
        "Name,Email,Lineitem name\n#1,a@b.example,Mug\n",
        "First Name,Email,Accepts Email Marketing\nA,b,yes\n",
    ):
        with pytest.raises(file_formats.NoProducts):
            await import_file.run_import(text.encode(), name="people.csv")
