"""Pictures in articles and pages: uploaded or picked while writing, shown in their sizes, deleted only when unused."""

import io
from typing import Any

from PIL import Image

from components.catalog.pictures import pictures
from components.catalog.products import products
from components.catalog.snapshot import snapshot_refresh
from components.content import article_editing, content_pictures, markdown
from components.content.article_editing import Draft
from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.foundation import clock, database
from tests.support import buy_products, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.staff.content import picture_picking

NEW = "/staff/articles/new"
TYPED = {"title": "How we sew", "teaser": "Six seams", "body": "First, *fabric*.\n\nThen thread.", "gate": "public"}


def file(width: int = 660, colour: str = "red") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, width * 2 // 3), colour).save(made, "PNG")
    return made.getvalue()


async def pressed(browser: Browser, at: str, button: str, source: bytes | None = None, **typed: Any) -> Page:
    """One of the picker's buttons, as a browser without JavaScript sends it."""
    data = {**TYPED, **typed, button: typed.get(button, "1")}
    files = {"picture_file": ("a.png", source, "image/png")} if source is not None else {"none": b""}
    return Page(await browser.client.post(at, data=data, files=files))


def body_of(page: Page) -> str:
    return str(page.form(page.path.split("?")[0]).given["body"]).replace("\r\n", "\n")


async def test_a_picture_is_uploaded_while_an_article_is_written(goods: Shop) -> None:
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    for source, alt, why, status in (
        (None, "A seam", picture_picking.CHOOSE_FILE, 422),
        (b"GIF89a?", "A seam", "JPEG", 422),
        (file(8), " ", "Say what the picture shows", 422),
        (b"\0" * (pictures.MOST_BYTES + 1), "A seam", "10 MB", 422),
    ):
        refused = await pressed(iris, NEW, "upload", source, picture_alt=alt)
        assert refused.status in (status, 413) and why in refused.words, (why, refused.status, refused.words[-700:])
        assert body_of(refused) == TYPED["body"] and "How we sew" in refused.text, "nothing typed is lost"
    assert await content_pictures.count() == 0
    shown = await pressed(iris, NEW, "upload", file(), picture_alt="A [seam]*\n& more", caret="3", title="")
    name = await pictures.name_of(file())
    wanted = rf"![A \[seam\]\* \& more](/pictures/{name}-660.webp#660x440)"
    assert shown.status == 200 and body_of(shown) == f"First, *fabric*.\n\n{wanted}\n\nThen thread."
    assert picture_picking.ADDED in shown.words and "is required" not in shown.words
    assert not await article_editing.all_articles(), "the article itself is not saved"
    topped = await pressed(iris, NEW, "pick_cover", body=body_of(shown), pick_cover=name)
    saved = await iris.submit(topped, NEW, published_at="2026-01-01T10:00", title="How we sew")
    assert "saved" in saved.alerts()
    guest = await goods.browser().get("/journal/how-we-sew")
    one = f"/pictures/{name}"
    assert (
        f'<img src="{one}-660.webp" srcset="{one}-320.webp 320w, {one}-640.webp 640w, {one}-660.webp 660w" '
        f'sizes="{markdown.SHOWN_AT}" width="660" height="440" loading="lazy" decoding="async" '
        'alt="A [seam]* &amp; more">'
    ) in guest.text
    assert guest.text.count(f"{one}-660.webp") >= 3, "at its top too"


