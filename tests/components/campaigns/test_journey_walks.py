"""Walking a journey: what is due is done once, and is asked again just before; late, stopped, changed and cut off."""

import dataclasses
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from components.campaigns import campaign_delivery, campaign_email, campaigns
from components.campaigns.journeys import (
    journey_emails,
    journey_progress,
    journey_results,
    journey_walking,
    journeys,
    step_editing,
)
from components.campaigns.journeys.journey_entering import enter_lot
from components.campaigns.journeys.tables import JourneyEntry, JourneySend
from components.consents import consents, mailing_rules, unreachable
from components.foundation import clock, database, ids, settings
from components.messaging import smtp
from components.messaging.mail_server import SendingPaused
from components.people import customer_accounts
from components.people.privacy import erasure
from components.segments import segment_editing
from tests.components.campaigns import made, walked
from tests.components.campaigns.test_campaign_sending import NO_ORDER
from tests.components.campaigns.walked import EMAIL, only_if, wait

pytestmark = pytest.mark.usefixtures("db")
SECOND = dataclasses.replace(EMAIL, subject="Again, {name}")


async def test_waits_conditions_and_e_mails_each_at_their_time() -> None:
    one = await walked.running("welcome", wait(hours=2), EMAIL, wait(days=3), only_if("not_ordered"), SECOND)
    noor, theo = await walked.member("noor"), await walked.member("theo")
    await walked.later(hours=1, minutes=59)
    assert await walked.written() == [] and noor
    await walked.later(minutes=2)
    assert sorted(await walked.written()) == ["noor: Hello Noor", "theo: Hello Theo"]
    await walked.orders(theo)
    await walked.later(days=2, hours=23)
    assert len(await walked.written()) == 2
    await walked.later(hours=2)
    assert (await walked.written())[2:] == ["noor: Again, Noor"]
    assert await walked.outcomes() == {"finished": 1, "condition": 1}
    found = await journey_progress.progress(one.id, await walked.steps(one))
    assert (found.entered, found.under_way, found.finished) == (2, 0, 1)
    assert [step.sends for step in found.steps] == [{}, {"written": 2}, {}, {}, {"written": 1}]
    assert found.steps[3].left == {"condition": 1}


async def _due(*names: str, entry: str = "welcome") -> None:
    for name in names:
        await walked.member(name)
    await walked.later(minutes=1)


async def test_what_has_changed_meanwhile_counts_at_the_instant_each_is_written() -> None:
    await walked.running("welcome", wait(days=1), EMAIL)
    await _due("gone", "away", "erased", "left", "stays")
    assert await walked.outcomes() == {"": 5}
    await consents.withdraw("gone@kiln.test", ("news",), how="unsubscribe")
    await unreachable.bounced("away@kiln.test", "550")
    erased = await customer_accounts.by_email("erased@kiln.test")
    left = await customer_accounts.by_email("left@kiln.test")
    assert erased and left
    ended = "UPDATE membership SET ends_at = $2 WHERE holder = $1"
    for person in (erased, left):
        await database.execute(ended, person.id, clock.now() + timedelta(minutes=1))
    clock.set_everywhere(clock.now() + timedelta(minutes=2))
    await erasure.erase(erased.id)
    await walked.later(days=1, hours=1)
    assert await walked.written() == ["stays: Hello Stays"]
    assert await walked.outcomes() == {
        "withdrawn": 1, "unreachable": 1, "forgotten": 1, "unfit": 1, "finished": 1,
    }  # fmt: skip


async def test_the_cap_counts_campaigns_and_journeys_together() -> None:
    owner = await made.owner()
    await mailing_rules.save(mailing_rules.Rules(most=1, days=7), by=owner)
    await walked.running("welcome", EMAIL, wait(days=1), SECOND, wait(days=7), SECOND)
    await _due("noor")
    await made.scheduled(by=owner)
    await made.tick()
    assert await walked.written() == ["noor: Hello Noor"], "the campaign leaves out who had one"
    await walked.later(days=1, hours=1)
    await walked.later(days=7)
    assert await walked.written() == ["noor: Hello Noor", "noor: Again, Noor"]
    assert await walked.sends() == {"written": 2, "capped": 1} and await walked.outcomes() == {"finished": 1}
    assert await campaigns.page()


