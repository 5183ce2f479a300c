"""Who enters a journey, when, and how often."""

from datetime import date, timedelta

import pytest

from components.campaigns.journeys import journey_entering, journeys
from components.campaigns.journeys.tables import JourneyEntry
from components.consents import consents, unreachable
from components.foundation import clock, database
from components.memberships.tables import Membership, Subscription
from components.people import customer_accounts
from components.segments import segment_editing
from tests.components.campaigns import walked
from tests.components.campaigns.test_campaign_sending import NO_ORDER

pytestmark = pytest.mark.usefixtures("db")


async def entered() -> list[str]:
    rows = "SELECT split_part(p.email, '@', 1) FROM journey_entry e JOIN person p ON p.id = e.person ORDER BY 1"
    return list(await database.fetch_values(rows))


async def test_a_new_member_is_welcomed_once_and_nobody_who_was_one_before_or_changes_their_plan() -> None:
    now = clock.now()
    old = await walked.member("old", since=now - timedelta(days=2))
    await walked.member("free", source="free")
    await walked.running("welcome")
    await walked.member("new", since=clock.now() + timedelta(hours=1))
    await walked.belongs(old, since=clock.now() + timedelta(hours=2), source="term")
    moved = await walked.member("moved", since=now - timedelta(days=9), until=now + timedelta(hours=3))
    await walked.belongs(moved, since=now + timedelta(hours=3), source="term")
    back = await walked.member("back", since=now - timedelta(days=9), until=now - timedelta(days=5))
    await walked.belongs(back, since=now + timedelta(hours=3))
    await walked.later(hours=4)
    await walked.later(hours=1)
    assert await entered() == ["back", "new"]
    assert sorted(await walked.written()) == ["back: Hello Back", "new: Hello New"]


async def test_a_member_who_uses_nothing_enters_after_the_days_and_again_only_after_the_next_use() -> None:
    now = clock.now()
    quiet = await walked.member("quiet", since=now - timedelta(days=29))
    buyer = await walked.member("buyer", since=now - timedelta(days=90))
    await walked.orders(buyer, at=now - timedelta(days=2))
    await walked.member("long", since=now - timedelta(days=60))
    gone = await walked.member("gone", since=now - timedelta(days=29), until=now + timedelta(hours=1))
    assert gone
    await walked.running("unused", days=30)
    await walked.later(days=1, minutes=1)
    assert await entered() == ["quiet"], "not who was quiet for longer when it began, nor who is no member any more"
    await walked.later(days=1)
    await walked.orders(quiet)
    await walked.later(days=27)
    assert await entered() == ["buyer", "quiet"]
    await walked.later(days=3, minutes=1)
    assert await entered() == ["buyer", "quiet", "quiet"]


async def test_before_a_renewal_that_is_to_come_and_never_twice_for_the_same() -> None:
    now = clock.now()
    soon = now + timedelta(days=14, hours=1)
    yearly, monthly, leaving = [await walked.reader(name) for name in ("yearly", "monthly", "leaving")]
    await walked.subscribes(yearly, renews=soon)
    await walked.subscribes(monthly, renews=soon, since=timedelta(days=7))
    left = await walked.subscribes(leaving, renews=soon)
    await Subscription.update({Subscription.cancel_at: soon}).where(Subscription.id == left)
    await walked.running("renewal", days=14)
    await walked.later(hours=2)
    await walked.later(hours=2)
    assert await entered() == ["yearly"]
    await Subscription.update({Subscription.current_period_end: soon + timedelta(days=1)}, force=True)
    await walked.later(days=1, hours=1)
    assert await entered() == ["yearly"], "it was moved by a day"
    begun = {Subscription.current_period_start: clock.now(), Subscription.current_period_end: soon + timedelta(days=2)}
    await Subscription.update(begun).where(Subscription.payer == yearly)
    await walked.later(days=1)
    assert await entered() == ["yearly"], "it was moved and its term is counted from now"
    yearly_again = {
        Subscription.current_period_start: soon, Subscription.current_period_end: soon + timedelta(days=365)
    }  # fmt: skip
    await Subscription.update(yearly_again).where(Subscription.payer == yearly)
    await walked.later(days=363)
    assert await entered() == ["yearly", "yearly"], "the next one"


async def test_the_e_mail_of_a_renewal_that_was_moved_still_goes() -> None:
    soon = clock.now() + timedelta(days=14, hours=1)
    await walked.subscribes(await walked.reader("noor"), renews=soon)
    await walked.running("renewal", walked.wait(days=1), walked.EMAIL, days=14)
    await walked.later(hours=2)
    await Subscription.update({Subscription.current_period_end: soon + timedelta(days=1)}, force=True)
    await walked.later(days=1)
    assert await walked.written() == ["noor: Hello Noor"]


