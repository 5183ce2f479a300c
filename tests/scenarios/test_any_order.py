"""The whole shop, its news shuffled: each webhook one to five times, every fact twice, workers and shoppers at once.

The end must be the one that comes of news in order: the same orders, stock, memberships, periods and letters.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from components import worker
from components.foundation import clock, database, ids
from components.memberships.billing import cancellations, subscriptions
from components.orders.queries import by_id
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from tests.scenarios.conftest import Kiln, stocked
from tests.support import databases, shops
from tests.support.pages import Browser

News = Callable[[Kiln, random.Random], Awaitable[None]]

ENDING = {
    "orders": "SELECT total, paid_at IS NOT NULL AS paid, cancelled_at IS NOT NULL AS lapsed, flagged_at FROM orders",
    "refunds": "SELECT amount, status FROM refund",
    "stock": "SELECT on_hand, reserved FROM variant",
    "movements": "SELECT change, kind FROM stock_movement",
    "subscriptions": "SELECT status, cancel_at IS NOT NULL AS ends FROM subscription",
    "memberships": "SELECT source, ends_at IS NOT NULL AS ends FROM membership",
    "entitlements": "SELECT kind, until_at IS NULL AS runs FROM entitlement e JOIN benefit b ON b.id = e.benefit",
    "periods": "SELECT starts_at::date, ends_at::date FROM paid_period",
    "benefit_uses": "SELECT kind, regular, paid FROM benefit_use",
    "letters": "SELECT template, recipient FROM email",
    "stuck": "SELECT id FROM inbox_event WHERE handled_at IS NULL",
}


async def in_order(kiln: Kiln, dice: random.Random) -> None:
    await kiln.work()


async def in_disorder(kiln: Kiln, dice: random.Random) -> None:
    """Several copies of each webhook, shuffled, eight at a time, while two workers are at it; every fact again."""
    copies = [each for each in await kiln.deliveries() for _ in range(dice.randint(1, 5))]
    dice.shuffle(copies)
    for start in range(0, len(copies), 8):
        statuses = await asyncio.gather(*(kiln.post(*each) for each in copies[start : start + 8]))
        assert set(statuses) == {200}
    await kiln.workers(2)
    await facts_again(dice)
    await kiln.workers(2)
    await kiln.work()


async def facts_again(dice: random.Random) -> None:
    rows = await database.fetch("SELECT id FROM announced_fact")
    dice.shuffle(rows)
    for row in rows:
        await worker.deliver_fact(str(row["id"]))


async def life(kiln: Kiln, dice: random.Random, news: News) -> dict[str, list[str]]:
    noor, browser = kiln.shop.browser(), kiln.shop.browser()
    bought, left = await kiln.to_pay(noor, quantity=2), await kiln.to_pay(browser)
    await kiln.pay(bought, "4000000000000002")
    await news(kiln, dice)
    await kiln.pay(bought)
    maya = await kiln.join("maya@example.org")
    session_id = await kiln.to_pay(maya)
    await kiln.pay(session_id)
    await asyncio.gather(kiln.come_back(maya, session_id), kiln.come_back(noor, bought), news(kiln, dice))
    kiln.later(hours=2)
    await kiln.come_back(browser, left)
    await news(kiln, dice)
    await part_refunded(kiln)
    await news(kiln, dice)
    await cancelled(maya)
    kiln.later(days=40)
    await news(kiln, dice)
    await kiln.work()
    return {name: sorted(str(row) for row in await database.fetch(sql)) for name, sql in ENDING.items()}


async def part_refunded(kiln: Kiln) -> None:
    paid = next(order for order in await kiln.orders() if order["is_paid"])
    order = await by_id(paid["id"])
    assert order is not None
    await refunds.create(order.id, RefundRequest(amount=500), by=None, key=ids.new())


async def cancelled(member: Browser) -> None:
    found = await database.fetch_one("SELECT payer FROM subscription")
    assert found is not None
    running = await subscriptions.running(found["payer"])
    assert running is not None
    await cancellations.schedule(running.id)


@pytest.mark.parametrize("seed", range(2))
async def test_shuffled_news_ends_as_news_in_order(db: None, dsn: str, tmp_path: Path, at: datetime, seed: int) -> None:
    ends = []
    for news in (in_order, in_disorder):
        await databases.empty()
        clock.set_everywhere(at)
        folder = tmp_path / news.__name__
        folder.mkdir()
        async with shops.opened(folder, dsn) as shop:
            kiln = await stocked(shop)
            ends.append(await life(kiln, random.Random(seed), news))
            assert await kiln.broken() == []
    assert ends[0]["stuck"] == [] and len(ends[0]["orders"]) == 3 and len(ends[0]["memberships"]) == 1
    assert ends[1] == ends[0]
