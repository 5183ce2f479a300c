"""A file of another shop: looked at, brought in, given back."""

from pathlib import Path

import pytest

from components.catalog.products import admin_products
from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit, ids
from components.product_files.import_result import ProductOutcome
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
    files = {"sheet": (name, source, "text/csv")}
    return Page(await browser.client.post("/staff/imports", files=files, follow_redirects=True))


async def checked(shop: Shop, browser: Browser, name: str, source: bytes) -> Page:
    """The page of a file that has been sent, once the job has looked at it."""
    sent = await send(browser, name, source)
    await shop.catch_up()
    return await browser.get(sent.path)


async def test_first_it_says_what_it_would_do_then_it_does_it(shop: Shop, iris: Browser) -> None:
    sent = await send(iris, WOO.name, WOO.read_bytes())
    assert "Waiting to start" in sent.words and 'http-equiv="refresh"' in sent.text
    await shop.catch_up()
    preview = await iris.get(sent.path)
    assert "24 rows in WooCommerce format. Nothing has been imported yet." in preview.words
    assert len(snapshot_refresh.snapshot()) == 0
    page = await iris.submit(preview, f"{sent.path}/arrival")
    assert "0 of 14 products" in page.words
    await shop.catch_up()
    await shop.refresh()
    page = await iris.get(sent.path)
    assert "Imported." in page.words and "New 15" in page.words
    assert "Hoodie" in (await shop.browser().get("/products")).words
    assert [entry["what"] for entry in await audit.entries(subject="import")] == ["file imported"]
    back = await iris.client.get(f"/staff/imports/files/{WOO.name}")
    assert back.content == WOO.read_bytes()
    assert back.headers["content-disposition"] == f'attachment; filename="{WOO.name}"'
    again = await checked(shop, iris, WOO.name, WOO.read_bytes())
    assert "Your products already match this file." in again.words
    assert (await iris.post(f"{sent.path}/arrival")).status == 409
    listed = await iris.get("/staff/imports")
    assert "Waiting for you" in listed.words and "Imported" in listed.words


FILE = (
    b"Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Tracker,Variant Inventory Qty,"
    b"Image Src,Status\n"
    b"mug,Mug,Size,S,24,shopify,3,https://a.test/1.jpg,active\nmug,,,L,30.5,shopify,4,https://a.test/2.jpg,\n"
    b"bowl,Bowl,Title,Default Title,9,,,,draft\n"
)


async def test_the_preview_says_of_each_new_product_what_it_will_be_and_who_will_see_it(
    shop: Shop, iris: Browser
) -> None:
    assert "Its prices are read as GBP, the currency of your shop" in (await iris.get("/staff/imports")).words
    preview = await checked(shop, iris, "shelf.csv", FILE)
    assert "Prices are in GBP" in preview.words
    told = "£24.00 to £30.50; Size: S, L; 7 in stock; 2 pictures; "
    assert f"{told}shown in the shop at once" in preview.words
    assert "£9.00; stock not counted; no pictures; draft" in preview.words
    await iris.submit(preview, f"{preview.path}/arrival", as_drafts="on")
    await shop.catch_up()
    await shop.refresh()
    assert f"{told}draft" in (await iris.get(preview.path)).words
    assert "Mug" not in (await shop.browser().get("/products")).words
    assert await admin_products.counts() == {"draft": 2}


async def test_bad_lines_are_shown_before_anything_happens(shop: Shop, iris: Browser) -> None:
    source = b"Handle,Title,Variant Price\nmug,Mug,24\nbowl,<b>Bowl</b>,cheap\n"
    page = await checked(shop, iris, "<x>.csv", source)
    assert "Variant Price is “cheap”. Enter an amount like 12.50." in page.words
    assert "<x>" not in page.text


@pytest.mark.parametrize(
    ("source", "status", "words"),
    [
        (b"a,b\n1,2\n", 422, "This is neither Shopify’s".replace("’", "'")),
        (b"", 422, "This is not a CSV file"),
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
    for token in (ids.new(), "0" * 40, "..", "secret-key"):
        assert (await iris.post(f"/staff/imports/{token}/arrival")).status in (404, 422)
        assert (await iris.post(f"/staff/imports/{token}/cancellation")).status in (404, 422)


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


async def test_it_says_what_each_column_becomes_and_staff_know_better(shop: Shop, iris: Browser) -> None:
    source = "Handle;Title;Variant Price;Our number;Colour\nmug;Caf\xe9 mug;12,50;M-1;blue\n".encode("cp1252")
    preview = await checked(shop, iris, "odd.csv", source)
    assert "3 of 5 columns are read. The cells are separated by semicolons" in preview.words
    assert "Ignored, and kept for the file’s export: Our number, Colour." in preview.words
    assert "it was read as Western European (Windows-1252)" in preview.words
    known = ["0:Handle", "1:Title", "2:Variant Price", "3:Variant SKU", "4:"]
    for wrong in (["0:Handle", "1:Handle"], ["0:", "1:", "2:", "3:", "4:"], ["0:nothing"]):
        refused = await iris.post(f"{preview.path}/columns", {"columns": wrong, "encoding": ""})
        assert refused.status == 422, wrong
    again = await iris.post(f"{preview.path}/columns", {"columns": known, "encoding": "cp1252"})
    await shop.catch_up()
    again = await iris.get(preview.path)
    assert "4 of 5 columns are read" in again.words and "New 1" in again.words
    await iris.submit(again, f"{preview.path}/arrival")
    await shop.catch_up()
    await shop.refresh()
    (product,) = snapshot_refresh.snapshot().products
    assert (product.title, product.variants[0].sku, product.variants[0].price) == ("Café mug", "M-1", 1250)
    assert (await iris.client.get("/staff/imports/files/odd.csv")).content == source
    assert (await iris.post(f"{preview.path}/columns", {"columns": known, "encoding": ""})).status == 409
    another = b"Our number,Title,Handle,Variant Price,Colour\nM-2,Jug,jug,9.00,red\n"
    other = await checked(shop, iris, "other.csv", another.replace(b"Colour", b"Shade"))
    assert "3 of 5 columns are read" in other.words, "these are other columns"
    next_one = await checked(shop, iris, "next.csv", another)
    assert "4 of 5 columns are read" in next_one.words and "Some columns are read as you chose" in next_one.words
    plain = ["0:", "1:Title", "2:Handle", "3:Variant Price", "4:"]
    await iris.post(f"{next_one.path}/columns", {"columns": plain, "encoding": ""})
    await shop.catch_up()
    last = await checked(shop, iris, "last.csv", another)
    assert "3 of 5 columns are read" in last.words and "as you chose" not in last.words, "they took it back"


def test_what_changes_is_called_as_on_the_products_page() -> None:
    changed = ProductOutcome(2, "Mug", "changed", fields=("kind", "option_names", "title", "vendor"))
    assert changed.fields_in_words == ["product type", "options", "title", "brand"]
