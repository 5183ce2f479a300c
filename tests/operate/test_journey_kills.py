"""A process that walks a journey is killed with -9, twice: each person has each e-mail exactly once, and whoever
unsubscribed in between has none. All are due for longer than the hour in which a consent may still be under way."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from components.foundation import database
from tests.support import demos

PEOPLE = 210
WALK = """
import asyncio, sys, time
from components.campaigns.journeys import journey_walking
from components.foundation import database
from components.foundation.shop_settings import setting_rows

LEFT = "SELECT EXISTS (SELECT FROM journey_entry WHERE outcome = '')"

async def run():
    await database.connect(sys.argv[1], pool_size=3)
    await setting_rows.refresh()
    until = time.monotonic() + 60
    while time.monotonic() < until and await database.fetch_value(LEFT):
        await journey_walking.walk("00000000-0000-0000-0000-0000000000a1")
    await database.disconnect()

asyncio.run(run())
"""
FILL = f"""
INSERT INTO person (id, email, name, language, created_at)
SELECT md5('person' || n)::uuid, 'reader' || n || '@kiln.test', 'Reader ' || n, '', now()
FROM generate_series(1, {PEOPLE}) n;
INSERT INTO mailing_contact (id, email, agreed, created_at, unreachable_why, unreachable_words)
SELECT md5('contact' || n)::uuid, 'reader' || n || '@kiln.test', '{{news}}', now(), '', ''
FROM generate_series(1, {PEOPLE}) n;
INSERT INTO mailing_rules (id, most, days, confirms, hook_number, is_hook_open) VALUES (1, 9, 7, 'country', 1, false);
INSERT INTO journey (id, name, entry, days, kind, holdout, tag, state, version, created_at, running_since, trouble)
VALUES ('00000000-0000-0000-0000-0000000000a1', 'Test', 'birthday', 0, 'news', 0, 'test', 'running', 1, now(), now(),
  '');
INSERT INTO journey_step (id, journey, position, kind, hours, condition, subject, preheader, body, link, late_days)
SELECT md5('step' || n)::uuid, '00000000-0000-0000-0000-0000000000a1', n, 'email', 0, '', 'E-mail ' || n, '', 'Hello',
  '', 3
FROM generate_series(1, 2) n;
INSERT INTO journey_entry (id, journey, person, occasion, happened_at, entered_at, is_holdout, step, due_at, outcome)
SELECT md5('entry' || n)::uuid, '00000000-0000-0000-0000-0000000000a1', md5('person' || n)::uuid, '2026', now(), now(),
  false, md5('step1')::uuid, now() - interval '2 hours', '' FROM generate_series(1, {PEOPLE}) n;
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.012); RETURN NEW; END';
CREATE TRIGGER slow BEFORE UPDATE ON journey_entry FOR EACH ROW EXECUTE FUNCTION slow()"""
WRITTEN = "SELECT count(*) FROM email WHERE template = 'campaign'"
UNSUBSCRIBE = """
UPDATE mailing_contact SET agreed = '{}' WHERE email IN (
  SELECT p.email FROM journey_entry e JOIN person p ON p.id = e.person
  WHERE e.outcome = '' AND e.step = md5('step1')::uuid ORDER BY e.id DESC LIMIT 5) RETURNING email"""


async def test_a_process_killed_twice_writes_each_e_mail_of_a_journey_exactly_once(
    db: None, dsn: str, tmp_path: Path
) -> None:
    for statement in FILL.split(";\n"):
        await database.execute(statement)
    gone: list[str] = []
    killed = 0
    for _ in range(2):
        before = int(await database.fetch_value(WRITTEN))
        walking = _walks(dsn, tmp_path)
        until = time.monotonic() + 30
        while int(await database.fetch_value(WRITTEN)) == before:
            assert time.monotonic() < until and walking.poll() is None
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.15)  # into the next lot
        walking.kill()
        killed += walking.wait() == -9
        if not gone:
            gone = list(await database.fetch_values(UNSUBSCRIBE))
    left = await database.fetch_value("SELECT count(*) FROM journey_entry WHERE outcome = ''")
    assert killed == 2 and len(gone) == 5 and left, "it was killed while it walked"
    assert await asyncio.to_thread(_walks(dsn, tmp_path).wait, 60) == 0
    rows = await database.fetch_rows("SELECT recipient, subject FROM email WHERE template = 'campaign'")
    wanted = {f"reader{number}@kiln.test" for number in range(1, PEOPLE + 1)} - set(gone)
    assert Counter(tuple(row) for row in rows) == Counter(
        (email, f"E-mail {number}") for email in wanted for number in (1, 2)
    )
    outcomes = dict(await database.fetch_rows("SELECT outcome, count(*) FROM journey_entry GROUP BY outcome"))
    assert outcomes == {"finished": PEOPLE - 5, "withdrawn": 5}
    assert await database.fetch_value("SELECT count(*) FROM journey_send") == 2 * (PEOPLE - 5)


def _walks(dsn: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = demos.environment(folder)
    return subprocess.Popen([sys.executable, "-c", WALK, dsn], env=environment, cwd=demos.ROOT)
