"""A file of another shop: looked at, brought in, given back."""

from pathlib import Path

import pytest

from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit
from tests.components.catalog.test_pictures import drawn
from tests.support import make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

WOO = Path(__file__).parents[2] / "data" / "imports" / "woocommerce-sample-products.csv"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def send(browser: Browser, name: str, source: bytes) -> Page:
    return Page(await browser.client.post("/staff/imports", files={"sheet": (name, source, "text/csv")}))


async def test_first_it_says_what_it_would_do_then_it_does_it(shop: Shop, iris: Browser) -> None:
    preview = await send(iris, WOO.name, WOO.read_bytes())
    assert preview.status == 200
    assert "24 rows in WooCommerce format. Nothing has been imported yet." in preview.words
    assert len(snapshot_refresh.snapshot()) == 0
    (form,) = [e.get("action") or "" for e in preview.tree.iter("form") if "arrival" in (e.get("action") or "")]
    page = await iris.submit(preview, form)
    assert "15 new, 0 changed" in page.alerts()
    assert "Hoodie" in (await shop.browser().get("/products")).words
    assert [entry["what"] for entry in await audit.entries(subject="import")] == ["file imported"]
    back = await iris.client.get(f"/staff/imports/files/{WOO.name}")
    assert back.content == WOO.read_bytes()
    assert back.headers["content-disposition"] == f'attachment; filename="{WOO.name}"'
    again = await send(iris, WOO.name, WOO.read_bytes())
    assert "Your products already match this file." in again.words


async def test_bad_lines_are_shown_before_anything_happens(iris: Browser) -> None:
    source = b"Handle,Title,Variant Price\nmug,Mug,24\nbowl,<b>Bowl</b>,cheap\n"
    page = await send(iris, "<x>.csv", source)
    assert "Variant Price is “cheap”. Enter an amount like 12.50." in page.words
    assert "<x>" not in page.text


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (b"a,b\n1,2\n", 422, "This is neither Shopify’s".replace("’", "'")),
        (b"", 422, "This is not a UTF-8 CSV file"),
        (b"x" * (10 * 1024 * 1024 + 1), 413, "The file can be at most 10 MB."),
    ],
)
async def test_what_is_no_such_file_is_refused_at_its_field(
    iris: Browser, source: bytes, status: int, words: str
) -> None:
    page = await send(iris, "f.csv", source)
    assert page.status == status
    assert words in page.words


async def test_a_token_of_nobodys_file_is_not_found(iris: Browser) -> None:
    for token in ("0" * 40, "..", "secret-key"):
        assert (await iris.post(f"/staff/imports/{token}/arrival")).status == 404


async def test_a_picture_is_added_shown_and_described(shop: Shop, iris: Browser) -> None:
    await make_products.product("Moon mug")
    files, own = {"picture": ("mug.jpg", drawn(), "image/jpeg")}, "/staff/products/moon-mug/pictures"
    page = Page(await iris.client.post(own, files=files, data={"alt": "A round mug"}))
    assert page.status == 200
    shown = await shop.browser().get("/products/moon-mug")
    (image,) = [e for e in shown.tree.iter("img") if e.get("alt") == "A round mug"]
    answer = await iris.client.get(image.get("src") or "")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("source", "status"), [(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422), (b"x" * (10 * 1024 * 1024 + 1), 413)]
)
async def test_what_is_no_picture_is_refused(iris: Browser, source: bytes, status: int) -> None:
    await make_products.product("Moon mug")
    files = {"picture": ("mug.svg", source, "image/svg+xml")}
    page = Page(await iris.client.post("/staff/products/moon-mug/pictures", files=files, data={"alt": "A mug"}))
    assert page.status == status
    assert "image" in page.alerts()
