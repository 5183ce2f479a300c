"""Many faults of Stripe, slowness among them: nothing is charged or refunded twice, and nothing said is untrue.

Six members pause, resume, cancel, take that back and upgrade at the same time, staff refund, and every act meets a
storm of its own. What each was told is compared with what the bank has. `make faults` meets five hundred of them;
without it there are a hundred and fifty. Seconds are a twentieth of real ones; `REAL_SECONDS=1 make faults` takes real
ones (about twenty minutes).
"""

import asyncio
import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.insights import order_invariants
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments import invariants, reconcile
from components.payments.billing_requests import request_completion
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.timeouts import request_time, unattended
from tests.support import agreed_dates, buy_products, fill_basket, join_members, make_plans, make_products, patience
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.standin.http import faults, slowness

SCALE = 1.0 if os.environ.get("REAL_SECONDS") else 0.05
FAULTS = int(os.environ.get("FAULTS", "40"))
MEMBERS = 6
HERE = "/account/membership"
SAID_DONE = {
    "pause": "on hold until",
    "resume": "Welcome back",
    "cancel": "Membership cancelled",
    "withdraw": "no longer cancelled",
    "upgrade": "You’re now on",
}
Storm = tuple[faults.Kind, tuple[int, ...], tuple[float, ...]]
STORMS: tuple[Storm, ...] = (
    ("slow", (1, 2), (2, 5, 9, 30)),
    ("slow_start", (1, 2), (2, 5, 9, 30)),
    ("silent", (1, 3), (20,)),
    ("timeout", (1, 2), (0,)),
    ("error_after_commit", (1,), (0,)),
    ("key_in_use", (2, 6), (0,)),
    ("rate_limit", (2, 6), (0,)),
    ("unavailable", (1, 4), (0,)),
)


@pytest.fixture(autouse=True)
def twentieth() -> Iterator[None]:
    with patience.scaled(SCALE):
        yield


