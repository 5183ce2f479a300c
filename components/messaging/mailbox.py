"""Reading the stored e-mails: what the staff mailbox shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, jobs, json, paging, settings
from components.foundation.refusals import NotFound, Refusal
from components.messaging import secret_placeholders
from components.messaging.tables import Email

PAGE = 50


class CannotSend(Refusal):
    message = "No mail server is set up (SMTP_URL), or this e-mail has already been sent."


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

    letters: tuple[EmailLine, ...]
    total: int
    page: int
    pages: int


_LINE = "id, recipient, template, subject, created_at, sent_at, failed_at, failure"


async def email_page(*, to: str = "", template: str = "", page: int = 1) -> EmailListPage:
    """E-mails to addresses containing `to`, optionally of one kind."""
    wanted = "(strpos(recipient, $1) > 0 OR $1 = '') AND ($2 = '' OR template = $2)"
    total = await database.fetch_value(f"SELECT count(*) FROM email WHERE {wanted}", to.lower(), template)
    number = paging.within(page, total, PAGE)
    rows = await database.fetch(
        f"SELECT {_LINE} FROM email WHERE {wanted} ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4",
        to.lower(), template, PAGE, (number - 1) * PAGE,
    )  # fmt: skip
    return EmailListPage(tuple(EmailLine(**row) for row in rows), total, number, paging.last(total, PAGE))


async def templates_used() -> tuple[str, ...]:
    """The kinds of e-mails in the mailbox."""
    return tuple(row["template"] for row in await database.fetch("SELECT DISTINCT template FROM email ORDER BY 1"))


async def email_by_id(letter_id: UUID) -> OpenEmail:
    """Raises `NotFound`."""
    row = await database.fetch_one(
        f"SELECT {_LINE}, key, html, text, tries, person, secrets, secrets_until FROM email WHERE id = $1", letter_id
    )
    if row is None:
        raise NotFound
    secrets = _still_good(row.pop("secrets"), row.pop("secrets_until"))
    key, html, text, tries, person = (row.pop(name) for name in ("key", "html", "text", "tries", "person"))
    line = EmailLine(**row)
    return OpenEmail(
        line,
        key,
        secret_placeholders.fill_html(html, secrets),
        secret_placeholders.fill_text(text, secrets),
        tries,
        person,
    )


def _still_good(secrets: Any, until: datetime | None) -> dict[str, str]:
    if not secrets or (until is not None and until <= clock.now()):
        return {}
    return dict(json.load(secrets))


async def of_person(person_id: UUID, email: str) -> list[dict[str, Any]]:
    """What was sent to the person: their own copy, without secrets."""
    rows = await database.fetch(
        """SELECT subject, text, recipient, created_at, sent_at FROM email
        WHERE person = $1 OR recipient = $2 ORDER BY created_at""",
        person_id, email,
    )  # fmt: skip
    return [row | {"text": secret_placeholders.fill_text(row["text"], {})} for row in rows]


async def send_again(letter_id: UUID) -> None:
    """Try to send it again. Raises `CannotPost`."""
    async with database.transaction():
        found = await database.locked(Email, Email.id == letter_id)
        if found is None:
            raise NotFound
        if found.sent_at or not settings.current().smtp_url:
            raise CannotSend
        await jobs.defer("post_letter", queueing_lock=f"letter:{letter_id}", letter_id=str(letter_id))


async def remove_expired_secrets() -> None:
    """Deletes expired tokens and codes."""
    await database.execute(
        "UPDATE email SET secrets = NULL WHERE secrets IS NOT NULL AND secrets_until <= $1", clock.now()
    )


def can_send() -> bool:
    """Whether a mail server is set up."""
    return bool(settings.current().smtp_url)
