"""Those it has happened to before a journey is started: counted, and let in where staff want them."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.campaigns.journeys import journey_entering, journey_reach, journeys
from components.campaigns.journeys.journey_reach import JourneyReach
from components.campaigns.journeys.journeys import JourneyDraft
from components.campaigns.journeys.tables import Journey
from components.consents import consents
from components.foundation import clock, database
from tests.components.campaigns import walked
from tests.components.campaigns.walked import EMAIL
from tests.support import people
from tests.support.shops import Shop

pytestmark = pytest.mark.usefixtures("db")


async def draft(entry: str, *, days: int, holdout: int = 0) -> Journey:
    made = JourneyDraft(name="Test", entry=entry, days=days, holdout=holdout)
    return await journeys._make(made, [EMAIL], by=await walked.owner_id())


async def quiet(*names: str, since: int) -> None:
    """Members who have used nothing for so many days."""
    for name in names:
        await walked.member(name, since=clock.now() - timedelta(days=since))


async def test_who_is_there_already_is_counted_and_how_many_a_month() -> None:
    await quiet("noor", "theo", since=300)
    await quiet("maya", since=40)
    await quiet("late", since=5)
    no = await walked.member("no", since=clock.now() - timedelta(days=300))
    await consents.withdraw("no@kiln.test", ("news",), how="unsubscribe")
    one = await draft("unused", days=30)
    assert no and await journey_reach.reach_soon(one) == JourneyReach(there=3, monthly=1)
    assert await journey_reach.reach_soon(await draft("birthday", days=0)) is None


async def test_they_enter_as_if_it_happened_now_and_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey_entering, "_ENTER", journey_entering._ENTER.replace("LIMIT 1000", "LIMIT 2"))
    monkeypatch.setattr(journey_entering, "LOT", 2)
    await quiet("noor", "theo", "maya", since=300)
    one = await draft("unused", days=30)
    await journeys.start_with_all(one.id, by=await walked.owner_id())
    await walked.later(minutes=5)
    assert sorted(await walked.written()) == ["maya: Hello Maya", "noor: Hello Noor", "theo: Hello Theo"]
    assert not (await journeys.by_id(one.id)).lets_in
    await walked.later(minutes=5)
    assert len(await walked.written()) == 3 and await walked.outcomes() == {"finished": 3}


async def test_started_without_them_nobody_enters_for_what_was_before() -> None:
    await quiet("noor", since=300)
    one = await draft("unused", days=30)
    await journeys.start(one.id, by=await walked.owner_id())
    await walked.later(minutes=5)
    assert await walked.outcomes() == {}


async def test_paused_before_all_are_in_the_rest_is_let_in_after_it() -> None:
    await quiet("noor", since=300)
    one, by = await draft("unused", days=30), await walked.owner_id()
    await journeys.start_with_all(one.id, by=by)
    await journeys.pause(one.id, by=by)
    await journey_entering.note_all_in(one.id)
    await walked.later(minutes=5)
    assert await walked.outcomes() == {}
    await journeys.resume(one.id, by=by)
    await walked.later(minutes=5)
    assert await walked.written() == ["noor: Hello Noor"]


async def test_the_page_of_a_draft_asks_whether_they_are_let_in(shop: Shop) -> None:
    await quiet("noor", "theo", since=300)
    one = await draft("unused", days=30)
    await people.staff("sam@kiln.test", ["campaigns"])
    sam = await shop.signed_in("sam@kiln.test")
    there = f"/staff/journeys/{one.id}"
    page = await sam.get(there)
    assert "It has happened to 2 people who agreed already. Let them in too?" in page.words
    assert "begun for about 0" in page.words
    page = await sam.submit(page, f"{there}/start-with-all")
    assert "is let in within minutes" in page.alerts() and "still being let in" in page.words
    await walked.later(minutes=5)
    assert len(await walked.written()) == 2
    assert "still being let in" not in (await sam.get(there)).words
    found = await database.fetch_value("SELECT id FROM journey")
    assert found == UUID(str(one.id))
