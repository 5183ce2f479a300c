"""Reading the letters that have been written: what the staff's mailbox shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, jobs, json, settings
from components.foundation.refusals import NotFound, Refusal
from components.messaging import sealing
from components.messaging.tables import Letter

PAGE = 50


class CannotPost(Refusal):
    message = "No mail server is set up (SMTP_URL), or this e-mail has already been sent."


@dataclass(frozen=True, slots=True)
class LetterLine:
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
class OpenLetter:
    """A letter to be read; its secrets are shown as long as they work and it has not been sent."""

    line: LetterLine
    key: str
    html: str
    text: str
    tries: int
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the mailbox, newest first, and how many letters there are in all."""

    letters: tuple[LetterLine, ...]
    total: int


_LINE = "id, recipient, template, subject, created_at, sent_at, failed_at, failure"


async def shelf(*, to: str = "", template: str = "", page: int = 1) -> Shelf:
    """Letters to e-mails containing `to`, of one kind when asked."""
    wanted = "(strpos(recipient, $1) > 0 OR $1 = '') AND ($2 = '' OR template = $2)"
    rows = await database.fetch(
        f"SELECT {_LINE} FROM letter WHERE {wanted} ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4",
        to.lower(), template, PAGE, (max(1, page) - 1) * PAGE,
    )  # fmt: skip
    total = await database.fetch_value(f"SELECT count(*) FROM letter WHERE {wanted}", to.lower(), template)
    return Shelf(tuple(LetterLine(**row) for row in rows), total)


async def templates_used() -> tuple[str, ...]:
    """The kinds of letters there are in the mailbox."""
    return tuple(row["template"] for row in await database.fetch("SELECT DISTINCT template FROM letter ORDER BY 1"))


async def letter(letter_id: UUID) -> OpenLetter:
    """Raises `NotFound`."""
    row = await database.fetch_one(
        f"SELECT {_LINE}, key, html, text, tries, person, secrets, secrets_until FROM letter WHERE id = $1", letter_id
    )
    if row is None:
        raise NotFound
    secrets = _still_good(row.pop("secrets"), row.pop("secrets_until"))
    key, html, text, tries, person = (row.pop(name) for name in ("key", "html", "text", "tries", "person"))
    line = LetterLine(**row)
    return OpenLetter(line, key, sealing.opened_html(html, secrets), sealing.opened(text, secrets), tries, person)


def _still_good(secrets: Any, until: datetime | None) -> dict[str, str]:
    if not secrets or (until is not None and until <= clock.now()):
        return {}
    return dict(json.load(secrets))


async def of_person(person_id: UUID, email: str) -> list[dict[str, Any]]:
    """What was written to her: her own copy, without secrets."""
    rows = await database.fetch(
        """SELECT subject, text, recipient, created_at, sent_at FROM letter
        WHERE person = $1 OR recipient = $2 ORDER BY created_at""",
        person_id, email,
    )  # fmt: skip
    return [row | {"text": sealing.opened(row["text"], {})} for row in rows]


async def post_again(letter_id: UUID) -> None:
    """Have one more try at sending. Raises `CannotPost`."""
    async with database.transaction():
        found = await database.locked(Letter, Letter.id == letter_id)
        if found is None:
            raise NotFound
        if found.sent_at or not settings.current().smtp_url:
            raise CannotPost
        await jobs.defer("post_letter", queueing_lock=f"letter:{letter_id}", letter_id=str(letter_id))


async def remove_lapsed_secrets() -> None:
    """Tokens and codes that no longer open anything are not kept."""
    await database.execute(
        "UPDATE letter SET secrets = NULL WHERE secrets IS NOT NULL AND secrets_until <= $1", clock.now()
    )


def can_post() -> bool:
    """Whether there is a mail server to hand letters to."""
    return bool(settings.current().smtp_url)
