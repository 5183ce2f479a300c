"""Transactions keep their promises."""

import asyncio
import contextlib
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from components.foundation import clock, database, ids, jobs, outbox
from components.foundation.database import Query, batch, request_coalescing
from components.foundation.tables import AuditEntry

pytestmark = pytest.mark.usefixtures("db")


async def count() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM audit_entry"))


async def add(what: str) -> None:
    from components.foundation import audit

    await audit.record(None, what, "test", "1")


async def test_an_inner_transaction_that_fails_takes_back_only_its_own_writes() -> None:
    async with database.transaction():
        await add("outer")
        with pytest.raises(ValueError, match="inner"):
            async with database.transaction():
                await add("inner")
                raise ValueError("inner")
    assert [row["what"] for row in await AuditEntry.select(AuditEntry.what)] == ["outer"]


async def test_a_failing_commit_gives_its_connection_back_and_leaves_no_transaction_behind() -> None:
    await database.execute("CREATE TEMP TABLE IF NOT EXISTS nothing (id int)")
    for _ in range(25):
        with pytest.raises(Exception, match="only ever added"):
            async with database.transaction():
                await add("one")
                await database.execute("UPDATE audit_entry SET what = 'changed'")
    assert await count() == 0
    assert not database.DB.transaction_exists()


async def test_queries_of_another_task_inside_a_transaction_are_refused() -> None:
    with pytest.raises(RuntimeError, match="belongs to one task"):
        async with database.transaction():
            await asyncio.gather(count(), count())
    assert await count() == 0


async def test_a_task_started_inside_a_transaction_may_ask_once_it_is_over() -> None:
    over = asyncio.Event()

    async def later() -> int:
        await over.wait()
        return await count()

    async with database.transaction():
        await add("one")
        task = asyncio.create_task(later())
    over.set()
    assert await task == 1


async def test_several_questions_are_one_statement() -> None:
    with database.counted() as sent:
        answers = await batch(
            Query("SELECT to_json($1::int + 1)", (1,), int),
            Query("SELECT to_json($1::text || $2::text)", ("a", "b"), str),
            Query("SELECT to_json(1) WHERE false", (), lambda value: value),
        )
    assert answers == (2, "ab", None)
    assert sent.count == 1


async def test_a_dollar_in_a_literal_a_name_or_a_comment_is_no_placeholder() -> None:
    tricky = Query(
        """SELECT to_json('costs $1, ''$2'' ' || $1::text || "it$1s" || $tag$ $1 $tag$) -- $2
        FROM (SELECT $1::text AS "it$1s") named""",
        ("a",),
        str,
        ("text",),
    )
    wanted = "costs $1, '$2' aa $1 "
    assert await batch(tricky) == (wanted,)
    assert await batch(Query("SELECT to_json($1::int)", (7,), int), tricky) == (7, wanted)
    assert await request_coalescing.ask(tricky) == (wanted,)
    eleven = Query(f"SELECT to_json(concat({', '.join(f'${n}::text' for n in range(1, 12))}))", (*"abcdefghijk",), str)
    assert await batch(tricky, eleven) == (wanted, "abcdefghijk")


@dataclass(frozen=True)
class Entry:
    what: str
    subject: str


class Numbered(NamedTuple):
    number: int
    half: float


async def test_rows_become_typed_things_at_once() -> None:
    await add("renamed")
    (entry,) = await database.fetch_as(Entry, "SELECT what, subject FROM audit_entry")
    assert entry.what == "renamed"
    sql = "SELECT n AS number, n / 2.0::float8 AS half FROM unnest($1::int[]) n"
    assert await database.fetch_as(Numbered, sql, [1, 2]) == [Numbered(1, 0.5), Numbered(2, 1.0)]
    assert await database.fetch_one_as(Numbered, sql, [3]) == Numbered(3, 1.5)
    assert await database.fetch_one_as(Numbered, sql, []) is None
    with pytest.raises(TypeError, match="renamed"):
        await database.fetch_as(Numbered, "SELECT 1 AS number, 0.5::float8 AS renamed")


async def test_the_two_ways_to_say_holds_at_an_instant_agree() -> None:
    early, noon, late = (datetime(2027, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3))
    for from_at, until_at, at in itertools.product((early, noon, late), (early, noon, late, None), (early, noon, late)):
        found = await database.fetch_value("SELECT holds($1, $2, $3)", from_at, until_at, at)
        assert found is clock.holds(from_at, until_at, at)


async def test_holds_is_inlined_so_that_an_index_serves_it() -> None:
    async with database.transaction():
        await database.execute("SET LOCAL enable_seqscan = off")
        plan = await database.fetch_values(
            "EXPLAIN SELECT id FROM entitlement WHERE person = $1 AND holds(from_at, until_at, $2)",
            ids.new(),
            clock.now(),
        )
    words = "\n".join(plan)
    assert "entitlement_at" in words
    assert "holds(" not in words


async def test_a_job_and_a_fact_of_a_change_that_failed_are_never_heard_of() -> None:
    with pytest.raises(ValueError, match="no"):
        async with database.transaction():
            await jobs.defer("deliver_fact", fact_id="0")
            raise ValueError("no")
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0
    assert outbox.Fact.known is not None


async def test_what_is_to_follow_a_change_follows_its_commit_and_nothing_that_is_undone() -> None:
    done: list[str] = []

    async def follows() -> None:
        assert not database.DB.transaction_exists()
        done.append(f"follows {await count()}")

    async def is_undone() -> None:
        done.append("undone")

    async with database.transaction():
        await add("outer")
        await database.after_commit(follows)
        with contextlib.suppress(ValueError):
            async with database.transaction():
                await database.after_commit(is_undone)
                raise ValueError
        async with database.transaction():
            await database.after_commit(follows)
        assert done == []
    assert done == ["follows 1"]
    with contextlib.suppress(ValueError):
        async with database.transaction():
            await database.after_commit(is_undone)
            raise ValueError
    await database.after_commit(follows)
    assert done == ["follows 1"] * 2
