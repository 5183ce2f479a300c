"""Sending a campaign: to whom, how often, how fast, and what is looked at again at the instant each is written."""

import asyncio
import dataclasses
from datetime import timedelta
from uuid import UUID

import pytest

from components.campaigns import audience, campaign_email, campaign_sending, campaigns
from components.campaigns.tables import Campaign, CampaignRecipient
from components.consents import consents, contact_moves, mailing_rules, unreachable
from components.foundation import clock, database, ids, jobs, settings
from components.foundation.database import counted
from components.people import customer_accounts
from components.people.facts import PersonErased
from components.people.privacy import erasure
from components.reactions import REACTIONS
from components.segments import segment_editing
from tests.components.campaigns import made
from tests.components.campaigns.made import DRAFT
from tests.support import people

NO_ORDER = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0}]}
ORDERED = {"kind": "orders", "is": "at_least", "number": 1}

pytestmark = pytest.mark.usefixtures("db")


async def test_everybody_who_agreed_gets_one_each_and_nobody_else(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(7)
    await consents.agree("tips@kiln.test", ("tips",), how="checkout")
    await consents.withdraw(emails[0], ("news",), how="unsubscribe")
    await unreachable.bounced(emails[1], "550")
    campaign = await made.scheduled(by=owner)
    for _ in range(3):
        await made.tick()
    assert await made.written() == emails[2:] and await made.state(campaign) == "sent"
    assert await made.outcomes(campaign) == {"written": 5}


async def test_what_has_changed_since_it_began_counts_at_the_instant_each_is_written(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(5)
    noor = await people.customer()
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()
    await consents.withdraw(emails[0], ("news",), how="unsubscribe")
    await unreachable.bounced(emails[1], "550")
    await erasure.erase(noor.id)
    await contact_moves.erase_person(PersonErased(noor.id, ids.digest(noor.email).hex()))
    await consents.agree("late@kiln.test", ("news",), how="checkout")
    await made.tick()
    assert await made.written() == emails[2:], "and who agrees later gets the next one"
    assert await made.outcomes(campaign) == {"written": 3, "withdrawn": 1, "unreachable": 1, "forgotten": 1}


@pytest.mark.parametrize("place", [0, 1, 2, len(REACTIONS[PersonErased])])
async def test_erased_while_it_is_written_nothing_of_them_stays_wherever_it_falls(db: None, place: int) -> None:
    owner = await made.owner()
    noor = await people.customer()
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    await made.scheduled(by=owner)
    await campaign_sending.start_due()
    await erasure.erase(noor.id)
    fact = PersonErased(noor.id, ids.digest(noor.email).hex())
    for number, reaction in enumerate(REACTIONS[PersonErased]):
        if number == place:
            await made.tick()
        await reaction(fact)
    await made.tick()
    kept = "SELECT recipient, subject, html, text FROM email WHERE template = 'campaign'"
    assert all(row == ("", "Erased", "", "") for row in await database.fetch_rows(kept))


async def test_nobody_gets_more_than_the_cap_across_campaigns_also_at_the_same_moment(db: None) -> None:
    owner = await made.owner()
    await mailing_rules.save(mailing_rules.Rules(most=1, days=7), by=owner)
    emails = await made.agreed(30)
    both = [await made.scheduled(by=owner), await made.scheduled(by=owner)]
    await campaign_sending.start_due()
    await asyncio.gather(*(campaign_sending.send(str(one.id)) for one in both))
    assert await made.written() == sorted(emails)
    found = [await made.outcomes(one) for one in both]
    assert sum(one.get("written", 0) for one in found) == 30 == sum(one.get("capped", 0) for one in found)
    clock.set_everywhere(clock.now() + timedelta(days=8))
    third = await made.scheduled(by=owner)
    await made.tick()
    assert await made.outcomes(third) == {"written": 30}


async def test_no_more_are_written_in_a_minute_than_wanted_however_many_workers_there_are(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(25)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, per_minute=10), by=owner)
    await campaign_sending.start_due()
    for written in (10, 20, 25):
        await asyncio.gather(*(campaign_sending.send(str(campaign.id)) for _ in range(4)))
        assert len(await made.written()) == written
        clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await made.tick()
    assert await made.written() == sorted(emails) and await made.state(campaign) == "sent"


async def test_stopped_it_writes_nobody_and_resumed_it_writes_the_rest_once(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(12)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, per_minute=5), by=owner)
    await made.tick()
    await campaigns.stop(campaign.id, by=owner)
    await made.minutes(3)
    await campaign_sending.send(str(campaign.id))
    assert len(await made.written()) == 5 and await made.state(campaign) == "stopped"
    await campaigns.resume(campaign.id, by=owner)
    await made.minutes(3)
    assert await made.written() == sorted(emails) and await made.state(campaign) == "sent"


