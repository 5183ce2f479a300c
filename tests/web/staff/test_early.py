"""The staff say how many pieces are for early buyers, and read how many are sold."""

from datetime import datetime, timedelta

import pytest

from components.catalog.early_access import purchases
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import early_access_quotas, products, variants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.catalog.views import ProductView
from components.foundation import audit, clock, database, ids
from tests.support import fill_basket, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

DAY = timedelta(days=1)


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


@pytest.fixture
async def mug(shop: Shop, at: datetime) -> ProductView:
    return await make_products.product(public_from=at + 2 * DAY, on_hand=5)


def form_of(product: ProductView) -> str:
    return f"/staff/products/{product.slug}/variants/{product.lead.id}"


async def says(iris: Browser, product: ProductView, number: str) -> Page:
    return await iris.submit(await iris.get(form_of(product)), form_of(product), early_allotment=number)


async def allotment() -> int | None:
    found: int | None = await database.fetch_value("SELECT early_allotment FROM variant")
    return found


async def sold_early(product: ProductView, quantity: int) -> None:
    order = ids.new()
    buyer = purchases.EarlyBuyer(person_id=ids.new(), most={product.id: None})
    await stock.reserve({product.lead.id: quantity}, because_of=order, until=clock.in_days(1), buyer=buyer)
    await stock.sell(order)


async def test_a_number_is_kept_shown_and_written_down(iris: Browser, mug: ProductView) -> None:
    page = await says(iris, mug, "3")
    assert "Saved." in page.words and await allotment() == 3
    assert snapshot_refresh.snapshot().variant(mug.lead.id).early_left == 3  # type: ignore[union-attr]
    await sold_early(mug, 2)
    assert "2 of 3" in (await iris.get("/staff/products/moon-mug")).words
    edit = await iris.get(form_of(mug))
    assert "2 items sold or reserved in early access. General sale starts on Wednesday 3 March at 12:00" in edit.words
    assert edit.form(form_of(mug)).given["early_allotment"] == "3"
    entry = next(one for one in await audit.entries(subject="variant") if one["what"] == "early-access limit changed")
    assert '"early_allotment":3' in entry["after"]
    await says(iris, mug, "")
    assert await allotment() is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("-1", "Choose a number from 0 to 1000000."),
        ("a few", "Enter a whole number."),
        ("1", "2 are already sold or reserved in early access: it can’t be fewer."),
    ],
)
async def test_nonsense_is_refused_at_its_field(iris: Browser, mug: ProductView, number: str, words: str) -> None:
    await sold_early(mug, 2)
    page = await says(iris, mug, number)
    assert page.status == 422 and words in page.words
    assert page.form(form_of(mug)).given["early_allotment"] == number
    assert await allotment() is None


async def test_without_a_day_to_come_nobody_is_early(iris: Browser, at: datetime) -> None:
    plain = await make_products.product("Plain mug")
    page = await iris.submit(await iris.get(form_of(plain)), form_of(plain), early_allotment="3", price="99.00")
    assert page.status == 422 and "without one there is no early access" in page.words
    assert await database.fetch_value("SELECT price FROM variant") == 2400, "all of the form or nothing"
    opened = await make_products.product("Old mug", public_from=at - DAY)
    page = await says(iris, opened, "3")
    assert page.status == 422 and "already on general sale" in page.words


async def test_an_old_number_stays_when_something_else_is_changed(
    iris: Browser, mug: ProductView, at: datetime
) -> None:
    await early_access_quotas.save(mug.lead.id, 3)
    clock.set_everywhere(at + 3 * DAY)
    page = await iris.submit(await iris.get(form_of(mug)), form_of(mug), price="25.00")
    assert "Saved." in page.words and await allotment() == 3
    edit = await iris.get(form_of(mug))
    assert "It has been on general sale since Wednesday 3 March at 12:00" in edit.words
    revised = ProductDetails(title="Moon mug")
    await products.revise(mug.id, revised)
    assert "there is no early access and this limit has no effect" in (await iris.get(form_of(mug))).words


async def test_more_than_there_is_may_be_promised_but_is_said(iris: Browser, mug: ProductView) -> None:
    page = await says(iris, mug, "9")
    assert "The early-access limit is above the stock on hand (5)" in page.words and await allotment() == 9


async def test_a_new_variant_may_have_its_number_at_once(iris: Browser, mug: ProductView) -> None:
    await database.execute("UPDATE product SET option_names = ARRAY['Glaze']")
    await database.execute("UPDATE variant SET options = ARRAY['Moss']")
    form = await iris.get("/staff/products/moon-mug/variants/new")
    typed = {"option1": "Salt", "price": "24.00", "on_hand": "5", "early_allotment": "2"}
    page = await iris.submit(form, "/staff/products/moon-mug/variants", **typed)
    assert "Variant added." in page.words and "0 of 2" in page.words


async def test_a_file_that_comes_in_again_leaves_the_number_alone(iris: Browser, mug: ProductView) -> None:
    await early_access_quotas.save(mug.lead.id, 3)
    await variants.revise(mug.lead.id, VariantDetails(price=2600))
    assert await allotment() == 3


async def test_a_benefit_has_a_cap_or_none(iris: Browser, mug: ProductView) -> None:
    new = "/staff/benefits/new?kind=early_access"
    given = {"name": "Early", "hours": "72", "covers": "everything"}
    wrong = await iris.post(new, {**given, "most": "0"})
    assert wrong.status == 422 and "Enter between 1 and 99, or leave it empty." in wrong.words
    shown = await iris.post(new, {**given, "most": "2", "look": "1"})
    assert "Can be bought, up to 2" in shown.words
    await iris.post(new, {**given, "most": "2"})
    assert '"most":2' in await database.fetch_value("SELECT replace(settings::text, ' ', '') FROM benefit_version")
