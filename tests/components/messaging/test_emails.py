"""A letter is written once and sent once, whatever happens twice."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from components.foundation import clock, database, ids, settings
from components.foundation.languages import language
from components.messaging import email_outbox, mail_server, mailbox, secret_placeholders, smtp
from components.messaging.emails import account_emails
from components.messaging.rendering import render
from components.messaging.tables import Email
from components.people.facts import AccountOpened, PersonErased
from tests.support import people, post_office
from tests.support.post_office import PostOffice

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostOffice]:
    async with post_office.opened() as opened:
        known = dataclasses.replace(settings.current(), smtp_url=opened.url)
        monkeypatch.setattr(settings, "current", lambda: known)
        mail_server.forget_troubles()
        yield opened
        mail_server.forget_troubles()


async def write(key: str = "hello", **more: object) -> Email:
    fields = {"name": "Noor", "email": "new@kiln.test"}
    return await email_outbox.send(
        key=key, to="noor@kiln.test", template="email_changed", subject="Your\ne-mail", fields=fields, **more
    )  # type: ignore[arg-type]


async def count() -> int:
    return int(await Email.count())


async def test_five_deliveries_at_once_write_one_letter() -> None:
    person = await people.newcomer()
    fact = AccountOpened(person.id)
    await asyncio.gather(*[asyncio.create_task(account_emails.welcome_email(fact)) for _ in range(5)])
    assert await count() == 1


async def test_the_key_decides_and_the_first_words_stay() -> None:
    first = await write()
    again = await email_outbox.send(
        key="hello", to="else@kiln.test", template="email_changed", subject="Other", fields={"name": "", "email": "x"}
    )
    assert again.id == first.id and again.recipient == "noor@kiln.test" and await count() == 1


async def test_without_a_mail_server_the_letter_is_kept_and_no_job_waits() -> None:
    await write()
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_five_workers_at_once_send_one_letter(office: PostOffice) -> None:
    letter = await write()
    tries = [asyncio.create_task(smtp.deliver(str(letter.id))) for _ in range(5)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {type(None), smtp.BeingSent}
    await smtp.deliver(str(letter.id))
    assert len(office.letters) == 1
    sent = office.letters[0]
    assert sent["To"] == "noor@kiln.test" and sent["Subject"] == "Your e-mail"
    assert sent.get_body(("plain",)) and sent.get_body(("html",))


async def test_a_letter_waits_for_the_transaction_that_wrote_it(office: PostOffice) -> None:
    with pytest.raises(ValueError, match="changed my mind"):
        async with database.transaction():
            await write()
            raise ValueError("changed my mind")
    assert await count() == 0
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0


async def test_what_the_server_cannot_take_now_is_tried_again(office: PostOffice) -> None:
    letter = await write()
    office.refusals = [b"451 later\r\n"]
    with pytest.raises(mail_server.NotSent):
        await smtp.deliver(str(letter.id))
    kept = (await mailbox.email_by_id(letter.id)).line
    assert kept.failed_at and "451" in kept.failure and kept.sent_at is None
    await smtp.deliver(str(letter.id))
    kept = (await mailbox.email_by_id(letter.id)).line
    assert kept.sent_at and not kept.failed_at and len(office.letters) == 1


async def test_what_the_server_never_takes_is_not_tried_again(office: PostOffice) -> None:
    letter = await write()
    office.refusals = [b"550 no such mailbox\r\n"]
    await smtp.deliver(str(letter.id))
    assert (await mailbox.email_by_id(letter.id)).line.failed_at


async def test_no_mail_server_is_found_and_the_job_says_so(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = await write()
    away = dataclasses.replace(settings.current(), smtp_url="smtp://127.0.0.1:1")
    monkeypatch.setattr(settings, "current", lambda: away)
    with pytest.raises(mail_server.NotSent):
        await smtp.deliver(str(letter.id))
    assert (await mailbox.email_by_id(letter.id)).tries == 1


async def test_secrets_go_out_with_the_letter_and_stay_nowhere(office: PostOffice) -> None:
    letter = await email_outbox.send(
        key="secret", to="noor@kiln.test", template="account_opened", subject="Welcome",
        fields={"name": "Noor", "link": f"http://shop.test/{secret_placeholders.placeholder('token')}", "days": 3},
        secrets={"token": "the-token"}, secrets_until=clock.now() + timedelta(minutes=1),
    )  # fmt: skip
    await smtp.deliver(str(letter.id))
    assert "http://shop.test/the-token" in office.letters[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "the-token" not in repr(await database.fetch("SELECT * FROM email"))
    assert "the-token" not in (await mailbox.practice_email(letter.id)).text


async def test_a_letter_whose_secret_has_lapsed_is_not_sent(office: PostOffice, at: object) -> None:
    letter = await write(secrets={"token": "t"}, secrets_until=clock.now())
    await smtp.deliver(str(letter.id))
    assert not office.letters and (await mailbox.email_by_id(letter.id)).line.failure


@pytest.mark.parametrize(("written_in", "gone"), [("en", "removed"), ("de", "entfernt")])
async def test_a_code_that_is_gone_is_said_in_the_language_of_the_letter(
    office: PostOffice, written_in: str, gone: str
) -> None:
    """Whoever reads it, in whichever language."""
    with language.speaking(written_in):
        letter = await write(secrets={"token": "t"}, secrets_until=clock.now() + timedelta(minutes=1))
    marked = f"Code: {secret_placeholders.placeholder('token')}."
    await database.execute("UPDATE email SET text = $1, html = $1", marked)
    for reader in ("en", "de"):
        with language.speaking(reader):
            read = await mailbox.email_by_id(letter.id)
            (own,) = await mailbox.of_person(ids.new(), read.line.recipient)
        assert read.text == read.html == own["text"] == f"Code: {gone}."
        assert "language" not in own


async def test_a_secret_cannot_be_smuggled_in_by_a_name() -> None:
    """What a person calls herself is shown as it is, escaped in HTML."""
    html, text = render("email_changed", {"name": "<b>Noor</b>", "email": "a&b@kiln.test"})
    assert "<b>Noor" not in html and "&lt;b&gt;Noor" in html and "a&amp;b@" in html
    assert "<b>Noor</b>" in text and "a&b@" in text


async def test_an_erased_person_is_in_no_letter() -> None:
    person = await people.customer()
    await write(person=person.id)
    await email_outbox.send(
        key="guest", to="noor@kiln.test", template="email_changed", subject="Hello", fields={"name": "", "email": "x"}
    )
    await account_emails.erase_emails(PersonErased(person.id, ids.digest("noor@kiln.test").hex()))
    assert "noor" not in repr(await database.fetch("SELECT * FROM email")).lower()
    assert await count() == 2
