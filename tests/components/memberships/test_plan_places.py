"""Places on a plan: never more than there are, in two processes too; who waits gets the next one, in turn."""

import asyncio
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.memberships.billing import subscription_start
from components.memberships.billing.states import unpaid_joinings
from components.memberships.editing import plans
from components.memberships.grants import complimentary, gift_memberships, paid_once
from components.memberships.grants.gift_memberships import GiftDetails
from components.memberships.plans import plan_catalogue
from components.memberships.promises import plan_places
from components.memberships.promises.plan_places import NoPlace, NotFull, TooManyUnpaid
from components.payments.values import Payer
from tests.support import join_members, people
from tests.support.shops import Shop

DOCUMENT = (Path(__file__).parents[3] / "docs" / "memberships.md").read_text()
HOUR = timedelta(hours=1)
TAKES = {
    "a membership that runs or is to begin", "an open payment page", "a first payment that takes days",
    "a gift that was bought", "a planned change to this plan", "a place held from the list", "given by staff",
}  # fmt: skip
IN_ANOTHER_PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from uuid import UUID
from components.foundation import database
from components.memberships.billing import subscription_start
from components.memberships.plans import plan_cache, plan_catalogue
from components.memberships.promises.plan_places import NoPlace

LATE = datetime(2030, 1, 1, tzinfo=UTC)

async def one(person):
    try:
        await subscription_start.create_pending(UUID(person), plan_catalogue.by_slug("few", LATE))
        return 1
    except NoPlace:
        return 0

async def main():
    await database.connect(sys.argv[1], pool_size=4)
    await plan_cache.refresh()
    print(sum(await asyncio.gather(*map(one, sys.argv[2:]))))

