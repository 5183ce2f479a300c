"""Accounts: creating one, finding one, and changing a person's own details."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from components.foundation import clock, database, ids, outbox, text
from components.foundation.database import any_of
from components.foundation.languages import language
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.people import passwords
from components.people.facts import AccountOpened
from components.people.tables import Person


class EmailTaken(Refusal):
    message = N_("There’s already an account with this e-mail. Please sign in.")


async def sign_up(email: str, *, name: str = "", password: str | None = None) -> Person:
    """A new account. Raises `EmailTaken` or `WeakPassword`. Without a password the person signs in by e-mail."""
    own_words = (email, name)
    kept = await passwords.hash_password(password, own_words=own_words) if password is not None else None
    person = Person(
        id=ids.new(),
        email=text.normal_email(email),
        name=name.strip(),
        password_hash=kept,
        language=language.current(),
        created_at=clock.now(),
    )
    async with database.transaction():
        added = await Person.insert(person).on_conflict(action="DO NOTHING").returning(Person.id)
        if not added:
            raise EmailTaken
        await security_events.note("account opened", person=person.id)
        await outbox.announce(AccountOpened(person.id))
    return person


async def by_id(person_id: UUID) -> Person | None:
    """The person, unless there is none or they have been erased."""
    return await Person.objects().where(Person.id == person_id, Person.erased_at.is_null()).first()


async def erased_at(person_id: UUID) -> datetime | None:
    """None of who is not erased."""
    row = await Person.select(Person.erased_at).where(Person.id == person_id).first()
    return row["erased_at"] if row else None


async def by_email(email: str) -> Person | None:
    return await Person.objects().where(Person.email == text.normal_email(email), Person.erased_at.is_null()).first()


async def by_emails(emails: Iterable[str]) -> dict[str, Person]:
    """The same for many, by normalised e-mail."""
    wanted = [text.normal_email(email) for email in emails]
    if not wanted:
        return {}
    found = await Person.objects().where(Person.email.is_in(wanted), Person.erased_at.is_null())
    return {person.email: person for person in found}


async def use_language(person_id: UUID, code: str) -> None:
    """Pages and e-mails are in this language from now on."""
    await Person.update({Person.language: code}).where(Person.id == person_id)


async def confirmed_email(person_id: UUID) -> str | None:
    """Their e-mail once it is known to be theirs; until then it may be anybody's, and opens nothing."""
    person = await by_id(person_id)
    return person.email if person and person.email_confirmed_at else None


async def matching(typed: str) -> list[UUID]:
    """Whose e-mail or name contains this: some, for a search."""
    return [row[0] for row in await database.fetch_rows(_MATCHING, typed.lower(), MOST_MATCHING)]


async def called(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What people are called who have not been erased: their e-mail, which is unique."""
    there = any_of(Person.id, set(person_ids)) & Person.erased_at.is_null()
    return {row["id"]: row["email"] for row in await Person.select(Person.id, Person.email).where(there)}


async def named(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of those who have not been erased; the e-mail of who gave none."""
    there = any_of(Person.id, set(person_ids)) & Person.erased_at.is_null()
    rows = await Person.select(Person.id, Person.name, Person.email).where(there)
    return {row["id"]: row["name"] or row["email"] for row in rows}


async def held(person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of them who have not been erased, and are not until this transaction ends."""
    there = any_of(Person.id, set(person_ids)) & Person.erased_at.is_null()
    held = Person.select(Person.id).where(there).order_by(Person.id).lock_rows("SHARE")
    return set(await held.output(as_list=True))


MOST_MATCHING = 200
_MATCHING = """SELECT id FROM person WHERE erased_at IS NULL
AND (strpos(email, $1) > 0 OR strpos(lower(name), $1) > 0) ORDER BY created_at DESC LIMIT $2"""


async def rename(person_id: UUID, *, name: str) -> None:
    await Person.update({Person.name: name.strip()}).where(Person.id == person_id)


async def remember_birthday(person_id: UUID, *, birthday: date | None) -> None:
    await Person.update({Person.birthday: birthday}).where(Person.id == person_id)


async def birthdays(person_ids: Iterable[UUID]) -> dict[UUID, date]:
    """The birthdays of those who have entered one."""
    entered = any_of(Person.id, person_ids) & Person.birthday.is_not_null()
    return {row["id"]: row["birthday"] for row in await Person.select(Person.id, Person.birthday).where(entered)}


async def confirm(person_id: UUID) -> None:
    """The person's e-mail has been confirmed. The first confirmation stays on record."""
    await Person.update({Person.email_confirmed_at: clock.now()}).where(
        (Person.id == person_id) & Person.email_confirmed_at.is_null()
    )


async def claim_unconfirmed(person_id: UUID, *, password: str) -> None:
    """Set a password and count the e-mail as confirmed: for whoever operates the server. Raises `WeakPassword`."""
    await passwords.set(person_id, password)
    await confirm(person_id)
