"""Whoever saves second is told, and has both texts: one test over every form that changes what staff share.

And what was typed for something that is gone meanwhile, or has another address, is shown again.
"""

from typing import Any

import pytest

from components.catalog.sales import sales
from components.checkout.delivery import delivery_terms
from components.content import article_editing
from components.content.article_editing import Draft
from components.content.pages import page_editing
from components.content.site import home_editing
from components.pricing.coupons import queries
from tests.support import fill_basket, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

SETTINGS = "/staff/settings"
Cells = tuple[tuple[str, str, str, tuple[str, str]], ...]
"""The page, the form's address, a field, and what the first and the second person type into it."""


async def cells(iris: Browser) -> Cells:
    await fill_basket.ways()
    plan = await make_plans.club()
    product = await make_products.product(sku="MOON")
    await iris.post("/staff/collections", {"title": "Bags", "position": "1", "is_listed": "on"})
    coupon = {"code": "FIRST", "words": "First", "discount_type": "percent", "percent": "10", "covers": "everything"}
    await iris.post("/staff/coupons/new", coupon)
    sale = {"name": "Sale", "discount_type": "percent", "percent": "10", "covers": "variant"}
    made = await iris.post("/staff/sales/new", sale | {"variants": "MOON", "from_at": "2031-01-01T00:00"})
    assert made.status == 200, made.alerts()
    shed = {"name": "Shed", "line1": "1 Lane", "city": "Leeds", "postcode": "LS1 4AB", "country": "GB"}
    await iris.post("/staff/delivery/pickup", shed | {"fee": "0", "position": "9", "ready_days": "1"})
    await home_editing.begin()
    terms = await delivery_terms.current()
    section = next(one.id for one in home_editing.sections() if one.kind == "hero")
    plan_page, plain = f"/staff/plans/{plan.slug}", ("Ours", "Theirs")
    method = next(f"/staff/delivery/methods/{one.id}" for one in terms.methods if not one.pickup)
    shed_page = next(f"/staff/delivery/pickup/{one.id}" for one in terms.methods if one.pickup)
    variant = f"/staff/products/{product.slug}/variants/{product.variants[0].id}"
    own = (
        (f"/staff/home/{section}", "title", plain),
        (f"{SETTINGS}/shop", "shop_name", plain),
        (f"{SETTINGS}/company", "company_name", plain),
        (f"{SETTINGS}/checkout", "checkout_phone", ("optional", "required")),
        (f"{SETTINGS}/emails", "reply_to", ("a@kiln.test", "b@kiln.test")),
        (f"{SETTINGS}/announcement", "announcement_text", plain),
        (f"{SETTINGS}/delivery", "handling_most", ("3", "4")),
        (f"{SETTINGS}/tax", "small_business_note", plain),
        (f"/staff/products/{product.slug}", "title", plain),
        (variant, "price", ("30.00", "31.00")),
        ("/staff/collections/bags", "description", plain),
        (f"/staff/benefits/{plan.benefits[0].id}", "name", plain),
        (f"/staff/coupons/{(await queries.all_coupons())[0].id}", "words", plain),
        (f"/staff/sales/{(await sales.all_sales())[0].id}", "name", plain),
        (method, "words", plain),
        (shed_page, "words", plain),
        (f"/staff/delivery/zones/{terms.zones[0].id}", "name", plain),
    )
    on_plan = (("", "summary", plain), ("/price", "price", ("41.00", "42.00")), ("/terms", "seats", ("1", "2")))
    return (
        *((page, page, field, typed) for page, field, typed in own),
        *((plan_page, f"{plan_page}{form}", field, typed) for form, field, typed in on_plan),
    )


async def test_whoever_saves_second_is_told_and_has_both(goods: Shop) -> None:
    await people.owner()
    iris = await goods.signed_in("iris@kiln.test")
    wrong = {}
    for address, form, field, typed in await cells(iris):
        if trouble := await _second_is_told(iris, address, form, field, typed):
            wrong[form] = trouble
        await goods.refresh()
    assert not wrong


async def _second_is_told(iris: Browser, address: str, form: str, field: str, typed: tuple[str, str]) -> str:
    ours, theirs = await iris.get(address), await iris.get(address)
    saved = await iris.submit(ours, form, **{field: typed[0]})
    told = await iris.submit(theirs, form, **{field: typed[1]})
    if saved.status != 200 or told.status != 409 or "nothing was saved" not in told.alerts():
        return f"{saved.status} {saved.alerts()} {told.status} {told.alerts()}"
    if told.form(form).given[field] != typed[1] or "Saved meanwhile" not in told.words:
        return "both texts are not there"
    again = await iris.submit(told, form)
    return "" if again.status == 200 else f"cannot be saved after that: {again.alerts()}"


GONE: dict[str, dict[str, Any]] = {
    "/staff/pages/care": {"title": "Care", "body": "With oil."},
    "/staff/articles/wood": {"title": "Wood", "teaser": "T", "body": "With oil."},
    "/staff/products/mug": {"title": "Mug", "description": "With oil."},
    "/staff/collections/bags": {"title": "Bags", "description": "With oil."},
    "/staff/plans/annual": {"name": "Annual", "summary": "With oil."},
    "/staff/benefits/0198a0a0-0000-7000-8000-000000000000": {"name": "With oil."},
    "/staff/coupons/0198a0a0-0000-7000-8000-000000000000": {"words": "With oil."},
    "/staff/sales/0198a0a0-0000-7000-8000-000000000000": {"name": "With oil."},
    "/staff/home/0198a0a0-0000-7000-8000-000000000000": {"text": "With oil."},
    "/staff/menus/side": {"label_0": "With oil."},
    "/staff/delivery/methods/0198a0a0-0000-7000-8000-000000000000": {"words": "With oil."},
    "/staff/delivery/zones/0198a0a0-0000-7000-8000-000000000000": {"name": "With oil."},
    "/staff/delivery/pickup/0198a0a0-0000-7000-8000-000000000000": {"words": "With oil."},
    "/staff/email-texts/nonsense": {"body": "With oil."},
    "/staff/orders/K-1/notes": {"words": "With oil."},
}


async def test_what_was_typed_for_something_that_is_gone_is_shown_again(shop: Shop) -> None:
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    for address, typed in GONE.items():
        told = await iris.post(address, typed)
        assert told.status == 404 and "With oil." in told.words and "Nothing was saved" in told.words, address
    assert "With oil." not in (await shop.browser().post("/staff/pages/care", GONE["/staff/pages/care"])).words
    secret = await iris.post("/staff/pages/care", {"body": "x", "new_password": "kiln-demo"})
    assert "kiln-demo" not in secret.words


@pytest.mark.parametrize("kind", ["pages", "articles"])
async def test_a_page_that_moved_meanwhile_keeps_what_was_typed(shop: Shop, kind: str) -> None:
    await people.owner()
    await page_editing.create(page_editing.PageDraft(slug="care", title="Care", body="By hand."), by=None)
    await article_editing.create(Draft(slug="care", title="Care", teaser="T", body="By hand."), by=None)
    iris, edit = await shop.signed_in("iris@kiln.test"), f"/staff/{kind}/care"
    first, second = await iris.get(edit), await iris.get(edit)
    await iris.submit(first, edit, slug="caring")
    told = await iris.submit(second, edit, body="With a lot of oil.")
    assert told.status == 404 and "With a lot of oil." in told.words and "another address" in told.words
