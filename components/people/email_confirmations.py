"""Confirming an e-mail: that of a new account, or the new one of an existing account.

The button in the e-mail works only for whoever is signed in to that account, so that an e-mail opened by the wrong
person gives no access.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, database, ids, outbox, text
from components.foundation.languages.words import N_, _
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.people import customer_accounts, rate_limits, sessions, sign_in_links
from components.people.facts import EmailChanged, EmailConfirmationRequested
from components.people.rate_limits import RateLimit
from components.people.tables import EmailConfirmation, Person

LASTS = timedelta(days=3)
ASKED = RateLimit("e-mail confirmation", 5, timedelta(hours=1))


class ConfirmationExpired(Refusal):
    message = N_("This link has already been used, has expired or belongs to another account.")


@dataclass(frozen=True, slots=True)
class IssuedConfirmation:
    """What the e-mail needs, issued once. `is_change`: the e-mail is not yet the account's."""

    person_id: UUID
    email: str
    name: str
    token: str
    is_change: bool
    language: str


async def request(person_id: UUID, *, email: str) -> None:
    """Send a confirmation e-mail there. Raises `TooManyTries`.

    Whether the address belongs to another account is revealed only to whoever can read its e-mails.
    """
    await rate_limits.hit(ASKED, str(person_id))
    now = clock.now()
    wish = EmailConfirmation(
        id=ids.new(),
        person=person_id,
        email=text.normal_email(email),
        created_at=now,
        expires_at=now + LASTS,
    )
    async with database.transaction():
        await EmailConfirmation.insert(wish)
        await outbox.announce(EmailConfirmationRequested(wish.id))


async def start_change(person: Person) -> str:
    """A token that confirms the e-mail the account was created with, for the welcome e-mail."""
    token, now = ids.token(), clock.now()
    wish = EmailConfirmation(
        id=ids.new(), person=person.id, email=person.email, token_digest=ids.digest(token),
        created_at=now, expires_at=now + LASTS,
    )  # fmt: skip
    await EmailConfirmation.insert(wish)
    return token


async def issue(confirmation_id: UUID) -> IssuedConfirmation | None:
    """The token for the e-mail, once. Belongs in the transaction that stores the e-mail."""
    wish = await database.locked(EmailConfirmation, EmailConfirmation.id == confirmation_id)
    if wish is None or wish.token_digest or wish.expires_at <= clock.now():
        return None
    person = await customer_accounts.by_id(wish.person)
    if person is None:
        return None
    token = ids.token()
    wish.token_digest = ids.digest(token)
    await wish.save(columns=[EmailConfirmation.token_digest])
    is_change = wish.email != person.email
    return IssuedConfirmation(person.id, wish.email, person.name, token, is_change, person.language)


async def pending(token: str, *, by: UUID) -> str | None:
    """The address this token would confirm for the person; None when it can no longer be used."""
    is_open = EmailConfirmation.used_at.is_null() & (EmailConfirmation.expires_at > clock.now())
    is_theirs = (EmailConfirmation.token_digest == ids.digest(token)) & (EmailConfirmation.person == by)
    found = await EmailConfirmation.objects().where(is_theirs & is_open).first()
    return found.email if found else None


async def confirm(token: str, *, by: UUID, keeping: str) -> Person:
    """The person, with the confirmed e-mail from now on. Raises `ConfirmationExpired`, `EmailTaken`.

    When it has changed, every session but the one whose token is `keeping` ends, and so does what was sent to the
    previous e-mail.
    """
    async with database.transaction():
        person = await database.locked(Person, (Person.id == by) & Person.erased_at.is_null())
        wish = await database.locked(EmailConfirmation, EmailConfirmation.token_digest == ids.digest(token))
        if person is None or wish is None or not _is_open(wish, by=by):
            raise ConfirmationExpired
        wish.used_at, wish.former = clock.now(), person.email
        await wish.save(columns=[EmailConfirmation.used_at, EmailConfirmation.former])
        await _move(person, wish, keeping)
    return person


def _is_open(wish: EmailConfirmation, *, by: UUID) -> bool:
    return wish.person == by and not wish.used_at and wish.expires_at > clock.now()


async def _move(person: Person, wish: EmailConfirmation, keeping: str) -> None:
    is_change = wish.email != person.email
    if is_change and await customer_accounts.by_email(wish.email):
        raise customer_accounts.EmailTaken(_("Another account already uses this e-mail."))
    person.email, person.email_confirmed_at = wish.email, clock.now()
    await person.save(columns=[Person.email, Person.email_confirmed_at])
    await security_events.note("e-mail changed", person=person.id, detail="" if is_change else "confirmed")
    if is_change:
        await sessions.end_others(person.id, than=keeping)
        await sign_in_links.void(person.id)
        await outbox.announce(EmailChanged(person.id, wish.id))


async def confirmed_by(confirmation_id: UUID) -> EmailConfirmation | None:
    """The stored confirmation, with the e-mail it replaced."""
    return await EmailConfirmation.objects().where(EmailConfirmation.id == confirmation_id).first()