async def test_what_is_too_late_is_left_out_and_what_comes_after_it_is_in_time() -> None:
    await walked.running("welcome", EMAIL, wait(days=5), SECOND)
    await walked.member("noor")
    (journey_id,) = await database.fetch_values("SELECT id FROM journey")
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    assert await enter_lot(journey_id) == 1
    await walked.later(days=4)
    assert await walked.written() == [] and await walked.sends() == {"late": 1}
    await walked.later(days=1, hours=1)
    assert await walked.written() == ["noor: Again, Noor"]


async def test_a_late_one_within_the_limit_does_not_bring_the_next_one_close() -> None:
    await walked.running("welcome", EMAIL, wait(days=2), SECOND)
    await walked.member("noor")
    (journey_id,) = await database.fetch_values("SELECT id FROM journey")
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await enter_lot(journey_id)
    await walked.later(days=2, hours=12)
    assert await walked.written() == ["noor: Hello Noor"]
    await walked.later(days=1)
    assert len(await walked.written()) == 1
    await walked.later(days=1, hours=1)
    assert len(await walked.written()) == 2


async def test_once_each_whatever_is_set_back_moved_or_walked_twice() -> None:
    one = await walked.running("welcome", EMAIL, wait(days=1), SECOND)
    await _due("noor")
    await walked.look()
    assert len(await walked.written()) == 1
    first, waits, last = await walked.steps(one)
    owner = await walked.owner_id()
    await step_editing.move(one.id, first.id, up=-2, version=1, by=owner)
    assert [step.id for step in await walked.steps(one)] == [waits.id, last.id, first.id]
    await walked.later(days=1, hours=1)
    assert await walked.written() == ["noor: Hello Noor", "noor: Again, Noor"]
    assert await walked.outcomes() == {"finished": 1} and await walked.sends() == {"written": 2}
    await JourneySend.delete(force=True)
    back = {"outcome": "", "settled_at": None, "step": last.id, "due_at": clock.now()}
    await JourneyEntry.update(dict(back.items()), force=True)
    await walked.look()
    assert len(await walked.written()) == 2, "the key of the e-mail is unique besides"


async def test_whoever_stands_at_a_step_that_is_removed_goes_on_at_once_and_who_waits_keeps_their_time() -> None:
    one = await walked.running("welcome", wait(days=2), wait(days=30), EMAIL)
    await _due("noor")
    owner = await walked.owner_id()
    first, second, email = await walked.steps(one)
    await step_editing.change(one.id, first.id, wait(days=9), version=1, by=owner)
    await walked.later(days=2, hours=1)
    assert await database.fetch_values("SELECT step FROM journey_entry") == [second.id], "they keep the time they had"
    await step_editing.remove(one.id, second.id, version=2, by=owner)
    await walked.look()
    assert await walked.written() == ["noor: Hello Noor"] and await walked.outcomes() == {"finished": 1}
    await walked.member("theo")
    await walked.later(minutes=1)
    await step_editing.remove(one.id, email.id, version=3, by=owner)
    await step_editing.remove(one.id, first.id, version=4, by=owner)
    assert await walked.outcomes() == {"finished": 2}
    await walked.look()
    assert len(await walked.written()) == 1


async def test_paused_nobody_goes_on_and_resumed_what_is_not_too_late_is_sent() -> None:
    one = await walked.running("welcome", wait(days=1), EMAIL, wait(days=1), SECOND)
    await _due("noor")
    owner = await walked.owner_id()
    await journeys.pause(one.id, by=owner)
    await walked.later(days=3)
    assert await walked.written() == []
    await journeys.resume(one.id, by=owner)
    await walked.look()
    assert await walked.written() == ["noor: Hello Noor"]
    await journeys.end(one.id, by=owner)
    await walked.later(days=9)
    assert len(await walked.written()) == 1 and await walked.outcomes() == {"": 1}


async def test_what_is_written_waits_while_it_is_paused_and_is_dropped_once_it_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = dataclasses.replace(settings.current(), smtp_url="smtp://127.0.0.1:9")
    monkeypatch.setattr(settings, "current", lambda: there)
    one = await walked.running("welcome")
    await _due("noor")
    owner = await walked.owner_id()
    (args,) = await database.fetch_values("SELECT args FROM procrastinate_jobs WHERE task_name = 'send_campaign_email'")
    assert str(one.id) in str(args) and await campaign_delivery.waiting(journey_id=str(one.id)) == 1
    (email_id,) = await database.fetch_values("SELECT id FROM email WHERE template = 'campaign'")
    await journeys.pause(one.id, by=owner)
    with pytest.raises(SendingPaused):
        await campaign_delivery.deliver(str(email_id), journey_id=str(one.id))
    await journeys.end(one.id, by=owner)
    await campaign_delivery.deliver(str(email_id), journey_id=str(one.id))
    assert await database.fetch_values("SELECT failure FROM email WHERE template = 'campaign'") == [
        campaign_delivery.ENDED
    ]
    assert smtp.NOBODY_KNOWS


