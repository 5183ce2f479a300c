"""Journeys in a shop with so many members: what each look costs, and how fast they are walked.

`python -m benchmarks.journeys [members]`, 100,000 unless said. Everybody agreed to news, pays yearly, and has ordered
twice. Prints, for each of the six beginnings, how long the first look takes and how long one that
finds nobody new, and which whole tables it reads; with `--plans` PostgreSQL's plans.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from components.campaigns.journeys import journey_entering, journey_walking, journeys
from components.campaigns.journeys.journey_occasions import OCCASIONS
from components.campaigns.journeys.journey_paths import steps_of
from components.foundation import database
from components.foundation.database import embedded, schema, time_limits
from components.foundation.shop_settings import setting_rows
from components.people import customer_accounts
from tests.support import make_plans

FILL = (
    """INSERT INTO person (id, email, name, language, created_at, birthday)
       SELECT md5('person' || n)::uuid, 'reader' || n || '@kiln.test', 'Reader ' || n, '', now(),
         date '1950-01-01' + (n * 7919) % 20000 FROM generate_series(1, $1::int) n""",
    """INSERT INTO mailing_contact (id, email, agreed, created_at, unreachable_why, unreachable_words)
       SELECT md5('contact' || n)::uuid, 'reader' || n || '@kiln.test', '{news}', now(), '', ''
       FROM generate_series(1, $1::int) n""",
    """INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at, started_at, current_period_start,
         current_period_end, past_due_since)
       SELECT md5('sub' || n)::uuid, md5('person' || n)::uuid, (SELECT id FROM plan_version LIMIT 1),
         CASE WHEN n % 50 = 0 THEN 'past_due' ELSE 'active' END, 1, t.began, t.began, t.ends - interval '1 year',
         t.ends,
         CASE WHEN n % 50 = 0 THEN now() - ((n / 50) % 30) * interval '1 day' END
       FROM generate_series(1, $1::int) n, LATERAL (SELECT now() - (n % 900) * interval '1 day' AS began,
         now() + (n % 365) * interval '1 day' AS ends) t""",
    """INSERT INTO membership (id, holder, plan, source, source_id, starts_at, ends_at, note)
       SELECT md5('member' || n)::uuid, md5('person' || n)::uuid, (SELECT id FROM plan LIMIT 1), 'subscription',
         md5('sub' || n)::uuid, now() - (n % 900 + CASE WHEN n % 10 = 0 THEN 30 ELSE 0 END) * interval '1 day',
         CASE WHEN n % 10 = 0 THEN now() - (n % 29) * interval '1 day' END, ''
       FROM generate_series(1, $1::int) n""",
    """INSERT INTO orders (id, number, person, email, name, currency, goods, total, address, placed_at, paid_at,
         expires_at)
       SELECT md5('order' || n)::uuid, 'B-' || n, md5('person' || (n % $1::int + 1))::uuid, '', 'x', 'GBP', 1000, 1000,
         '{}', now() - (n % 400) * interval '1 day', now() - (n % 400) * interval '1 day', now()
       FROM generate_series(1, 2 * $1::int) n""",
)


ENTERED = "SELECT count(*) FROM journey_entry WHERE journey = $1"


async def run(members: int) -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-journeys-") as folder:
        os.environ["CLUBFRONT_DATA"] = folder
        data = Path(folder)
        await database.connect(embedded.start(data), pool_size=8)
        try:
            await schema.create()
            await setting_rows.refresh()
            await measure(members)
        finally:
            await database.disconnect()
            embedded.stop(data)


async def measure(members: int) -> None:
    owner = await customer_accounts.sign_up("owner@kiln.test", password="kiln-demo")
    await make_plans.club()
    with time_limits.of_long_work():
        for statement in FILL:
            async with database.transaction():
                await database.execute("SET LOCAL session_replication_role = replica")
                await database.execute("SET LOCAL statement_timeout = '300s'")
                await database.execute(statement, members)
        await database.execute("ANALYZE")
    print(f"{members:,} members", flush=True)
    for entry in OCCASIONS:
        made = await journeys.create(entry, by=owner.id)
        await journeys.start(made.id, by=owner.id)
        await database.execute("UPDATE journey SET running_since = now() - interval '9 days' WHERE id = $1", made.id)
        journey = await journeys.by_id(made.id)
        sql, args = await journey_entering.statement(journey, (await steps_of(made.id))[0])
        explained = await database.fetch_values(f"EXPLAIN (ANALYZE, COSTS OFF) {sql}", *args)
        plan = [str(line) for line in explained]
        entered, seconds = await database.fetch_value(ENTERED, made.id), 0.0
        while True:
            began = time.monotonic()
            some = await journey_entering.enter_lot(made.id)
            seconds, entered = max(seconds, time.monotonic() - began), entered + some
            if not some:
                break
        last = 1000 * (time.monotonic() - began)
        scans = sorted({line.strip() for line in plan if "Seq Scan" in line})
        print(f"{entry:<15} {entered:>7,} entered; a look at most {1000 * seconds:.0f} ms, one that finds nobody "
              f"{last:.0f} ms; whole tables read: {scans or 'none'}", flush=True)  # fmt: skip
        if "--plans" in sys.argv:
            print("\n".join(plan), flush=True)
    due = "SELECT count(*) FROM journey_entry WHERE outcome = '' AND due_at <= now()"
    waiting, began = await database.fetch_value(due), time.monotonic()
    while await database.fetch_value(due) and time.monotonic() - began < 60:
        for id in await database.fetch_values("SELECT id FROM journey WHERE state = 'running'"):
            await journey_walking.walk(str(id))
    seconds = time.monotonic() - began
    emails = await database.fetch_value("SELECT count(*) FROM email")
    pace = emails / seconds
    print(f"walked: {waiting:,} were due, {emails:,} e-mails in {seconds:.0f} s, {pace:.0f} a second", flush=True)


if __name__ == "__main__":
    numbers = [one for one in sys.argv[1:] if one[0].isdigit()]
    asyncio.run(run(int(numbers[0].replace(",", "")) if numbers else 100_000))
