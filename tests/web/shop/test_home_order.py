"""What a visitor of the home page can buy now comes before what they can't, newest first in both."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from components.foundation import clock
from tests.support import buy_products, make_products

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


NEWER_AND_NEWER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Older", {}),
    ("Newer", {}),
    ("Sold out", {"on_hand": 0}),
    ("Signed", {"members_only": True}),
)
