"""A tag and an erasure of the same person at the same time: nothing stays of the tag."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest

from components.foundation import database
from components.foundation.refusals import NotFound
from components.segments import customer_tags, segment_editing
from tests.support import people


async def by_hand(person: UUID) -> None:
    with pytest.raises(NotFound):
        await customer_tags.add(person, "press")


async def by_segment(person: UUID) -> None:
    rules = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0, "days": None}]}
    await customer_tags.add_to_segment(await segment_editing.create("Everybody", rules), "press")


@pytest.mark.parametrize("tagged", [by_hand, by_segment])
async def test_who_is_erased_meanwhile_gets_no_tag(db: None, tagged: Callable[[UUID], Awaitable[None]]) -> None:
    noor = await people.customer()
    other = await asyncpg.connect(database.dsn())
    try:
        erasing = other.transaction()
        await erasing.start()
        await other.execute("UPDATE person SET erased_at = now() WHERE id = $1", noor.id)
        tagging = asyncio.ensure_future(tagged(noor.id))
        done, _ = await asyncio.wait({tagging}, timeout=0.5)
        assert not done, "it waits for what is under way"
        await erasing.commit()
        await tagging
    finally:
        await other.close()
    assert await customer_tags.of_person(noor.id) == ()
