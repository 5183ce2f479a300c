"""The home page as sections: every kind, with and without what it shows, for every viewer; and the menus."""

import io

from PIL import Image

from components.content import article_editing
from components.content.article_editing import Draft
from components.content.pages import page_editing
from components.content.site import home_editing, site_content
from components.foundation import clock
from tests.support import buy_products, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

SECTIONS = {
    "hero": {"title": "Warm all winter", "pick": "/products", "link": "See them"},
    "newest": {"title": "Just in", "count": "2"},
    "collection": {"title": "Chosen", "collection": "bags"},
    "collections": {"title": "By room"},
    "product": {"title": "Our favourite", "product": "moon-mug", "text": "A *good* one"},
    "membership": {"title": "Be a member"},
    "journal": {"title": "Read on"},
    "text": {"title": "Who we are", "text": "Since **1998**", "other": "https://example.org/us", "link": "More"},
    "quotes": {"title": "They say", "words_1": "Splendid", "who_1": "A paper"},
}


def headings(page_words: str) -> set[str]:
    return {kind for kind, typed in SECTIONS.items() if typed["title"] in page_words}


async def added(iris: Browser, kind: str) -> None:
    page = await iris.get(f"/staff/home/new?kind={kind}")
    saved = await iris.submit(page, f"/staff/home/sections/{kind}", **SECTIONS[kind])
    assert saved.path == "/staff/home" and "saved." in saved.alerts(), (kind, saved.words[-900:])


async def test_each_kind_shows_what_there_is_and_nothing_where_there_is_nothing(goods: Shop) -> None:
    await people.owner()
    await make_products.product()
    iris = await goods.signed_in("iris@kiln.test")
    await iris.post("/staff/collections", {"title": "Bags", "position": "1", "is_listed": "on"})
    await goods.refresh()
    for kind in SECTIONS:
        await added(iris, kind)
    guest = goods.browser()
    own = {"hero", "newest", "product", "text", "quotes"}
    assert headings((await guest.get("/")).words) == own, "no product in the collection, no plan, no article yet"
    maya = await buy_products.member(goods)
    out = Draft(slug="a", title="A", teaser="T", body="B", published_at=clock.now())
    await article_editing.create(out, by=None)
    await goods.refresh()
    shown = await guest.get("/")
    assert headings(shown.words) == own | {"membership", "journal"}
    assert shown.heading == "Stoneware for every day", "the first hero, which the shop had before"
    assert "Since 1998" in shown.words and "https://example.org/us" in shown.links()
    assert headings((await maya.get("/")).words) == own | {"journal"}, "members are not asked to join"
    for row in home_editing.sections():
        assert row.id is not None
        await home_editing.hide(row.id, by=None)
    assert headings((await guest.get("/")).words) == set()
    preview = await iris.get("/staff/home/preview")
    assert headings(preview.words) >= own | {"membership"} and "customers do not see" in preview.words


