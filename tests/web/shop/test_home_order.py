"""What a visitor of the home page can buy now comes before what they can't, newest first in both."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from components.catalog.products import collections
from components.catalog.snapshot import snapshot_refresh
from components.content.site import home_editing
from components.foundation import clock
from tests.support import buy_products, canary_rows, make_products, past_orders, people

if TYPE_CHECKING:
    from tests.support.pages import Page
    from tests.support.shops import Shop


def shown(page: "Page") -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/products/([\w-]+)"', page.text)))


async def test_a_stranger_is_shown_first_what_they_can_buy(goods: "Shop") -> None:
    member = await buy_products.member(goods)
    for number, (title, details) in enumerate(NEWER_AND_NEWER):
        clock.set_everywhere(clock.now() + timedelta(minutes=number))
        await make_products.product(title, **details)
    await make_products.product("Soon", public_from=clock.now() + timedelta(days=9))
    home = shown(await goods.browser().get("/"))
    assert home[:2] == ["newer", "older"] and set(home[2:5]) == {"sold-out", "signed", "soon"}
    assert shown(await member.get("/"))[:3] == ["signed", "newer", "older"], "a member may buy it"


async def test_it_is_found_behind_more_than_a_page_of_what_only_members_can_buy(goods: "Shop") -> None:
    await make_products.product("For everybody")
    for number in range(30):
        clock.set_everywhere(clock.now() + timedelta(minutes=1))
        await make_products.product(f"Members {number}", members_only=True)
    assert shown(await goods.browser().get("/"))[0] == "for-everybody"


async def test_what_stands_on_the_page_is_not_chosen_again(goods: "Shop") -> None:
    """The newest above, a product of its own below; in another order the newest leave out what was chosen."""
    mug, bowl = await past_orders.mug_and_bowl()
    cup = await make_products.product("Cup")
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    vase = await make_products.product("Vase")
    for one in (cup, vase):
        await past_orders.together(mug, one)
    noor = await people.customer()
    await past_orders.bought(noor.id, mug)
    await sections(("newest", {"count": 1}), ("for_you", {}), ("product", {"product": bowl.slug, "text": ""}))
    browser = await goods.signed_in(noor.email)
    page = await browser.get("/")
    assert titles(page) == ["Vase", "Cup"] and "Because you bought Moon mug" in page.words
    assert "Ash bowl" in page.words
    await sections(("for_you", {"count": 2}), ("newest", {"count": 8}))
    assert sorted(titles(await browser.get("/"))) == ["Ash bowl", "Cup", "Moon mug", "Vase"]
    await sections(("newest", {"count": 8}), ("for_you", {}))
    page = await browser.get("/")
    assert len(titles(page)) == 4 and "Because" not in page.words


async def test_what_a_section_shows_is_not_shown_by_the_next_unless_it_had_nothing_else(goods: "Shop") -> None:
    home = await collections.create(collections.CollectionDetails(title="Cups"))
    for number in range(4):
        clock.set_everywhere(clock.now() + timedelta(minutes=1))
        product = await make_products.product(f"Cup {number}")
        await canary_rows.add("collection_product", collection=home, product=product.id)
    await snapshot_refresh.refresh()
    cups = {"collection": "cups", "count": 4}
    stranger = goods.browser()
    await sections(("newest", {"count": 2}), ("collection", cups))
    assert titles(await stranger.get("/"))[:2] == ["Cup 3", "Cup 2"]
    assert sorted(titles(await stranger.get("/"))[2:]) == ["Cup 0", "Cup 1"]
    await sections(("newest", {"count": 8}), ("for_you", cups))
    assert len(titles(await stranger.get("/"))) == 4
    await sections(("newest", {"count": 8}), ("collection", cups))
    assert len(titles(await stranger.get("/"))) == 8, "staff placed it"


def titles(page: "Page") -> list[str]:
    """Every product of the page, as often as it is there."""
    return [" ".join(one.split()) for one in re.findall(r'class="card__title"[^>]*>\s*<a[^>]*>([^<]*)<', page.text)]


async def sections(*wanted: tuple[str, dict[str, Any]]) -> None:
    """These instead of what the home page has."""
    before = home_editing.sections()
    for kind, settings in wanted:
        await home_editing.add(kind, settings, by=None)
    for one in home_editing.sections()[: len(before)]:
        if one.id:
            await home_editing.remove(one.id, by=None)


NEWER_AND_NEWER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Older", {}),
    ("Newer", {}),
    ("Sold out", {"on_hand": 0}),
    ("Signed", {"members_only": True}),
)
