"""Creating an e-mail: rendered at once and stored under a key, so that each is sent only once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, jobs, json, settings
from components.messaging import rendering
from components.messaging.tables import Email


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
) -> Email:
    """The e-mail stored under `key`, created now unless it exists; sent by a job when a mail server is set up.

    `fields` hold `sealing.mark(name)` in place of `secrets[name]`; an e-mail with secrets is of no use after
    `secrets_until`.
    """
    if known := await was_sent(key):
        return known
    html, text = rendering.render(template, fields)
    email = Email(
        id=ids.new(), key=key, person=person, recipient=to, template=template, subject=" ".join(subject.split()),
        html=html, text=text, created_at=clock.now(),
        secrets=json.dump(dict(secrets)) if secrets else None, secrets_until=secrets_until,
    )  # fmt: skip
    async with database.transaction():
        is_new = await Email.insert(email).on_conflict(action="DO NOTHING").returning(Email.id)
        if is_new and settings.current().smtp_url:
            await jobs.defer("send_email", email_id=str(email.id))
    return email if is_new else await _kept_meanwhile(key)


async def was_sent(key: str) -> Email | None:
    """The e-mail with this key, if it has been created."""
    return await Email.objects().where(Email.key == key).first()


async def _kept_meanwhile(key: str) -> Email:
    email = await was_sent(key)
    assert email is not None, "an e-mail with this key was there a moment ago"
    return email
