"""A mail server that hangs, lies or drips: nothing is sent twice, nothing is lost, and nothing else waits for it."""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from components import reactions, worker
from components.foundation import clock, database, outbox, settings
from components.foundation.outbox import Fact
from components.messaging import email_outbox, mail_server, mailbox, smtp
from components.messaging.mail_server import NotSent, SendingPaused
from components.messaging.mailbox import BeingHandedOver
from components.messaging.tables import Email
from tests.support import people, post_office
from tests.support.post_office import PostOffice

pytestmark = pytest.mark.usefixtures("db")

IDLE = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()"


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostOffice]:
    """Everybody's patience is a twenty-fifth of what it is."""
    for name in ("STEP_SECONDS", "READY_SECONDS", "TAKE_SECONDS"):
        monkeypatch.setattr(mail_server, name, getattr(mail_server, name) / 25)
    monkeypatch.setattr(smtp, "UNDER_WAY", timedelta(seconds=0.1))
    mail_server.forget_troubles()
    async with post_office.opened() as opened:
        known = dataclasses.replace(settings.current(), smtp_url=opened.url)
        monkeypatch.setattr(settings, "current", lambda: known)
        yield opened
    mail_server.forget_troubles()


async def write(key: str = "hello") -> str:
    fields = {"name": "Noor", "email": "new@kiln.test"}
    email = await email_outbox.send(
        key=key, to="noor@kiln.test", template="email_changed", subject="Your e-mail", fields=fields
    )
    return str(email.id)


async def row(email_id: str) -> Email:
    found = await Email.objects().where(Email.id == UUID(email_id)).first()
    assert found is not None
    return found


async def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL", "RCPT"])
@pytest.mark.parametrize("how", ["silent_at", "cut_at"])
async def test_until_the_email_itself_goes_over_a_trouble_has_sent_nothing(
    office: PostOffice, stage: str, how: str
) -> None:
    email_id = await write()
    setattr(office, how, stage)
    trying = asyncio.create_task(smtp.deliver(email_id))
    await asyncio.sleep(0.1)
    assert await database.fetch_value(IDLE) == 0
    with pytest.raises(NotSent):
        await trying
    failed = await row(email_id)
    assert failed.handed_over_at is None and failed.failed_at and failed.failure
    setattr(office, how, "")
    await smtp.deliver(email_id)
    assert (await row(email_id)).sent_at and len(office.letters) == 1


@pytest.mark.parametrize(("how", "stage"), [("silent_at", "BODY"), ("cut_at", "BODY"), ("silent_at", "DATA")])
async def test_an_email_that_was_taken_without_a_word_is_not_sent_again_by_itself(
    office: PostOffice, how: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "TAKE_SECONDS", 0.2)
    email_id = await write()
    setattr(office, how, stage)
    await smtp.deliver(email_id)
    setattr(office, how, "")
    await smtp.deliver(email_id)
    assert (await row(email_id)).failure == smtp.NOBODY_KNOWS and len(office.letters) == (stage == "BODY")
    await mailbox.send_again(UUID(email_id), by=people.NOBODY)
    await smtp.deliver(email_id)
    assert (await row(email_id)).sent_at
    assert len({letter["Message-ID"] for letter in office.letters}) == 1


async def test_killed_while_it_was_handed_over_it_is_marked_and_not_sent_twice(office: PostOffice) -> None:
    email_id = await write()
    office.silent_at = "BODY"
    trying = asyncio.create_task(smtp.deliver(email_id))
    await until(lambda: bool(office.letters))
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    office.silent_at = ""
    with pytest.raises(smtp.BeingSent):
        await smtp.deliver(email_id)
    with pytest.raises(BeingHandedOver):
        await mailbox.send_again(UUID(email_id), by=people.NOBODY)
    await asyncio.sleep(0.15)
    await smtp.deliver(email_id)
    assert (await row(email_id)).failure == smtp.NOBODY_KNOWS and len(office.letters) == 1


async def test_a_server_that_answers_letter_by_letter_is_given_up(office: PostOffice) -> None:
    office.drop_by_drop = 0.15
    began = time.monotonic()
    with pytest.raises(NotSent):
        await smtp.deliver(await write())
    assert time.monotonic() - began < mail_server.READY_SECONDS + 0.5


async def test_after_three_troubles_the_server_is_left_alone_for_a_while(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_server, "PAUSES", (0.2,))
    office.cut_at = "CONNECT"
    emails = [await write(f"number {number}") for number in range(5)]
    for email_id in emails[:3]:
        with pytest.raises(NotSent):
            await smtp.deliver(email_id)
    for email_id in emails[3:]:
        with pytest.raises(SendingPaused):
            await smtp.deliver(email_id)
        assert (await row(email_id)).tries == 0
    assert office.visits == 3
    office.cut_at = ""
    await asyncio.sleep(0.25)
    for email_id in emails:
        await smtp.deliver(email_id)
    assert len(office.letters) == 5


async def test_a_late_email_is_sent_with_the_date_it_was_written(office: PostOffice) -> None:
    email_id = await write()
    written = clock.now()
    clock.set_everywhere(written + timedelta(days=12))
    await smtp.deliver(email_id)
    assert office.letters[0]["Date"].datetime == written


@dataclasses.dataclass(frozen=True)
class BellTolled(Fact):
    number: int


async def test_a_mail_server_that_hangs_holds_up_no_other_job(
    office: PostOffice, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STEP_SECONDS", "READY_SECONDS"):
        monkeypatch.setattr(mail_server, name, 2.0)
    heard = asyncio.Event()

    async def listens(fact: BellTolled) -> None:
        heard.set()

    monkeypatch.setitem(reactions.REACTIONS, BellTolled, (listens,))
    office.silent_at = "CONNECT"
    for number in range(10):
        await write(f"number {number}")
    async with worker.run_worker(dsn):
        await until(lambda: office.visits >= worker.EMAILS_AT_ONCE)
        await outbox.announce(BellTolled(1))
        await asyncio.wait_for(heard.wait(), 1.5)
        assert office.visits == worker.EMAILS_AT_ONCE
