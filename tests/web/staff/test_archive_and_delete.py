"""What staff make × archive, delete, undo: the table of docs/archive-and-delete.md, each cell in a whole shop."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from components.catalog.product_details import VariantDetails
from components.catalog.products import collections, variants
from components.catalog.products.collections import CollectionDetails
from components.catalog.sales import sales
from components.catalog.sales.sale_rules import SaleDetails
from components.catalog.scopes import Scope
from components.checkout.delivery import closed_days, delivery_terms, delivery_zones
from components.checkout.taxes import tax_rates
from components.content import article_editing
from components.content.article_editing import Draft
from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.content.site import home_editing, menu_editing
from components.content.site.site_content import MenuLink
from components.foundation import clock, database, ids
from components.foundation.database import schema
from components.foundation.operations import deletions
from components.people import api_keys, customer_accounts
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
    "security_event",
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


async def _sale(variant: UUID, **rest: Any) -> UUID:
    scope = Scope("variant", frozenset({variant}))
    sale = await sales.create(SaleDetails(name="Summer", scope=scope, discount_type="percent", value=1000, **rest))
    if not rest:  # it began a while ago
        await database.execute("UPDATE sale_price SET from_at = from_at - interval '1 day' WHERE id = $1", sale)
    return sale


async def _rate(from_at: datetime | None) -> UUID:
    await tax_rates.set_rate("IS", rate_bp=2400, from_at=from_at)
    found = "SELECT id FROM tax_rate WHERE country = 'IS' ORDER BY from_at DESC LIMIT 1"
    return UUID(str(await database.fetch_value(found)))


async def _key(by: UUID) -> UUID:
    await api_keys.create(key_id := ids.new(), name="Warehouse", scopes=["stock:write"], by=by)
    return key_id


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
    Cell("menu", "delete", "/staff/menus", "/staff/menus/header/reset"),
    Cell("menu", "save", "/staff/menus", "/staff/menus/header"),
    Cell("menu", "first save", "/staff/menus", "/staff/menus/footer"),
    Cell("sale", "archive", "/staff/sales/{sale}", "/staff/sales/{sale}/end"),
    Cell("sale", "cancel", "/staff/sales/{planned_sale}", "/staff/sales/{planned_sale}/end"),
    Cell("tax rate", "archive", "/staff/settings/tax/rates/{rate}/removal", "/staff/settings/tax/rates/{rate}/removal"),
    Cell(
        "tax rate",
        "delete",
        "/staff/settings/tax/rates/{planned_rate}/removal",
        "/staff/settings/tax/rates/{planned_rate}/removal",
    ),
    Cell("API key", "archive", "/staff/keys", "/staff/keys/{key}/revocation"),
)
TYPED = {"save": {"label_0": "Pots"}, "first save": {"label_0": "Pots"}}


async def made() -> dict[str, Any]:
    """One of each kind, and what the addresses of their pages name."""
    mug = await make_products.product(status="active", option_names=("Size",), options=("Small",))
    await variants.add(mug.id, VariantDetails(price=3000, options=("Large",)))
    await collections.create(CollectionDetails(title="Mugs"))
    await collections.add_product(mug.id, "mugs")
    picture = (
        "INSERT INTO picture (id, product, path, width, height) SELECT gen_random_uuid(), id, 'a', 9, 9 FROM product "
        "WHERE slug = 'moon-mug'"
    )
    await database.execute(picture)
    await make_plans.club()
    await article_editing.create(Draft(slug="glaze", title="Glaze", teaser="", body=""), by=None)
    uploaded = """INSERT INTO content_picture (id, path, alt, width, height, uploaded_at)
                  VALUES (gen_random_uuid(), 'b', 'A seam', 9, 9, now()) RETURNING id"""
    page_id = await page_editing.create(PageDraft(slug="about-us", title="About us", body=""), by=None)
    await page_editing.publish(page_id, by=None)
    first = (await delivery_terms.current()).methods[0]
    iris = (await customer_accounts.by_email("iris@kiln.test")).id
    await menu_editing.replace("header", (MenuLink("All", "/products"), MenuLink("Search", "/search")), by=None)
    bowl, plate = await make_products.product("Bowl"), await make_products.product("Plate")
    month = timedelta(days=30)
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
        "bowl": bowl.lead.id,
        "plate": plate.lead.id,
        "sale": await _sale(bowl.lead.id),
        "planned_sale": await _sale(plate.lead.id, from_at=clock.now() + month, until_at=clock.now() + 2 * month),
        "rate": await _rate(None),
        "planned_rate": await _rate(clock.now() + month),
        "key": await _key(iris),
    }


async def _done(goods: Shop, iris: Browser, cell: Cell, named: dict[str, Any]) -> str:
    """Do it; where its Undo button sends."""
    page = await iris.get(cell.at.format(**named))
    done = await iris.submit(page, cell.to.format(**named), **TYPED.get(cell.act, {}))
    assert done.status == 200 and 'button--small" type="submit">Undo<' in done.text, (cell, done.alerts())
    return str(next(form.get("action") for form in done.tree.iter("form") if "notice__act" in form.get("class", "")))


def _differing(one: dict[str, list[str]], other: dict[str, list[str]]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


async def test_whatever_is_archived_or_deleted_is_as_it_was_after_undo(goods: Shop) -> None:
    """Row by row, with everything that belonged to it; undone twice is undone once; and it can be done again."""
    await people.owner()
    iris, named = await goods.signed_in("iris@kiln.test"), await made()
    await goods.refresh()
    before = await rows()
    for cell in CELLS:
        undo = await _done(goods, iris, cell, named)
        assert await rows() != before, cell
        back = await iris.post(undo)
        assert back.status == 200 and back.alerts(), cell
        assert _differing(before, await rows()) == set(), cell
        again = await iris.post(undo)
        assert again.status in (200, 404, 409, 422) and again.words, cell
        assert _differing(before, await rows()) == set(), cell
    assert await deletions.recent() == []


async def _meddled(cell: Cell, named: dict[str, Any], iris: Browser, undo: str) -> None:
    """What a colleague does before the Undo button is pressed; by default, they press it first."""
    match (cell.kind, cell.act):
        case ("product", "delete"):
            await make_products.product()
        case ("collection", _):
            await collections.create(CollectionDetails(title="Mugs"))
        case ("picture", _):
            await iris.post("/staff/products/moon-mug/deletion")
        case ("coupon", "delete"):
            await _coupon(words="Another one")
        case ("article", _):
            await article_editing.create(Draft(slug="glaze", title="Another", teaser="", body=""), by=None)
        case ("menu", "first save"):
            await menu_editing.replace("footer", (MenuLink("Theirs", "/journal"),), by=None)
        case ("menu", _):
            await menu_editing.replace("header", (MenuLink("Theirs", "/journal"),), by=None)
        case ("sale", "archive"):
            await _sale(named["bowl"], from_at=clock.now(), until_at=clock.now() + timedelta(days=9))
        case ("sale", "cancel"):
            months = [clock.now() + timedelta(days=30 * n) for n in (1, 2)]
            await _sale(named["plate"], from_at=months[0], until_at=months[1])
        case ("tax rate", "archive"):
            later = "UPDATE tax_rate SET from_at = from_at - interval '1 day', until_at = now() WHERE id = $1"
            await database.execute(later, named["rate"])
            await tax_rates.set_rate("IS", rate_bp=1100)
        case ("tax rate", "delete"):
            await _rate(clock.now() + timedelta(days=30))
        case ("API key", _):
            await database.execute("UPDATE api_key SET revoked_at = revoked_at - interval '2 hours'")
        case _:
            await iris.post(undo)


async def test_undo_never_overwrites_what_somebody_else_did_meanwhile(goods: Shop) -> None:
    await people.owner()
    iris, named = await goods.signed_in("iris@kiln.test"), await made()
    await goods.refresh()
    last = [cell for cell in CELLS if cell.kind in ("picture", "product")][::-1]
    for cell in [cell for cell in CELLS if cell not in last] + last[:1]:
        undo = await _done(goods, iris, cell, named)
        await _meddled(cell, named, iris, undo)
        await goods.refresh()
        before = await rows()
        page = await iris.post(undo)
        assert page.status in (200, 404, 409, 422) and page.words, cell
        assert _differing(before, await rows()) == set(), cell


def test_the_document_has_every_cell() -> None:
    listed = {(found[1], found[2] == "yes", found[3] == "yes") for found in re.finditer(
        r"^\| ([A-Za-z ]+) \| (yes|no)[^|]* \| (yes|no)[^|]* \|", DOCUMENT, re.M)}  # fmt: skip
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
