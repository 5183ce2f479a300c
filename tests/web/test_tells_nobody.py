"""What a form answers about somebody else's e-mail: the same, whether they have an account here, orders and a trial, or
nothing. The table is in docs/security.md."""

import re
from collections.abc import Awaitable, Callable

import pytest

from components.foundation import database
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

KNOWN, UNKNOWN = "known.one@kiln.test", "nobody.one@kiln.test"
Asked = Callable[[Browser, str], Awaitable[tuple[int, str]]]


async def _post(browser: Browser, path: str, **data: str) -> tuple[int, str]:
    answer = await browser.client.post(path, data=data, follow_redirects=True)
    return answer.status_code, answer.text


async def _sign_in(browser: Browser, email: str) -> tuple[int, str]:
    return await _post(browser, "/sign-in", email=email, password="not the password")


async def _ask_for_link(browser: Browser, email: str) -> tuple[int, str]:
    return await _post(browser, "/sign-in/email", email=email)


async def _code(browser: Browser, email: str) -> tuple[int, str]:
    return await _post(browser, "/sign-in/code", email=email, code="000000")


async def _coupon(browser: Browser, email: str) -> tuple[int, str]:
    await buy_products.put_in(browser)
    return await _post(browser, "/checkout/coupon", coupon="FIRSTFIRE", email=email)


async def _trial(browser: Browser, email: str) -> tuple[int, str]:
    """The checkout's words and sums with a plan that has a trial, before anything is placed."""
    await buy_products.put_in(browser)
    return await _post(browser, "/checkout", email=email, join="annual", shown_join="annual")


async def _order(browser: Browser, email: str) -> tuple[int, str]:
    await buy_products.put_in(browser)
    page = await buy_products.check_out(browser, email=email)
    return page.status, "pay page" if buy_products.is_pay_page(page) else page.text


async def _gift(browser: Browser, email: str) -> tuple[int, str]:
    return await _post(browser, "/gifts", recipient_email=email, recipient_name="A", giver_name="B")


CELLS: dict[str, Asked] = {
    "sign-in": _sign_in, "sign-in link": _ask_for_link, "sign-in code": _code, "coupon": _coupon, "trial": _trial,
    "order": _order, "gift": _gift,
}  # fmt: skip


def _same(text: str) -> str:
    """The words, without what was typed, and what is new on every page."""
    for email in (KNOWN, UNKNOWN):
        text = text.replace(email, "[typed]").replace(email.replace("@", "%40"), "[typed]")
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}|[\w-]{43}", "[new]", text)
    return re.sub(r"\s+", " ", text)


@pytest.fixture
async def stocked(goods: Shop) -> Shop:
    """Somebody with an account, a paid order, and nothing else that the other has not."""
    await make_products.product(on_hand=50)
    await make_plans.club()
    await editing.create(
        CouponDetails(code="FIRSTFIRE", words="£1 off", discount_type="amount", value=100, first_order_only=True)
    )
    await people.customer(KNOWN)
    await buy_products.buy(goods, goods.browser(), email=KNOWN)
    await goods.catch_up()
    await goods.refresh()
    return goods


@pytest.mark.parametrize("form", CELLS)
async def test_the_answer_is_the_same_and_the_limits_count_the_same(stocked: Shop, form: str) -> None:
    said = {}
    for email in (KNOWN, UNKNOWN):
        await database.execute("DELETE FROM rate_limit_window")
        status, text = await CELLS[form](stocked.browser(), email)
        counted = await database.fetch("SELECT cardinality(at) AS tries FROM rate_limit_window ORDER BY 1")
        said[email] = (status, _same(text), [row["tries"] for row in counted])
    assert said[KNOWN] == said[UNKNOWN]
