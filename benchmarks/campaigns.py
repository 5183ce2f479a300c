"""A campaign to so many people, written in practice mode: how long it takes, and whether anybody else waits.

`python -m benchmarks.campaigns [people]`, 100,000 unless said. A tenth have an account and savings. The e-mails are
made and stored as ever; without a mail server nobody gets them. Meanwhile another task of the same process asks the
database for a row every 50 ms, as a page would: how late its turn comes shows what the writing keeps from others.
"""

import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from components.campaigns import audience, campaign_progress, campaign_sending, campaigns
from components.campaigns.campaigns import CampaignDraft
from components.foundation import clock, database
from components.foundation.database import embedded, schema
from components.foundation.shop_settings import setting_rows
from components.people import customer_accounts

BODY = """# Hello{if name} {name}{end}

{if saved}
You have saved **{saved}** with your membership so far.
{end}

This week's new pieces are here, and members see them two days before everybody else.

- Mugs from the new kiln
- Plates that stack
- A teapot at last

[See what is new]({link})
"""
PEOPLE = """
INSERT INTO mailing_contact (id, email, agreed, created_at, unreachable_why, unreachable_words)
SELECT md5('contact' || n)::uuid, 'reader' || n || '@kiln.test', '{news}', now(), '', ''
FROM generate_series(1, $1) n"""
ACCOUNTS = """
INSERT INTO person (id, email, name, language, created_at)
SELECT md5('person' || n)::uuid, 'reader' || n || '@kiln.test', 'Reader ' || n, '', now()
FROM generate_series(1, $1 / 10) n"""
AT_ONCE = 2


async def run(people: int) -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-campaigns-") as folder:
        os.environ["CLUBFRONT_DATA"] = folder
        data = Path(folder)
        await database.connect(embedded.start(data), pool_size=8)
        try:
            await schema.create()
            await setting_rows.refresh()
            await measure(people)
        finally:
            await database.disconnect()
            embedded.stop(data)


async def measure(people: int) -> None:
    await database.execute(PEOPLE, people)
    await database.execute(ACCOUNTS, people)
    await database.execute("ANALYZE mailing_contact")
    owner = await customer_accounts.sign_up("owner@kiln.test", password="kiln-demo")
    draft = CampaignDraft(name="Benchmark", subject="News{if name} for {name}{end}", body=BODY, holdout=10,
                          per_minute=10_000)  # fmt: skip
    made = await campaigns.create(draft, by=owner.id)
    print(f"{people:,} people", flush=True)
    with _timed("counting who would get it"):
        assert await audience.count(made) == people
    await campaigns.schedule(made.id, at=clock.now(), version=1, by=owner.id)
    with _timed("fixing who gets it"):
        await campaign_sending.start(made.id)
    await database.execute("ALTER TABLE campaign DROP CONSTRAINT campaign_is_possible")
    await database.execute("UPDATE campaign SET per_minute = 100000000")
    waits: list[float] = []
    asking = asyncio.create_task(_ask(waits))
    began = time.monotonic()
    while (await campaigns.by_id(made.id)).state != "sent":
        await asyncio.gather(*(campaign_sending.send(str(made.id)) for _ in range(AT_ONCE)))
        found = await campaign_progress.progress(made.id)
        print(f"  {found.written:>9,} written after {time.monotonic() - began:6.0f} s", flush=True)
    seconds = time.monotonic() - began
    asking.cancel()
    found = await campaign_progress.progress(made.id)
    emails = await database.fetch_value("SELECT count(*) FROM email")
    assert emails == found.written == await database.fetch_value("SELECT count(DISTINCT recipient) FROM email")
    late = sorted(waits)
    print(f"writing: {found.written:,} e-mails in {seconds:.0f} s, {found.written / seconds:.0f} a second; "
          f"{found.held_out:,} held out", flush=True)  # fmt: skip
    worst = 1000 * late[int(len(late) * 0.99)]
    print(f"others waited {1000 * statistics.median(late):.0f} ms (median), {worst:.0f} ms (99 of 100), "
          f"{1000 * late[-1]:.0f} ms at most", flush=True)  # fmt: skip
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


async def _ask(waits: list[float]) -> None:
    while True:
        began = time.monotonic()
        await database.fetch_value("SELECT email FROM mailing_contact LIMIT 1")
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.05)


class _timed:
    def __init__(self, words: str) -> None:
        self.words = words

    def __enter__(self) -> None:
        self.began = time.monotonic()

    def __exit__(self, *_: object) -> None:
        print(f"{self.words}: {time.monotonic() - self.began:.1f} s", flush=True)


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000))
