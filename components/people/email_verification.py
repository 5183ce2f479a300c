"""What follows when somebody has shown, by a letter, that an account's e-mail is hers."""

from uuid import UUID

from components.foundation import clock, database
from components.people import sessions
from components.people.tables import Person


async def email_verified(person_id: UUID) -> Person:
    """The person, now with a confirmed e-mail.

    Whoever opened the account without proving the e-mail may have been somebody else: at the first proof the
    password set until then is dropped and every session ends, so that nobody waits inside.
    """
    person = await database.locked(Person, Person.id == person_id)
    assert person is not None, "a letter was sent to somebody who is not there"
    if not person.email_confirmed_at:
        person.email_confirmed_at, person.password_hash = clock.now(), None
        await person.save(columns=[Person.email_confirmed_at, Person.password_hash])
        await sessions.end_all(person.id)
    return person
