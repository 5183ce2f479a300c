"""What staff make × archive, delete, undo: the table of docs/archive-and-delete.md, each cell in a whole shop."""

import re
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from components.catalog.product_details import VariantDetails
from components.catalog.products import collections, variants
from components.catalog.products.collections import CollectionDetails
from components.catalog.scopes import Scope
from components.checkout.delivery import closed_days, delivery_terms, delivery_zones
from components.content import article_editing
from components.content.article_editing import Draft
from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.content.site import home_editing
from components.foundation import database
from components.foundation.database import schema
from components.foundation.operations import deletions
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.staff.system.deleted import AREAS

DOCUMENT = (Path(__file__).parents[3] / "docs" / "archive-and-delete.md").read_text()
APART = {
    "audit_entry",
    "audit_witness",
    "deleted_thing",
    "session",
    "stored_report",
    "announced_fact",
    "rate_limit_window",
}
CHANGED = re.compile(r'"(changed_at)": "[^"]+"')


async def rows() -> dict[str, list[str]]:
    """Every row of the shop but those that say what staff did."""
    names = [name for table in schema.tables() if (name := table._meta.tablename) not in APART]
    parts = [f"SELECT '{name}', to_jsonb(t)::text FROM \"{name}\" t" for name in names]
    found: dict[str, list[str]] = {}
    for name, row in sorted(await database.fetch_rows(" UNION ALL ".join(parts))):
        found.setdefault(name, []).append(CHANGED.sub("", row))
    return found


async def _coupon(**rest: Any) -> Any:
    given = {"code": "TEN", "words": "10% off", "discount_type": "percent", "value": 1000, **rest}
    return await editing.create(CouponDetails(**given))


class Cell(NamedTuple):
    """A kind, what is done to it, the page with the button, and where the button sends."""

    kind: str
    act: str
    at: str
    to: str


CELLS = (
    Cell("product", "archive", "/staff/products/moon-mug", "/staff/products/moon-mug/archive"),
    Cell("product", "delete", "/staff/products/moon-mug", "/staff/products/moon-mug/deletion"),
    Cell(
        "variant",
        "archive",
        "/staff/products/moon-mug/variants/{variant}",
        "/staff/products/moon-mug/variants/{variant}/withdrawal",
    ),
    Cell("collection", "delete", "/staff/collections/mugs", "/staff/collections/mugs/deletion"),
    Cell("picture", "delete", "/staff/products/moon-mug", "/staff/products/moon-mug/pictures/{picture}/removal"),
    Cell("coupon", "archive", "/staff/coupons/{coupon}", "/staff/coupons/{coupon}/withdrawal"),
    Cell("coupon", "delete", "/staff/coupons/{coupon}", "/staff/coupons/{coupon}/deletion"),
    Cell("plan", "archive", "/staff/plans/annual", "/staff/plans/annual/retirement"),
    Cell("benefit", "delete", "/staff/benefits/{benefit}", "/staff/benefits/{benefit}/deletion"),
    Cell("article", "delete", "/staff/articles/glaze", "/staff/articles/glaze/deletion"),
    Cell("content picture", "delete", "/staff/pictures", "/staff/pictures/{content_picture}/deletion"),
    Cell("page", "archive", "/staff/pages/about-us", "/staff/pages/about-us/unpublish"),
    Cell("home section", "delete", "/staff/home/{section}/removal", "/staff/home/{section}/removal"),
    Cell("delivery method", "archive", "/staff/delivery/methods/{method}/end", "/staff/delivery/methods/{method}/end"),
    Cell("delivery zone", "delete", "/staff/delivery/zones/{zone}", "/staff/delivery/zones/{zone}/removal"),
    Cell("closed days", "delete", "/staff/settings/delivery", "/staff/settings/delivery/closed/{closed}/removal"),
)


