"""Staff begin, write, publish and restore pages; a page with gaps is not published by accident."""

import pytest

from components.content import article_editing
from components.content.pages import page_editing
from tests.support import people
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop

PAGES = "/staff/pages"


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    """The owner of a shop that has its terms."""
    await people.owner()
    await page_editing.create(page_editing.PageDraft(slug="terms", title="Terms", body=""), by=None)
    return await shop.signed_in("iris@kiln.test")


async def test_pages_of_the_country_are_begun_filled_in_and_published(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    listed = await iris.submit(await iris.get(PAGES), f"{PAGES}/begin")
    assert "7 pages begun" in listed.alerts() and "open" in listed.words
    page = await iris.get(f"{PAGES}/terms")
    refused = await iris.submit(page, f"{PAGES}/terms/publish")
    assert refused.status == 422 and "still has gaps" in refused.alerts()
    assert (await shop.browser().get("/pages/terms")).status == 404
    assert "not filled in yet" in page.words and "Settings, Company" in page.words
    body = "Sold by {shop name}."
    looked = await iris.post(f"{PAGES}/terms", {**page.form(f"{PAGES}/terms").given, "body": body, "look": "1"})
    assert "Sold by Kiln." in looked.words and (await page_editing.by_slug("terms")).version == 1
    saved = await iris.submit(looked, f"{PAGES}/terms", body=body)
    assert "Saved as version 2." in saved.alerts()
    published = await iris.submit(saved, f"{PAGES}/terms/publish")
    assert "Everybody can read it now." in published.alerts()
    assert "Sold by Kiln." in (await shop.browser().get("/pages/terms")).words
    old = await iris.get(f"{PAGES}/terms/versions/1")
    assert (await iris.submit(old, f"{PAGES}/terms/versions/1")).status == 422, "everybody reads it, and it has gaps"
    gone = await iris.submit(published, f"{PAGES}/terms/unpublish")
    assert "Unpublished" in gone.alerts()
    restored = await iris.submit(old, f"{PAGES}/terms/versions/1")
    assert "Saved as version 3." in restored.alerts()
    anyway = await iris.submit(restored, f"{PAGES}/terms/publish", anyway="on")
    assert "Everybody can read it now." in anyway.alerts()


async def test_a_page_that_everybody_reads_gets_no_new_gap(shop: Shop) -> None:
    await people.owner()
    draft = page_editing.PageDraft(slug="care", title="Care", body="By hand. [[Fill in: how]]")
    await page_editing.create(draft, by=None)
    iris, edit = await shop.signed_in("iris@kiln.test"), f"{PAGES}/care"
    await iris.submit(await iris.get(edit), f"{edit}/publish", anyway="on")
    assert "Saved as version 2." in (await iris.submit(await iris.get(edit), edit, body="[[Fill in: how]]")).alerts()
    page = await iris.submit(await iris.get(edit), edit, body="[[Fill in: when]]")
    assert page.status == 422 and "a gap can’t be saved in it" in page.alerts()
    assert page.form(edit).given["body"] == "[[Fill in: when]]"
    assert "when" not in (await shop.browser().get("/pages/care")).words
    await iris.submit(page, f"{edit}/unpublish")
    assert "Saved as version 3." in (await iris.submit(await iris.get(edit), edit, body="[[Fill in: when]]")).alerts()


async def test_an_old_text_with_gaps_is_not_used_again_where_everybody_reads_it(shop: Shop) -> None:
    await people.owner()
    draft = page_editing.PageDraft(slug="care", title="Care", body="By hand. [[Fill in: how]]")
    await page_editing.create(draft, by=None)
    iris, edit = await shop.signed_in("iris@kiln.test"), f"{PAGES}/care"
    saved = await iris.submit(await iris.get(edit), edit, body="By hand, in warm water.")
    published = await iris.submit(saved, f"{edit}/publish")
    again = await iris.submit(await iris.get(f"{edit}/versions/1"), f"{edit}/versions/1")
    assert again.status == 422 and "a gap can’t be saved in it" in again.alerts()
    assert again.form(edit).given["body"] == "By hand. [[Fill in: how]]", "to be filled in here"
    assert "in warm water" in (await shop.browser().get("/pages/care")).words
    assert (await page_editing.by_slug("care")).version == 2
    await iris.submit(published, f"{edit}/unpublish")
    restored = await iris.submit(await iris.get(f"{edit}/versions/1"), f"{edit}/versions/1")
    assert "Saved as version 3." in restored.alerts(), "nobody reads it now"


async def test_who_saves_second_is_told_and_has_both_texts(shop: Shop) -> None:
    await people.owner()
    await page_editing.create(page_editing.PageDraft(slug="care", title="Care", body="By hand."), by=None)
    iris, edit = await shop.signed_in("iris@kiln.test"), f"{PAGES}/care"
    first, second = await iris.get(edit), await iris.get(edit)
    assert "Saved as version 2." in (await iris.submit(first, edit, body="In warm water.")).alerts()
    told = await iris.submit(second, edit, title="Care of wood", body="With oil.")
    assert told.status == 409 and "nothing was saved" in told.alerts()
    assert "In warm water." in told.words and "Iris" in told.words
    assert (told.form(edit).given["title"], told.form(edit).given["body"]) == ("Care of wood", "With oil.")
    assert (await page_editing.by_slug("care")).body == "In warm water."
    again = await iris.submit(told, edit)
    assert "Saved as version 3." in again.alerts() and (await page_editing.by_slug("care")).body == "With oil."


async def test_an_article_that_somebody_else_saved_meanwhile_is_not_lost(shop: Shop) -> None:
    await people.owner()
    await article_editing.create(article_editing.Draft(slug="wood", title="Wood", teaser="Oil", body="One"), by=None)
    iris, edit = await shop.signed_in("iris@kiln.test"), "/staff/articles/wood"
    first, second = await iris.get(edit), await iris.get(edit)
    assert "saved." in (await iris.submit(first, edit, body="Two")).alerts()
    told = await iris.submit(second, edit, body="Three")
    assert told.status == 409 and "nothing was saved" in told.alerts() and "Two" in told.words
    assert told.form(edit).given["body"] == "Three" and (await article_editing.by_id("wood"))[1].body == "Two"
    assert "saved." in (await iris.submit(told, edit)).alerts()
    assert (await article_editing.by_id("wood"))[1].body == "Three"


@every_cell(
    ("typed", "words"),
    [
        ({"body": "{no such thing}"}, "There is no placeholder {no such thing}"),
        ({"title": ""}, "“Title” is required."),
        ({"slug": "terms"}, "Another page already uses this address."),
        ({"slug": "new"}, "already a page of this shop"),
        ({"kind": "nonsense"}, "Choose one of the options listed."),
    ],
)
async def test_what_cannot_be_saved_is_said_and_stays_typed(iris: Browser, typed: dict[str, str], words: str) -> None:
    given = {"title": "Care", "kind": "other", "slug": "", "body": "Wash by hand."} | typed
    page = await iris.post(f"{PAGES}/new", given)
    assert page.status == 422 and words in page.alerts()
    assert page.form(f"{PAGES}/new").given["body"] == given["body"]


@pytest.mark.parametrize("path", [PAGES, "/staff/home", "/staff/menus", "/staff/home/preview"])
async def test_these_rooms_are_for_who_writes_content(shop: Shop, path: str) -> None:
    await people.staff(permissions=["orders"])
    await people.staff("ruth@kiln.test", permissions=["content"])
    assert (await (await shop.signed_in("sam@kiln.test")).get(path)).status == 403
    assert (await (await shop.signed_in("ruth@kiln.test")).get(path)).status == 200
    assert (await shop.browser().get(path)).path.startswith("/sign-in")
