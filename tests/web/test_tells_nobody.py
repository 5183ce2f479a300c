"""What a form answers about somebody else's e-mail: the same, whether they have an account here, orders and a
membership, or nothing: words, status, tries counted, passwords hashed, statements. The table is in docs/security.md."""

import re
from collections.abc import Awaitable, Callable

import pytest
from argon2 import PasswordHasher

from components.foundation import database
from components.memberships.editing import plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.orders import order_links
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

KNOWN, UNKNOWN, PAYER = "known.one@kiln.test", "nobody.one@kiln.test", "payer@kiln.test"
Answer = tuple[int, str, int]
Asked = Callable[[Browser, str], Awaitable[Answer]]
PASSWORD = "a long kiln word"


async def _post(browser: Browser, path: str, **data: str) -> Answer:
    """Status, page, and how many statements it took."""
    with database.counted() as tally:
        answer = await browser.client.post(path, data=data, follow_redirects=True)
    return answer.status_code, answer.text, tally.count


async def _sign_in(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/sign-in", email=email, password="not the password")


async def _ask_for_link(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/sign-in/email", email=email)


async def _code(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/sign-in/code", email=email, code="000000")


async def _coupon(browser: Browser, email: str) -> Answer:
    await buy_products.put_in(browser)
    return await _post(browser, "/checkout/coupon", coupon="FIRSTFIRE", email=email)


async def _trial(browser: Browser, email: str) -> Answer:
    """The checkout's words and sums with a plan that has a trial, before anything is placed."""
    await buy_products.put_in(browser)
    return await _post(browser, "/checkout", email=email, join="annual", shown_join="annual")


async def _order(browser: Browser, email: str) -> Answer:
    await buy_products.put_in(browser)
    page = await browser.get("/checkout")
    with database.counted() as tally:
        page = await browser.submit(page, "/checkout", **{**buy_products.TYPED, "email": email})
    return page.status, "pay page" if buy_products.is_pay_page(page) else page.text, tally.count


async def _joining_order(browser: Browser, email: str) -> Answer:
    await buy_products.put_in(browser)
    page = await browser.get("/checkout?join=annual")
    return await _post(browser, "/checkout", **{**page.form("/checkout").given, **buy_products.TYPED, "email": email})


async def _join(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/join/annual", email=email)


async def _sign_up(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/sign-up", email=email, name="A", password=PASSWORD)


async def _sign_up_by_email(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/sign-up", email=email, name="A")


async def _weak_sign_up(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/sign-up", email=email, password="password")


async def _code_after_sign_up(browser: Browser, email: str) -> Answer:
    await _sign_up(browser, email)
    return await _post(browser, "/sign-in/code", email=email, code="000000")


async def _account_from_order(browser: Browser, email: str) -> Answer:
    """Whoever orders under somebody else's e-mail has the order's page."""
    await buy_products.put_in(browser, "pattern")
    await buy_products.check_out(browser, email=email)
    order_id = await database.fetch_value("SELECT id FROM orders WHERE email = $1 ORDER BY total LIMIT 1", email)
    path = f"/orders/{order_links.token(order_id)}"
    assert "Create an account" in (await browser.get(path)).words
    return await _post(browser, f"{path}/account", password=PASSWORD)


async def _seat(browser: Browser, email: str) -> Answer:
    await browser.post("/sign-in", {"email": PAYER, "password": people.PASSWORD})
    return await _post(browser, "/account/membership/household", email=email)


async def _partner_code(browser: Browser, email: str) -> Answer:
    """Codes of partners, of gifts: asked by code, never by e-mail."""
    return await _post(browser, "/gifts/redeem", code="AAAA-BBBB-CCCC", email=email)


async def _change_of_email(browser: Browser, email: str) -> Answer:
    await browser.post("/sign-in", {"email": PAYER, "password": people.PASSWORD})
    return await _post(browser, "/account/details/email", email=email)


async def _gift(browser: Browser, email: str) -> Answer:
    return await _post(browser, "/gifts", recipient_email=email, recipient_name="A", giver_name="B")


CELLS: dict[str, Asked] = {
    "sign-in": _sign_in, "sign-in link": _ask_for_link, "sign-in code": _code, "coupon": _coupon, "trial": _trial,
    "order": _order, "gift": _gift, "joining order": _joining_order, "join": _join, "sign-up": _sign_up,
    "sign-up by e-mail": _sign_up_by_email, "weak sign-up": _weak_sign_up, "code after sign-up": _code_after_sign_up,
    "account from an order": _account_from_order, "seat": _seat, "partner code": _partner_code,
    "change of e-mail": _change_of_email,
}  # fmt: skip


def _same(text: str) -> str:
    """The words, without what was typed, and what is new on every page."""
    for email in (KNOWN, UNKNOWN):
        text = text.replace(email, "[typed]").replace(email.replace("@", "%40"), "[typed]")
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}|[\w-]{43}", "[new]", text)
    return re.sub(r"\s+", " ", text)


@pytest.fixture
async def stocked(goods: Shop) -> Shop:
    """Somebody with an account, a paid order and a membership, and nothing else that the other has not."""
    await make_products.product(on_hand=50)
    await make_products.product("Pattern", price=0, needs_delivery=False)
    await plans.set_terms((await make_plans.club()).id, plans.PlanTerms(seats=2), by=None)
    await editing.create(
        CouponDetails(code="FIRSTFIRE", words="£1 off", discount_type="amount", value=100, first_order_only=True)
    )
    known = await people.customer(KNOWN)
    await complimentary.grant(known.id, plan_catalogue.by_slug("annual"), until=None, by=known.id)
    payer = await people.customer(PAYER)
    await complimentary.grant(payer.id, plan_catalogue.by_slug("annual"), until=None, by=payer.id)
    await buy_products.buy(goods, goods.browser(), email=KNOWN)
    await goods.catch_up()
    await goods.refresh()
    return goods


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each password that was hashed or compared, which takes longer than all else."""
    done: list[str] = []
    for way in ("hash", "verify"):
        real = getattr(PasswordHasher, way)

        def counting(*given: object, real: Callable[..., object] = real, **more: object) -> object:
            done.append(real.__name__)
            return real(*given, **more)

        monkeypatch.setattr(PasswordHasher, way, counting)
    return done


@pytest.mark.parametrize("form", CELLS)
async def test_the_answer_is_the_same_and_the_limits_count_the_same(
    stocked: Shop, form: str, hashed: list[str]
) -> None:
    said, statements = {}, {}
    for email in (KNOWN, UNKNOWN):
        await database.execute("DELETE FROM rate_limit_window")
        hashed.clear()
        status, text, statements[email] = await CELLS[form](stocked.browser(), email)
        counted = await database.fetch("SELECT cardinality(at) AS tries FROM rate_limit_window ORDER BY 1")
        said[email] = (status, _same(text), [row["tries"] for row in counted], len(hashed))
    assert said[KNOWN] == said[UNKNOWN]
    assert abs(statements[KNOWN] - statements[UNKNOWN]) <= 2, statements
