"""Many who ask the same at one moment are answered by few statements, each with her own answer."""

import asyncio

import pytest

from components.foundation import audit, database
from components.foundation.database import Query, request_coalescing

pytestmark = pytest.mark.usefixtures("db")


def doubled(number: int) -> Query[int]:
    return Query("SELECT to_json($1 * 2)", (number,), int, ("int",))


def named(name: str | None, number: int) -> Query[str | None]:
    return Query("SELECT to_json($1 || $2::text)", (name, number), lambda found: found, ("text", "int"))


async def test_everybody_gets_her_own_answer_and_few_statements_are_sent() -> None:
    with database.counted() as tally:
        found = await asyncio.gather(*(request_coalescing.ask(doubled(n), named(f"n{n}", n)) for n in range(100)))
    assert found == [(2 * n, f"n{n}{n}") for n in range(100)]
    assert tally.count <= 3


async def test_who_has_no_answer_moves_nobody_elses() -> None:
    found = await asyncio.gather(*(request_coalescing.ask(named(None if n % 3 else f"n{n}", n)) for n in range(30)))
    assert found == [(None if n % 3 else f"n{n}{n}",) for n in range(30)]


async def test_who_asks_alone_is_asked_for_at_once() -> None:
    with database.counted() as tally:
        assert await request_coalescing.ask(doubled(4)) == (8,)
        assert await request_coalescing.ask() == ()
    assert tally.count == 1


async def test_who_leaves_takes_nobody_along() -> None:
    asked = [asyncio.create_task(request_coalescing.ask(doubled(n))) for n in range(10)]
    await asyncio.sleep(0)
    asked[0].cancel()
    asked[7].cancel()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert [one for one in found if isinstance(one, tuple)] == [(2 * n,) for n in range(10) if n not in (0, 7)]
    assert await request_coalescing.ask(doubled(1)) == (2,)


async def test_trouble_is_told_to_all_who_asked_and_to_nobody_after_them() -> None:
    broken: Query[int] = Query("SELECT to_json(1 / $1)", (0,), int, ("int",))
    found = await asyncio.gather(*(request_coalescing.ask(broken) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(one, Exception) and "division by zero" in str(one) for one in found)
    whole: Query[int] = Query("SELECT to_json(1 / $1)", (1,), int, ("int",))
    assert await request_coalescing.ask(whole) == (1,)


async def test_inside_a_transaction_one_asks_alone_and_sees_ones_own_changes() -> None:
    sums: Query[int] = Query("SELECT to_json(count(*) + $1) FROM audit_entry", (0,), int, ("int",))
    async with database.transaction():
        await audit.record(None, "asked", "test", "1")
        assert await request_coalescing.ask(sums) == (1,)
