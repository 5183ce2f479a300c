"""Reading the letters that have been written: what the staff's mailbox shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from components.foundation import clock, database, jobs, json, settings
from components.foundation.refusals import NotFound, Refusal
from components.messaging import secret_placeholders
from components.messaging.tables import Email

PAGE = 50


class CannotSend(Refusal):
    message = "There is no mail server to send it with (SMTP_URL), or it has been sent already."


@dataclass(frozen=True, slots=True)
class EmailLine:
    """A letter in the list."""

    id: UUID
    recipient: str
    template: str
    subject: str
    created_at: datetime
    sent_at: datetime | None
    failed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True)
class OpenEmail:
    """A letter to be read; its secrets are shown as long as they work and it has not been sent."""

    line: EmailLine
    key: str
    html: str
    text: str
    tries: int
    person: UUID | None


@dataclass(frozen=True, slots=True)
class EmailListPage:
    """A page of the mailbox, newest first, and how many letters there are in all."""

    letters: tuple[EmailLine, ...]
    total: int


_LINE = (
    Email.id, Email.recipient, Email.template, Email.subject, Email.created_at, Email.sent_at, Email.failed_at,
    Email.failure,
)  # fmt: skip


async def email_page(*, to: str = "", template: str = "", page: int = 1) -> EmailListPage:
    """Letters to e-mails containing `to`, of one kind when asked."""
    rows, total = Email.select(*_LINE), Email.count()
    if to:
        contains = WhereRaw("strpos(recipient, {}) > 0", to.lower())
        rows, total = rows.where(contains), total.where(contains)
    if template:
        rows, total = rows.where(Email.template == template), total.where(Email.template == template)
    newest_first = rows.order_by(Email.created_at, Email.id, ascending=False)
    found = await newest_first.limit(PAGE).offset((max(1, page) - 1) * PAGE)
    return EmailListPage(tuple(EmailLine(**row) for row in found), int(await total))


async def templates_used() -> tuple[str, ...]:
    """The kinds of letters there are in the mailbox."""
    rows = await Email.select(Email.template).distinct().order_by(Email.template)
    return tuple(row["template"] for row in rows)


async def email_by_id(letter_id: UUID) -> OpenEmail:
    """Raises `NotFound`."""
    found = await Email.objects().where(Email.id == letter_id).first()
    if found is None:
        raise NotFound
    secrets = _still_good(found.secrets, found.secrets_until)
    line = EmailLine(
        found.id, found.recipient, found.template, found.subject, found.created_at, found.sent_at, found.failed_at,
        found.failure,
    )  # fmt: skip
    return OpenEmail(
        line,
        found.key,
        secret_placeholders.fill_html(found.html, secrets),
        secret_placeholders.fill_text(found.text, secrets),
        found.tries,
        found.person,
    )


def _still_good(secrets: Any, until: datetime | None) -> dict[str, str]:
    if not secrets or (until is not None and until <= clock.now()):
        return {}
    return dict(json.load(secrets))


async def of_person(person_id: UUID, email: str) -> list[dict[str, Any]]:
    """What was written to her: her own copy, without secrets."""
    is_theirs = (Email.person == person_id) | (Email.recipient == email)
    rows = Email.select(Email.subject, Email.text, Email.recipient, Email.created_at, Email.sent_at).where(is_theirs)
    return [
        row | {"text": secret_placeholders.fill_text(row["text"], {})} for row in await rows.order_by(Email.created_at)
    ]


async def send_again(letter_id: UUID) -> None:
    """Have one more try at sending. Raises `CannotPost`."""
    async with database.transaction():
        found = await database.locked(Email, Email.id == letter_id)
        if found is None:
            raise NotFound
        if found.sent_at or not settings.current().smtp_url:
            raise CannotSend
        await jobs.defer("post_letter", queueing_lock=f"letter:{letter_id}", letter_id=str(letter_id))


async def remove_expired_secrets() -> None:
    """Tokens and codes that no longer open anything are not kept."""
    have_expired = Email.secrets.is_not_null() & (Email.secrets_until <= clock.now())
    await Email.update({Email.secrets: None}).where(have_expired)


def can_send() -> bool:
    """Whether there is a mail server to hand letters to."""
    return bool(settings.current().smtp_url)
