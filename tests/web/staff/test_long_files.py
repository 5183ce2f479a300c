"""Files of everything: worked out once, small in memory, and told in words where they take too long."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from components.foundation import database
from components.foundation.database import row_streams, time_limits
from components.foundation.database.time_limits import TimeLimits
from components.insights.programme import owed_rows
from components.segments import segment_editing, segment_people, segments
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.staff import csv_files, spooled_files

PEOPLE = """INSERT INTO person (id, email, name, created_at)
SELECT gen_random_uuid(), 'p' || n || '@long.test', 'Person ' || n, now() FROM generate_series(1, 2500) n"""
LOTS = """INSERT INTO ledger_lot (id, person, kind, words, amount, remaining, given_at)
SELECT gen_random_uuid(), id, 'store_credit', '', 100, 100, now() - interval '1 day' FROM person"""
RULES = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0}]}


@dataclass(frozen=True, slots=True)
class Numbered:
    n: int


@pytest.fixture
async def sam(shop: Shop) -> Browser:
    await people.staff(permissions=("members", "metrics"))
    return await shop.signed_in("sam@kiln.test")


@pytest.fixture
async def segment(sam: Browser) -> UUID:
    return await segment_editing.create("Quiet", RULES)


async def test_rows_of_a_file_are_asked_for_once_however_many_they_are(sam: Browser) -> None:
    await database.execute(PEOPLE)
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(LOTS)
    at = await database.fetch_value("SELECT now()")
    for rows in (owed_rows.rows().every(), segment_people.everybody(RULES, at=at)):
        with database.counted() as sent:
            found = [one.id async for one in rows]
        assert len(set(found)) == len(found) == 2501
        assert sent.count == 2, "how long it may take, and the statement"


async def test_a_statement_that_is_read_bit_by_bit_may_take_long_and_holds_little(shop: Shop) -> None:
    slow = "SELECT n FROM generate_series(1, 4) n, LATERAL (SELECT pg_sleep(0.1) WHERE n > 0) s"
    with time_limits._limited(TimeLimits(statement=0.2)):
        assert [one.n async for one in row_streams.each_as(Numbered, slow)] == [1, 2, 3, 4]
    number = 0
    tracemalloc.start()
    async for _one in row_streams.each_as(Numbered, "SELECT n::int FROM generate_series(1, 100000) n"):
        number += 1
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert number == 100_000 and most < 2_000_000


async def test_whoever_downloads_slowly_keeps_no_statement_open(shop: Shop) -> None:
    async def made() -> AsyncIterator[tuple[str, ...]]:
        async for one in row_streams.each_as(Numbered, "SELECT n::int FROM generate_series(1, 20000) n"):
            yield str(one.n), "x" * 20

    spool = await spooled_files.begun(csv_files._written(("n", "x"), made()))
    parts = spool.parts()
    first = await anext(parts)
    await asyncio.wait_for(asyncio.shield(spool._writing), 30)
    open_ones = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%' AND datname = current_database()"
    assert await database.fetch_value(open_ones) == 0
    whole = first + b"".join([part async for part in parts])
    assert len(whole.splitlines()) == 20_001 and whole.endswith(b"20000," + b"x" * 20 + b"\r\n")


async def test_trouble_in_the_middle_is_no_whole_file(shop: Shop) -> None:
    async def made() -> AsyncIterator[tuple[str, ...]]:
        for n in range(120):
            yield (str(n),)
        await asyncio.sleep(0.05)
        raise TimeoutError

    spool = await spooled_files.begun(csv_files._written(("n",), made()))
    with pytest.raises(spooled_files.FileTooSlow):
        _ = [part async for part in spool.parts()]


async def test_a_file_that_takes_too_long_is_said_in_words(
    sam: Browser, segment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_streams, "LONG_SECONDS", 0.001)
    await database.execute(PEOPLE)
    for address in (f"/staff/segments/{segment}/export.csv", "/staff/metrics/owed/export"):
        answer = await sam.get(address)
        assert answer.status == 503 and "takes too long to put together" in answer.words
    noted = await database.fetch_value("SELECT count(*) FROM audit_entry WHERE what = 'exported'")
    assert noted == 0, "nobody has it"


async def test_rules_that_take_too_long_are_said_in_words_wherever_they_are_asked(
    sam: Browser, segment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.execute(PEOPLE)
    monkeypatch.setattr(segments, "PATIENCE", "1ms")
    told = "Counting takes too long with these rules"
    members = await sam.get(f"/staff/members?show=all&segment={segment}")
    assert members.status == 503 and told in members.words
    tagged = await sam.post(f"/staff/segments/{segment}/tags", {"tag": "quiet"})
    assert tagged.status == 200 and told in tagged.words
    assert await database.fetch_value("SELECT count(*) FROM customer_tag") == 0
    assert told in (await sam.get(f"/staff/segments/{segment}?after={UUID(int=1)}")).words
