"""A replay that comes to no end says so, and can be run again; one that runs shows how far it has come."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg
import pytest

from components import job_pauses
from components.foundation import clock, database
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.staff.test_replays import draft, iris, sold, with_percent

__all__ = ["iris"]
ROOT = Path(__file__).parents[3]
WORKER = """
import asyncio, sys
from datetime import datetime
from components import worker
from components.catalog.snapshot import snapshot_refresh
from components.foundation import clock, database
from components.memberships.plans import plan_cache

async def main(dsn):
    await database.connect(dsn, pool_size=2)
    await snapshot_refresh.refresh()
    await plan_cache.refresh()
    await worker.catch_up(dsn)

clock.set_everywhere(datetime.fromisoformat(sys.argv[2]))
asyncio.run(main(sys.argv[1]))
"""


ITS_JOB = "SELECT status::text FROM procrastinate_jobs WHERE task_name LIKE '%run_backtest'"


async def asked(shop: Shop, iris: Browser) -> Page:
    await sold(shop)
    page = await with_percent(iris, await draft(iris), "25")
    return await iris.submit(page, f"{page.path}/runs")


async def until_it_reads() -> None:
    for _ in range(300):
        if await database.fetch_value("SELECT total FROM rule_draft WHERE state = 'running'"):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never began")


async def state() -> str:
    return str(await database.fetch_value("SELECT state FROM rule_draft"))


async def test_a_run_whose_process_was_killed_did_not_finish_and_is_run_again(shop: Shop, iris: Browser) -> None:
    page = await asked(shop, iris)
    holding = await asyncpg.connect(shop.dsn)
    try:
        await holding.execute("BEGIN; LOCK TABLE order_line IN ACCESS EXCLUSIVE MODE")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            WORKER,
            shop.dsn,
            clock.now().isoformat(),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        await until_it_reads()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert "0 of 2" in (await iris.get(page.path)).words
    finally:
        await holding.close()
    assert await database.fetch_value(ITS_JOB) == "doing", "nobody put it down"
    assert "The simulation stopped" not in (await iris.get(page.path)).words, "it may only be slow"
    await database.execute("UPDATE rule_draft SET heard_at = heard_at - interval '61 seconds'")
    stopped = await iris.get(page.path)
    assert "The simulation stopped before it finished" in stopped.words and "every 1s" not in stopped.text
    assert "Failed" in (await iris.get("/staff/simulator")).words
    await iris.submit(stopped, f"{page.path}/runs")
    await shop.catch_up()
    assert "it would have cost you £7.20" in (await iris.get(page.path)).words


async def test_a_run_whose_job_was_given_up_did_not_finish(
    shop: Shop, iris: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await asked(shop, iris)
    monkeypatch.setattr(job_pauses.of_task("run_backtest"), "most", 0)
    await database.execute("ALTER VIEW insights_order_lines RENAME TO insights_order_lines_away")
    await shop.catch_up()
    await database.execute("ALTER VIEW insights_order_lines_away RENAME TO insights_order_lines")
    assert (
        await state() == "running" and "The simulation stopped before it finished" in (await iris.get(page.path)).words
    )
    await iris.post(f"{page.path}/runs")
    await shop.catch_up()
    assert "2 orders with 2 lines" in (await iris.get(page.path)).words


async def test_a_run_that_waits_long_for_its_turn_is_no_failure(shop: Shop, iris: Browser) -> None:
    page = await asked(shop, iris)
    await database.execute("UPDATE rule_draft SET heard_at = heard_at - interval '1 day'")
    waiting = await iris.get(page.path)
    assert "Waiting to start" in waiting.words and f'href="{page.path}">Refresh now' in waiting.text
    await database.execute("DELETE FROM procrastinate_jobs")
    assert "The simulation stopped before it finished" in (await iris.get(page.path)).words


async def test_what_an_earlier_release_kept_is_run_again(shop: Shop, iris: Browser) -> None:
    page = await asked(shop, iris)
    await shop.catch_up()
    await database.execute("""UPDATE rule_draft SET outcome = '{"orders": 2, "lines": 2}'""")
    assert "Not run yet" in (await iris.get(page.path)).words
    assert (await iris.get("/staff/simulator")).status == 200