async def test_sections_are_ordered_changed_and_removed_after_a_question(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    await iris.submit(await iris.get("/staff/home"), "/staff/home/begin")
    await added(iris, "text")
    rows = home_editing.sections()
    assert [row.kind for row in rows] == [*(row.kind for row in home_editing.DEFAULTS), "text"]
    last = rows[-1].id
    listed = await iris.post(f"/staff/home/{last}/move", {"places": "-9"})
    assert home_editing.sections()[0].kind == "text" and listed.status == 200
    looked = await iris.post(f"/staff/home/{last}", {**SECTIONS["text"], "text": "Looked at", "look": "1"})
    assert "Looked at" in looked.words and "Looked at" not in (await shop.browser().get("/")).words
    wrong = await iris.post(f"/staff/home/{last}", {**SECTIONS["text"], "other": "javascript:alert(1)"})
    assert wrong.status == 422 and "Enter an address of this shop" in wrong.alerts()
    asked = await iris.get(f"/staff/home/{last}/removal")
    assert "Remove this section?" in asked.heading and len(home_editing.sections()) == 6
    await iris.submit(asked, f"/staff/home/{last}/removal")
    assert len(home_editing.sections()) == 5
    assert (await iris.get(f"/staff/home/{last}")).status == 404
    assert (await iris.get("/staff/home/sections/nonsense")).status == 404
    assert (await iris.get("/staff/home/new?kind=nonsense")).status == 422


async def test_a_hero_has_its_own_picture_and_keeps_it_until_another_is_chosen(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    drawn = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(drawn, "PNG")
    typed = {"title": "Hello", "picture_alt": "Teal"}
    bad = {"picture": ("a.png", b"not a picture", "image/png")}
    refused = await iris.post("/staff/home/sections/hero", typed, files=bad)
    assert refused.status in (413, 422) and refused.form("/staff/home/sections/hero").given["title"] == "Hello"
    good = {"picture": ("a.png", drawn.getvalue(), "image/png")}
    await iris.post("/staff/home/sections/hero", typed, files=good)
    row = home_editing.sections()[-1]
    name = f"/pictures/{row.settings['picture']}-640.webp"
    guest = shop.browser()
    assert name in (await guest.get("/")).text and (await guest.get(name)).status == 200
    await iris.post(f"/staff/home/{row.id}", typed | {"title": "Hello again"})
    assert home_editing.sections()[-1].settings["picture"] == row.settings["picture"], "kept without a new one"


async def test_a_home_where_nothing_was_set_is_finished_at_any_size(shop: Shop) -> None:
    guest = shop.browser()
    empty = await guest.get("/")
    assert "Our first products will be here soon." in empty.words and "New arrivals" not in empty.words
    assert "placeholder" not in empty.text and "/join" not in empty.links()
    await make_products.product()
    await shop.refresh()
    assert "New arrivals" in (await guest.get("/")).words


async def test_menus_are_edited_ordered_reset_and_their_dead_links_named(shop: Shop) -> None:
    await people.owner()
    iris, guest = await shop.signed_in("iris@kiln.test"), shop.browser()
    page_id = await page_editing.create(
        page_editing.PageDraft(slug="us", title="Us", body="We", kind="about"), by=None, publish=True
    )
    page = await iris.get("/staff/menus")
    given = dict.fromkeys(page.form("/staff/menus/header").given, "")
    rows = {"place_0": "2", "label_0": "Everything", "pick_0": "/products",
            "place_1": "1", "label_1": "About us", "pick_1": "/pages/us",
            "place_2": "3", "label_2": "Forum", "other_2": "https://forum.example.org/"}  # fmt: skip
    saved = await iris.post("/staff/menus/header", given | rows)
    assert "Saved." in saved.alerts()
    assert [link.label for link in site_content.current().header] == ["About us", "Everything", "Forum"]
    shown = await guest.get("/products")
    assert "Forum" in shown.words and shown.words.index("About us") < shown.words.index("Everything")
    await page_editing.unpublish(page_id, by=None)
    assert "These links lead nowhere: /pages/us" in (await iris.get("/staff/menus")).words
    for row, words in (
        ({"label_3": "Lost"}, "Choose where “Lost” leads."),
        ({"pick_3": "/products"}, "Enter the words of this link."),
        ({"label_3": "Bad", "other_3": "//evil.example"}, "Enter an address of this shop"),
    ):
        wrong = await iris.post("/staff/menus/header", given | rows | row)
        assert wrong.status == 422 and words in wrong.words and "Forum" in wrong.text, row
    await iris.post("/staff/menus/header/reset")
    assert site_content.current().header == () and "Forum" not in (await guest.get("/products")).words
    assert (await iris.post("/staff/menus/nonsense", given)).status == 404


async def test_a_menu_that_somebody_else_saved_meanwhile_is_not_lost(shop: Shop) -> None:
    await people.owner()
    iris, menu = await shop.signed_in("iris@kiln.test"), "/staff/menus/header"
    first, second = await iris.get("/staff/menus"), await iris.get("/staff/menus")
    link = {"label_0": "Everything", "pick_0": "/products"}
    assert "Saved." in (await iris.submit(first, menu, **link)).alerts()
    told = await iris.submit(second, menu, **link | {"label_0": "All of it"})
    assert told.status == 409 and "It has: Everything" in told.alerts()
    assert told.form(menu).given["label_0"] == "All of it"
    assert site_content.current().header[0].label == "Everything"
    assert "Saved." in (await iris.submit(told, menu)).alerts()
    assert site_content.current().header[0].label == "All of it"


async def test_a_section_with_nothing_in_it_is_not_called_shown(goods: Shop) -> None:
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    await site_content.refresh()
    before = (await iris.get("/staff/home")).words
    assert before.count("Nothing to show yet") == 2, "neither collections nor articles"
    await iris.post("/staff/collections", {"title": "Bags", "position": "1", "is_listed": "on"})
    await goods.refresh()
    assert (await iris.get("/staff/home")).words.count("Nothing to show yet") == 1
