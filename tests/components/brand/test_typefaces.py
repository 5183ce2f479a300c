"""A page loads at most 60 kB of typefaces, and each bundled file is what it says."""

from itertools import product
from pathlib import Path

from components.brand import style_sheet, typefaces
from components.brand.typefaces import HEADINGS, MOST_KB, TEXTS, TYPEFACES
from components.foundation.shop_settings import brand_rules
from components.foundation.shop_settings.shop_settings import ShopSettings
from tests.support.cells import every_cell
from web import assets

ROOT = Path(__file__).parents[3]


@every_cell("face", [each for each in TYPEFACES if each.has_file])
def test_each_file_is_as_large_as_it_says(face: typefaces.Typeface) -> None:
    size = (ROOT / assets.address(face.asset).lstrip("/")).stat().st_size
    assert face.kilobytes - 1 < size / 1000 <= face.kilobytes + 0.5


def test_every_pair_that_may_be_chosen_fits_and_the_others_are_refused_in_words() -> None:
    for headings, text in product(HEADINGS, TEXTS):
        faces = style_sheet.faces(ShopSettings(brand_headings=headings, brand_text=text))
        size = sum((ROOT / assets.address(face.asset).lstrip("/")).stat().st_size for face in faces)
        refused = typefaces.trouble(headings, text)
        assert bool(refused) == (size > MOST_KB * 1000), (headings, text)
    assert "85 kB" in typefaces.trouble("fraunces", "inter")
    assert typefaces.trouble("playfair", "playfair") == "Playfair Display is for headings only."


def test_every_typeface_has_a_rule_and_every_page_its_fallback() -> None:
    assert set(brand_rules.TYPEFACES) == {face.slug for face in TYPEFACES}
    sheet = style_sheet.written(ShopSettings(brand_headings="lora", brand_text="figtree"), assets.address)
    assert sheet.count("@font-face") == 4 and "size-adjust:114.6%" in sheet
    assert "@font-face" not in style_sheet.written(
        ShopSettings(brand_headings="system", brand_text="system"), assets.address
    )
