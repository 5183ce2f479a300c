"""Every action in every state, as the table of docs/campaigns.md has it: done where it may be, and nothing else."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from components.campaigns import campaign_previews, campaign_sending, campaigns
from components.campaigns.campaign_email import words_of
from components.campaigns.campaign_states import MAY, STATES, NotInThisState
from components.campaigns.campaigns import CampaignChanged
from components.campaigns.tables import Campaign, CampaignRecipient
from components.consents import consents
from components.foundation import clock, database
from components.segments import segment_editing
from tests.components.campaigns import made
from tests.components.campaigns.made import DRAFT
from tests.support import people

DOCS = Path(__file__).parents[3] / "docs" / "campaigns.md"
Act = Callable[[Campaign, UUID], Awaitable[object]]
ACTS: dict[str, Act] = {
    "edit": lambda one, by: campaigns.edit(one.id, DRAFT, version=one.version, by=by),
    "delete": lambda one, by: campaigns.delete(one.id, by=by),
    "schedule": lambda one, by: campaigns.schedule(one.id, at=clock.now(), version=one.version, by=by),
    "unschedule": lambda one, by: campaigns.unschedule(one.id, by=by),
    "start": lambda one, by: campaign_sending.start(one.id),
    "stop": lambda one, by: campaigns.stop(one.id, by=by),
    "resume": lambda one, by: campaigns.resume(one.id, by=by),
    "close": lambda one, by: campaigns.close(one.id, by=by),
    "finish": lambda one, by: campaign_sending.send(str(one.id)),
    "copy": lambda one, by: campaigns.copy(one.id, by=by),
    "preview": lambda one, by: campaign_previews.made_up(words_of(one)),
    "test": lambda one, by: _test(one, by),
}
AFTER = {
    "schedule": "scheduled", "unschedule": "draft", "start": "sending", "stop": "stopped", "resume": "sending",
    "close": "sent", "finish": "sent",
}  # fmt: skip
BY_CLOCK = ("start", "finish")


async def _test(one: Campaign, by: UUID) -> None:
    await campaign_previews.send_to_oneself(await campaign_previews.made_up(words_of(one)), by=by)


async def in_state(state: str, by: UUID) -> Campaign:
    one = await campaigns.create(DRAFT, by=by)
    if state != "draft":
        await campaigns.schedule(one.id, at=clock.now(), version=1, by=by)
    if state not in ("draft", "scheduled"):
        await campaign_sending.start(one.id)
    if state == "stopped":
        await campaigns.stop(one.id, by=by)
    if state == "sent":
        await campaign_sending.send(str(one.id))
    found = await campaigns.by_id(one.id)
    assert found.state == state
    return found


def test_the_table_in_the_docs_is_the_one_that_is_used() -> None:
    lines = re.findall(r"^\| (\w+) \|((?: (?:yes|–) \|){5})$", DOCS.read_text("utf-8"), re.M)
    told = {
        action: frozenset(state for state, cell in zip(STATES, cells.split("|"), strict=False) if cell.strip() == "yes")
        for action, cells in lines
    }
    assert told == MAY and set(ACTS) == set(MAY)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", MAY)
async def test_each_action_in_each_state(db: None, state: str, action: str) -> None:
    owner = await made.owner()
    one = await in_state(state, owner)
    before = await database.fetch_one("SELECT * FROM campaign WHERE id = $1", one.id)
    if state in MAY[action] or action in BY_CLOCK:
        await ACTS[action](one, owner)
    else:
        with pytest.raises(NotInThisState) as refused:
            await ACTS[action](one, owner)
        assert refused.value.status == 409 and STATES[state].lower() in str(refused.value)
    after = await database.fetch_one("SELECT * FROM campaign WHERE id = $1", one.id)
    if state not in MAY[action]:
        assert after == before
    elif action in AFTER:
        assert after is not None and after["state"] == AFTER[action]
    elif action == "delete":
        assert after is None


async def test_of_two_who_edit_the_second_is_told_and_nothing_is_scheduled_that_somebody_else_changed(db: None) -> None:
    owner = await made.owner()
    one = await campaigns.create(DRAFT, by=owner)
    other = campaigns.CampaignDraft(name="Other", subject="x", body="y")
    await campaigns.edit(one.id, other, version=1, by=owner)
    with pytest.raises(CampaignChanged):
        await campaigns.edit(one.id, DRAFT, version=1, by=owner)
    with pytest.raises(CampaignChanged):
        await campaigns.schedule(one.id, at=clock.now(), version=1, by=owner)
    assert (await campaigns.by_id(one.id)).name == "Other"


async def test_what_cannot_be_sent_cannot_be_scheduled(db: None) -> None:
    owner = await made.owner()
    cases = (("", "x", "subject"), ("x", "", "body"), ("{surname}", "x", "subject"), ("x", "{if}", "body"))
    for subject, body, wrong in cases:
        one = await campaigns.create(campaigns.CampaignDraft(name="x", subject=subject, body=body), by=owner)
        with pytest.raises(campaigns.NotReady) as refused:
            await campaigns.schedule(one.id, at=clock.now(), version=1, by=owner)
        assert set(refused.value.troubles) == {wrong}, (subject, body)


async def test_a_campaign_whose_time_has_not_come_waits(db: None) -> None:
    owner = await made.owner()
    await made.agreed(2)
    one = await campaigns.create(DRAFT, by=owner)
    await campaigns.schedule(one.id, at=clock.now() + timedelta(minutes=90), version=1, by=owner)
    await made.minutes(2)
    assert await made.written() == [] and not await CampaignRecipient.exists()
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await made.tick()
    assert len(await made.written()) == 2


async def test_a_campaign_whose_segment_is_archived_before_it_begins_is_a_draft_again_and_says_why(db: None) -> None:
    owner = await made.owner()
    noor = await people.customer()
    await consents.agree(noor.email, ("news",), how="own page", person_id=noor.id)
    rules = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0}]}
    segment = await segment_editing.create("Quiet", rules)
    one = await campaigns.create(replace(DRAFT, segment=segment), by=owner)
    await campaigns.schedule(one.id, at=clock.now() + timedelta(hours=1), version=1, by=owner)
    await segment_editing.archive(segment)
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await made.tick()
    found = await campaigns.by_id(one.id)
    assert found.state == "draft" and not found.scheduled_at and "The segment is archived" in found.trouble
    assert await made.written() == [] and not await CampaignRecipient.exists()
    with pytest.raises(campaigns.NotReady, match="archived"):
        await campaigns.schedule(one.id, at=clock.now(), version=1, by=owner)
    await segment_editing.restore(segment)
    await campaigns.schedule(one.id, at=clock.now(), version=1, by=owner)
    await made.tick()
    assert await made.written() == [noor.email]
