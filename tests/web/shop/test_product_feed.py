"""The product feed: valid, with both prices, the same for everybody, kept as long as its words are the same."""

import gzip
from collections.abc import Iterator
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import products
from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from tests.support import buy_products, make_plans, make_products
from tests.support.shops import Shop
from web.shop.feeds import feed_entries, product_feed
from web.shop.viewer import Viewer
from web.visitor import Visitor

FEED = "/products/feed.xml"
G = "{http://base.google.com/ns/1.0}"
Element = ElementTree.Element


async def entries(shop: Shop) -> dict[str, Element]:
    page = await shop.browser().get(FEED)
    root = ElementTree.fromstring(page.response.content)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    return {str(item.findtext(f"{G}id")): item for item in channel.iter("item")}


def said(item: Element, *names: str) -> Iterator[str | None]:
    return (item.findtext("/".join(f"{G}{part}" for part in name.split("/"))) for name in names)


async def test_an_entry_has_what_merchants_ask_for_and_both_prices(shop: Shop) -> None:
    await make_plans.club()
    await make_products.product(
        "Moon mug",
        price=2400,
        sku="MOON",
        barcode="5012345678900",
        vendor="Kiln",
        kind="Mug",
        description="Round & *low*.",
    )
    await shop.refresh()
    (item,) = (await entries(shop)).values()
    assert [item.findtext(name) for name in ("title", "link", "description")] == [
        "Moon mug", "http://shop.test/products/moon-mug", "Round & low.",
    ]  # fmt: skip
    assert list(said(item, "id", "availability", "price", "brand", "gtin", "product_type", "condition")) == [
        "MOON", "in_stock", "24.00 GBP", "Kiln", "5012345678900", "Mug", "new",
    ]  # fmt: skip
    club = ("loyalty_program/program_label", "loyalty_program/tier_label", "loyalty_program/price")
    assert list(said(item, *club)) == ["the Kiln Club", "annual", "21.60 GBP"]
    assert list(said(item, "sale_price", "identifier_exists")) == [None, None]


async def test_each_variant_is_an_entry_of_its_group(shop: Shop) -> None:
    details = ProductDetails(title="Moon mug", option_names=("Glaze",))
    sold = [VariantDetails(price=2000, options=(glaze,), on_hand=n) for n, glaze in enumerate(("Moss", "Salt"))]
    await products.create(details, sold)
    await snapshot_refresh.refresh()
    items = list((await entries(shop)).values())
    assert [item.findtext("title") for item in items] == ["Moon mug Moss", "Moon mug Salt"]
    assert [next(said(item, "availability")) for item in items] == ["out_of_stock", "in_stock"]
    assert len({next(said(item, "item_group_id")) for item in items}) == 1
    assert str(items[1].findtext("link")).endswith("/products/moon-mug?variant=salt")
    assert [list(said(item, "gtin", "identifier_exists")) for item in items] == [[None, "no"]] * 2


