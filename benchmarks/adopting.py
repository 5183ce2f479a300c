"""`python -m benchmarks.adopting [number]`: so many subscriptions of other software, 1,000 unless said.

They are read in a dry run, adopted by processes that are killed in between (kill -9), given back, and adopted again;
then the practice clock goes past the next renewal of each. Compared are the whole database and the practice Stripe,
before and after. Fails unless nothing changed where nothing may, and every renewal was charged exactly once.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

KINDS = ("active", "classic", "discount", "no card", "platform")
KILLS, BETWEEN, PATIENCE = 5, 6.0, 7200
THERE = ("subscription", "customer", "invoice", "charge", "payment_intent", "payment_method", "price")
LEFT_ALONE = {
    "access_check",
    "adoption", "adoption_plan", "adoption_row", "announced_fact", "audit_entry", "audit_witness", "checked_until",
    "inbox_event",
}  # fmt: skip
START = datetime(2027, 3, 1, 12, tzinfo=UTC)
ADOPTING = """
import asyncio, os, sys
from datetime import datetime
from pathlib import Path
from components.adoption import adoption_job
from components.foundation import clock, database, settings
from components.foundation.shop_settings import setting_rows
from components.memberships.plans import plan_cache
from web import app
from web.standin.standin import StandIn

async def main(dsn, state, run, at):
    clock.set_everywhere(datetime.fromisoformat(at))
    stand_in = StandIn(Path(state), settings.current().stripe_webhook_secret, strict=False)
    app.connect_payments(stand_in)
    stand_in.follow(clock.now)
    async with database.opened(dsn, pool_size=2):
        await setting_rows.refresh()
        await plan_cache.refresh()
        await adoption_job.run(run)

asyncio.run(main(*sys.argv[1:]))
"""


class Measured:
    """What was found wrong; empty is good."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def same(self, what: str, before: object, after: object) -> None:
        if before != after:
            self.wrong.append(what)
        print(f"  {'unchanged' if before == after else 'CHANGED'}: {what}", flush=True)
        if before != after and isinstance(before, dict) and isinstance(after, dict):
            differing = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
            print("   ", *(f"{key}: {before.get(key)} -> {after.get(key)}"[:400] for key in differing[:5]), flush=True)


async def everything() -> dict[str, list[Any]]:
    """Once the figures have been added up: until then it is noted for the next minutes' job what has changed."""
    from components.foundation import database
    from components.insights.rollups import figure_rolls

    await figure_rolls.roll_all()
    tables = await database.fetch_values(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE 'procrastinate%'"
    )
    kept = sorted(set(tables) - LEFT_ALONE)
    return {name: await database.fetch_values(f"SELECT t::text FROM {name} t ORDER BY 1") for name in kept}


async def adopt(shop: Any, run: Any, folder: Path) -> int:
    """In processes of their own, the first few killed in the middle; how many were."""
    killed, until = 0, time.monotonic() + PATIENCE
    told = (shop.dsn, str(folder / "stand-in.sqlite"), str(run), START.isoformat())
    while time.monotonic() < until:
        working = await asyncio.create_subprocess_exec(sys.executable, "-c", ADOPTING, *told)
        try:
            await asyncio.wait_for(working.wait(), BETWEEN + killed if killed < KILLS else until - time.monotonic())
            return killed
        except TimeoutError:
            os.kill(working.pid, signal.SIGKILL)
            await working.wait()
            killed += 1
    raise TimeoutError


def charged(there: dict[str, dict[str, Any]]) -> Counter[str]:
    paid = (one for one in there.values() if one["object"] == "invoice" and one["amount_paid"])
    return Counter(one["parent"]["subscription_details"]["subscription"] for one in paid)


async def measure(folder: Path, many: int) -> list[str]:
    from components.foundation import clock, database, jobs
    from components.insights import invariants
    from tests.support import databases, foreign_members, make_plans, people, shops

    clock.set_everywhere(START)
    found, dsn = Measured(), await asyncio.to_thread(databases.own, folder, "adopting")
    await database.connect(dsn, pool_size=10)
    async with shops.opened(folder, dsn) as shop:
        clock.set_everywhere(START)
        owner, plan = await people.owner(), await make_plans.club()
        await shop.catch_up()
        foreign_members.tell_only(shop, "invoice.paid", "invoice.payment_failed")
        kinds = [KINDS[place % len(KINDS)] for place in range(many)]
        subs = foreign_members.there(shop, *kinds)
        before, bank = await everything(), foreign_members.at_stripe(shop, *THERE)

        began = time.monotonic()
        run = await foreign_members.read(shop, by=owner.id)
        verdicts = Counter(row["verdict"] for row in (await foreign_members.rows(run)).values())
        print(f"Dry run of {many} in {time.monotonic() - began:.0f} s: {dict(verdicts)}", flush=True)
        found.same("the database and Stripe, by the dry run", (before, bank),
                   (await everything(), foreign_members.at_stripe(shop, *THERE)))  # fmt: skip

        await foreign_members.choose(run, plan.id)
        from components.adoption import adoption_runs

        await adoption_runs.begin(run, by=owner.id, old_stopped=True, tells=False, asks=False)
        await jobs.discard("adopt_members")
        began = time.monotonic()
        killed = await adopt(shop, run, folder)
        outcomes = Counter(row["outcome"] for row in (await foreign_members.rows(run)).values())
        print(f"Adopted in {time.monotonic() - began:.0f} s, killed {killed} times: {dict(outcomes)}", flush=True)
        found.same("each is here once", [many] * 2, [outcomes["adopted"], await _count("subscription")])
        found.same("charges at Stripe, by adopting", charged(bank), charged(foreign_members.at_stripe(shop, *THERE)))
        await shop.catch_up()
        found.same("invariants", [], await invariants.nightly())

        began = time.monotonic()
        await foreign_members.undo(shop, run, by=owner.id)
        print(f"Undone in {time.monotonic() - began:.0f} s", flush=True)
        found.same("the database, by adopting and undoing", before, await everything())
        found.same("Stripe, by adopting and undoing", bank, foreign_members.at_stripe(shop, *THERE))

        again = await foreign_members.read(shop, by=owner.id)
        await foreign_members.adopt(shop, again, by=owner.id, plan=plan.id)
        clock.set_everywhere(START + timedelta(days=32))
        began = time.monotonic()
        await shop.catch_up()
        wanted = {sub: 1 if kind == "no card" else 2 for sub, kind in zip(subs, kinds, strict=True)}
        print(f"A month later, in {time.monotonic() - began:.0f} s of work", flush=True)
        found.same("one charge for each renewal with a card", wanted,
                   dict(charged(foreign_members.at_stripe(shop, *THERE))))  # fmt: skip
        paid = await database.fetch_value("SELECT count(*) FROM paid_period WHERE NOT is_opening")
        found.same("one paid period for each", sum(1 for one in wanted.values() if one == 2), paid)
        found.same("invariants, a month later", [], await invariants.nightly())
    await database.disconnect()
    return found.wrong


async def _count(table: str) -> int:
    from components.foundation import database

    return int(await database.fetch_value(f"SELECT count(*) FROM {table}"))


def main() -> int:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="clubfront-adopting-") as folder:
        os.environ["CLUBFRONT_DATA"], os.environ["LOG_LEVEL"] = f"{folder}/data", "error"
        os.environ["BASE_URL"] = "http://shop.test"
        from components.demo import demo_settings
        from tests.support import databases

        demo_settings.use()
        try:
            wrong = asyncio.run(measure(Path(folder), many))
        finally:
            databases.forget(Path(folder))
    print(json.dumps({"members": many, "wrong": wrong}))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
