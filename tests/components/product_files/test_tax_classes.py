"""A product's tax category in files: WooCommerce's tax class is read, Shopify's file has none and leaves it alone."""

import pytest

from components.foundation import database
from components.product_files import import_file, tax_classes

pytestmark = pytest.mark.usefixtures("db")
WOO = "ID,Type,SKU,Name,Regular price,Tax status,Tax class,Parent,Attribute 1 name,Attribute 1 value(s)\n"
WITHOUT = "ID,Type,SKU,Name,Regular price,Tax status,Parent,Attribute 1 name,Attribute 1 value(s)\n"
SHOPIFY = "Handle,Title,Variant Price,Option1 Name,Option1 Value,Variant Inventory Qty,Variant SKU\n"


async def categories() -> dict[str, str]:
    rows = await database.fetch_rows("SELECT sku, tax_category FROM variant ORDER BY sku")
    return {str(sku): str(category) for sku, category in rows}


async def imported(file: str) -> None:
    outcome = await import_file.run_import(file.encode(), name="products.csv")
    assert outcome.troubles == []


async def test_a_class_is_read_and_a_variation_has_that_of_its_product() -> None:
    lines = (
        "1,simple,BOOK,Book,10,taxable,reduced-rate,,,\n2,simple,WINE,Wine,12,taxable,Strong drink,,,\n"
        '3,variable,TEA,Tea,,taxable,zero-rate,,Size,"50 g, 100 g"\n'
        "4,variation,TEA50,Tea,5,taxable,parent,TEA,Size,50 g\n"
        "5,variation,TEA100,Tea,9,taxable,reduced-rate,TEA,Size,100 g\n6,simple,MUG,Mug,20,taxable,,,,\n"
    )
    await imported(WOO + lines)
    kept = {"BOOK": "reduced", "MUG": "standard", "TEA100": "reduced", "TEA50": "zero", "WINE": "strong-drink"}
    assert await categories() == kept
    await imported(WITHOUT + "1,simple,BOOK,Book,11,taxable,,,\n")
    assert (await categories())["BOOK"] == "reduced", "a file without the column leaves it as it is"


async def test_a_file_of_shopify_leaves_it_as_it_is_here() -> None:
    await imported(f"{SHOPIFY}mug,Mug,24,,,1,MUG\n")
    assert await categories() == {"MUG": "standard"}
    await database.execute("UPDATE variant SET tax_category = 'reduced'")
    await imported(f"{SHOPIFY}mug,Mug,25,,,1,MUG\n")
    assert await categories() == {"MUG": "reduced"}


@pytest.mark.parametrize("category", ["standard", "reduced", "zero", "reduced-2", "wine"])
def test_what_is_written_is_read_again(category: str) -> None:
    assert tax_classes.category_of(tax_classes.class_of(category)) == category
