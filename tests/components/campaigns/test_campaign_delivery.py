"""Between written and sent: what is stopped sends nothing, an outage loses nothing and holds up nobody else."""

import dataclasses
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from procrastinate import App
from procrastinate.jobs import Status

from components import job_pauses, worker
from components.campaigns import campaign_delivery, campaign_progress, campaign_sending, campaigns
from components.campaigns.journeys import journeys
from components.campaigns.tables import Campaign
from components.foundation import database, jobs, settings
from components.messaging import email_outbox, mail_server, smtp
from components.messaging.mail_server import SendingPaused, ServerTrouble
from tests.components.campaigns import made, walked
from tests.components.campaigns.made import DRAFT
from tests.components.campaigns.test_handing_over import office as office
from tests.support.post_office import PostOffice

pytestmark = pytest.mark.usefixtures("db")
JOBS = "SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = 'send_campaign_email' ORDER BY id"
EMAILS = "SELECT id FROM email WHERE template = 'campaign' ORDER BY recipient"


@pytest.fixture
async def app(dsn: str) -> AsyncIterator[App]:
    opened = worker.job_app(dsn)
    async with opened.open_async():
        yield opened


async def _written(count: int = 4) -> Campaign:
    """A campaign whose e-mails are all written, and of which none is handed over."""
    campaign = await made.scheduled(by=await _owner(count))
    await made.tick()
    return campaign


async def _owner(count: int) -> UUID:
    owner = await made.owner()
    await made.agreed(count)
    await database.execute("DELETE FROM procrastinate_jobs")
    return owner


async def _by(campaign: Campaign) -> UUID:
    return UUID(str(await database.fetch_value("SELECT created_by FROM campaign WHERE id = $1", campaign.id)))


async def test_stopped_nothing_that_was_written_goes_out_and_resumed_all_of_it_does(
    office: PostOffice, app: App
) -> None:
    campaign = await _written()
    assert await made.state(campaign) == "sending", "it is sent only once it is handed over"
    assert (await campaign_progress.progress(campaign.id)).not_handed_over == 4
    await campaigns.stop(campaign.id, by=await _by(campaign))
    await worker.work_off(app)
    assert office.letters == [] and await database.fetch_rows(JOBS) == [("todo", 0)] * 4
    await campaigns.resume(campaign.id, by=await _by(campaign))
    await worker.work_off(app)
    assert len(office.letters) == 4
    await made.tick()
    assert await made.state(campaign) == "sent"
    assert (await campaign_progress.progress(campaign.id)).not_handed_over == 0


async def test_closed_what_was_written_is_dropped_and_says_why(office: PostOffice, app: App) -> None:
    campaign = await _written()
    await campaigns.stop(campaign.id, by=await _by(campaign))
    await worker.work_off(app)
    await campaigns.close(campaign.id, by=await _by(campaign))
    await worker.work_off(app)
    assert office.letters == [] and await database.fetch_rows(JOBS) == []
    failures = await database.fetch_values("SELECT failure FROM email WHERE template = 'campaign'")
    assert failures == [campaign_delivery.CLOSED] * 4


async def test_one_that_is_with_the_mail_server_keeps_its_campaign_from_being_called_sent(office: PostOffice) -> None:
    campaign = await _written(1)
    await database.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'send_campaign_email'")
    await campaign_sending.send(str(campaign.id))
    assert await made.state(campaign) == "sending"
    await database.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'send_campaign_email'")
    await campaign_sending.send(str(campaign.id))
    assert await made.state(campaign) == "sent", "one that was given up is waited for no more"


async def test_what_was_not_even_tried_uses_up_no_attempt_however_long_it_lasts(office: PostOffice, app: App) -> None:
    await _written(1)
    await database.execute("UPDATE procrastinate_jobs SET attempts = 699 WHERE task_name = 'send_campaign_email'")
    for trouble in range(mail_server.TROUBLES):
        mail_server._FOR_MARKETING.note_trouble(str(trouble))
    for _ in range(3):
        await database.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
        await worker.work_off(app)
        assert await database.fetch_rows(JOBS) == [("todo", 699)]
    mail_server.forget_troubles()
    await database.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    await worker.work_off(app)
    assert len(office.letters) == 1 and await database.fetch_rows(JOBS) == []


@pytest.mark.parametrize("task", ["send_email", "send_campaign_email"])
def test_an_email_of_a_campaign_is_tried_for_as_long_as_any(task: str) -> None:
    pauses = job_pauses.of_task(task)
    hours = sum(pauses.pauses[min(number, len(pauses.pauses) - 1)] for number in range(pauses.most)) / 3600
    assert hours > 24 * 14 - 12


async def test_while_sending_is_paused_nothing_is_written(office: PostOffice) -> None:
    campaign = await made.scheduled(by=await _owner(3))
    for trouble in range(mail_server.TROUBLES):
        mail_server._FOR_ALL.note_trouble(str(trouble))
    await made.minutes(2)
    assert await made.written() == [] and await made.state(campaign) == "sending"
    mail_server.forget_troubles()
    await made.minutes(1)
    assert len(await made.written()) == 3


