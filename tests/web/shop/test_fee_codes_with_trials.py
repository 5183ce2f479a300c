"""A discount code alone and with a free trial: each payment is as the page told it before anything was paid."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from components.foundation import clock, database
from components.memberships.discounts import discount_upkeep
from components.messaging.notices import notice_emails
from components.payments import invariants as payment_invariants
from components.payments import reconcile
from components.payments.timeouts import request_time
from components.pricing import invariants as coupon_invariants
from tests.support import join_members, make_plans
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states, visits

DOCUMENT = (Path(__file__).parents[3] / "docs" / "memberships.md").read_text()
DAYS = {"month": 31, "year": 366}
CHARGED = "SELECT amount_paid FROM mirrored_invoice WHERE status = 'paid' AND total > 0 ORDER BY created_at"


async def trial(price: int, interval: str = "month", days: int = 14) -> None:
    await make_plans.club(slug="tried", price=price, interval=interval)
    await database.execute("UPDATE plan SET trial_days = $1 WHERE slug = 'tried'", days)


async def begins(shop: Shop, browser: Browser, typed: str) -> None:
    page = await browser.get(f"/join/tried?code={typed}")
    outcome = await shop.pay(await browser.submit(page, "/join/tried"), "4242424242424242")
    await browser.get(outcome.url)
    await shop.catch_up()


async def later(shop: Shop, days: int) -> None:
    for hours in (days * 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        await shop.catch_up()
    await discount_upkeep.keep_promises()
    await shop.catch_up()


TERMS: dict[str, tuple[dict[str, Any], list[int], list[int]]] = {
    "off one payment": ({"value": 2000}, [400, 500, 500], [500, 500, 500]),
    "off N payments": (
        {"discount_type": "amount", "value": 150, "fee_payments": 2}, [350, 350, 500], [500, 500, 500],
    ),
    "off every payment": ({"value": 2000, "fee_payments": None}, [400, 400, 400], [400, 400, 400]),
}  # fmt: skip
SAID = {
    (0, "off one payment"): "You pay £4.00 today, then £5.00",
    (0, "off N payments"): "You pay £3.50 for each of your first 2 payments, the first of them today, then £5.00",
    (0, "off every payment"): "You pay £4.00 today, and £4.00",
    (14, "off one payment"): "nothing for 14 days. Your first payment is £4.00, then £5.00",
    (14, "off N payments"): "nothing for 14 days. Each of your first 2 payments is £3.50, then £5.00",
    (14, "off every payment"): "nothing for 14 days. Then you pay £4.00",
}
ROWS = {"monthly, alone", "yearly, alone", "monthly, with a free trial", "yearly, with a free trial"}
REFUSED = {"a gift"}
ORDERS = {"with an order", "with an order and a free trial"}
"""Walked in `test_fee_codes_with_orders.py`."""
ONCE = {"a plan paid once, for a term or for life", "a plan paid once, with an order"}
"""Walked in `test_fee_codes_paid_once.py`, and in `test_terms_with_orders.py`."""


def test_the_table_has_these_cells() -> None:
    part = DOCUMENT.split("| a code, by percentage or amount |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| \*\*(.+?)\*\* \|", part, re.M)) == ROWS | REFUSED | ORDERS | ONCE
    assert part.split("\n")[0].strip(" |").split(" | ") == list(TERMS)


@pytest.mark.parametrize("interval", ["month", "year"])
@pytest.mark.parametrize(("days", "terms"), list(SAID))
async def test_each_cell_is_told_and_charged(shop: Shop, interval: str, days: int, terms: str) -> None:
    given, wanted, net = TERMS[terms]
    first = f"£{wanted[0] / 100:.2f}"
    await trial(500, interval, days)
    await shop.refresh()
    await code("SPRING", **given)
    maya = await visits(shop, join_members.MAYA)
    page = (await maya.get("/join/tried?code=spring")).words
    total = "First payment, after the trial" if days else "To pay today"
    assert SAID[days, terms] in page and f"{total} {first}" in page, page
    await begins(shop, maya, "SPRING")
    assert await states() == ["used"] and await database.fetch_values(CHARGED) == wanted[: 0 if days else 1]
    account, following = (await maya.get("/account/membership")).words, wanted[0 if days else 1]
    assert f"£{following / 100:.2f} on" in account, account
    if days:
        await _is_told_of_its_end(shop, first)
    for _ in range(2):
        await later(shop, DAYS[interval])
    assert await database.fetch_values(CHARGED) == wanted
    assert await database.fetch_values("SELECT net_price FROM paid_period ORDER BY starts_at") == net
    assert not await coupon_invariants.invariants() and not await payment_invariants.invariants()


async def _is_told_of_its_end(shop: Shop, first: str) -> None:
    (started,) = await database.fetch_values("SELECT text FROM email WHERE template = 'trial_started'")
    assert "off" in started.split("continues at")[1].split(",")[0], started
    clock.set_everywhere(clock.now() + timedelta(days=11, hours=1))
    await notice_emails.send_trial_notices()
    await shop.catch_up()
    (ending,) = await database.fetch_values("SELECT text FROM email WHERE template = 'trial_ending'")
    assert f"Tried: {first}" in ending, ending
    await later(shop, 3)


async def test_nobody_loses_a_use_to_a_trial_that_does_not_begin(shop: Shop) -> None:
    await trial(500)
    await shop.refresh()
    await code("LAST", limit_total=1)
    maya = await visits(shop, join_members.MAYA)
    await maya.submit(await maya.get("/join/tried?code=LAST"), "/join/tried")
    assert await states() == ["reserved"]
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await shop.catch_up()
    assert await states() == ["returned"], "its page has expired"
    await begins(shop, maya, "LAST")
    assert await states() == ["returned", "used"]
    noor = await visits(shop, "noor@kiln.test")
    assert "usage limit" in (await noor.get("/join/tried?code=LAST")).words


async def test_a_second_trial_with_the_same_card_gives_the_code_back(shop: Shop) -> None:
    await trial(500)
    await shop.refresh()
    await code("ONCE", limit_total=2)
    await begins(shop, await visits(shop, join_members.MAYA), "ONCE")
    await begins(shop, await visits(shop, "noor@kiln.test"), "ONCE")
    await shop.catch_up()
    assert sorted(await states()) == ["returned", "used"]
    assert await database.fetch_value("SELECT count(*) FROM fee_discount WHERE ended_at IS NULL") == 1
    assert not await coupon_invariants.invariants()


async def test_what_stripe_could_not_be_told_when_the_trial_began_is_told_later(shop: Shop) -> None:
    await trial(500)
    await shop.refresh()
    await code("SPRING")
    maya = await visits(shop, join_members.MAYA)
    page = await maya.submit(await maya.get("/join/tried?code=SPRING"), "/join/tried")
    outcome = await shop.pay(page, "4242424242424242")
    shop.stand_in.fault("key_in_use", times=1000)  # nothing can be changed there, though it can be read
    await maya.get(outcome.url)
    await shop.catch_up()
    shop.stand_in.fault("key_in_use", times=0)
    assert await database.fetch_value("SELECT begun_at FROM fee_discount") is None
    await later(shop, 1)
    await later(shop, 13)
    assert await database.fetch_values(CHARGED) == [400]


async def test_while_stripe_answers_nothing_at_all_the_joining_waits_and_the_code_with_it(shop: Shop) -> None:
    """Not even reading: the page that was paid is looked at again within the hour, and nothing is lost or had twice."""
    await trial(500)
    await shop.refresh()
    await code("SPRING", limit_total=1)
    maya = await visits(shop, join_members.MAYA)
    page = await maya.submit(await maya.get("/join/tried?code=SPRING"), "/join/tried")
    outcome = await shop.pay(page, "4242424242424242")
    request_time.use_patience(request_time.Patience(writes=0.1, first_pause=0.01))
    shop.stand_in.fault("unavailable", times=100_000)
    waiting = await maya.get(outcome.url)
    await shop.catch_up()
    assert waiting.status == 200 and await states() == ["reserved"] and "is active" not in waiting.words
    noor = await visits(shop, "noor@kiln.test")
    assert "usage limit" in (await noor.get("/join/tried?code=SPRING")).words, "its only use is not given away"
    shop.stand_in.fault("unavailable", times=0)
    request_time.use_patience(request_time.Patience())
    clock.set_everywhere(clock.now() + timedelta(hours=1, minutes=1))
    await reconcile.lightly()
    await shop.catch_up()
    await discount_upkeep.keep_promises()
    await shop.catch_up()
    assert await states() == ["used"]
    await later(shop, 14)
    assert await database.fetch_values(CHARGED) == [400]
    assert not await coupon_invariants.invariants() and not await payment_invariants.invariants()
