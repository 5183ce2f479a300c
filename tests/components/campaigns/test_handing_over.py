"""Handing a campaign's e-mails to the mail server: with the headers to unsubscribe, and never after they have."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from components.campaigns import campaign_delivery, campaign_email, campaign_progress
from components.campaigns.journeys import journey_delivery, journeys
from components.consents import consents
from components.foundation import clock, database, settings
from components.messaging import email_outbox, mail_server, smtp
from tests.components.campaigns import made, walked
from tests.support import post_office
from tests.support.post_office import PostOffice

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostOffice]:
    mail_server.forget_troubles()
    async with post_office.opened() as opened:
        known = dataclasses.replace(settings.current(), smtp_url=opened.url)
        monkeypatch.setattr(settings, "current", lambda: known)
        yield opened
    mail_server.forget_troubles()


async def test_it_has_the_headers_of_rfc_8058_and_whoever_unsubscribed_meanwhile_gets_nothing(
    office: PostOffice,
) -> None:
    owner = await made.owner()
    emails = await made.agreed(2)
    campaign = await made.scheduled(by=owner)
    await made.tick()
    await consents.withdraw(emails[0], ("news",), how="unsubscribe")
    rows = await database.fetch("SELECT id, unsubscribe, recipient FROM email WHERE template = 'campaign'")
    for row in rows:
        await smtp.deliver(str(row["id"]))
    (letter,) = office.letters
    (path,) = [row["unsubscribe"] for row in rows if row["recipient"] == emails[1]]
    assert letter["To"] == emails[1] and letter["List-Unsubscribe"] == f"<http://shop.test{path}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    failed = await database.fetch_rows("SELECT recipient, failure FROM email WHERE failure <> ''")
    assert failed == [(emails[0], "They unsubscribed before it could be sent.")]
    how = await campaign_progress.progress(campaign.id)
    assert (how.written, how.handed_over, how.failed, how.unsent) == (2, 1, 1, 0)
    text = letter.get_body(("plain",))
    assert text is not None and path in text.get_content() and campaign_email.TEMPLATE == "campaign"


async def test_an_e_mail_about_an_order_or_an_account_has_no_such_header(office: PostOffice) -> None:
    owner = await made.owner()
    sent = await email_outbox.send(
        key="x", to="iris@kiln.test", person=owner, template="email_changed", subject="x",
        fields={"name": "Iris", "email": "new@kiln.test"},
    )  # fmt: skip
    await smtp.deliver(str(sent.id))
    (letter,) = office.letters
    assert letter["List-Unsubscribe"] is None and letter["List-Unsubscribe-Post"] is None


async def _handed_over() -> list[str]:
    """What became of all that is written of journeys."""
    (journey_id,) = await database.fetch_values("SELECT id FROM journey")
    for id in await database.fetch_values("SELECT id FROM email WHERE template = 'campaign'"):
        await campaign_delivery.deliver(str(id), journey_id=str(journey_id))
    return list(await database.fetch_values("SELECT failure FROM email WHERE template = 'campaign' ORDER BY recipient"))


async def test_what_a_journey_has_written_goes_only_while_it_is_still_so(office: PostOffice) -> None:
    now = clock.now()
    await walked.running("lapsed")
    for name in ("back", "gone"):
        person = await walked.member(name, since=now - timedelta(days=90), until=now + timedelta(minutes=1))
        if name == "back":
            back = person
    await walked.later(minutes=5)
    await walked.belongs(back)
    assert await _handed_over() == [journey_delivery.UNFIT, ""]
    assert [letter["To"] for letter in office.letters] == ["gone@kiln.test"]


async def test_what_a_journey_has_written_goes_no_later_than_its_step_says(office: PostOffice) -> None:
    one = await walked.running("welcome")
    await walked.member("noor")
    await walked.later(minutes=5)
    await journeys.pause(one.id, by=await walked.owner_id())
    clock.set_everywhere(clock.now() + timedelta(days=3, minutes=1))
    await journeys.resume(one.id, by=await walked.owner_id())
    assert await _handed_over() == [journey_delivery.LATE] and office.letters == []


async def test_what_a_journey_has_written_goes_within_that_time(office: PostOffice) -> None:
    await walked.running("welcome")
    await walked.member("noor")
    await walked.later(minutes=5)
    clock.set_everywhere(clock.now() + timedelta(days=2, hours=23))
    assert await _handed_over() == [""] and len(office.letters) == 1
