"""Handing a campaign's e-mails to the mail server: with the headers to unsubscribe, and never after they have."""

import dataclasses
from collections.abc import AsyncIterator

import pytest

from components.campaigns import campaign_email, campaign_progress
from components.consents import consents
from components.foundation import database, settings
from components.messaging import email_outbox, mail_server, smtp
from tests.components.campaigns import made
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
