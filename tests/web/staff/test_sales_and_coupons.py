"""Staff make sales and coupons, look at them on real products first, and are told at the field what cannot be."""

from typing import TYPE_CHECKING, Any

import pytest

from components.catalog.sales import sales
from components.foundation import database
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.people import customer_accounts, operators
from components.pricing.coupons import queries
from tests.support import make_plans, make_products
from tests.support.cells import every_cell

if TYPE_CHECKING:
    from tests.support.pages import Browser
    from tests.support.shops import Shop

SALE: dict[str, Any] = {
    "name": "Spring firing",
    "discount_type": "percent",
    "percent": "25",
    "covers": "variant",
    "variants": "MOON",
}
COUPON: dict[str, Any] = {
    "code": "first fire",
    "words": "10% off your first order",
    "discount_type": "percent",
    "percent": "10",
    "covers": "everything",
}


@pytest.fixture
async def sam(shop: "Shop") -> "Browser":
    """Staff, for products only; and a mug of £24.00."""
    person = await customer_accounts.sign_up("sam@kiln.test", name="Sam", password="kiln-demo")
    await operators.add(person.id, role="staff", permissions=("products",))
    await make_products.product(sku="MOON")
    return await shop.signed_in("sam@kiln.test")


async def test_a_sale_is_seen_on_the_shelf_at_once(sam: "Browser", shop: "Shop") -> None:
    page = await sam.post("/staff/sales/new", SALE)
    assert (page.status, page.heading) == (200, "Sales"), page.words
    shelf = await shop.browser().get("/products")
    assert "£18.00" in shelf.words and "£24.00" in shelf.words
    product = await shop.browser().get("/products/moon-mug")
    assert "Lowest price in the last 30 days: £24.00" in product.words
    assert '"description":"Lowest price in the last 30 days"' in product.text


async def test_only_looking_shows_three_products_and_saves_nothing(sam: "Browser") -> None:
    page = await sam.post("/staff/sales/new", {**SALE, "name": "", "look": "1"})
    assert page.status == 200
    assert "Guest: £24.00 → £18.00" in page.words and "Member: £24.00 → £18.00" in page.words
    assert await sales.all_sales() == ()


