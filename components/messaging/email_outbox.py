"""Creating an e-mail: rendered at once and stored under a key, so that each is sent only once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, jobs, settings
from components.messaging import secret_placeholders
from components.messaging.tables import Email
from components.messaging.texts import ready_email
from components.messaging.texts.ready_email import ReadyEmail

TELLING = 10
"""A secret of fewer letters, like a code of six digits, may stand in a text by chance."""


class UnsealedSecret(Exception):
    """An e-mail was about to be stored with something readable in it that opens what is somebody's own."""


async def send(
    *,
    key: str,
    to: str,
    template: str,
    subject: str,
    fields: Mapping[str, Any],
    person: UUID | None = None,
    secrets: Mapping[str, str] | None = None,
    secrets_until: datetime | None = None,
    reply_to: str = "",
    invoice: UUID | None = None,
) -> Email:
    """The e-mail stored under `key`, created now unless it exists; sent by a job when a mail server is set up.

    `fields` hold `secret_placeholders.placeholder(name)` in place of `secrets[name]`; an e-mail with secrets is of
    no use after `secrets_until`. Without `reply_to` answers go where the shop's settings say. `invoice` goes with
    it as PDF. Its language is the one
    spoken now: see `texts/recipient_language.py`. Raises `UnsealedSecret`.
    """
    if known := await was_sent(key):
        return known
    ready = await ready_email.ready(template, subject, fields)
    return await send_ready(
        ready, key=key, to=to, template=template, person=person, secrets=secrets, secrets_until=secrets_until,
        reply_to=reply_to, invoice=invoice,
    )  # fmt: skip


async def send_ready(
    ready: ReadyEmail,
    *,
    key: str,
    to: str,
    template: str,
    person: UUID | None = None,
    secrets: Mapping[str, str] | None = None,
    secrets_until: datetime | None = None,
    reply_to: str = "",
    invoice: UUID | None = None,
) -> Email:
    """The same for one that is written already. Raises `UnsealedSecret`."""
    _refuse_unsealed(ready.subject + ready.html + ready.text + repr(ready.values), secrets or {})
    email_id = ids.new()
    email = Email(
        id=email_id, key=key, person=person, recipient=to, reply_to=reply_to, template=template,
        subject=" ".join(ready.subject.split()), html=ready.html, text=ready.text, created_at=clock.now(),
        placeholder_values=ready_email.stored(ready.values), secrets_until=secrets_until, language=ready.language,
        secrets=secret_placeholders.sealed(secrets, email_id=email_id) if secrets else None, invoice=invoice,
    )  # fmt: skip
    async with database.transaction():
        is_new = await Email.insert(email).on_conflict(action="DO NOTHING").returning(Email.id)
        if is_new and settings.current().smtp_url:
            await jobs.defer("send_email", email_id=str(email.id))
    return email if is_new else await _kept_meanwhile(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEmail:
    """One of many that nobody has to get. `unsubscribe` is the path that ends them."""

    key: str
    to: str
    person: UUID | None
    ready: ReadyEmail
    unsubscribe: str


async def store_many(emails: Sequence[CampaignEmail], *, template: str, **of: str) -> None:
    """Those whose key is new, in the caller's transaction; sent by jobs that hold up no other e-mail. `of` goes with
    each job: `campaign_id` or `journey_id`."""
    rows = [
        Email(
            id=ids.new(), key=one.key, person=one.person, recipient=one.to, template=template,
            subject=one.ready.subject, html=one.ready.html, text=one.ready.text, created_at=clock.now(),
            language=one.ready.language, unsubscribe=one.unsubscribe,
        )
        for one in emails
    ]  # fmt: skip
    if not rows:
        return
    new = await Email.insert(*rows).on_conflict(action="DO NOTHING").returning(Email.id)
    if new and settings.current().smtp_url:
        emails_new = [str(row["id"]) for row in new]
        await jobs.defer_each("send_campaign_email", "email_id", emails_new, **of)


def _refuse_unsealed(written: str, secrets: Mapping[str, str]) -> None:
    if any(secret in written for secret in secrets.values() if len(secret) >= TELLING):
        raise UnsealedSecret


async def was_sent(key: str) -> Email | None:
    """The e-mail with this key, if it has been created."""
    return await Email.objects().where(Email.key == key).first()


async def waiting(email_id: UUID) -> Email | None:
    """It, unless it was handed over or begun to be."""
    return await Email.objects().where((Email.id == email_id) & Email.handed_over_at.is_null()).first()


async def _kept_meanwhile(key: str) -> Email:
    email = await was_sent(key)
    assert email is not None, "an e-mail with this key was there a moment ago"
    return email
