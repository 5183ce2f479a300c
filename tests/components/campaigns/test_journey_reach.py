"""Those it has happened to before a journey is started: counted, and let in where staff want them."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from components.campaigns.journeys import journey_entering, journey_reach, journey_walking, journeys
from components.campaigns.journeys.journey_reach import JourneyReach
from components.campaigns.journeys.journeys import JourneyDraft
from components.campaigns.journeys.ready_made import ReadyStep
from components.campaigns.journeys.tables import Journey
from components.consents import consents
from components.foundation import clock, database
from components.people import customer_accounts
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
    assert no and await journey_reach.reach_soon(one) == JourneyReach(there=3, held_out=0, monthly=1)
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
    asked = await sam.get(f"{there}/start-with-all")
    assert asked.heading == "Start it, and write to 2 people already?"
    assert "Each of the others gets 1 e-mail" in asked.words and "Within minutes 2 e-mails altogether" in asked.words
    assert (await journeys.by_id(one.id)).state == "draft", "asking starts nothing"
    page = await sam.submit(asked, f"{there}/start-with-all")
    assert "is let in within minutes" in page.alerts() and "still being let in" in page.words
    assert "before is let in too" in page.words and "brings nobody in" not in page.words
    assert "only what happens from" not in page.words, "that would be of a journey without them"
    await walked.later(minutes=5)
    assert len(await walked.written()) == 2
    assert "still being let in" not in (await sam.get(there)).words
    found = await database.fetch_value("SELECT id FROM journey")
    assert found == UUID(str(one.id))


async def test_the_question_counts_who_is_held_back_and_what_a_wait_keeps_for_later(shop: Shop) -> None:
    await quiet(*(f"n{number}" for number in range(12)), since=300)
    made = JourneyDraft(name="Test", entry="unused", days=30, holdout=50)
    steps = [EMAIL, walked.wait(days=1), walked.only_if("not_used"), EMAIL]
    one, reach = await _with_some_held_back(made, steps)
    await people.staff("sam@kiln.test", ["campaigns"])
    sam, there = await shop.signed_in("sam@kiln.test"), f"/staff/journeys/{one.id}"
    assert reach.there == 12 and reach.gets == 12 - reach.held_out < 12
    page = await sam.get(f"{there}/start-with-all")
    assert page.heading == f"Start it, and write to {reach.gets} people already?"
    assert f"Held back to compare {reach.held_out}, who get nothing" in page.words
    assert "Each of the others gets at most 2 e-mails" in page.words
    assert f"Within minutes at most {reach.gets} e-mails altogether" in page.words
    await database.execute("UPDATE journey SET version = version + 1")
    page = await sam.submit(page, f"{there}/start-with-all")
    assert "changed this journey meanwhile" in page.alerts()
    assert (await journeys.by_id(one.id)).state == "draft", "it was asked about other words"


async def _with_some_held_back(made: JourneyDraft, steps: list[ReadyStep]) -> tuple[Journey, JourneyReach]:
    """Who is held back is drawn by the journey’s id: one in which it is neither nobody nor nearly everybody."""
    while True:
        one = await journeys._make(made, steps, by=await walked.owner_id())
        reach = await journey_reach.reach_soon(one)
        assert reach is not None
        if 1 < reach.gets < reach.there:
            return one, reach


async def test_nobody_is_asked_about_where_nobody_is_let_in(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["campaigns"])
    sam = await shop.signed_in("sam@kiln.test")
    for entry, words in (("birthday", "It begins on one day"), ("unused", "It has happened to nobody who agreed")):
        one = await draft(entry, days=30 if entry == "unused" else 0)
        page = await sam.get(f"/staff/journeys/{one.id}/start-with-all")
        assert words in page.alerts() and page.heading == "Test"
    await journeys.start(one.id, by=await walked.owner_id())
    assert (await sam.get(f"/staff/journeys/{one.id}/start-with-all")).status == 409


async def test_where_all_of_them_are_held_back_nobody_is_asked_about_writing_to_them(shop: Shop) -> None:
    await quiet("noor", since=300)
    await people.staff("sam@kiln.test", ["campaigns"])
    sam = await shop.signed_in("sam@kiln.test")
    while True:
        one = await draft("unused", days=30, holdout=50)
        reach = await journey_reach.reach_soon(one)
        if reach is not None and not reach.gets:
            break
    there = f"/staff/journeys/{one.id}"
    assert "start-with-all" not in (await sam.get(there)).text
    page = await sam.get(f"{there}/start-with-all")
    assert "would be held back to compare, and get nothing" in page.alerts() and page.heading == "Test"
    assert (await journeys.by_id(one.id)).state == "draft"


async def test_what_happens_on_one_day_lets_in_nobody_of_before() -> None:
    noor = await walked.reader("noor")
    await customer_accounts.remember_birthday(noor, birthday=date(1990, 7, 4))
    for entry in ("birthday", "welcome"):
        one = await draft(entry, days=0)
        with pytest.raises(journeys.JourneyNotReady, match="begins on one day"):
            await journeys.start_with_all(one.id, by=await walked.owner_id())
        assert (await journeys.by_id(one.id)).state == "draft"
    await walked.later(minutes=5)
    assert await walked.outcomes() == {}


async def test_those_who_are_not_in_when_the_time_is_over_are_let_in_by_the_next_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journey_entering, "_ENTER", journey_entering._ENTER.replace("LIMIT 1000", "LIMIT 1"))
    monkeypatch.setattr(journey_entering, "LOT", 1)
    monkeypatch.setattr(journey_walking, "SECONDS", 0.0)
    await quiet("noor", "theo", since=300)
    made = JourneyDraft(name="Test", entry="unused", days=30)
    one = await journeys._make(made, [walked.wait(days=1), EMAIL], by=await walked.owner_id())
    await journeys.start_with_all(one.id, by=await walked.owner_id())
    await journey_walking.walk(str(one.id))
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'walk_journey' AND status = 'todo'"
    assert (await walked.outcomes(), await database.fetch_value(waiting)) == ({"": 1}, 1)


async def test_a_refund_that_failed_is_no_use_of_a_benefit() -> None:
    noor = await walked.member("noor", since=clock.now() - timedelta(days=300))
    one = await draft("unused", days=30)
    for reference, there in (("refund", 1), ("refund-failed", 1), ("order-line", 0)):
        await walked.uses(noor, at=clock.now() - timedelta(days=1), reference=reference)
        assert await journey_reach.reach_soon(one) == JourneyReach(there=there, held_out=0, monthly=0), reference
