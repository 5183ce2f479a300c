"""A program is told what the pages say: the same products, both prices, the same reasons, the same gates."""

from datetime import timedelta
from typing import Any

import pytest

from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections, products
from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.content import article_editing
from components.content.article_editing import Draft
from components.foundation import clock
from tests.support import buy_products, make_plans, make_products
from tests.support.programs import Program
from tests.support.shops import Shop
from web.sign_in_session import session_cookie


@pytest.fixture
def guest(shop: Shop) -> Program:
    return Program(shop.app)


async def member(shop: Shop) -> Program:
    browser = await buy_products.member(shop)
    return Program(shop.app, cookies={session_cookie(): browser.client.cookies[session_cookie()]})


def amounts(price: dict[str, Any]) -> dict[str, str | None]:
    return {name: said["value"] for name, said in price.items() if isinstance(said, dict)}


async def test_a_list_has_both_prices_and_is_cut_into_pages(shop: Shop, guest: Program) -> None:
    await make_plans.club()
    for number in range(26):
        await make_products.product(f"Mug {number:02}", price=1000 + 100 * number)
    await shop.refresh()
    first = await guest.get("/products", sort="price")
    assert (first["total"], first["page"], first["pages"], len(first["products"])) == (26, 1, 2, 24)
    assert amounts(first["products"][0]["price"]) == {"now": "10.00", "regular": "10.00", "member": "9.00"}
    second = await guest.client.get(first["next"])
    assert [one["title"] for one in second.json()["products"]] == ["Mug 24", "Mug 25"]
    assert second.json()["next"] is None
    assert (await guest.get("/products", least="34.00", most="35", sort="name"))["total"] == 2


async def test_a_member_is_told_her_price_and_nobody_keeps_it(shop: Shop, guest: Program) -> None:
    await make_products.product("Moon mug", price=2400)
    maya = await member(shop)
    answer = await maya.ask("GET", "/products/moon-mug")
    (variant,) = answer.json()["variants"]
    assert amounts(variant["price"]) == {"now": "21.60", "regular": "24.00", "member": "21.60"}
    assert variant["price"]["is_member_price"] is True
    assert answer.headers["cache-control"] == "private, no-store" and "etag" not in answer.headers
    (variant,) = (await guest.get("/products/moon-mug"))["variants"]
    assert amounts(variant["price"]) == {"now": "24.00", "regular": "24.00", "member": "21.60"}


async def test_a_guest_may_keep_what_has_not_changed(shop: Shop, guest: Program) -> None:
    await make_products.product("Moon mug")
    answer = await guest.ask("GET", "/products")
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
    again = await guest.ask("GET", "/products", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await make_products.product("Tea bowl")
    assert (await guest.ask("GET", "/products", headers={"if-none-match": answer.headers["etag"]})).status_code == 200


async def test_a_price_comes_with_the_whole_decision(shop: Shop, guest: Program) -> None:
    await make_plans.club()
    mug = await make_products.product("Moon mug", price=2400, sku="MOON")
    scope = Scope("variant", frozenset({mug.variants[0].id}))
    ends = clock.now() + timedelta(days=3)
    await sales.create(SaleDetails(name="Spring", scope=scope, discount_type="explicit", value=2300, until_at=ends))
    await shop.refresh()
    (told,) = (await guest.get("/products/moon-mug/prices"))["variants"]
    assert amounts(told["price"]) == {
        "now": "23.00", "regular": "23.00", "member": "21.60", "was": "24.00", "lowest_of_30_days": "24.00",
    }  # fmt: skip
    assert [(one["words"], one["applied"]) for one in told["trace"]] == [("Regular price", False), ("Spring", True)]
    assert [one["words"] for one in told["member_trace"] if one["applied"]] == ["10% off"]
    assert all(one["reason"] for one in told["trace"] + told["member_trace"])


async def test_each_variant_has_its_options_and_its_page(shop: Shop, guest: Program) -> None:
    details = ProductDetails(title="Moon mug", option_names=("Glaze", "Size"))
    sold = [VariantDetails(price=2000 + 100 * n, options=("Moss", size), on_hand=n) for n, size in enumerate("SL")]
    await products.create(details, sold)
    await snapshot_refresh.refresh()
    found = await guest.get("/products/moon-mug")
    assert [one["options"] for one in found["variants"]] == [
        {"Glaze": "Moss", "Size": "S"},
        {"Glaze": "Moss", "Size": "L"},
    ]
    assert found["variants"][1]["url"].endswith("/products/moon-mug?variant=moss-l")
    assert [one["stock"] for one in found["variants"]] == [
        {"in_stock": False, "available": 0},
        {"in_stock": True, "available": 1},
    ]


async def test_what_opens_later_says_when_and_for_whom(shop: Shop, guest: Program) -> None:
    await make_plans.club()
    opens = clock.now() + timedelta(days=4)
    await make_products.product("Moon mug", public_from=opens)
    await make_products.product("Secret bowl", public_from=clock.now() + timedelta(days=50))
    await shop.refresh()
    selling = (await guest.get("/products/moon-mug"))["selling"]
    assert (selling["state"], selling["opens_at"]) == ("not yet", opens.isoformat().replace("+00:00", "Z"))
    assert selling["opens_at_for_members"] == (opens - timedelta(hours=72)).isoformat().replace("+00:00", "Z")
    assert (await guest.get("/products"))["total"] == 1
    assert (await guest.refused("/products/secret-bowl", 404)) == (await guest.refused("/products/none", 404))
    await guest.refused("/products/secret-bowl/prices", 404)


async def test_collections_and_searches_are_shelves(shop: Shop, guest: Program) -> None:
    await collections.get_or_create("Mugs")
    await make_products.product("Moon mug", collections=("mugs",))
    await make_products.product("Tea bowl")
    assert [(one["slug"], one["count"]) for one in (await guest.get("/collections"))["collections"]] == [("mugs", 1)]
    assert (await guest.get("/collections/mugs"))["shelf"]["total"] == 1
    assert (await guest.get("/products", collection="mugs"))["total"] == 1
    assert [one["slug"] for one in (await guest.get("/search", q="tea"))["shelf"]["products"]] == ["tea-bowl"]


async def test_an_article_is_whole_for_whoever_may_read_it(shop: Shop, guest: Program) -> None:
    out = clock.now() - timedelta(days=1)
    ours = Draft(slug="ours", title="Ours", teaser="Teaser.", body="Secret body.", published_at=out, gate="members")
    await article_editing.create(ours, by=None)
    told = await guest.get("/articles/ours")
    assert (told["teaser"], told["body"], told["is_open"]) == ("Teaser.", None, False)
    assert (await guest.get("/search", q="secret"))["articles"] == []
    assert [one["slug"] for one in (await guest.get("/articles"))["articles"]] == ["ours"]
    maya = await member(shop)
    assert "Secret body." in (await maya.get("/articles/ours"))["body"]
    assert [one["slug"] for one in (await maya.get("/search", q="secret"))["articles"]] == ["ours"]


async def test_plans_say_what_they_cost_and_give(shop: Shop, guest: Program) -> None:
    await make_plans.club()
    await shop.refresh()
    (plan,) = (await guest.get("/plans"))["plans"]
    assert (plan["price"]["value"], plan["interval"], plan["price_words"]) == ("39.00", "year", "£39.00 a year")
    assert "10% off everything" in [one["words"] for one in plan["benefits"]]
