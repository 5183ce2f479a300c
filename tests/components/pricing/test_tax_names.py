"""What a tax is called: in the language of whoever reads it, unless the owner gave it a name of its own."""

from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows
from components.pricing import tax_names
from tests.support import make_products
from tests.support.cells import every_cell
from tests.support.shops import Shop


@every_cell(
    ("name", "in_english", "in_german"),
    [
        ("VAT", "VAT", "MwSt."),
        ("MwSt.", "VAT", "MwSt."),
        ("USt", "VAT", "USt"),
        ("TVA", "VAT", "MwSt."),
        ("GST", "GST", "GST"),
        ("GST + PST", "GST + PST", "GST + PST"),
        ("VAT + Eco levy", "VAT + Eco levy", "MwSt. + Eco levy"),
        ("Mug tax", "Mug tax", "Mug tax"),
    ],
)
def test_the_usual_name_is_said_in_the_language_read(name: str, in_english: str, in_german: str) -> None:
    for code, words in (("en", in_english), ("de", in_german)):
        with language.speaking(code):
            assert tax_names.said(name) == words, code


async def test_a_german_page_says_german_tax(goods: Shop) -> None:
    """The rate of this shop is called VAT."""
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await make_products.product()
    guest = goods.browser()
    assert "20% VAT" in (await guest.get("/products/moon-mug")).words
    german = (await guest.get("/de/products/moon-mug")).words
    assert "MwSt" in german and "VAT" not in german
    await guest.post("/basket", {"variant": (await guest.get("/products/moon-mug")).form("/basket").given["variant"]})
    assert "MwSt." in (await guest.get("/de/basket")).words