async def test_no_more_is_written_than_can_be_handed_over_soon(
    office: PostOffice, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_sending, "LOT", 2)
    monkeypatch.setattr(campaign_delivery, "MOST_WAITING", 4)
    campaign = await made.scheduled(by=await _owner(7))
    await made.minutes(3)
    assert len(await made.written()) == 4
    for _ in range(3):
        await worker.work_off(app)
        await made.minutes(1)
    assert len(office.letters) == 7 and await made.state(campaign) == "sent"


async def test_what_a_campaign_runs_into_holds_up_no_other_email_but_it_waits_with_the_others(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await _written()
    sent = await email_outbox.send(
        key="x", to="iris@kiln.test", person=await _by(campaign), template="email_changed", subject="x",
        fields={"name": "Iris", "email": "new@kiln.test"},
    )  # fmt: skip
    emails = [str(one) for one in await database.fetch_values(EMAILS)]
    there = settings.current()
    gone = dataclasses.replace(there, smtp_url="smtp://127.0.0.1:9")
    monkeypatch.setattr(settings, "current", lambda: gone)
    for email_id in emails[:3]:
        with pytest.raises(ServerTrouble):
            await smtp.deliver(email_id)
    monkeypatch.setattr(settings, "current", lambda: there)
    with pytest.raises(SendingPaused):
        await smtp.deliver(emails[3])
    await smtp.deliver(str(sent.id))
    assert [str(letter["To"]) for letter in office.letters] == ["iris@kiln.test"]
    mail_server.forget_troubles()
    for trouble in range(mail_server.TROUBLES):
        mail_server._FOR_ALL.note_trouble(str(trouble))
    with pytest.raises(SendingPaused):
        await smtp.deliver(emails[3])


async def test_a_campaign_that_cannot_start_says_so_and_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = await _owner(6)
    good = await made.scheduled(dataclasses.replace(DRAFT, per_minute=2), by=owner)
    await made.tick()
    bad, later = await made.scheduled(by=owner), await made.scheduled(by=owner)
    real = campaign_sending.audience.trouble

    async def slow(campaign: Campaign) -> str:
        if campaign.id == bad.id:
            raise TimeoutError("the statement took too long")
        return await real(campaign)

    await database.execute("DELETE FROM procrastinate_jobs")
    with monkeypatch.context() as patch:
        patch.setattr(campaign_sending.audience, "trouble", slow)
        with pytest.raises(ExceptionGroup):
            await campaign_sending.start_due()
    writing = await database.fetch_values("SELECT args->>'campaign_id' FROM procrastinate_jobs")
    assert set(writing) == {str(good.id), str(later.id)}
    found = await campaigns.by_id(bad.id)
    assert (found.state, found.trouble) == ("scheduled", campaign_sending.NOT_STARTED)
    await made.tick()
    found = await campaigns.by_id(bad.id)
    assert (found.state, found.trouble) == ("sent", "")


async def test_a_job_of_a_campaign_that_failed_keeps_the_next_minute_from_nothing(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await made.scheduled(by=await _owner(3))
    await campaign_sending.start_due()

    async def fails(*_: object) -> int:
        raise ConnectionError("the database was away")

    with monkeypatch.context() as patch:
        patch.setattr(campaign_sending, "_write_lot", fails)
        await worker.work_off(app)
    state = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'send_campaign' ORDER BY id"
    assert set(await database.fetch_values(state)) == {Status.FAILED.value}, "none waits for a next try of its own"
    assert "was away" in await database.fetch_value("SELECT why FROM parked_job WHERE task = 'send_campaign'")
    await campaign_sending.start_due()
    await worker.work_off(app)
    assert len(await made.written()) == 3 and await made.state(campaign) == "sent"
    assert await jobs.unsettled("send_campaign") == 0


async def test_a_lot_that_is_stored_as_another_worker_looks_keeps_it_from_being_called_sent(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = await made.scheduled(by=await _owner(3))
    await campaign_sending.start_due()
    write, count = campaign_sending._write_lot, campaign_delivery.waiting

    async def all_are_taken(*_: object) -> int:
        return 0

    async def the_other_commits(**of: str) -> int:
        found = await count(**of)
        await write(campaign.id, 50)
        return found

    monkeypatch.setattr(campaign_sending, "_write_lot", all_are_taken)
    monkeypatch.setattr(campaign_delivery, "waiting", the_other_commits)
    await campaign_sending.send(str(campaign.id))
    assert await made.state(campaign) == "sending"
    monkeypatch.undo()


async def test_what_waits_of_one_that_is_stopped_leaves_room_for_others(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_delivery, "MOST_WAITING", 2)
    campaign = await _written(2)
    assert not await campaign_delivery.has_room()
    await campaigns.stop(campaign.id, by=await _by(campaign))
    assert await campaign_delivery.has_room()
    await campaigns.resume(campaign.id, by=await _by(campaign))
    assert not await campaign_delivery.has_room()
    await campaigns.stop(campaign.id, by=await _by(campaign))
    one = await walked.running("welcome")
    for name in ("noor", "theo", "mina"):
        await walked.member(name)
    await walked.later(minutes=1)
    assert await campaign_delivery.waiting(journey_id=str(one.id)) == 3 and not await campaign_delivery.has_room()
    await journeys.pause(one.id, by=await _by(campaign))
    assert await campaign_delivery.has_room()