@every_cell(
    ("changes", "words"),
    [
        ({"percent": "100"}, "above 0 and below 100"),
        ({"percent": "-5"}, "above 0"),
        ({"discount_type": "explicit", "amount": "24.00"}, "lower than the price of Moon mug"),
        ({"discount_type": "explicit", "amount": "-1"}, "at least 0.00"),
        ({"discount_type": "explicit", "amount": "€18"}, "Amounts must be in GBP"),
        ({"discount_type": "explicit", "amount": "USD 18"}, "Amounts must be in GBP"),
        ({"from_at": "2020-01-01T00:00"}, "That date has passed"),
        ({"from_at": "2027-04-02T00:00", "until_at": "2027-04-01T00:00"}, "end after it starts"),
        ({"covers": "collection"}, "Choose at least one"),
        ({"variants": "NONE"}, "There is no variant “NONE”"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(sam: "Browser", changes: dict[str, str], words: str) -> None:
    page = await sam.post("/staff/sales/new", {**SALE, **changes})
    assert page.status == 422 and words in page.words
    assert await database.fetch_value("SELECT count(*) FROM sale_price") == 0


async def test_the_other_sale_is_named(sam: "Browser") -> None:
    await sam.post("/staff/sales/new", SALE)
    page = await sam.post("/staff/sales/new", {**SALE, "name": "Another"})
    assert page.status == 422 and "“Spring firing” already covers Moon mug at that time" in page.words


async def test_a_sale_that_runs_can_be_ended(sam: "Browser", shop: "Shop") -> None:
    await sam.post("/staff/sales/new", SALE)
    (kept,) = await sales.all_sales()
    assert "only its end date can still be changed" in (await sam.get(f"/staff/sales/{kept.id}")).words
    await sam.post(f"/staff/sales/{kept.id}/end")
    assert "£18.00" not in (await shop.browser().get("/products/moon-mug")).words
    rows = await database.fetch("SELECT what FROM audit_entry ORDER BY at, id")
    assert {"sale created", "sale ended"} <= {row["what"] for row in rows}


async def test_a_coupon_is_made_changed_and_withdrawn(sam: "Browser") -> None:
    page = await sam.post("/staff/coupons/new", COUPON)
    assert (page.status, page.heading) == (200, "Coupons"), page.words
    assert "FIRSTFIRE" in page.words and "10% off" in page.words
    row = await database.fetch_one("SELECT id FROM coupon")
    assert row is not None
    page = await sam.get(f"/staff/coupons/{row['id']}")
    assert "Guest: £24.00 → £21.60" in page.words
    page = await sam.post(f"/staff/coupons/{row['id']}", {**COUPON, "limit_total": "3"})
    assert "0 of 3" in page.words
    page = await sam.post(f"/staff/coupons/{row['id']}/withdrawal")
    assert "Cancelled" in page.words


@every_cell(
    ("changes", "words"),
    [
        ({"code": "a b"}, "3 to 40 letters"),
        ({"percent": "100"}, "above 0 and below 100"),
        ({"discount_type": "amount", "amount": "0"}, "Enter an amount above zero"),
        ({"discount_type": "amount", "amount": "$5"}, "Amounts must be in GBP"),
        ({"until_at": "2020-01-01T00:00"}, "end date must be after the start date"),
        ({"limit_total": "0"}, "from 1 to"),
        ({"covers": "collection"}, "Choose at least one"),
    ],
)
async def test_what_no_coupon_can_be_is_refused_at_its_field(sam: "Browser", changes: Any, words: str) -> None:
    page = await sam.post("/staff/coupons/new", {**COUPON, **changes})
    assert page.status == 422 and words in page.words
    assert await database.fetch_value("SELECT count(*) FROM coupon") == 0


async def test_two_coupons_with_one_code_are_refused(sam: "Browser") -> None:
    await sam.post("/staff/coupons/new", COUPON)
    page = await sam.post("/staff/coupons/new", {**COUPON, "code": "FIRSTFIRE"})
    assert page.status == 422 and "There is already a coupon FIRSTFIRE" in page.words


async def test_the_end_of_a_running_sale_moves_though_its_product_is_a_draft_now(sam: "Browser", shop: "Shop") -> None:
    await sam.post("/staff/sales/new", SALE)
    await database.execute("UPDATE product SET status = 'draft'")
    await shop.refresh()
    address = f"/staff/sales/{(await sales.all_sales())[0].id}"
    page = await sam.get(address)
    assert "MOON (not available)" in page.form(address).given["variants"]
    page = await sam.submit(page, address, until_at="2027-04-01T12:00")
    assert page.heading == "Sales", page.words
    (kept,) = await sales.all_sales()
    assert kept.details.until_at is not None and len(kept.details.scope.ids) == 1


async def test_a_coupon_keeps_its_draft_and_its_retired_plan(sam: "Browser", shop: "Shop") -> None:
    await plans.create(slug="friends", name="Friends", summary="", price=500, by=None)
    await sam.post("/staff/coupons/new", {**COUPON, "covers": "variant", "variants": "MOON", "plans": "friends"})
    await database.execute("UPDATE product SET status = 'draft'")
    await plans.archive(plan_catalogue.by_slug("friends").id, by=None)
    await shop.refresh()
    address = f"/staff/coupons/{(await queries.all_coupons())[0].id}"
    page = await sam.get(address)
    assert "Friends (archived)" in page.words
    page = await sam.submit(page, address, words="Other words")
    assert page.heading == "Coupons", page.words
    (kept,) = await queries.all_coupons()
    assert (kept.terms.plans, len(kept.coupon.scope.ids), kept.coupon.words) == (("friends",), 1, "Other words")


@pytest.mark.parametrize("collections", ["x", "00000000-0000-7000-8000-000000000000"])
async def test_a_collection_that_is_none_is_refused_at_the_field(sam: "Browser", collections: str) -> None:
    for address, sent in (("/staff/sales/new", SALE), ("/staff/coupons/new", COUPON)):
        page = await sam.post(address, {**sent, "covers": "collection", "collections": collections})
        assert page.status == 422
        assert "Choose from the options listed." in page.words


async def test_a_code_for_a_fee_is_looked_at_on_the_fees_of_plans(sam: "Browser") -> None:
    """Not on products, which it takes nothing off; and it says what each fee becomes, or why it cannot be used."""
    fee = {**COUPON, "covers": "fees", "fee_payments": "3", "minimum": "", "first_order_only": ""}
    assert "No plan with a fee" in (await sam.post("/staff/coupons/new", {**fee, "look": "on"})).words
    await make_plans.club(price=500, interval="month")
    page = await sam.post("/staff/coupons/new", fee)
    assert page.status == 200, page.alerts()
    address = f"/staff/coupons/{await database.fetch_value('SELECT id FROM coupon')}"
    shown = (await sam.get(address)).words
    assert "£5.00 a month → £4.50 The first 3 payments." in shown and "any product" not in shown, shown
    page = await sam.post(address, {**fee, "discount_type": "amount", "amount": "5.00", "look": "on"})
    assert "£5.00 a month →" not in page.words and "£5.00 a month" in page.words, page.words
