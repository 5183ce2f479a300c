"""A line that cannot be used is named with its reason, and stops no other."""

import pytest

from components.catalog import invariants
from components.foundation import database
from components.foundation.sheets import csv_sheets
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_sheets import FileTooLarge
from components.product_files import export_file, import_file
from tests.support.cells import every_cell

pytestmark = pytest.mark.usefixtures("db")
HEAD = "Handle,Title,Variant Price,Option1 Name,Option1 Value,Variant Inventory Qty,Variant SKU\n"
WOO = "ID,Type,SKU,Name,Regular price,Parent,Attribute 1 name,Attribute 1 value(s)\n"


async def troubles(text: str) -> list[tuple[int, str]]:
    outcome = await import_file.run_import(text.encode(), name="products.csv")
    return [(trouble.line, trouble.words) for trouble in outcome.troubles]


async def titles() -> list[str]:
    return [row["title"] for row in await database.fetch("SELECT title FROM product ORDER BY title")]


@every_cell(
    ("line", "words"),
    [
        ("bowl,Bowl,twelve,,,1,", "Variant Price is “twelve”. Enter an amount like 12.50."),
        ("bowl,Bowl,-3,,,1,", "Variant Price is “-3”. A price cannot be negative."),
        ("bowl,Bowl,3.999,,,1,", "Variant Price is “3.999”. An amount has at most 2 decimals."),
        ("bowl,Bowl,3,,,some,", "Variant Inventory Qty is “some”, which is not a number."),
        ("bowl,,3,,,1,", "The first row of “bowl” has no Title."),
        (",Bowl,3,,,1,", "This row has no Handle, so it belongs to no product."),
        (f"bowl,{'B' * 300},3,,,1,", "Title, brand and product type can have at most 255 characters."),
    ],
)
async def test_shopify(line: str, words: str) -> None:
    assert await troubles(f"{HEAD}mug,Mug,24,,,1,MUG\n{line}\nvase,Vase,30,,,1,\n") == [(3, words)]
    assert {"Mug", "Vase"} <= set(await titles())
    assert await invariants.invariants() == []


async def test_a_bad_variant_leaves_the_others_of_its_product() -> None:
    text = f"{HEAD}mug,Mug,24,Glaze,Moss,1,\nmug,,free,,Salt,1,\nmug,,26,,Ash,1,\nmug,,27,,Moss,1,\n"
    assert await troubles(text) == [
        (3, "Variant Price is “free”. Enter an amount like 12.50."),
        (5, "“mug” has the variant “Moss” twice."),
    ]
    rows = await database.fetch("SELECT title FROM variant ORDER BY position")
    assert [row["title"] for row in rows] == ["Moss", "Ash"]


@every_cell(
    ("line", "words"),
    [
        ("1,simple,S,Bowl,5,,,", "This product is in the file twice: see the row before."),
        ("9,simple,S,,5,,,", "This row has no Name."),
        ("9,bundle,S,Bowl,5,,,", "“bundle” is not a known product type."),
        ("9,variation,S,Bowl,5,nobody,,", "This variation’s parent is not in the file."),
        ("9,variation,S,Bowl,5,id:1,Size,Small", "The file already has a variation “Small”."),
    ],
)
async def test_woocommerce(line: str, words: str) -> None:
    good = '1,variable,P,Mug,,,Size,"Small, Large"\n2,variation,P-S,Mug - Small,24,P,Size,Small\n'
    assert await troubles(f"{WOO}{good}{line}\n3,simple,V,Vase,30,,,\n") == [(4, words)]
    assert {"Mug", "Vase"} <= set(await titles())


async def test_a_product_of_which_nothing_can_be_sold_does_not_come_in() -> None:
    assert len(await troubles(f"{HEAD}mug,Mug,free,Glaze,Moss,1,\nmug,,gratis,,Salt,1,\nbowl,Bowl,3,,,1,\n")) == 2
    assert await titles() == ["Bowl"]


async def test_a_line_that_was_left_out_comes_back_with_its_file_and_can_be_mended() -> None:
    text = f"{HEAD}mug,Mug,24,,,1,\nbowl,Bowl,twelve,,,1,\n"
    await troubles(text)
    assert await export_file.original_file("products.csv") == text.encode()
    assert await troubles(text.replace("twelve", "12")) == []
    assert await titles() == ["Bowl", "Mug"]


@every_cell(
    "source",
    [b"", b"a,b,c\n1,2,3\n", b"\x89PNG\r\n\x1a\n\x00", b"Handle,Title,Variant Price\n\x00", b'Handle,"Ti\n1'],
)
async def test_what_is_no_such_file_is_refused(source: bytes) -> None:
    with pytest.raises(UnreadableFile):
        await import_file.run_import(source, name="products.csv")


async def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(FileTooLarge):
        await import_file.preview(b"x" * (csv_sheets.MOST_BYTES + 1), name="products.csv")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("preamble", ["", "\ufeff"])
async def test_odd_but_good_files_go_out_the_same(line_end: str, last: bool, preamble: str) -> None:
    lines = [
        'Handle,Title,"Variant Price",Unknown,Body (HTML)',
        'mug,"Mug",24.00,"kept, as it is","<p>Two\nlines and ""quotes""</p>"',
        "mug,,,,",
        'bowl,"Bo""wl",007.50,=1+1,',
    ]
    source = (preamble + line_end.join(lines) + (line_end if last else "")).encode()
    await import_file.run_import(source, name="odd.csv")
    assert await export_file.original_file("odd.csv") == source
    rows = await database.fetch("SELECT v.price FROM variant v JOIN product p ON p.id = v.product ORDER BY price")
    assert [row["price"] for row in rows] == [750, 2400]


async def test_every_row_that_is_left_out_is_counted() -> None:
    long = f"{HEAD}mug,{'M' * 300},24,Size,S,1,\nmug,,25,,L,1,\nbowl,Bowl,cheap,,,1,\n,,1,,,1,\n"
    outcome = await import_file.run_import(long.encode(), name="products.csv")
    assert outcome.skipped_rows == 4 and await titles() == []
