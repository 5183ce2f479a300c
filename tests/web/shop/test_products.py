"""What somebody sees who has just come in."""

from datetime import timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections, products
from components.catalog.snapshot import snapshot_refresh
from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import clock, settings
from tests.support import make_products

if TYPE_CHECKING:
    from tests.support.shops import Shop


async def test_the_list_shows_each_thing_with_its_price(shop: "Shop") -> None:
    await make_products.product("Moon mug", price=2400)
    await make_products.product("Tea bowl", price=1800, on_hand=0)
    page = await shop.browser().get("/products")
    assert page.heading == "Shop all"
    assert page.prices() == ["24.00", "18.00"]
    assert "Moon mug" in page.words
    assert "Sold out" in page.words


async def test_the_page_of_a_thing_says_what_it_is_and_costs(shop: "Shop") -> None:
    await make_products.product("Moon mug", price=2400, description="Round as the *moon*.")
    page = await shop.browser().get("/products/moon-mug")
    assert page.heading == "Moon mug"
    assert page.prices()[0] == "24.00"
    assert "Round as the moon" in page.words
    assert "5 left" in page.words


async def test_home_and_search_and_collections_answer(shop: "Shop") -> None:
    await make_products.product("Moon mug", price=2400)
    browser = shop.browser()
    assert "Moon mug" in (await browser.get("/")).words
    assert "Moon mug" in (await browser.get("/search?q=moo")).words
    assert (await browser.get("/collections")).status == 200
    assert (await browser.get("/products/none")).status == 404


async def test_a_variant_is_chosen_by_a_link(shop: "Shop") -> None:
    details = ProductDetails(title="Moon mug", option_names=("Glaze", "Size"))
    sold_as = [
        VariantDetails(price=2000 + 100 * n, options=options, on_hand=n)
        for n, options in enumerate([("Moss", "Small"), ("Moss", "Large"), ("Salt", "Small")])
    ]
    await products.create(details, sold_as)
    await snapshot_refresh.refresh()
    browser = shop.browser()
    page = await browser.get("/products/moon-mug?variant=moss-large")
    assert page.prices()[0] == "21.00"
    assert "/products/moon-mug?variant=salt-small" in page.links()
    assert (await browser.get("/products/moon-mug?variant=moss-small")).prices()[0] == "20.00"
    assert "Currently sold out" in (await browser.get("/products/moon-mug?variant=moss-small")).words
    assert (await browser.get("/products/moon-mug?variant=nothing")).prices()[0] == "21.00"
    part = await browser.part("/products/moon-mug?variant=salt-small")
    assert "<html" not in part.text
    assert part.prices()[0] == "22.00"


async def test_filters_are_addresses_and_what_makes_no_sense_is_ignored(shop: "Shop") -> None:
    for number, price in enumerate((1000, 2000, 3000)):
        await make_products.product(f"Mug {number}", price=price, on_hand=number)
    browser = shop.browser()
    for query, prices in (
        ("sort=price-down", ["30.00", "20.00", "10.00"]),
        ("least=15&most=20.00&sort=price", ["20.00"]),
        ("stock=on&sort=price", ["20.00", "30.00"]),
        ("least=cheap&page=minus&sort=chaos", ["10.00", "20.00", "30.00"]),
        ("least=900", []),
    ):
        page = await browser.get(f"/products?{query}")
        assert page.prices() == prices, query
    part = await browser.part("/products?sort=price")
    assert "<html" not in part.text
    assert 'id="grid"' in part.text


async def test_nothing_written_by_somebody_runs_in_the_page(shop: "Shop") -> None:
    evil = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    await make_products.product(f"Mug {evil}", description=f"<p onclick=x()>ok</p>{evil}", vendor=evil, kind=evil)
    browser = shop.browser()
    slug = snapshot_refresh.snapshot().products[0].slug
    for address in (f"/products/{slug}", "/products", f"/search?q={evil}", "/", "/sitemap.xml"):
        text = (await browser.get(address)).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "onclick" not in text


async def test_programs_find_their_way(shop: "Shop") -> None:
    await collections.get_or_create("Mugs")
    await make_products.product("Moon mug", collections=("mugs",))
    browser = shop.browser()
    urls = {e.text for e in ElementTree.fromstring((await browser.get("/sitemap.xml")).text).iter() if e.text}
    base = settings.current().base_url
    assert {f"{base}/products/moon-mug", f"{base}/collections/mugs", f"{base}/"} <= urls
    assert f"Sitemap: {base}/sitemap.xml" in (await browser.get("/robots.txt")).text
    assert (await browser.get("/sitemap.xml?part=2")).status == 404


async def test_the_feed_tells_each_reader_what_is_hers(shop: "Shop") -> None:
    at = clock.now() - timedelta(days=1)
    await article_editing.create(
        Draft(slug="open", title="Ash & clay", teaser="A", body="Everybody.", published_at=at), by=None
    )
    secret = Draft(slug="ours", title="Ours", teaser="Teaser", body="Secret body.", published_at=at, gate="members")
    await article_editing.create(secret, by=None)
    answer = await shop.browser().get("/feed.xml")
    feed = ElementTree.fromstring(answer.text)
    atom = "{http://www.w3.org/2005/Atom}"
    assert {e.text for e in feed.iter(f"{atom}title")} >= {"Ash & clay", "Ours"}
    assert "Everybody." in answer.text
    assert "Secret body." not in answer.text
    assert "Teaser" in answer.text