async def test_pictures_of_products_are_picked_for_pages_and_each_is_shown_to_whom_the_text_is_for(goods: Shop) -> None:
    await people.owner()
    maya, iris, guest = await buy_products.member(goods), await goods.signed_in("iris@kiln.test"), goods.browser()
    jacket = await make_products.product()
    await pictures.upload(jacket.id, file(500, "blue"), alt="A blue jacket")
    await goods.refresh()
    blue, red = await pictures.name_of(file(500, "blue")), await pictures.name_of(file())
    page_id = await page_editing.create(PageDraft(slug="about-us", title="About us", body="Us."), by=None)
    found = await pressed(iris, "/staff/pages/about-us", "find_pictures", picture_words=jacket.title, kind="other")
    assert found.status == 200 and blue in found.text
    shown = await pressed(iris, "/staff/pages/about-us", "pick", pick=blue, kind="other", based_on="1", slug="about-us")
    assert f"![A blue jacket](/pictures/{blue}-500.webp#500x333)" in body_of(shown)
    gone = await pressed(iris, "/staff/pages/about-us", "pick", pick="f" * 40, kind="other")
    assert gone.status == 404 and "does not exist any more" in gone.words and body_of(gone) == TYPED["body"]
    await iris.submit(shown, "/staff/pages/about-us")
    await content_pictures.upload(file(), alt="A seam", by=None)
    draft = Draft(slug="a", title="A", teaser="T", body=f"![]({(await content_pictures.by_path(red)).address})",
                  gate="members", published_at=clock.now())  # fmt: skip
    await article_editing.create(draft, by=None)
    answers = {}
    for name, browser in (("guest", guest), ("maya", maya), ("iris", iris)):
        answer = await browser.get(f"/pictures/{red}-320.webp")
        answers[name] = answer.status, answer.headers["cache-control"].split(",")[0]
    assert answers == {"guest": (404, "private"), "maya": (200, "private"), "iris": (200, "private")}
    await products.archive(jacket.id, by=None)
    await goods.refresh()
    assert (await guest.get(f"/pictures/{blue}-320.webp")).status == 404
    await page_editing.publish(page_id, by=None)
    assert f"/pictures/{blue}-320.webp 320w" in (await guest.get("/pages/about-us")).text
    assert (await guest.get(f"/pictures/{blue}-320.webp")).status == 200, "the page shows it"


async def test_only_what_no_text_has_is_deleted_and_it_can_be_brought_back(goods: Shop) -> None:
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    for _ in range(2):
        added = Page(await iris.client.post(
            "/staff/pictures", data={"alt": "A seam"}, files={"picture": ("a.png", file(), "image/png")}))  # fmt: skip
        assert "Picture added" in added.alerts()
    (one,) = await content_pictures.recent()
    await iris.submit(added, f"/staff/pictures/{one.id}", alt="Two seams")
    await article_editing.create(Draft(slug="a", title="Sewing", teaser="", body=one.markdown), by=None)
    listed = await iris.get("/staff/pictures")
    deletion = f"/staff/pictures/{one.id}/deletion"
    assert "In “Sewing”." in listed.words and deletion not in listed.text
    refused = await iris.post(deletion)
    assert refused.status == 409 and "It is in “Sewing”" in refused.words
    known, _ = await article_editing.by_id("a")
    await article_editing.update(known, Draft(slug="a", title="Sewing", teaser="", body="-"), by=None)
    done = await iris.submit(await iris.get("/staff/pictures"), deletion)
    assert "deleted" in done.alerts() and await content_pictures.count() == 0
    assert (await iris.get(f"/pictures/{one.path}-320.webp")).status == 200, "earlier versions keep it"
    undo = next(form.get("action") for form in done.tree.iter("form") if "notice__act" in form.get("class", ""))
    assert "is back" in (await iris.post(str(undo))).alerts()
    assert [kept.alt for kept in await content_pictures.recent()] == ["Two seams"]


def test_a_picture_goes_after_the_paragraph_the_cursor_is_in() -> None:
    for body, caret, wanted in (
        ("", "", "P"),
        ("One\r\n\r\nTwo", "1", "One\n\nP\n\nTwo"),
        ("One\n\nTwo", "6", "One\n\nTwo\n\nP"),
        ("😀 One\n\nTwo", "6", "😀 One\n\nP\n\nTwo"),
        ("One", "99999", "One\n\nP"),
        ("One", "-1", "One\n\nP"),
        ("One", "²", "One\n\nP"),
    ):
        assert picture_picking.inserted(body, "P", caret) == wanted, (body, caret)


async def test_many_pictures_are_listed_page_by_page(shop: Shop) -> None:
    await people.owner()
    iris, most = await shop.signed_in("iris@kiln.test"), content_pictures.MOST_OFFERED
    await database.execute(
        """INSERT INTO content_picture (id, path, alt, width, height, uploaded_at)
        SELECT gen_random_uuid(), lpad(n::text, 40, '0'), 'Number ' || n, 320, 200, now() - n * interval '1 s'
        FROM generate_series(1, $1) n""",
        most + 1,
    )
    first, second = await iris.get("/staff/pictures"), await iris.get("/staff/pictures?page=2")
    last = f"Number {most + 1}"
    assert "Number 1" in first.text and last not in first.text and "/staff/pictures?page=2" in first.links()
    assert last in second.text and 'Number 2"' not in second.text
    assert len(await content_pictures.offered("", snapshot_refresh.snapshot())) == most
