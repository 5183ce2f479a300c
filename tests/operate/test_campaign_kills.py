"""The worker is killed with -9 while it writes a campaign, twice: each person has exactly one e-mail, and whoever
unsubscribed, was erased or has had enough has none."""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path

import asyncpg
import pytest

from benchmarks.kills import Killed
from tests.support import post_office

pytestmark = pytest.mark.xdist_group("served")
PEOPLE, CAPPED, GONE = 400, 20, 20
FILL = f"""
INSERT INTO mailing_contact (id, email, agreed, created_at, unreachable_why, unreachable_words)
SELECT md5('contact' || n)::uuid, 'reader' || n || '@kiln.test', '{{news}}', now(), '', ''
FROM generate_series(1, {PEOPLE}) n;
INSERT INTO consent_change (id, contact, kind, state, at, how, reason)
SELECT gen_random_uuid(), id, 'news', 'given', now(), 'checkout', '' FROM mailing_contact;
INSERT INTO campaign (id, name, kind, subject, preheader, body, link, tag, holdout, per_minute, state, version,
  created_at, started_at, ended_at, granted, trouble)
SELECT md5('before' || n)::uuid, 'Before', 'news', 'x', '', 'x', '', 'x', 0, 600, 'sent', 1, now(), now(), now(), 0, ''
FROM generate_series(1, 2) n;
INSERT INTO campaign_recipient (id, campaign, contact, is_holdout, outcome, settled_at)
SELECT gen_random_uuid(), md5('before' || b)::uuid, md5('contact' || n)::uuid, false, 'written', now()
FROM generate_series(1, 2) b, generate_series(1, {CAPPED}) n;
INSERT INTO campaign (id, name, kind, subject, preheader, body, link, tag, holdout, per_minute, state, version,
  created_at, scheduled_at, granted, trouble)
VALUES (md5('now')::uuid, 'Now', 'news', 'News{{if name}} for {{name}}{{end}}', '', E'# Hello\n\n[Look]({{link}})', '',
  'now', 0, 10000, 'scheduled', 1, now(), now(), 0, '')"""
WRITTEN = "SELECT count(*) FROM email WHERE template = 'campaign'"
UNSUBSCRIBE = f"""
WITH one AS (UPDATE mailing_contact SET agreed = '{{}}' WHERE id IN (
  SELECT contact FROM campaign_recipient WHERE campaign = md5('now')::uuid AND outcome = ''
    AND contact NOT IN (SELECT md5('contact' || n)::uuid FROM generate_series(1, {CAPPED}) n) LIMIT {GONE})
  RETURNING id, email),
two AS (INSERT INTO consent_change (id, contact, kind, state, at, how, reason)
  SELECT gen_random_uuid(), id, 'news', 'withdrawn', now(), 'unsubscribe', '' FROM one)
SELECT email FROM one"""
ERASE = f"""
DELETE FROM mailing_contact WHERE id IN (
  SELECT contact FROM campaign_recipient WHERE campaign = md5('now')::uuid AND outcome = ''
    AND contact IN (SELECT id FROM mailing_contact WHERE agreed <> '{{}}')
    AND contact NOT IN (SELECT md5('contact' || n)::uuid FROM generate_series(1, {CAPPED}) n) LIMIT {GONE})
RETURNING email"""


async def test_a_worker_killed_twice_writes_to_each_exactly_once() -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-campaign-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        async with post_office.opened() as office:
            shop = Killed(data, office)
            await asyncio.to_thread(shop.stock)
            await asyncio.to_thread(shop.start, "--without-worker")
            try:
                await _walk(shop, office)
            finally:
                await asyncio.to_thread(shop.stop)


async def _walk(shop: Killed, office: post_office.PostOffice) -> None:
    known = await shop.connect()
    for statement in FILL.split(";\n"):
        await known.execute(statement)
    # Slower than it is, so that a kill falls into its lots.
    await known.execute(_SLOW)
    await known.execute("CREATE TRIGGER slow BEFORE UPDATE ON campaign_recipient FOR EACH ROW EXECUTE FUNCTION slow()")
    left_out: list[str] = [f"reader{number}@kiln.test" for number in range(1, CAPPED + 1)]
    for written in (60, 180):
        await asyncio.to_thread(shop.start_worker)
        await _until(known, written)
        assert shop.worker is not None
        shop.worker.kill()  # by its own process id, with SIGKILL
        shop.worker.wait()
        await _until_quiet(known)
        assert int(await known.fetchval(WRITTEN)) < PEOPLE - CAPPED - 2 * GONE, "it was killed while it wrote"
        if written == 60:
            left_out += [row[0] for row in await known.fetch(UNSUBSCRIBE)]
            left_out += [row[0] for row in await known.fetch(ERASE)]
    assert len(set(left_out)) == CAPPED + 2 * GONE
    await asyncio.to_thread(shop.start_worker)
    until = time.monotonic() + 240
    while await known.fetchval("SELECT state FROM campaign WHERE name = 'Now'") != "sent":
        assert time.monotonic() < until, await known.fetch(_STATE)
        await asyncio.sleep(0.5)
    while await known.fetchval("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send_campaign_email'"):
        assert time.monotonic() < until + 120, await known.fetch(_STATE)
        await asyncio.sleep(0.5)
    wanted = {f"reader{number}@kiln.test" for number in range(1, PEOPLE + 1)} - set(left_out)
    stored = Counter(row[0] for row in await known.fetch("SELECT recipient FROM email WHERE template = 'campaign'"))
    assert set(stored) == wanted and set(stored.values()) == {1}
    outcomes = dict(await known.fetch(_OUTCOMES))
    assert outcomes == {"written": len(wanted), "capped": CAPPED, "withdrawn": GONE, "forgotten": GONE}
    handed = Counter(str(letter["To"]) for letter in office.letters)
    assert max(handed.values()) == 1 and set(handed) <= wanted
    unknown = int(await known.fetchval("SELECT count(*) FROM email WHERE sent_at IS NULL AND template = 'campaign'"))
    assert len(handed) >= len(wanted) - unknown and unknown <= 8, "only what was being handed over is in doubt"
    letter = office.letters[-1]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(letter["List-Unsubscribe"]).startswith(f"<{shop.address}/unsubscribe/news/")
    await known.close()


_SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.01); RETURN NEW; END $$"""
_AT_WORK = """SELECT count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
"""PostgreSQL itself notices within moments that whoever had begun something is gone."""
_STATE = "SELECT outcome, count(*) FROM campaign_recipient GROUP BY 1 UNION ALL SELECT state, 1 FROM campaign"
_OUTCOMES = "SELECT outcome, count(*) FROM campaign_recipient WHERE campaign = md5('now')::uuid GROUP BY 1"


async def _until_quiet(known: asyncpg.Connection) -> None:
    for _ in range(600):
        if not await known.fetchval(_AT_WORK):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(await known.fetch(_AT_WORK))


async def _until(known: asyncpg.Connection, written: int) -> None:
    until = time.monotonic() + 200
    while int(await known.fetchval(WRITTEN)) < written:
        assert time.monotonic() < until, await known.fetch(_STATE)
        await asyncio.sleep(0.05)
