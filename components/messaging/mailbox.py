"""Reading the stored e-mails: what the staff mailbox shows. Tokens and codes are the recipient's alone: see
`email_by_id`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns.combination import Combinable, WhereRaw

from components.foundation import audit, clock, database, jobs, paging, settings
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.invoices import invoice_links, invoice_list
from components.invoices.pdf.month_archives import file_name
from components.messaging import secret_placeholders
from components.messaging.tables import Email

PAGE = 50
READ, A_WHILE = "e-mail read", timedelta(minutes=5)


class CannotSend(Refusal):
    message = "No mail server is set up (SMTP_URL), or this e-mail has already been sent."


class TextIsGone(Refusal):
    message = "The text of this e-mail was deleted, so it cannot be sent any more."
    status = 409


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
    invoice: UUID | None
    """Whose PDF goes with it."""


@dataclass(frozen=True, slots=True)
class OpenEmail:
    """An e-mail to read. `emptied_at`: since when only that it was sent is known. `file_name`: of the PDF that goes
    with it, whose address for whoever has no account is `file_url`."""

    line: EmailLine
    key: str
    html: str
    text: str
    tries: int
    person: UUID | None
    emptied_at: datetime | None = None
    file_name: str = ""
    file_url: str = ""


@dataclass(frozen=True, slots=True)
class EmailListPage:
    """A page of the mailbox, newest first, and how many e-mails there are in all."""

    emails: tuple[EmailLine, ...]
    total: int
    page: int
    pages: int


_LINE = (
    Email.id, Email.recipient, Email.template, Email.subject, Email.created_at, Email.sent_at, Email.failed_at,
    Email.failure, Email.invoice,
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
    """Without its secrets, whatever state it is in: who reads it is not who it was sent to. Raises `NotFound`."""
    return await _open_email(await _row(email_id), {})


async def email_read_by(operator: UUID, email_id: UUID) -> OpenEmail:
    """The same, and in the audit log: once a while, for its frame is asked for apart. Raises `NotFound`."""
    found = await _row(email_id)
    if not await audit.is_recorded(operator, READ, email_id, since=clock.now() - A_WHILE):
        await security_events.note("e-mail read", person=operator, detail=found.template)
        await audit.record(operator, READ, "e-mail", email_id, after={"kind": found.template, "to": found.person})
    return await _open_email(found, {})


async def practice_email(email_id: UUID) -> OpenEmail:
    """With its secrets while they are valid: a practice shop has no other way to send them. Raises `NotFound`."""
    found = await _row(email_id)
    is_over = found.secrets_until is not None and found.secrets_until <= clock.now()
    return await _open_email(found, {} if is_over else secret_placeholders.opened(found.secrets, email_id=found.id))


async def _row(email_id: UUID) -> Email:
    found = await Email.objects().where(Email.id == email_id).first()
    if found is None:
        raise NotFound
    return found


async def _open_email(found: Email, secrets: dict[str, str]) -> OpenEmail:
    attached = await invoice_list.by_id(found.invoice) if found.invoice else None
    line = EmailLine(
        found.id, found.recipient, found.template, found.subject, found.created_at, found.sent_at, found.failed_at,
        found.failure, found.invoice,
    )  # fmt: skip
    return OpenEmail(
        line,
        found.key,
        secret_placeholders.fill_html(found.html, secrets, written_in=found.language),
        secret_placeholders.fill_text(found.text, secrets, written_in=found.language),
        found.tries,
        found.person,
        found.emptied_at,
        f"{file_name(attached.number)}.pdf" if attached else "",
        f"{invoice_links.link(attached).url}/pdf" if attached else "",
    )


async def of_person(person_id: UUID, email: str | None) -> list[dict[str, Any]]:
    """What was sent to the person: their own copy, without secrets.

    `email` is theirs only once they have confirmed it; what was sent to an address belongs to nobody else.
    """
    is_theirs: Combinable = Email.person == person_id
    if email:
        is_theirs = is_theirs | (Email.recipient == email)
    columns = (Email.subject, Email.text, Email.recipient, Email.created_at, Email.sent_at, Email.emptied_at)
    rows = Email.select(*columns, Email.language).where(is_theirs)
    return [_own_copy(row, written_in=row.pop("language")) for row in await rows.order_by(Email.created_at)]


def _own_copy(row: dict[str, Any], *, written_in: str) -> dict[str, Any]:
    return row | {"text": secret_placeholders.fill_text(row["text"], {}, written_in=written_in)}


async def export_of(person_id: UUID, confirmed_email: str | None) -> dict[str, list[dict[str, Any]]]:
    return {"emails": await of_person(person_id, confirmed_email)}


async def send_again(email_id: UUID, *, by: UUID) -> None:
    """Try to send it again, also when nobody knows whether it arrived.

    Raises `CannotSend`, `TextIsGone`, `BeingHandedOver`, `NotFound`.
    """
    async with database.transaction():
        found = await database.locked(Email, Email.id == email_id)
        if found is None:
            raise NotFound
        if found.sent_at or not settings.current().smtp_url:
            raise CannotSend
        if found.emptied_at:
            raise TextIsGone
        if found.handed_over_at:
            if found.failed_at is None:
                raise BeingHandedOver
            await Email.update({Email.handed_over_at: None}).where(Email.id == email_id)
        await jobs.defer("send_email", queueing_lock=f"email:{email_id}", email_id=str(email_id))
        await audit.record(by, "e-mail sent again", "e-mail", email_id, after={"kind": found.template})


async def remove_expired_secrets() -> None:
    """Deletes expired tokens and codes."""
    have_expired = Email.secrets.is_not_null() & (Email.secrets_until <= clock.now())
    await Email.update({Email.secrets: None}).where(have_expired)


def can_send() -> bool:
    """Whether a mail server is set up."""
    return bool(settings.current().smtp_url)
