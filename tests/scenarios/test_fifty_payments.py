"""Fifty payments at once, of orders, fees and both: each paid thing has one invoice, and no number is missing."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from components.foundation import database
from components.foundation.shop_settings import setting_rows
from components.invoices import invariants as invoice_invariants
from tests.components.invoices.test_numbers import numbers
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.support import fill_basket, make_plans, make_products, people
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes_paid_once import INVOICES

ORDERS, FEES, BOTH, WORKERS, KILLED = 20, 20, 10, 4, 3
KILLED_WITH_A_NUMBER = """
import asyncio, os, signal, sys, asyncpg
from components.invoices.issuing import _NEXT
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    async with connection.transaction():
        print(await connection.fetchval(_NEXT, "invoice:0"), flush=True)
        await asyncio.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
"""It has taken its number, others wait for the next, and it ends before it is written."""


async def _basket(kiln: Kiln, number: int) -> str:
    return await kiln.to_pay(kiln.shop.browser())


async def _joins(kiln: Kiln, number: int, *, basket: bool) -> str:
    email = f"member{number}@kiln.test"
    await people.customer(email, name="Noor")
    browser = await kiln.shop.signed_in(email)
    if not basket:
        return session_of(await browser.submit(await browser.get("/join/monthly"), "/join/monthly"))
    await kiln.to_checkout(browser)
    typed = {name: value for name, value in HOME.items() if name != "email"}
    return session_of(await browser.submit(await browser.get("/checkout?join=monthly"), "/checkout", **typed))


async def _killed(dsn: str) -> int:
    program = [sys.executable, "-c", KILLED_WITH_A_NUMBER, dsn]
    environment = {**os.environ, "PYTHONPATH": "."}
    ended = await asyncio.to_thread(subprocess.run, program, capture_output=True, env=environment)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    return int(ended.stdout)


@pytest.mark.timeout(300)
async def test_fifty_payments_at_once_have_one_invoice_each_without_a_gap(shop: Shop) -> None:
    await setting_rows.change(INVOICES, by=None)
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, on_hand=ORDERS + BOTH)
    monthly = await make_plans.club(slug="monthly", price=450, interval="month")
    await shop.refresh()
    kiln = Kiln(shop, monthly, monthly)
    sessions = [await _basket(kiln, number) for number in range(ORDERS)]
    sessions += [await _joins(kiln, number, basket=number >= FEES) for number in range(FEES + BOTH)]
    assert len(set(sessions)) == 50

    assert await asyncio.gather(*(kiln.pay(session) for session in sessions)) == ["paid"] * 50
    news = await kiln.deliveries()
    posted = asyncio.gather(*(kiln.post(body, headers) for body, headers in news * 2))
    _, answers, *taken = await asyncio.gather(
        kiln.workers(WORKERS), posted, *(_killed(shop.dsn) for _ in range(KILLED))
    )
    assert set(answers) == {200} and len(taken) == KILLED
    for _ in range(3):
        await kiln.workers(WORKERS)
        await kiln.work()

    causes = await database.fetch_values("SELECT cause FROM invoice WHERE kind = 'invoice' ORDER BY serial")
    assert len(causes) == len(set(causes)) == ORDERS + FEES + 2 * BOTH
    paid = await database.fetch_values("SELECT 'order:' || id FROM orders WHERE paid_at IS NOT NULL")
    paid += await database.fetch_values("SELECT 'fee:' || stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    assert sorted(causes) == sorted(paid)
    assert await numbers() == [f"INV-{number:05d}" for number in range(1, ORDERS + FEES + 2 * BOTH + 1)]
    assert await invoice_invariants.invariants() == [] and await kiln.broken() == []
