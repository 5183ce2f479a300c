"""Writing a letter: rendered at once, kept under a key, so that what is said to a person is said once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, jobs, json, settings
from components.messaging import rendering
from components.messaging.tables import Letter


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
) -> Letter:
    """The letter kept under `key`, written now unless it was before; posted by a job when the shop can post.

    `fields` hold `sealing.mark(name)` where `secrets[name]` will stand; a letter with secrets is of no use after
    `secrets_until`.
    """
    if known := await kept(key):
        return known
    html, text = rendering.rendered(template, fields)
    letter = Letter(
        id=ids.new(), key=key, person=person, recipient=to, template=template, subject=" ".join(subject.split()),
        html=html, text=text, created_at=clock.now(),
        secrets=json.dump(dict(secrets)) if secrets else None, secrets_until=secrets_until,
    )  # fmt: skip
    async with database.transaction():
        is_new = await Letter.insert(letter).on_conflict(action="DO NOTHING").returning(Letter.id)
        if is_new and settings.current().smtp_url:
            await jobs.defer("post_letter", letter_id=str(letter.id))
    return letter if is_new else await _kept_meanwhile(key)


async def kept(key: str) -> Letter | None:
    """The letter of this key, if it has been written."""
    return await Letter.objects().where(Letter.key == key).first()


async def _kept_meanwhile(key: str) -> Letter:
    letter = await kept(key)
    assert letter is not None, "an e-mail with this key was there a moment ago"
    return letter
