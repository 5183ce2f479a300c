"""Reading the stored e-mails: what the staff mailbox shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import WhereRaw

from components.foundation import clock, database, jobs, json, paging, settings
from components.foundation.refusals import NotFound, Refusal
from components.messaging import secret_placeholders
from components.messaging.tables import Email

PAGE = 50


class CannotSend(Refusal):
    message = "No mail server is set up (SMTP_URL), or this e-mail has already been sent."


class BeingHandedOver(Refusal):
    message = "This e-mail is being handed over to the mail server. Please look again in two minutes."
    status = 409


@dataclass(frozen=True, slots=True)
class EmailLine:
    """An e-mail in the list."""

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
    """An e-mail to read; its secrets are shown while they are valid and it has not been sent."""

    line: EmailLine
    key: str
    html: str
    text: str
    tries: int
    person: UUID | None


@dataclass(frozen=True, slots=True)
class EmailListPage:
    """A page of the mailbox, newest first, and how many e-mails there are in all."""

    emails: tuple[EmailLine, ...]
    total: int
    page: int
    pages: int


_LINE = (
    Email.id, Email.recipient, Email.template, Email.subject, Email.created_at, Email.sent_at, Email.failed_at,
    Email.failure,
)  # fmt: skip


async def email_page(*, to: str = "", template: str = "", page: int = 1) -> EmailListPage:
    """E-mails to addresses containing `to`, optionally of one kind."""
    rows, counted = Email.select(*_LINE), Email.count()
    if to:
        contains = WhereRaw("strpos(recipient, {}) > 0", to.lower())
        rows, counted = rows.where(contains), counted.where(contains)
    if template:
        rows, counted = rows.where(Email.template == template), counted.where(Email.template == template)
    total = int(await counted)
    number = paging.within(page, total, PAGE)
    newest_first = rows.order_by(Email.created_at, Email.id, ascending=False)
    found = await newest_first.limit(PAGE).offset((number - 1) * PAGE)
    return EmailListPage(tuple(EmailLine(**row) for row in found), total, number, paging.last(total, PAGE))


async def templates_used() -> tuple[str, ...]:
    """The kinds of e-mails in the mailbox."""
    rows = await Email.select(Email.template).distinct().order_by(Email.template)
    return tuple(row["template"] for row in rows)


async def email_by_id(email_id: UUID) -> OpenEmail:
    """Raises `NotFound`."""
    found = await Email.objects().where(Email.id == email_id).first()
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
    """What was sent to the person: their own copy, without secrets."""
    is_theirs = (Email.person == person_id) | (Email.recipient == email)
    rows = Email.select(Email.subject, Email.text, Email.recipient, Email.created_at, Email.sent_at).where(is_theirs)
    return [
        row | {"text": secret_placeholders.fill_text(row["text"], {})} for row in await rows.order_by(Email.created_at)
    ]


async def send_again(email_id: UUID) -> None:
    """Try to send it again, also when nobody knows whether it arrived. Raises `CannotSend`, `BeingHandedOver`."""
    async with database.transaction():
        found = await database.locked(Email, Email.id == email_id)
        if found is None:
            raise NotFound
        if found.sent_at or not settings.current().smtp_url:
            raise CannotSend
        if found.handed_over_at:
            if found.failed_at is None:
                raise BeingHandedOver
            await Email.update({Email.handed_over_at: None}).where(Email.id == email_id)
        await jobs.defer("send_email", queueing_lock=f"email:{email_id}", email_id=str(email_id))


async def remove_expired_secrets() -> None:
    """Deletes expired tokens and codes."""
    have_expired = Email.secrets.is_not_null() & (Email.secrets_until <= clock.now())
    await Email.update({Email.secrets: None}).where(have_expired)


def can_send() -> bool:
    """Whether a mail server is set up."""
    return bool(settings.current().smtp_url)