async def test_a_sale_has_its_price_and_its_days(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", price=2400, sku="MOON")
    scope = Scope("variant", frozenset({mug.variants[0].id}))
    ends = clock.now() + timedelta(days=3)
    await sales.create(SaleDetails(name="Spring", scope=scope, discount_type="percent", value=2500, until_at=ends))
    await shop.refresh()
    (item,) = (await entries(shop)).values()
    assert list(said(item, "price", "sale_price")) == ["24.00 GBP", "18.00 GBP"]
    assert next(said(item, "sale_price_effective_date")) == "2027-03-01T12:00:00+00:00/2027-03-04T12:00:00+00:00"
    clock.set_everywhere(ends)
    (item,) = (await entries(shop)).values()
    assert list(said(item, "price", "sale_price", "sale_price_effective_date")) == ["24.00 GBP", None, None]


async def test_only_what_everybody_may_see_and_as_they_may_have_it(shop: Shop) -> None:
    opens = clock.now() + timedelta(days=4)
    await make_products.product("Soon", sku="SOON", public_from=opens)
    await make_products.product("Secret", sku="SECRET", public_from=clock.now() + timedelta(days=60))
    await make_products.product("Ours", sku="OURS", members_only=True)
    items = await entries(shop)
    assert set(items) == {"SOON", "OURS"}
    assert list(said(items["SOON"], "availability", "availability_date")) == ["preorder", opens.isoformat()]
    assert list(said(items["OURS"], "availability", "availability_date")) == ["out_of_stock", None]


async def test_a_member_gets_the_guests_feed(shop: Shop) -> None:
    await make_products.product("Moon mug", price=2400)
    await make_products.product("Secret", sku="SECRET", public_from=clock.now() + timedelta(days=32))
    maya = await buy_products.member(shop)
    assert (await maya.get("/products/secret")).status == 200
    hers, guests = await maya.get(FEED), await shop.browser().get(FEED)
    assert hers.response.content == guests.response.content and "SECRET" not in hers.text
    assert hers.headers["etag"] == guests.headers["etag"]


async def test_nobody_has_it_written_again_by_asking_in_another_language(shop: Shop) -> None:
    await make_plans.club()
    await make_products.product("Moon mug", price=2400)
    await setting_rows.change({"shop_languages": "de", "club_name": "the Reading Club"}, by=None)
    await shop.refresh()
    first = await shop.browser().get(FEED)
    kept, german = product_feed._Cache.feed, shop.browser()
    german.client.cookies.set("language", "de")
    for answer in (await german.get(FEED), await shop.browser().get(f"/de{FEED}")):
        assert answer.response.content == first.response.content
        assert product_feed._Cache.feed is kept, "of 12,000 products that takes six seconds"


async def test_it_is_kept_while_its_words_are_the_same(shop: Shop) -> None:
    mug = await make_products.product("Moon mug", on_hand=5)
    browser = shop.browser()
    tag = (await browser.get(FEED)).headers["etag"]
    await stock.set_on_hand(mug.variants[0].id, to=4)
    await snapshot_refresh.catch_up([mug.id])
    again = await browser.get(FEED, headers={"if-none-match": tag})
    assert (again.status, again.text) == (304, "")
    await stock.set_on_hand(mug.variants[0].id, to=0)
    await snapshot_refresh.catch_up([mug.id])
    assert (await browser.get(FEED, headers={"if-none-match": tag})).status == 200


async def test_it_is_written_once_and_sent_packed_to_whoever_reads_that(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_products.product("Moon mug")
    written: list[object] = []
    real = product_feed._write

    async def write(look: object) -> product_feed.Feed:
        written.append(look)
        return await real(look)  # type: ignore[arg-type]

    monkeypatch.setattr(product_feed, "_write", write)
    client = shop.browser().client
    packed = await client.get(FEED, headers={"accept-encoding": "gzip"})
    plain = await client.get(FEED, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.content == plain.content and packed.headers["vary"] == "Accept-Encoding"
    with database.counted() as tally:
        await client.get(FEED)
    assert (len(written), tally.count) == (1, 0)
    assert gzip.decompress((await product_feed.current(_look())).packed) == plain.content


def _look() -> Viewer:
    return Viewer.of(Visitor(at=clock.now()))


async def test_nothing_that_somebody_wrote_breaks_it(shop: Shop) -> None:
    evil = "]]></title><script>alert(1)</script>\x0b\x1b&"
    await make_products.product(f"Mug {evil}", description=f"{evil} & more", vendor=evil, kind=evil, sku="A & <B>")
    (item,) = (await entries(shop)).values()
    assert "</title><script>" in str(item.findtext("title")) and next(said(item, "id")) == "A & <B>"


def test_a_barcode_is_a_trade_number_when_its_check_figure_is_right() -> None:
    good = ("5012345678900", "96385074", "036000291452", "10012345678902")
    assert [feed_entries.is_gtin(code) for code in good] == [True] * 4
    assert not any(map(feed_entries.is_gtin, ("", "5012345678901", "ABC12345", "501234567891", "٥٠١٢٣٤٥٦٧٨٩٠٠", "K-1")))


async def test_the_list_leads_to_it(shop: Shop) -> None:
    page = await shop.browser().get("/products")
    assert '<link rel="alternate" type="application/rss+xml"' in page.text and f'href="{FEED}"' in page.text
