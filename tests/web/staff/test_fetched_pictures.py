"""The pictures of an imported shop: copied by a job, with progress, what was refused, and a button for another try."""

from collections.abc import AsyncIterator
from csv import reader
from io import StringIO

import pytest

from components.catalog.pictures import picture_fetcher
from components.catalog.snapshot import snapshot_refresh
from components.foundation import database
from tests.support import people, picture_server
from tests.support.pages import Browser, Page
from tests.support.picture_server import PictureServer
from tests.support.shops import Shop

HEAD = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image\n"  # noqa: E501


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


@pytest.fixture
async def server() -> AsyncIterator[PictureServer]:
    async with picture_server.serving() as running:
        yield running


def sheet(server: PictureServer) -> bytes:
    one, two, gone = server.address("good/1"), server.address("good/2"), server.address("missing/3")
    return (
        f"{HEAD}mug,Mug,Colour,White,M-1,24,{one},2,A white mug,{one}\n"
        f"mug,,,Blue,M-2,24,{two},1,A blue mug,{two}\nmug,,,,,,{gone},3,A lost mug,\nbowl,Bowl,,,B-1,9,{two},1,Bowl,\n"
    ).encode()


async def imported(shop: Shop, iris: Browser, source: bytes) -> str:
    """The address of the page of this import, once it is over."""
    files = {"sheet": ("shop.csv", source, "text/csv")}
    path = Page(await iris.client.post("/staff/imports", files=files, follow_redirects=True)).path
    await shop.catch_up()
    await iris.post(f"{path}/arrival")
    await shop.catch_up()
    return path


async def test_pictures_of_an_import_are_shown_in_its_order_and_what_was_refused_is_said(
    shop: Shop, iris: Browser, server: PictureServer
) -> None:
    source = sheet(server)
    path = await imported(shop, iris, source)
    await database.execute("UPDATE picture_fetch SET state = 'waiting', tries = 0, why = '', next_at = now()")
    page = await iris.get(path)
    assert "0 of 3 pictures" in page.words and 'http-equiv="refresh"' in page.text
    assert "3 pictures are being fetched" in (await iris.get("/staff")).words
    await database.execute("UPDATE picture_fetch SET tries = 1, why = 'shop.test cannot be found.'")
    assert "shop.test cannot be found. 3 pictures are tried again from" in (await iris.get(path)).words
    await picture_fetcher.run(rules=server.rules())
    await shop.refresh()
    page = await iris.get(path)
    assert "2 of 3 pictures fetched. 1 could not be fetched." in page.words
    assert "The picture is not there (answer 404)." in page.words and 'http-equiv="refresh"' not in page.text
    assert "1 picture of an import could not be fetched" in (await iris.get("/staff")).words
    assert "could not be fetched. The picture is not there" in (await iris.get("/staff/products/mug")).words
    mug = snapshot_refresh.snapshot().product("mug")
    assert mug is not None and [one.alt for one in mug.pictures_here] == ["A blue mug", "A white mug"]
    page = await shop.browser().get("/products/mug")
    assert "A blue mug" in page.text and "A lost mug" not in page.text
    assert "/pictures/" in (await shop.browser().get("/products")).text
    blue = "SELECT v.options FROM picture p JOIN variant v ON v.id = p.variant WHERE p.alt = 'A blue mug'"
    assert await database.fetch_value(blue) == ["Blue"]
    back = await iris.client.get("/staff/imports/files/shop.csv")
    assert back.content == source
    anew = await iris.client.get("/staff/imports/catalogue/woocommerce")
    addresses = [one for row in _rows(anew.text) if row["Images"] for one in row["Images"].split(", ")]
    assert sorted(one.startswith("http://shop.test/pictures/") for one in addresses) == [False, True, True, True]


async def test_pictures_are_stopped_and_tried_again(shop: Shop, iris: Browser, server: PictureServer) -> None:
    path = await imported(shop, iris, sheet(server))
    await database.execute("UPDATE picture_fetch SET state = 'waiting', tries = 0, why = '', next_at = now()")
    page = await iris.submit(await iris.get(path), "/staff/imports/pictures/stop")
    assert "Stopped: 3 pictures not fetched." in page.words and "3 not asked for" in page.words
    await picture_fetcher.run(rules=server.rules())
    assert server.asked.total() == 0
    page = await iris.submit(await iris.get("/staff/imports/pictures"), "/staff/imports/pictures/again")
    assert "Fetching 3 pictures." in page.words
    await picture_fetcher.run(rules=server.rules())
    assert "2 of 3 pictures fetched" in (await iris.get("/staff/imports/pictures")).words
    for wrong in ("x", "00000000-0000-0000-0000-000000000000"):
        assert (await iris.post("/staff/imports/pictures/again", {"import": wrong})).status == 404


async def test_the_same_file_again_changes_nothing_whichever_address_it_names(
    shop: Shop, iris: Browser, server: PictureServer
) -> None:
    await imported(shop, iris, sheet(server))
    await database.execute("UPDATE picture_fetch SET state = 'waiting', tries = 0, why = '', next_at = now()")
    await picture_fetcher.run(rules=server.rules())
    before = await database.fetch_value("SELECT count(*) FROM picture")
    await imported(shop, iris, sheet(server))
    whole = await iris.client.get("/staff/imports/catalogue/shopify")
    await imported(shop, iris, whole.content)
    assert await database.fetch_value("SELECT count(*) FROM picture") == before == 4


def _rows(text: str) -> list[dict[str, str]]:
    head, *rows = reader(StringIO(text))
    return [dict(zip(head, row, strict=True)) for row in rows]