async def test_a_stop_while_it_writes_takes_effect_within_a_lot(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await made.owner()
    await made.agreed(20)
    monkeypatch.setattr(campaign_sending, "LOT", 5)
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()
    real, lots = campaign_sending._write_lot, []

    async def stopped_after_two(campaign_id: UUID, lot: int) -> int:
        lots.append(lot)
        if len(lots) == 3:
            await campaigns.stop(campaign.id, by=owner)
        return await real(campaign_id, lot)

    monkeypatch.setattr(campaign_sending, "_write_lot", stopped_after_two)
    await campaign_sending.send(str(campaign.id))
    assert len(await made.written()) == 10 and await made.state(campaign) == "stopped"


async def test_a_lot_that_is_cut_off_anywhere_leaves_nothing_and_is_written_once_afterwards(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await made.owner()
    emails = await made.agreed(6)
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()

    async def cut_off(*_: object, **__: object) -> None:
        raise ConnectionError("killed")

    for place in ("store_many", "execute"):
        with monkeypatch.context() as patch:
            patch.setattr(campaign_sending.email_outbox if place == "store_many" else campaign_sending.database, place,
                          cut_off)  # fmt: skip
            with pytest.raises(ConnectionError):
                await campaign_sending.send(str(campaign.id))
        assert await made.written() == [] and await made.outcomes(campaign) == {"": 6}
    await made.minutes(1)
    assert await made.written() == emails


async def test_a_recipient_whose_row_was_set_back_is_not_written_to_again(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(3)
    campaign = await made.scheduled(by=owner)
    await made.tick()
    await CampaignRecipient.update({CampaignRecipient.outcome: "", CampaignRecipient.settled_at: None}, force=True)
    await Campaign.update({Campaign.state: "sending", Campaign.ended_at: None}, force=True)
    await made.minutes(1)
    assert await made.written() == emails and await made.outcomes(campaign) == {"written": 3}


async def test_the_holdout_gets_nothing_and_is_drawn_alike_however_often(db: None) -> None:
    owner = await made.owner()
    emails = await made.agreed(200)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, holdout=20), by=owner)
    await campaign_sending.start_due()
    draw = "SELECT contact FROM campaign_recipient WHERE is_holdout ORDER BY contact"
    drawn = await database.fetch_values(draw)
    assert 20 <= len(drawn) <= 60
    await made.minutes(2)
    assert len(await made.written()) == len(emails) - len(drawn) and await made.state(campaign) == "sent"
    await CampaignRecipient.delete(force=True)
    again = {Campaign.state: "sending", Campaign.ended_at: None, Campaign.fixed_after: None, Campaign.fixed_at: None}
    await Campaign.update(dict(again.items())).where(Campaign.id == campaign.id)
    assert not await audience.fix_some(campaign.id)
    assert await database.fetch_values(draw) == drawn


async def test_what_is_written_names_the_reader_and_the_link_and_how_to_end_it(db: None) -> None:
    owner = await made.owner()
    noor = await people.customer(name="Noor <b>")
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    await customer_accounts.use_language(noor.id, "de")
    await made.scheduled(by=owner)
    await made.tick()
    row = await database.fetch_one("SELECT * FROM email WHERE template = 'campaign'")
    assert row is not None and row["person"] == noor.id and row["subject"] == "News for Noor <b>"
    assert "Noor &lt;b&gt;" in row["html"] and "All of spring" in row["html"]
    link = "http://shop.test/products?utm_source=email&utm_medium=email&utm_campaign=spring-sale"
    assert link in row["text"] and link.replace("&", "&amp;") in row["html"]
    assert (
        f"http://shop.test{row['unsubscribe']}" in row["html"]
        and f"http://shop.test{row['unsubscribe']}" in row["text"]
    )
    assert "You have saved" not in row["text"], "they are no member"


@pytest.mark.parametrize("count", [10, 50])
async def test_a_lot_costs_the_same_number_of_statements_however_large(db: None, count: int) -> None:
    owner = await made.owner()
    await made.agreed(count)
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()
    with counted() as statements:
        assert await campaign_sending._write_lot(campaign.id, count) == count
    assert statements.count <= 14


async def test_campaigns_have_workers_of_their_own_and_orders_never_wait_behind_them(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await made.owner()
    await made.agreed(3)
    known = dataclasses.replace(settings.current(), smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setattr(settings, "current", lambda: known)
    await made.scheduled(by=owner)
    await made.tick()
    queues = await database.fetch_rows("SELECT queue_name, task_name, count(*) FROM procrastinate_jobs GROUP BY 1, 2")
    assert {("campaigns", "send_campaign_email", 3)} <= set(queues)
    assert {queue for queue, name, _ in queues if name.startswith("send_campaign")} == {jobs.CAMPAIGNS}


async def test_a_segment_that_is_gone_or_a_text_that_cannot_be_made_is_told_and_nobody_is_lost(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await made.owner()
    emails = await made.agreed(4)
    lost = await campaigns.create(dataclasses.replace(DRAFT, segment=ids.new()), by=owner)
    with pytest.raises(campaigns.NotReady) as refused:
        await campaigns.schedule(lost.id, at=clock.now(), version=1, by=owner)
    assert set(refused.value.troubles) == {"segment"}
    campaign = await made.scheduled(by=owner)

    def broken(*_: object, **__: object) -> None:
        raise ValueError("a template of the shop's own")

    with monkeypatch.context() as patch:
        patch.setattr(campaign_email, "write", broken)
        await made.tick()
    stopped = await campaigns.by_id(campaign.id)
    assert (stopped.state, stopped.trouble) == ("stopped", "Its e-mails could not be made.")
    await campaigns.resume(campaign.id, by=owner)
    await made.minutes(1)
    assert await made.written() == emails


async def test_recipients_are_written_down_some_at_a_time_and_cut_off_in_between_none_is_lost_or_twice(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "FIXED_AT_ONCE", 4)
    owner = await made.owner()
    emails = await made.agreed(10)
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()
    assert await CampaignRecipient.count() == 4
    assert await audience.fix_some(campaign.id) and await CampaignRecipient.count() == 8
    await campaign_sending.send(str(campaign.id))  # what another worker would do after this one was killed
    assert await CampaignRecipient.count() == 10 and await made.written() == sorted(emails)
    assert await made.state(campaign) == "sent"


async def test_a_lot_that_was_written_down_is_begun_again_without_harm_and_its_segment_is_that_of_the_beginning(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a restored backup leaves it: the rows are there, and how far it came is not."""
    monkeypatch.setattr(audience, "FIXED_AT_ONCE", 2)
    owner, sent = await made.owner(), list[str]()
    for number in range(5):
        one = await people.customer(f"new{number}@kiln.test")
        await consents.agree(one.email, ("news",), how="own page", person_id=one.id)
        sent.append(one.email)
    await database.execute("UPDATE person SET created_at = $1", clock.now() - timedelta(days=29))
    young = {"match": "all", "parts": [{"kind": "customer_for", "is": "less_than", "days": 30}]}
    segment = await segment_editing.create("New", young)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, segment=segment), by=owner)
    await campaign_sending.start_due()
    assert await CampaignRecipient.count() == 2
    await database.execute("UPDATE campaign SET fixed_after = NULL")
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await made.tick()
    assert await made.written() == sorted(sent) and await made.outcomes(campaign) == {"written": 5}


async def test_nothing_is_written_and_nothing_is_called_sent_before_all_are_written_down(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "FIXED_AT_ONCE", 4)
    monkeypatch.setattr(campaign_sending, "SECONDS", 0.0)
    owner = await made.owner()
    await made.agreed(10)
    campaign = await made.scheduled(by=owner)
    await made.tick()
    assert await made.written() == [] and await made.state(campaign) == "sending"
    for _ in range(3):
        await made.tick()
    assert len(await made.written()) == 10 and await made.state(campaign) == "sent"


async def test_a_segment_that_is_archived_while_recipients_are_written_down_stops_the_campaign(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await made.owner()
    monkeypatch.setattr(audience, "FIXED_AT_ONCE", 1)
    segment = await segment_editing.create("Quiet", NO_ORDER)
    for name in ("noor", "theo"):
        person = await people.customer(f"{name}@kiln.test")
        await consents.agree(person.email, ("news",), how="own page", person_id=person.id)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, segment=segment), by=owner)
    await campaign_sending.start_due()
    await segment_editing.archive(segment)
    await campaign_sending.send(str(campaign.id))
    found = await campaigns.by_id(campaign.id)
    assert found.state == "stopped" and "The segment is archived" in found.trouble
    await segment_editing.restore(segment)
    await campaigns.resume(campaign.id, by=owner)
    await made.tick()
    assert await made.state(campaign) == "sent"


async def test_rules_that_are_revised_while_recipients_are_written_down_change_nothing_of_who_gets_it(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await made.owner()
    monkeypatch.setattr(audience, "FIXED_AT_ONCE", 1)
    segment = await segment_editing.create("Quiet", NO_ORDER)
    emails = [f"{name}@kiln.test" for name in ("noor", "theo", "maya")]
    for email in emails:
        person = await people.customer(email)
        await consents.agree(email, ("news",), how="own page", person_id=person.id)
    campaign = await made.scheduled(dataclasses.replace(DRAFT, segment=segment), by=owner)
    await campaign_sending.start_due()
    await segment_editing.revise(segment, "Quiet", {"match": "all", "parts": [ORDERED]})
    assert "at least 1 order" in await audience.sentence(segment)
    await made.tick()
    assert await made.written() == sorted(emails) and await made.state(campaign) == "sent"
    assert "never placed an order" in await audience.sentence_of(await campaigns.by_id(campaign.id))


async def test_who_cannot_be_written_down_is_said_on_its_page_and_tried_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await made.owner()
    await made.agreed(2)
    monkeypatch.setattr(audience, "FIXED_AT_ONCE", 1)
    campaign = await made.scheduled(by=owner)
    await campaign_sending.start_due()

    async def slow(_: object) -> None:
        raise TimeoutError("the statement took too long")

    with monkeypatch.context() as patch:
        patch.setattr(audience, "fix_lot", slow)
        with pytest.raises(TimeoutError):
            await campaign_sending.send(str(campaign.id))
    assert (await campaigns.by_id(campaign.id)).trouble == campaign_sending.NOT_FIXED
    await made.tick()
    found = await campaigns.by_id(campaign.id)
    assert (found.state, found.trouble) == ("sent", "")
