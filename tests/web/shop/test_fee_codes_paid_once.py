"""A code on a plan that is paid once: off its one payment, told and charged to the penny, and never too often."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids, json
from components.foundation.shop_settings import setting_rows
from components.invoices import fee_invoices
from components.memberships import invariants
from components.memberships.editing import plans
from components.memberships.grants import fixed_term, paid_once_refunds
from components.payments import invariants as payment_invariants
from components.pricing import invariants as coupon_invariants
from tests.support import join_members, people
from tests.support.shops import Shop
from tests.web.shop import test_fee_codes
from tests.web.shop.test_fee_codes import states, visits

INVOICES = {
    "invoices": "on", "company_name": "Kiln Ltd", "company_street": "1 Kiln Lane", "company_town": "Leeds LS1 1AA",
}  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {
    "percent": {"discount_type": "percent", "value": 2550},
    "amount": {"discount_type": "amount", "value": 1200},
}
PLANS = {"six months": ("month", 6, 2057), "life": ("life", 1, 6007)}
PAYMENTS = {"once": 1, "first payments": 3, "every payment": None}
LEFT = {("percent", 2057): 1532, ("percent", 6007): 4475, ("amount", 2057): 857, ("amount", 6007): 4807}


async def once(price: int = 2000, *, interval: str = "month", count: int = 6) -> None:
    await plans.create(
        slug="once",
        name="Once",
        summary="",
        price=price,
        interval=interval,
        interval_count=count,
        is_once=True,
        by=None,
    )


async def code(name: str, **given: Any) -> None:
    """One that names the plan, unless it is said otherwise."""
    await test_fee_codes.code(name, **{"fee_plans": ("once",), **given})


async def all_is_well() -> None:
    for rules in (invariants, payment_invariants, coupon_invariants):
        assert await rules.invariants() == []


async def term() -> dict[str, Any]:
    (row,) = await database.fetch("SELECT * FROM paid_term")
    return row


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payments", PAYMENTS)
async def test_each_kind_of_code_is_off_the_one_payment(shop: Shop, plan: str, kind: str, payments: str) -> None:
    interval, count, price = PLANS[plan]
    await setting_rows.change(INVOICES, by=None)
    await shop.refresh()
    await once(price, interval=interval, count=count)
    await code("LESS", **KINDS[kind], fee_payments=PAYMENTS[payments])
    maya, left = await visits(shop, join_members.MAYA), LEFT[kind, price]
    said, off = f"£{left / 100:.2f}", f"£{(price - left) / 100:.2f}"
    shown = await maya.get("/join/once?code=less")
    assert f"Coupon LESS −{off}" in shown.words and f"To pay today {said}" in shown.words
    assert f"You pay {said} once, for" in shown.words and "It doesn’t renew" in shown.words
    outcome = await shop.pay(await maya.submit(shown, "/join/once"))
    await maya.get(outcome.url)
    await shop.catch_up()
    assert await database.fetch_values("SELECT amount FROM checkout_session WHERE paid_at IS NOT NULL") == [left]
    assert (await term())["off"] == price - left and await states() == ["used"]
    page = (await maya.get("/account/membership")).words
    assert f"less {off} with LESS" in page and said in page
    assert await fee_invoices.ensure_once((await term())["id"]) is not None
    document = json.load(await database.fetch_value("SELECT document FROM invoice"))
    (line,) = document["lines"]
    assert line["unit"] == price and [one["amount"] for one in line["reductions"]] == [price - left]
    assert [one["amount"] for one in document["payments"] if one["by"] == "money"] == [left]
    assert await database.fetch_rows("SELECT price, net_amount FROM insights_paid_once") == [
        (left, (await term())["net_amount"])
    ]
    await all_is_well()


async def test_the_last_use_is_used_once_and_given_back_when_nobody_pays(shop: Shop) -> None:
    await once()
    await code("LAST", limit_total=1)
    both = [await visits(shop, f"{name}@kiln.test") for name in ("maya", "noor")]
    shown = [await each.get("/join/once?code=LAST") for each in both]
    sent = await asyncio.gather(*(each.submit(page, "/join/once") for each, page in zip(both, shown, strict=True)))
    assert sorted("/offline-payments" in page.path for page in sent) == [False, True] and await states() == ["reserved"]
    (refused,) = [page for page in sent if "/offline-payments" not in page.path]
    assert "LAST has reached its usage limit." in refused.words
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await shop.catch_up()
    assert await states() == ["returned"]
    again = await both[0].submit(await both[0].get("/join/once?code=LAST"), "/join/once")
    assert "/offline-payments" in again.path and "reserved" in await states()
    without = await both[0].submit(await both[0].get("/join/once"), "/join/once")
    assert "/offline-payments" in without.path and sorted(await states()) == ["returned", "returned"]
    newest = "SELECT amount FROM checkout_session ORDER BY created_at DESC, attempt DESC LIMIT 1"
    assert await database.fetch_value(newest) == 2000
    await all_is_well()


async def test_twice_is_one_use_and_another_code_replaces_it(shop: Shop) -> None:
    await once()
    await code("ONE")
    await code("TWO", value=5000)
    maya = await visits(shop, join_members.MAYA)
    for _ in range(2):
        await maya.submit(await maya.get("/join/once?code=ONE"), "/join/once")
    assert await states() == ["reserved"]
    page = await maya.submit(await maya.get("/join/once?code=TWO"), "/join/once")
    assert sorted(await states()) == ["reserved", "returned"]
    await shop.pay(page)
    await shop.catch_up()
    assert sorted(await states()) == ["returned", "used"] and (await term())["off"] == 1000
    for _ in range(2):
        await fixed_term.apply((await term())["id"])
    assert sorted(await states()) == ["returned", "used"]
    await all_is_well()


async def test_refunds_give_back_what_was_paid_and_no_more(shop: Shop) -> None:
    await setting_rows.change(INVOICES, by=None)
    await shop.refresh()
    await once()
    await code("LESS")
    maya, by = await visits(shop, join_members.MAYA), (await people.owner()).id
    await shop.pay(await maya.submit(await maya.get("/join/once?code=LESS"), "/join/once"))
    await shop.catch_up()
    reference: UUID = (await term())["id"]
    assert (await paid_once_refunds.left(reference)).amount == 1600
    for amount in (600, 1000):
        await paid_once_refunds.create(reference, amount, by=by, key=ids.new())
        await shop.catch_up()
    assert (await paid_once_refunds.left(reference)).amount == 0
    totals = await database.fetch_values("SELECT abs(total) FROM invoice ORDER BY issued_at, serial")
    assert totals == [1600, 600, 1000]
    await all_is_well()


async def test_what_is_refused_says_why_and_a_gift_has_no_field(shop: Shop) -> None:
    await once()
    await code("WHOLE", discount_type="amount", value=2000)
    await code("OTHER", fee_plans=("another",))
    await code("EVERY", fee_plans=())
    maya = await visits(shop, join_members.MAYA)
    for typed, said in (
        ("WHOLE", "can’t be used here"), ("OTHER", "isn’t for this plan"), ("NOPE", "don’t recognise"),
        ("EVERY", "EVERY is for memberships that renew."),
    ):  # fmt: skip
        page = await maya.get(f"/join/once?code={typed}")
        assert page.status == 200 and said in page.words and "You pay £20.00 once" in page.words
    assert "Discount code" in (await maya.get("/join/once")).words
    sent = await maya.post("/join/once", {"code": "NOPE"})
    assert sent.status == 422 and "don’t recognise" in sent.words and await states() == []


async def test_a_code_that_leaves_less_than_a_card_can_pay_is_refused_before(shop: Shop) -> None:
    await once()
    await code("TINY", value=9900, limit_total=2)
    for name in ("maya", "noor"):
        browser = await visits(shop, f"{name}@kiln.test")
        shown = await browser.get("/join/once?code=TINY")
        assert "TINY would leave less than £0.30, the smallest amount that can be paid by card." in shown.words
        assert "You pay £20.00 once" in shown.words
        sent = await browser.post("/join/once", {"code": "TINY"})
        assert sent.status == 422 and "smallest amount" in sent.words
    assert await states() == [] and await database.fetch_value("SELECT used FROM coupon") == 0


async def test_what_a_code_took_off_never_changes(shop: Shop) -> None:
    await once()
    await code("LESS")
    maya = await visits(shop, join_members.MAYA)
    await shop.pay(await maya.submit(await maya.get("/join/once?code=LESS"), "/join/once"))
    await shop.catch_up()
    with pytest.raises(Exception, match="what was paid for never changes"):
        await database.execute("UPDATE paid_term SET off = 0")