async def test_a_failed_payment_as_long_as_it_is_not_paid() -> None:
    now = clock.now()
    await walked.running("payment_failed", days=2)
    for name in ("owing", "paid"):
        person = await walked.reader(name)
        made = await walked.subscribes(person, renews=now, status="past_due", past_due=now + timedelta(hours=1))
    await walked.later(days=1)
    assert await entered() == []
    await Subscription.update({Subscription.status: "active", Subscription.past_due_since: None}).where(
        Subscription.id == made
    )
    await walked.later(days=1, hours=2)
    assert await entered() == ["owing"] and await walked.written() == ["owing: Hello Owing"]


async def test_whose_membership_ended_unless_they_came_back() -> None:
    now = clock.now()
    await walked.running("lapsed", days=7)
    for name in ("gone", "back"):
        person = await walked.member(name, since=now - timedelta(days=90), until=now + timedelta(hours=1))
    await walked.later(days=6)
    await walked.belongs(person)
    await walked.later(days=1, hours=2)
    assert await entered() == ["gone"]


async def test_on_a_birthday_once_a_year_also_on_the_29th_of_february() -> None:
    clock.set_everywhere(clock.now().replace(year=2027, month=2, day=27, hour=12))
    await walked.running("birthday")
    for name, born in (("leap", date(1992, 2, 29)), ("day", date(1980, 2, 28)), ("other", date(1980, 3, 1))):
        await customer_accounts.remember_birthday(await walked.reader(name), birthday=born)
    await walked.later(hours=20)
    assert await entered() == [], "it is eight o’clock"
    await walked.later(hours=2)
    assert await entered() == ["day", "leap"]
    await walked.later(hours=2)
    await walked.later(days=1)
    assert await entered() == ["day", "leap", "other"]
    await walked.later(days=365)
    assert await entered() == ["day", "day", "leap", "leap", "other"], "in 2028 there is a 29th, and it is the 29th"


async def test_without_consent_or_where_e_mails_come_back_or_outside_the_segment_nobody_enters() -> None:
    segment = await segment_editing.create("Quiet", NO_ORDER)
    await walked.running("welcome", segment=segment)
    silent = await walked.reader("silent", agrees=False)
    await walked.belongs(silent)
    await walked.member("away")
    await unreachable.bounced("away@kiln.test", "550")
    await walked.orders(await walked.member("buyer"))
    await walked.member("quiet")
    await walked.later(minutes=5)
    assert await entered() == ["quiet"]
    await consents.agree("silent@kiln.test", ("news",), how="own page", person_id=silent)
    await walked.later(days=2)
    assert await entered() == ["quiet", "silent"], "who agrees within three days still does"


async def test_a_timetable_that_stood_still_lets_in_what_happened_in_three_days_and_no_more() -> None:
    now = clock.now()
    await walked.running("welcome")
    await walked.member("early", since=now + timedelta(days=1))
    await walked.member("late", since=now + timedelta(days=3))
    await walked.later(days=5)
    assert await entered() == ["late"]


async def test_nobody_enters_for_what_happened_while_it_was_paused() -> None:
    one = await walked.running("welcome")
    owner = await walked.owner_id()
    await journeys.pause(one.id, by=owner)
    await walked.member("during", since=clock.now() + timedelta(minutes=1))
    clock.set_everywhere(clock.now() + timedelta(minutes=2))
    await journeys.resume(one.id, by=owner)
    await walked.member("after", since=clock.now() + timedelta(minutes=1))
    await walked.later(minutes=5)
    assert await entered() == ["after"]


async def test_some_at_a_time_and_the_holdout_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = await walked.running("welcome", holdout=50)
    monkeypatch.setattr(journey_entering, "_ENTER", journey_entering._ENTER.replace("LIMIT 1000", "LIMIT 3"))
    monkeypatch.setattr(journey_entering, "LOT", 3)
    for number in range(12):
        await walked.member(f"m{number}")
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    assert await journey_entering.enter_lot(one.id) == 3
    await walked.look()
    held_out = await JourneyEntry.count().where(JourneyEntry.is_holdout.eq(True))
    assert await JourneyEntry.count() == 12 and 0 < held_out < 12
    assert len(await walked.written()) == 12 - held_out
    assert await Membership.count() == 12