async def made() -> dict[str, Any]:
    """One of each kind, and what the addresses of their pages name."""
    mug = await make_products.product(status="active", option_names=("Size",), options=("Small",))
    await variants.add(mug.id, VariantDetails(price=3000, options=("Large",)))
    await collections.create(CollectionDetails(title="Mugs"))
    await collections.add_product(mug.id, "mugs")
    picture = (
        "INSERT INTO picture (id, product, path, width, height) SELECT gen_random_uuid(), id, 'a', 9, 9 FROM product"
    )
    await database.execute(picture)
    await make_plans.club()
    await article_editing.create(Draft(slug="glaze", title="Glaze", teaser="", body=""), by=None)
    uploaded = """INSERT INTO content_picture (id, path, alt, width, height, uploaded_at)
                  VALUES (gen_random_uuid(), 'b', 'A seam', 9, 9, now()) RETURNING id"""
    page_id = await page_editing.create(PageDraft(slug="about-us", title="About us", body=""), by=None)
    await page_editing.publish(page_id, by=None)
    first = (await delivery_terms.current()).methods[0]
    await home_editing.begin()
    return {
        "variant": mug.lead.id,
        "content_picture": await database.fetch_value(uploaded),
        "picture": await database.fetch_value("SELECT id FROM picture"),
        "coupon": await _coupon(),
        "benefit": await make_plans.benefit("free_delivery", "Free delivery", threshold=0),
        "section": home_editing.sections()[0].id,
        "method": first.id,
        "zone": await delivery_zones.create_zone("Nowhere", places=["AQ"]),
        "closed": await closed_days.add(date(2027, 5, 1), date(2027, 5, 2), by=None),
    }


async def test_whatever_is_archived_or_deleted_is_as_it_was_after_undo(goods: Shop) -> None:
    """Row by row, with everything that belonged to it; and what was undone can be done again."""
    await people.owner()
    iris, named = await goods.signed_in("iris@kiln.test"), await made()
    await goods.refresh()
    before = await rows()
    for cell in CELLS:
        done = await iris.submit(await iris.get(cell.at.format(**named)), cell.to.format(**named))
        assert done.status == 200 and 'button--small" type="submit">Undo<' in done.text, (cell, done.alerts())
        assert await rows() != before, cell
        undo = next(form.get("action") for form in done.tree.iter("form") if "notice__act" in form.get("class", ""))
        back = await iris.post(str(undo))
        assert back.status == 200 and back.alerts(), cell
        after = await rows()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed == set(), cell
    assert await deletions.recent() == []


def test_the_document_has_every_cell() -> None:
    listed = {(found[1], found[2] == "yes", found[3] == "yes") for found in re.finditer(
        r"^\| ([a-z ]+) \| (yes|no)[^|]* \| (yes|no)[^|]* \|", DOCUMENT, re.M)}  # fmt: skip
    tried = {cell.kind for cell in CELLS}
    wanted = {(kind, any(c.act == "archive" for c in CELLS if c.kind == kind),
               any(c.act == "delete" for c in CELLS if c.kind == kind)) for kind in tried}  # fmt: skip
    assert wanted <= listed, wanted - listed
    assert {cell.kind for cell in CELLS if cell.act == "delete"} == AREAS.keys()


@pytest.fixture
async def iris(goods: Shop) -> Browser:
    await people.owner()
    return await goods.signed_in("iris@kiln.test")


async def refused(iris: Browser, path: str) -> str:
    """Why it cannot be deleted; nothing is."""
    before = await rows()
    page: Page = await iris.post(path)
    assert await rows() == before and 'class="notice__act"' not in page.text
    return page.words


async def test_what_has_history_or_is_named_elsewhere_is_not_deleted(goods: Shop, iris: Browser) -> None:
    mug = await make_products.product(status="active")
    coupon = await _coupon()
    buyer = goods.browser()
    await buy_products.put_in(buyer)
    await buy_products.check_out(buyer)
    await database.execute(
        "INSERT INTO coupon_use (id, coupon, order_id, at, changed_at) "
        "SELECT gen_random_uuid(), $1, id, now(), now() FROM orders",
        coupon,
    )
    assert "has been ordered, so it can only be archived" in await refused(iris, "/staff/products/moon-mug/deletion")
    page = await iris.get("/staff/products/moon-mug")
    assert "/staff/products/moon-mug/deletion" not in page.text
    assert "so it can only be deactivated" in await refused(iris, f"/staff/coupons/{coupon}/deletion")
    mugs = await collections.create(CollectionDetails(title="Mugs"))
    await collections.add_product(mug.id, "mugs")
    await goods.refresh()
    details = CouponDetails(
        code="MUGS", words="Mugs", discount_type="percent", value=500, scope=Scope("collection", frozenset({mugs}))
    )
    await editing.create(details)
    assert "Coupons name it: MUGS" in await refused(iris, "/staff/collections/mugs/deletion")
    held = (await make_plans.club()).benefits[0].id
    assert "A plan includes this benefit" in await refused(iris, f"/staff/benefits/{held}/deletion")