async def test_a_segment_that_is_gone_pauses_the_journey_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    segment = await segment_editing.create("Quiet", NO_ORDER)
    asks = dataclasses.replace(only_if("segment"), segment=segment)
    one = await walked.running("welcome", wait(hours=1), asks, EMAIL)
    await _due("noor", "buyer")
    buyer = await customer_accounts.by_email("buyer@kiln.test")
    assert buyer
    await walked.orders(buyer.id)
    await segment_editing.archive(segment)
    await walked.later(hours=2)
    found = await journeys.by_id(one.id)
    assert (found.state, found.trouble) == ("paused", journey_walking.NO_SEGMENT)
    with pytest.raises(journeys.JourneyNotReady, match="archived"):
        await journeys.resume(one.id, by=await walked.owner_id())
    await segment_editing.restore(segment)
    await journeys.resume(one.id, by=await walked.owner_id())
    await walked.look()
    assert await walked.written() == ["noor: Hello Noor"]
    assert await walked.outcomes() == {"finished": 1, "condition": 1}


async def test_one_e_mail_that_cannot_be_made_is_counted_and_keeps_nobody_else_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await walked.running("welcome", EMAIL, wait(days=1), SECOND)
    real = campaign_email.write

    def write(words: object, reader: campaign_email.Reader, unsubscribe: str) -> object:
        if reader.name == "Noor":
            raise ValueError("it cannot be made")
        return real(words, reader, unsubscribe)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(campaign_email, "write", write)
        await _due("noor", "theo")
    assert await walked.written() == ["theo: Hello Theo"] and await walked.sends() == {"written": 1, "failed": 1}
    await walked.later(days=1, hours=1)
    assert len(await walked.written()) == 3


async def test_a_lot_that_is_cut_off_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    await walked.running("welcome")
    await walked.member("noor")

    async def dies(*_: object) -> None:
        raise ConnectionError("killed")

    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    (journey_id,) = await database.fetch_values("SELECT id FROM journey")
    with monkeypatch.context() as patch:
        patch.setattr(journey_emails, "_note", dies)
        with pytest.raises(ConnectionError):
            await journey_walking.walk(str(journey_id))
    assert await walked.written() == [] and await walked.outcomes() == {"": 1}
    await walked.look()
    assert await walked.written() == ["noor: Hello Noor"]


async def test_results_compare_with_the_holdout_from_when_each_first_entered() -> None:
    one = await walked.running("welcome", holdout=50)
    assert await journey_results.results(one) is None
    now = clock.now()
    walking, held_out = [[await walked.reader(f"{side}{number}") for number in range(5)] for side in ("w", "h")]
    for person in (*walking, *held_out):
        await _entered(one.id, person, at=now, is_holdout=person in held_out)
    for days in (4, 8, 12):  # whoever is on their way does not enter again
        await _entered(one.id, held_out[1], at=now + timedelta(days=days), is_holdout=True)
    for person, days in ((walking[0], 3), (walking[0], 3), (held_out[0], 3), (held_out[1], 15), (held_out[0], 15)):
        await walked.orders(person, at=now + timedelta(days=days))
    clock.set_everywhere(now + timedelta(days=27))
    found = await journey_results.results(one)
    assert found is not None and found.is_over
    assert (found.written.people, found.written.buyers, found.written.orders) == (5, 1, 2)
    assert (found.held_out.people, found.held_out.buyers, found.held_out.orders) == (5, 1, 1)


async def _entered(journey_id: UUID, person: UUID, *, at: datetime, is_holdout: bool) -> None:
    await JourneyEntry.insert(
        JourneyEntry(
            id=ids.new(), journey=journey_id, person=person, occasion=at.isoformat(), happened_at=at, entered_at=at,
            is_holdout=is_holdout, outcome="" if is_holdout else "finished", settled_at=None if is_holdout else at,
        )
    )  # fmt: skip