asyncio.run(main())
"""


GATE = """CREATE FUNCTION wait_at_the_gate() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$"""
GATED = "CREATE TRIGGER gate BEFORE INSERT ON plan_place FOR EACH ROW EXECUTE FUNCTION wait_at_the_gate()"
AT_THE_GATE_OR_BEFORE = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def few(places: int) -> UUID:
    plan_id = await plans.create(slug="few", name="Few", summary="", price=400, interval="month", by=None)
    await plans.set_terms(plan_id, plans.PlanTerms(places=places, is_giftable=True), by=None)
    return plan_id


async def persons(count: int) -> list[UUID]:
    return [(await people.customer(f"w{place}@town.test")).id for place in range(count)]


async def free(plan_id: UUID) -> int:
    found = await plan_places.of_plan(plan_id)
    assert found is not None
    return found.free


async def test_each_row_of_the_table_takes_one_place_for_as_long_as_it_says(db: None) -> None:
    part = DOCUMENT.split("## Places on a plan")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| \*\*(.+?)\*\* \|", part, re.M)) == TAKES
    plan_id = await few(1)
    plan, now = plan_catalogue.by_slug("few"), clock.now()
    one, other, third = await persons(3)
    version, later = plan.version_id, now + 26 * HOUR

    async def row(sql: str, *args: Any) -> None:
        assert await free(plan_id) == 1
        await database.execute(sql, *args)
        assert await free(plan_id) == 0

    sub = "INSERT INTO subscription (id, payer, plan_version, status, created_at) VALUES ($1, $2, $3, $4, $5)"
    await subscription_start.create_pending(one, plan)
    assert await free(plan_id) == 0
    await subscription_start.create_pending(one, plan)
    with pytest.raises(NoPlace):
        await subscription_start.create_pending(other, plan)
    with clock.frozen(later):
        assert await free(plan_id) == 1
    await plan_places.release(plan_id, one)
    await database.execute("DELETE FROM subscription")
    for status in ("incomplete", "paused", "unpaid", "active"):
        await row(sub, ids.new(), one, version, status, now)
        await database.execute("DELETE FROM subscription")
    gift = """INSERT INTO gift_membership (id, buyer, plan_version, giver_name, recipient_name, recipient_email,
      send_at, created_at, paid_at, expires_at) VALUES ($1, $2, $3, 'A', 'B', 'b@town.test', $4, $4, $4, $5)"""
    await row(gift, ids.new(), one, version, now, later)
    with clock.frozen(later):
        assert await free(plan_id) == 1, "its code has expired"
    await database.execute("UPDATE gift_membership SET refunded_at = paid_at")
    dear = await plans.create(slug="dear", name="Dear", summary="", price=900, interval="month", by=None)
    assert dear
    await database.execute(sub, moving := ids.new(), one, plan_catalogue.by_slug("dear").version_id, "active", now)
    await row(
        """INSERT INTO plan_change (id, subscription, to_version, currency, asked_at, due_at)
           VALUES ($1, $2, $3, 'GBP', $4, $4)""", ids.new(), moving, version, now,
    )  # fmt: skip
    await database.execute("UPDATE plan_change SET dropped_at = asked_at")
    await complimentary.grant(third, plan, until=None, by=third)
    await complimentary.grant(other, plan, until=None, by=third)
    found = await plan_places.of_plan(plan_id)
    assert found is not None and (found.taken, found.free) == (2, 0), "what staff give is never refused, and counts"


async def test_the_last_places_are_taken_once_by_two_processes_at_the_same_moment(db: None, dsn: str) -> None:
    """Everybody has counted, or waits for who does, before the first may store anything: a gate is held until then."""
    await few(3)
    crowd = await persons(16)
    await database.execute(GATE)
    await database.execute(GATED)
    async with database.transaction():
        await database.execute("SELECT pg_advisory_xact_lock(4711)")
        runs = await started(crowd, dsn)
        async with asyncio.timeout(60):
            while await database.fetch_value(AT_THE_GATE_OR_BEFORE) < 5:  # of both, each has four connections
                pass
    got = [int((await run.communicate())[0]) for run in runs]
    await database.execute("DROP FUNCTION wait_at_the_gate CASCADE")
    assert sum(got) == 3, got
    assert await database.fetch_value("SELECT count(*) FROM subscription WHERE status = 'pending'") == 3


async def started(crowd: list[UUID], dsn: str) -> list[asyncio.subprocess.Process]:
    return [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", IN_ANOTHER_PROCESS, dsn, *map(str, half), stdout=asyncio.subprocess.PIPE
        )
        for half in (crowd[:8], crowd[8:])
    ]


async def test_a_page_that_expires_gives_up_no_place_of_another_that_is_open(shop: Shop) -> None:
    plan_id = await few(1)
    other_id = await plans.create(slug="term", name="Term", summary="", price=400, interval="month", by=None)
    await plans.set_terms(other_id, plans.PlanTerms(places=1), by=None)
    maya, noor = await persons(2)
    await subscription_start.create_pending(maya, plan_catalogue.by_slug("few"))
    async with database.transaction():
        await plan_places.take(other_id, maya)
    waiting = await database.fetch_value("SELECT id FROM subscription WHERE payer = $1", maya)
    await unpaid_joinings.expire(waiting)
    assert await free(plan_id) == 1
    with pytest.raises(NoPlace):
        await plan_places.take(other_id, noor)


async def test_nobody_takes_every_place_with_gifts_that_are_not_paid_for(shop: Shop) -> None:
    plan_id = await few(9)
    plan = plan_catalogue.by_slug("few")
    maya, noor = [Payer(one, f"w{place}@town.test", "W") for place, one in enumerate(await persons(2))]

    async def begin(payer: Payer) -> None:
        details = GiftDetails(giver_name="W", recipient_name="N", recipient_email="n@town.test", message="",
                              send_at=clock.now())  # fmt: skip
        await gift_memberships.buy(payer, plan, details, success_path="/gifts/bought", cancel_path="/gifts")

    begun = await asyncio.gather(*(begin(maya) for _ in range(6)), return_exceptions=True)
    refused = [one for one in begun if isinstance(one, BaseException)]
    assert len(refused) == 6 - plan_places.MOST_UNPAID_GIFTS and {type(one) for one in refused} == {TooManyUnpaid}
    assert await free(plan_id) == 9 - plan_places.MOST_UNPAID_GIFTS
    await begin(noor)
    clock.set_everywhere(clock.now() + 26 * HOUR)
    await begin(maya)
    assert await free(plan_id) == 8, "what was not paid for takes no place any more"


async def test_who_comes_while_the_last_place_is_being_taken_waits_and_gets_none(db: None) -> None:
    await few(1)
    plan, (first, second) = plan_catalogue.by_slug("few"), await persons(2)
    is_waiting, counted = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted", asyncio.Event()

    async def comes() -> UUID:
        await counted.wait()
        return await subscription_start.create_pending(second, plan)

    other = asyncio.create_task(comes())
    async with database.transaction():
        await plan_places.take(plan.id, first)
        counted.set()
        while not await database.fetch_value(is_waiting) and not other.done():
            pass
        assert not other.done(), "the second one does not count before the first has committed"
    with pytest.raises(NoPlace):
        await other


async def test_who_waits_gets_the_next_place_in_turn_and_nobody_passes_them(db: None) -> None:
    plan_id = await few(1)
    plan = plan_catalogue.by_slug("few")
    member, first, second, stranger = await persons(4)
    with pytest.raises(NotFull):
        await plan_places.wait(plan_id, first)
    held = await complimentary.grant(member, plan, until=None, by=member)
    for person in (first, second, first):
        await plan_places.wait(plan_id, person)
        clock.set_everywhere(clock.now() + HOUR)
    await plan_places.offer_free()
    assert [one.held_until for one in await plan_places.waiting_list(plan_id)] == [None, None]
    await complimentary.end(held.id, by=member)
    with pytest.raises(NoPlace):
        await subscription_start.create_pending(stranger, plan)
    await asyncio.gather(plan_places.offer_free(), plan_places.offer_free())
    assert await offered() == [first]
    for person in (stranger, second):
        with pytest.raises(NoPlace):
            await subscription_start.create_pending(person, plan)
    clock.set_everywhere(clock.now() + 48 * HOUR)
    await plan_places.offer_free()
    assert await offered() == [first, second], "held for 48 hours, then for the next"
    with pytest.raises(NoPlace):
        await subscription_start.create_pending(first, plan)
    assert await subscription_start.create_pending(second, plan)
    await database.execute("UPDATE subscription SET status = 'active'")
    await plan_places.offer_free()
    assert await plan_places.waiting_list(plan_id) == []
    await plan_places.wait(plan_id, first)
    await plans.set_terms(plan_id, plans.PlanTerms(places=2), by=None)
    await plan_places.offer_free()
    assert await offered() == [first, second, first], "more places are offered too"
    await plan_places.leave(plan_id, first)
    assert await subscription_start.create_pending(stranger, plan)


async def offered() -> list[UUID]:
    return await database.fetch_values("SELECT person FROM plan_place WHERE offered_at IS NOT NULL ORDER BY offered_at")


async def test_the_page_says_how_many_are_free_and_the_list_is_told_by_e_mail(shop: Shop) -> None:
    plan_id = await few(1)
    for address in ("/join", "/join/few"):
        assert "The only place is free." in (await shop.browser().get(address)).words
    member = await people.customer("noor@kiln.test")
    held = await complimentary.grant(member.id, plan_catalogue.by_slug("few"), until=None, by=member.id)
    await people.customer(join_members.MAYA, name="Maya")
    maya = await shop.signed_in(join_members.MAYA)
    page = await maya.get("/join/few")
    assert "The only place is taken." in page.words and "Continue to payment" not in page.words
    assert "The only place is taken." in (await maya.get("/join")).words
    page = await maya.submit(page, "/join/few/waiting")
    assert "on the waiting list" in page.words
    await people.customer("theo@kiln.test", name="Theo")
    theo = await shop.signed_in("theo@kiln.test")
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    await theo.submit(await theo.get("/join/few"), "/join/few/waiting")
    assert "You’re on the waiting list for Few. You’re next." in (await maya.get("/account")).words
    behind = await theo.get("/account")
    assert "waiting list for Few. One person is ahead of you." in behind.words and 'href="/join/few"' in behind.text
    await theo.submit(await theo.get("/join/few"), "/join/few/waiting/end")
    await people.owner()
    iris = await shop.signed_in("iris@kiln.test")
    staff = await iris.get("/staff/plans/few")
    assert "1 of 1 taken, 0 free, 1 waiting." in staff.words and "Maya" in staff.words
    assert "1 of 1 taken, 1 waiting" in (await iris.get("/staff/plans")).words
    await complimentary.end(held.id, by=member.id)
    await plan_places.offer_free()
    await shop.catch_up()
    (text,) = await database.fetch_values("SELECT text FROM email WHERE template = 'place_free'")
    assert "/join/few" in text
    page = await maya.get("/join/few")
    assert "A place is held for you until" in page.words and "Continue to payment" in page.text
    assert "A place on Few is held for you until" in (await maya.get("/account")).words
    assert await free(plan_id) == 0
    with clock.frozen(clock.now() + plan_places.HELD):
        assert not await plan_places.claims(await join_members.person()), "no longer, before the timetable comes by"
    await complimentary.grant(await join_members.person(), plan_catalogue.by_slug("few"), until=None, by=member.id)
    assert "held for you" not in (await maya.get("/account")).words, "a member waits for nothing"


async def test_a_place_is_free_again_when_its_membership_ended_before_anybody_looked(shop: Shop) -> None:
    """Paid and refunded within five minutes: the page that was paid for it takes no place for the rest of the day."""
    plan_id = await plans.create(slug="few", name="Few", summary="", price=3000, interval="year", is_once=True, by=None)
    await plans.set_terms(plan_id, plans.PlanTerms(places=1), by=None)
    await shop.refresh()
    await join_members.joins(shop, plan_catalogue.by_slug("few"))
    noor = (await people.customer("noor@kiln.test")).id
    await database.execute("UPDATE plan_place SET ended_at = NULL, why_ended = ''")  # as nobody has looked yet
    await plan_places.wait(plan_id, noor)
    await paid_once.end(await database.fetch_value("SELECT id FROM paid_term"), by=None)
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await plan_places.offer_free()
    (offered,) = await plan_places.waiting_list(plan_id)
    assert offered.person == noor and offered.held_until is not None