@pytest.fixture
def struck(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The faults that really happened."""
    happened: list[str] = []
    strikes = faults.strikes

    def noted(connection: Any, kind: faults.Kind) -> float | None:
        amount = strikes(connection, kind)
        if amount is not None:
            happened.append(kind)
        return amount

    monkeypatch.setattr(faults, "strikes", noted)
    return happened


@dataclass
class Member:
    browser: Browser
    stripe_id: str
    upgrades: int = 0
    bills: int = 1
    is_on_hold: bool = False
    told: list[str] = field(default_factory=list)


@dataclass
class Told:
    """What one act looked like to the member: done, not, or waiting; and the bank before it."""

    member: Member
    act: str
    answer: str
    page: Page
    before: dict[str, Any]


def at_bank(shop: Shop, stripe_id: str) -> dict[str, Any]:
    """Read in the stand-in's own books, where no fault strikes."""
    with shop.stand_in.engine.reading() as books:
        found = books.get("subscription", stripe_id)
        bills = [
            one for one in books.find("invoice") if _of(one) == stripe_id and one["status"] != "void" and one["total"]
        ]
        return {
            "renews": max(found["trial_end"] or 0, found["items"]["data"][0]["current_period_end"]),
            "cancels": bool(found["cancel_at_period_end"]),
            "price": found["items"]["data"][0]["price"]["id"],
            "bills": len(bills),
        }


def _of(invoice: dict[str, Any]) -> str | None:
    details = (invoice.get("parent") or {}).get("subscription_details")
    return details["subscription"] if details else None


def was_done(act: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    return {
        "pause": after["renews"] > before["renews"],
        "resume": after["renews"] < before["renews"],
        "cancel": after["cancels"] and not before["cancels"],
        "withdraw": not after["cancels"] and before["cancels"],
        "upgrade": after["price"] != before["price"],
    }[act]


def next_act(member: Member, now: dict[str, Any], chance: random.Random) -> str:
    if member.is_on_hold:
        return "resume"
    if now["cancels"]:
        return "withdraw"
    return chance.choice(["pause", "cancel", "upgrade"] if member.upgrades < 3 else ["pause", "cancel"])


async def do(member: Member, act: str) -> Page:
    browser = member.browser
    if act == "resume":
        asked = await browser.get(f"{HERE}/pause/end")
        return await browser.submit(asked, f"{HERE}/pause/end") if "/pause/end" in asked.text else asked
    if act == "withdraw":
        return await browser.post(f"{HERE}/cancellation/withdrawal")
    if act == "cancel":
        return await browser.post(f"{HERE}/cancellation")
    if act == "pause":
        return await browser.post(f"{HERE}/pause", agreed_dates.pause_now())
    address = f"{HERE}/plan/plan-{member.upgrades + 1}"
    shown = await browser.get(address)
    return (
        await browser.submit(shown, address) if shown.status == 200 and f'action="{address}"' in shown.text else shown
    )


def slack() -> float:
    """What the machine itself needs, which may be busy with other things; the seconds of the bank are scaled."""
    return max(2.0, os.getloadavg()[0] / (os.cpu_count() or 1))


async def acted(shop: Shop, member: Member, chance: random.Random) -> Told:
    before = at_bank(shop, member.stripe_id)
    act = next_act(member, before, chance)
    began = time.monotonic()
    page = await do(member, act)
    assert time.monotonic() - began < 2 * 10 * SCALE + slack(), "a page and its form, within ten seconds each"
    waits = page.path.startswith("/account/waiting")
    answer = "waiting" if waits else "done" if SAID_DONE[act] in page.alerts() else "not"
    if answer == "done":
        assert was_done(act, before, at_bank(shop, member.stripe_id)), (act, page.alerts())
    return Told(member, act, answer, page, before)


async def quiet(shop: Shop) -> None:
    """No more faults; what is under way comes to its end; webhooks and jobs do theirs."""
    for kind in faults.KINDS:
        shop.stand_in.fault(kind, times=0)
    await slowness.finish()
    await unattended.finish()
    await slowness.finish()
    await shop.catch_up()


async def settled(shop: Shop) -> None:
    await quiet(shop)
    for _ in range(15):
        clock.set_everywhere(clock.now() + timedelta(minutes=4))
        await request_completion.settle_due()
        await shop.catch_up()
        if not await database.fetch_value("SELECT count(*) FROM billing_request WHERE settled_at IS NULL"):
            return
    raise AssertionError("a request was never settled")


async def checked(shop: Shop, told: Told) -> bool:
    """What was said in the end is what the bank has. Whether it was done."""
    after = at_bank(shop, told.member.stripe_id)
    happened = was_done(told.act, told.before, after)
    if told.answer == "waiting":
        page = await told.member.browser.get(told.page.path)
        assert page.heading == ("Done" if happened else "That didn’t go through"), (
            told.act,
            page.words,
            told.before,
            after,
        )
    else:
        assert happened == (told.answer == "done"), (told.act, told.answer, told.page.alerts(), told.before, after)
    if happened and told.act in ("pause", "resume"):
        told.member.is_on_hold = told.act == "pause"
    if happened and told.act == "upgrade":
        told.member.bills += 1
    told.member.upgrades += happened and told.act == "upgrade"
    assert after["bills"] == told.member.bills, (told.act, told.before, after)
    return happened


OF = """
SELECT stripe_id FROM mirrored_subscription
WHERE local_id IN (SELECT reference_id FROM checkout_session WHERE email = $1)
"""


async def opened(shop: Shop) -> tuple[list[Member], UUID]:
    await fill_basket.ways()
    await make_products.product(price=500000)
    plans = [await make_plans.club(slug=f"plan-{n}", price=450 * (n + 1), interval="month") for n in range(4)]
    members = []
    for n in range(MEMBERS):
        browser = await join_members.joins(shop, plans[0], email=f"maya{n}@kiln.test")
        row = await database.fetch_one(OF, f"maya{n}@kiln.test")
        assert row is not None
        members.append(Member(browser, row["stripe_id"]))
    for plan in plans[1:]:
        await members[0].browser.get(f"{HERE}/plan/{plan.slug}")
    await buy_products.buy(shop, shop.browser())
    await shop.catch_up()
    return members, (await buy_products.the_order()).id


async def refunded(order_id: UUID) -> bool | None:
    """Whether it was said to be made; None when that was not known."""
    made = await refunds.create(order_id, RefundRequest(amount=100), by=None, key=ids.new())
    try:
        await refunds.send(made.id)
    except OutcomeUnknown:
        return None
    except Refusal:
        return False
    return True


def dealt(chance: random.Random) -> Iterator[tuple[Storm, ...]]:
    """Each alone, so that each does strike; then half of them, the other half, and dealt anew after that."""
    yield from ((storm,) for storm in STORMS)
    while True:
        deck = chance.sample(STORMS, k=len(STORMS))
        yield tuple(deck[:4])
        yield tuple(deck[4:])


async def test_no_double_charge_no_double_refund_no_false_sentence(shop: Shop, struck: list[str]) -> None:
    chance = random.Random(20271128)
    members, order_id = await opened(shop)
    wanted, kinds, storms, done = 0, {kind for kind, _, _ in STORMS}, dealt(chance), set[str]()
    while len(struck) < FAULTS or wanted < len(STORMS):
        for kind, times, seconds in next(storms):
            amount = chance.choice(seconds) * SCALE
            shop.stand_in.fault(kind, times=chance.randint(times[0], times[-1]) * 5, amount=amount)
        answers = await asyncio.gather(*(acted(shop, each, chance) for each in members), refunded(order_id))
        wanted += 1
        await settled(shop)
        for told in answers[:-1]:
            assert isinstance(told, Told)
            if await checked(shop, told):
                done.add(told.act)
        await reconcile.lightly()
        await shop.catch_up()
        with shop.stand_in.engine.reading() as books:
            assert [one["amount"] for one in books.find("refund")] == [100] * wanted
    assert set(struck) == kinds
    assert done == set(SAID_DONE), "each act succeeded, at once or later"
    assert request_time.patience().answer < 10
    assert [*await invariants.invariants(), *await order_invariants.of_orders()] == []
