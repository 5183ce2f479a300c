"""What marketing e-mails said is deleted after the months the shop has set; that they were sent stays."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from components.campaigns import campaign_progress, campaign_results
from components.consents import mailing_rules
from components.consents.mailing_rules import Rules
from components.foundation import clock, database, ids, settings
from components.foundation.personal_data import person_records
from components.messaging import email_outbox, mail_server, mailbox, smtp
from components.messaging.emails import account_emails
from components.messaging.texts import marketing_texts
from components.people.facts import PersonErased
from components.people.privacy import erasure
from tests.components.campaigns import made, walked
from tests.support import post_office
from tests.support.post_office import PostOffice
from tests.support.shops import Shop

KEPT = """
SELECT recipient, subject, template, html <> '', text <> '', emptied_at IS NULL FROM email ORDER BY created_at, key"""


@pytest.fixture
async def office(db: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostOffice]:
    mail_server.forget_troubles()
    async with post_office.opened() as opened:
        known = dataclasses.replace(settings.current(), smtp_url=opened.url)
        monkeypatch.setattr(settings, "current", lambda: known)
        yield opened
    mail_server.forget_troubles()


async def an_order_email() -> None:
    await email_outbox.send(
        key="x", to="noor@kiln.test", template="email_changed", subject="Yours",
        fields={"name": "Noor", "email": "new@kiln.test"},
    )  # fmt: skip


async def later(*, days: int) -> None:
    clock.set_everywhere(clock.now() + timedelta(days=days))
    await marketing_texts.empty_old()


async def campaign_email() -> UUID:
    return UUID(str(await database.fetch_value("SELECT id FROM email WHERE template = 'campaign'")))


async def test_the_text_goes_after_a_year_and_what_is_counted_stays(db: None) -> None:
    owner = await made.owner()
    await walked.reader("noor")
    await an_order_email()
    campaign = await made.scheduled(by=owner)
    await made.minutes(2)
    await later(days=364)
    assert await database.fetch_value("SELECT count(*) FROM email WHERE emptied_at IS NOT NULL") == 0
    before = await campaign_progress.progress(campaign.id), await campaign_results.results(campaign)
    await later(days=2)
    rows = await database.fetch_rows(KEPT)
    assert rows == [
        ("noor@kiln.test", "Yours", "email_changed", True, True, True),
        ("noor@kiln.test", "News for Noor", "campaign", False, False, False),
    ]
    assert (await campaign_progress.progress(campaign.id), await campaign_results.results(campaign)) == before


async def test_as_many_months_as_the_rules_say_and_in_lots(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marketing_texts, "AT_ONCE", 2)
    owner = await made.owner()
    await mailing_rules.save(Rules(keep_months=2), by=owner)
    await made.agreed(5)
    await made.scheduled(by=owner)
    await made.minutes(2)
    await later(days=59)
    assert await database.fetch_value("SELECT count(*) FROM email WHERE emptied_at IS NOT NULL") == 0
    await later(days=4)
    assert await database.fetch_value("SELECT count(*) FROM email WHERE emptied_at IS NOT NULL") == 5


async def test_one_that_waited_for_longer_is_never_sent_empty(office: PostOffice) -> None:
    owner = await made.owner()
    await walked.reader("noor")
    await made.scheduled(by=owner)
    await made.minutes(2)
    await later(days=400)
    email_id = await campaign_email()
    await smtp.deliver(str(email_id))
    assert office.letters == []
    assert (await mailbox.email_by_id(email_id)).line.failure == smtp.EMPTIED
    with pytest.raises(mailbox.TextIsGone):
        await mailbox.send_again(email_id, by=owner)


async def test_the_copy_says_since_when_it_is_gone_and_an_erasure_leaves_nothing(db: None) -> None:
    owner = await made.owner()
    noor = await walked.reader("noor")
    await made.scheduled(by=owner)
    await made.minutes(2)
    await later(days=400)
    (told,) = await mailbox.of_person(noor, "noor@kiln.test")
    assert (told["subject"], told["text"], told["emptied_at"]) == ("News for Noor", "", clock.now())
    (copied,) = [one for one in await person_records.of_person(noor, "noor@kiln.test") if one.name == "email"]
    assert clock.now() in copied.rows[0] and "News for Noor" in copied.rows[0]
    await erasure.erase(noor)
    await account_emails.erase_emails(PersonErased(noor, ids.digest("noor@kiln.test").hex()))
    assert await database.fetch_rows("SELECT recipient, subject FROM email") == [("", "Erased")]
    await later(days=400)


async def test_the_page_of_an_old_one_says_what_became_of_it(shop: Shop) -> None:
    await walked.reader("noor")
    await made.scheduled(by=await made.owner())
    await made.minutes(2)
    iris = await shop.signed_in("iris@kiln.test")
    there = f"/staff/emails/{await campaign_email()}"
    page = await iris.get(there)
    assert "was deleted" not in page.words and "See what is new" in page.words
    await later(days=400)
    iris = await shop.signed_in("iris@kiln.test")
    page = await iris.get(there)
    assert page.heading == "News for Noor" and "What this e-mail said was deleted on" in page.words
    assert "noor@kiln.test" in page.words and "not to be sent any more" in page.words and "<iframe" not in page.text
