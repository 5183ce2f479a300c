"""What waits to be written is bounded, never in a page's way, and as far as possible not lost."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from components.behaviour import view_buffer, view_writing, visit_consents
from components.behaviour.page_views import SeenPage
from components.behaviour.view_buffer import DROPPED, ViewBuffer
from components.foundation import database
from components.insights import invariants
from components.people.privacy import erasure
from tests.conftest import NOON
from tests.support import make_products, people, visits
from tests.support.shops import Shop

MUG = SeenPage(at=NOON, kind="product", subject="moon-mug")
TIMES = "SELECT coalesce(sum(times), 0)::int FROM view_count"


def dropped() -> float:
    return DROPPED._value.get()  # type: ignore[no-any-return]


async def times() -> int:
    return int(await database.fetch_value(TIMES))


async def test_what_is_full_forgets_the_oldest_and_counts_it() -> None:
    buffer, before = ViewBuffer(most=3), dropped()
    for number in range(5):
        buffer.note(replace(MUG, subject=str(number)))
    assert [seen.subject for seen in buffer.waiting] == ["2", "3", "4"]
    assert dropped() - before == 2


async def test_it_is_written_every_second_and_at_the_end(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_buffer, "EVERY_SECONDS", 0.05)
    buffer = ViewBuffer()
    async with view_buffer.writing(buffer):
        buffer.note(MUG)
        for _ in range(100):
            if await times():
                break
            await asyncio.sleep(0.02)
        assert await times() == 1
        monkeypatch.setattr(view_buffer, "EVERY_SECONDS", 60.0)
        await asyncio.sleep(0.1)
        buffer.note(MUG)
    assert await times() == 2 and not buffer.waiting


async def test_five_hundred_do_not_wait_for_the_second(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_buffer, "EVERY_SECONDS", 60.0)
    buffer = ViewBuffer()
    async with view_buffer.writing(buffer):
        await asyncio.sleep(0)
        for _ in range(view_buffer.AT_ONCE):
            buffer.note(MUG)
        for _ in range(200):
            if await times():
                break
            await asyncio.sleep(0.02)
        assert await times() == view_buffer.AT_ONCE


async def test_while_the_database_is_away_pages_are_answered_and_views_wait(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_products.product()
    browser = visits.firefox(shop)

    async def away(lot: object) -> None:
        raise ConnectionError("the database is away")

    with visits.counting("counts"):
        await browser.get("/products/moon-mug")
        with monkeypatch.context() as patch:
            patch.setattr(view_writing, "write", away)
            assert await view_buffer.BUFFER.write() == 0
            assert (await browser.get("/products/moon-mug")).status == 200
        assert len(view_buffer.BUFFER.waiting) == 2
        assert await visits.counted() == {("product", "moon-mug"): 2}


async def test_what_is_put_back_makes_no_room_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer, before = ViewBuffer(most=3), dropped()
    for number in range(3):
        buffer.note(replace(MUG, subject=str(number)))

    async def away(lot: object) -> None:
        buffer.note(replace(MUG, subject="new"))
        raise ConnectionError

    monkeypatch.setattr(view_writing, "write", away)
    await buffer.write()
    assert [seen.subject for seen in buffer.waiting] == ["1", "2", "new"]
    assert dropped() - before == 1


async def test_views_of_both_sides_of_midnight_are_of_two_days_of_the_shop(db: None) -> None:
    for hour in (22, 23):  # summer time: 23:30 UTC is the next day in London
        await view_writing.write([replace(MUG, at=datetime(2027, 6, 1, hour, 30, tzinfo=UTC))])
    days = await database.fetch_values("SELECT day::text FROM view_count ORDER BY day")
    assert days == ["2027-06-01", "2027-06-02"]


async def test_lots_written_at_once_lose_nothing(db: None) -> None:
    lots = [[replace(MUG, subject=f"{(n + m) % 7}") for n in range(40)] for m in range(8)]
    await asyncio.gather(*(view_writing.write(lot) for lot in lots))
    assert await times() == 320


async def test_invented_searches_are_bounded_each_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_writing, "MOST_INVENTED", 3)
    lot = [replace(MUG, kind="search", subject=f"word {n}", found=0) for n in range(6)]
    await view_writing.write(lot)
    await view_writing.write(lot)
    rows = await database.fetch_rows("SELECT subject, times FROM view_count ORDER BY subject")
    assert rows == [(view_writing.OTHERS, 6), ("word 0", 2), ("word 1", 2), ("word 2", 2)]


async def _visit(person: UUID | None = None) -> SeenPage:
    return replace(MUG, visitor=await visit_consents.give(person), person=person)


async def test_a_first_sign_in_takes_along_what_was_seen_in_that_browser_before(db: None) -> None:
    noor, seen = await people.customer(), await _visit()
    await view_writing.write([seen])
    await view_writing.write([replace(seen, subject="bowl", person=noor.id)])
    rows = await database.fetch_rows("SELECT subject, person FROM page_view ORDER BY subject")
    assert rows == [("bowl", noor.id), ("moon-mug", noor.id)]


async def test_two_who_share_a_browser_keep_apart(db: None) -> None:
    noor, maya = await people.customer(), await people.customer("maya@kiln.test", name="Maya")
    seen = await _visit(noor.id)
    await view_writing.write([seen])
    await view_writing.write([replace(seen, subject="bowl", person=maya.id)])
    await visit_consents.withdraw(None, maya.id)
    assert await database.fetch_rows("SELECT subject, person FROM page_view") == [("moon-mug", noor.id)]


async def test_somebody_erased_meanwhile_leaves_no_visit(db: None) -> None:
    noor = await people.customer()
    seen = replace(await _visit(), person=noor.id)  # their consent is not joined with them yet
    await erasure.erase(noor.id)
    await view_writing.write([seen])
    assert await database.fetch_value("SELECT count(*) FROM page_view") == 0
    assert await database.fetch_value("SELECT person FROM visit_consent") is None


async def test_without_a_consent_the_database_itself_takes_no_visit(db: None) -> None:
    await view_writing.write([replace(MUG, visitor=uuid4())])
    assert await database.fetch_value("SELECT count(*) FROM page_view") == 0 and await times() == 1


async def test_what_is_written_is_consistent(db: None) -> None:
    noor = await people.customer()
    await view_writing.write([await _visit(noor.id), await _visit(), MUG])
    assert [words async for part in invariants.examine() for words in part.broken] == []
