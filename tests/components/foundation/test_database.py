"""Transactions keep their promises."""

import asyncio

import pytest

from components.foundation import database, jobs, outbox
from components.foundation.database import Query, batch
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


async def test_a_job_and_a_fact_of_a_change_that_failed_are_never_heard_of() -> None:
    with pytest.raises(ValueError, match="no"):
        async with database.transaction():
            await jobs.defer("deliver_fact", fact_id="0")
            raise ValueError("no")
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0
    assert outbox.Fact.known is not None