async def test_what_was_deleted_is_listed_and_brought_back_once_by_who_may(goods: Shop, iris: Browser) -> None:
    await make_products.product(status="active")
    await iris.post("/staff/products/moon-mug/deletion")
    assert (await goods.browser().get("/products/moon-mug")).status == 404
    page = await iris.get("/staff/deleted")
    assert "Moon mug Product" in page.words
    (thing,) = await deletions.recent()
    await people.staff("sam@kiln.test", ("content",))
    sam = await goods.signed_in("sam@kiln.test")
    assert "Nothing was deleted." in (await sam.get("/staff/deleted")).words
    assert (await sam.post(f"/staff/deleted/{thing.id}")).status == 403
    await make_products.product(status="active")
    assert "something else has its name or address" in (await iris.post(f"/staff/deleted/{thing.id}")).words
    await iris.post("/staff/products/moon-mug/deletion")
    older = """UPDATE deleted_thing SET parts = replace(parts::text, '"vendor"', '"maker"')::json"""
    await database.execute(older)  # deleted by a version whose products had a maker and no vendor
    assert "is back" in (await iris.submit(page, f"/staff/deleted/{thing.id}")).alerts()
    assert (await goods.browser().get("/products/moon-mug")).status == 200
    assert (await iris.post(f"/staff/deleted/{thing.id}")).status == 404
    await database.execute("UPDATE deleted_thing SET deleted_at = deleted_at - interval '31 days'")
    await deletions.delete_old()
    assert await deletions.recent() == []


async def test_a_deleted_picture_is_named_with_its_product(goods: Shop, iris: Browser) -> None:
    picture = (await made())["picture"]
    await iris.post(f"/staff/products/moon-mug/pictures/{picture}/removal")
    assert "Moon mug: picture" in (await iris.get("/staff/deleted")).words


async def test_an_import_is_undone_as_a_whole(goods: Shop, iris: Browser) -> None:
    await make_products.product("Old bowl", status="active")
    source = b"Handle,Title,Variant SKU,Variant Price\nmug,Mug,M,24\ncup,Cup,C,9\nold-bowl,Old bowl,B,9\n"
    sent = Page(
        await iris.client.post("/staff/imports", files={"sheet": ("s.csv", source, "text/csv")}, follow_redirects=True)
    )
    await goods.catch_up()
    await iris.post(f"{sent.path}/arrival")
    await goods.catch_up()
    page = await iris.submit(await iris.get(sent.path), f"{sent.path}/undo")
    assert "Import undone: 2 products that it made are archived." in page.words
    assert "are archived or deleted" in page.words and "Undo import" not in page.words
    states = dict(await database.fetch_rows("SELECT slug, status FROM product"))
    assert states == {"mug": "archived", "cup": "archived", "old-bowl": "active"}
    assert "2" in (await iris.get("/staff/products?show=archived")).words
    await iris.submit(await iris.get("/staff/products/mug"), "/staff/products/mug/restoration")
    assert await database.fetch_value("SELECT status FROM product WHERE slug = 'mug'") == "draft"
    assert "archives the 1 product it made" in (await iris.get(sent.path)).words
    await iris.post("/staff/products/cup/deletion")
    again = Page(
        await iris.client.post("/staff/imports", files={"sheet": ("s.csv", source, "text/csv")}, follow_redirects=True)
    )
    await goods.catch_up()
    await iris.post(f"{again.path}/arrival")
    await goods.catch_up()
    assert await database.fetch_value("SELECT status FROM product WHERE slug = 'cup'") == "active", "it is new again"
    assert (await iris.client.get("/staff/imports/files/s.csv")).status_code == 200


async def _imported(goods: Shop, iris: Browser, source: bytes) -> str:
    files = {"sheet": ("s.csv", source, "text/csv")}
    path = Page(await iris.client.post("/staff/imports", files=files, follow_redirects=True)).path
    await goods.catch_up()
    await iris.post(f"{path}/arrival")
    await goods.catch_up()
    return path
