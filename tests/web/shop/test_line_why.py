"""Why a line costs what it does: in the basket, and ever after on the order. Shopper and staff read the same."""

from xml.etree.ElementTree import Element

import pytest

from components.catalog.product_details import VariantDetails
from components.catalog.products import variants
from components.catalog.snapshot import snapshot_refresh
from components.foundation import database, ids
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_gifts import claimed, joined


@pytest.fixture
async def mug(goods: Shop) -> Shop:
    """One at £24.00."""
    await make_products.product(on_hand=10)
    return goods


def rules(page: Page) -> list[str]:
    """Everything that was considered, as it is read."""
    return [_words(e) for e in page.tree.iter("li") if e.get("class", "").startswith("why__rule")]


def sums(page: Page) -> list[str]:
    return [_words(e) for e in page.tree.iter("div") if e.get("class", "").startswith("totals__row")]


def _words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def whys(page: Page) -> list[str]:
    return [href for href in page.links() if href.endswith("/why")]


async def bought(shop: Shop, maya: Browser) -> str:
    """Two mugs at a member price with a coupon that stacks; the order's token."""
    await editing.create(
        CouponDetails(code="FIRSTFIRE", words="a tenth off", discount_type="percent", value=1000, stacks=True)
    )
    await buy_products.put_in(maya, quantity=2)
    await maya.submit(await maya.get("/basket"), "/basket/coupon", coupon="firstfire")
    await shop.pay(await buy_products.check_out(maya))
    await shop.catch_up()
    return (await buy_products.the_order()).token


async def test_a_line_of_an_order_says_why_in_a_sheet_and_on_a_page_of_its_own(mug: Shop) -> None:
    maya = await buy_products.member(mug)
    order = await maya.get(f"/orders/{await bought(mug, maya)}")
    (href,) = whys(order)
    page = await maya.get(href)
    assert page.heading == "Why this price?" and "ordered on 1 March 2027" in page.words
    assert rules(page) == rules(order) and len(rules(page)) == 3
    assert "The lowest price available to you, so it’s the one you pay. £21.60" in rules(page)[1]
    assert rules(page)[2].startswith("Coupon FIRSTFIRE, off the line total") and rules(page)[2].endswith("£38.88")
    assert [row.rsplit(" ", 1)[-1] for row in sums(page)] == ["£48.00", "−£4.80", "−£4.32", "£38.88"]
    assert page.headers["cache-control"] == "private, no-store"


async def test_shopper_and_staff_read_the_same_words(mug: Shop) -> None:
    maya = await buy_products.member(mug)
    token = await bought(mug, maya)
    number = (await buy_products.the_order()).number
    await people.staff("sam@kiln.test", ("orders",))
    sam = await mug.signed_in("sam@kiln.test")
    pages = []
    for browser, order in (
        (mug.browser(), f"/orders/{token}"),
        (maya, f"/account/orders/{number}"),
        (sam, f"/staff/orders/{number}"),
    ):
        assert whys(await browser.get(order)) == [f"{order}/lines/1/why"]
        pages.append(await browser.get(f"{order}/lines/1/why"))
    told = [(rules(page), sums(page)) for page in pages]
    assert told[0] == told[1] == told[2] and told[0][0]


async def test_somebody_elses_line_is_one_that_never_was(mug: Shop) -> None:
    maya = await buy_products.member(mug)
    token = await bought(mug, maya)
    number = (await buy_products.the_order()).number
    await people.customer("noor@kiln.test")
    noor = await mug.signed_in("noor@kiln.test")
    theirs = await noor.get(f"/account/orders/{number}/lines/1/why")
    never = await noor.get("/account/orders/KILN-1/lines/1/why")
    for page in (theirs, never):
        assert page.status == 404 and "We could not find this order." in page.words
    assert (await noor.get(f"/staff/orders/{number}/lines/1/why")).status == 403
    assert (await mug.browser().get(f"/orders/{'x' * len(token)}/lines/1/why")).status == 404
    for n in ("0", "2", "-1", "99999999999999999999", "one"):
        assert (await maya.get(f"/account/orders/{number}/lines/{n}/why")).status == 404, n


async def test_prices_that_change_afterwards_change_no_story(mug: Shop) -> None:
    maya = await buy_products.member(mug)
    token = await bought(mug, maya)
    before = await maya.get(f"/orders/{token}/lines/1/why")
    lead = snapshot_refresh.snapshot().product("moon-mug").lead  # type: ignore[union-attr]
    await variants.revise(lead.id, VariantDetails(price=9900, on_hand=10))
    await mug.refresh()
    after = await maya.get(f"/orders/{token}/lines/1/why")
    assert rules(after) == rules(before) and sums(after) == sums(before)


async def test_a_line_of_the_basket_tells_of_its_coupon_and_of_the_club(mug: Shop) -> None:
    await buy_products.member(mug)
    await editing.create(CouponDetails(code="FIRSTFIRE", words="£1 off", discount_type="amount", value=100))
    noor = mug.browser()
    await buy_products.put_in(noor, quantity=2)
    await noor.submit(await noor.get("/basket"), "/basket/coupon", coupon="firstfire")
    basket = await noor.get("/basket")
    (href,) = whys(basket)
    page = await noor.get(href)
    assert rules(basket) == rules(page) and "Coupon FIRSTFIRE" in rules(page)[1]
    assert sums(page) == ["2 × £24.00 £48.00", "Coupon on this item −£1.00", "Total £47.00"]
    assert "With the Kiln Club: £43.20" in page.words and "yours saves you more here" in rules(page)[-1]
    assert (await mug.browser().get(href)).status == 404
    assert (await noor.get(f"/basket/lines/{ids.new()}/why")).status == 404


async def test_a_present_says_why_it_costs_nothing(goods: Shop) -> None:
    await make_products.product()
    _, maya = await joined(goods)
    await buy_products.put_in(maya)
    basket = await claimed(maya)
    page = await maya.get(whys(basket)[1])
    assert "A cup to begin with" in page.words and sums(page)[-1] == "Total £0.00"


async def test_what_cannot_be_bought_has_no_price_to_tell_of(mug: Shop) -> None:
    noor = mug.browser()
    await buy_products.put_in(noor)
    (href,) = whys(await noor.get("/basket"))
    await database.execute("UPDATE product SET members_only = true")
    await mug.refresh()
    assert whys(await noor.get("/basket")) == []
    assert (await noor.get(href)).status == 404
