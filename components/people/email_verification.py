"""What follows when somebody has proved by e-mail that an account's address is theirs."""

from uuid import UUID

from components.foundation import clock, database
from components.people import sessions
from components.people.second_factor import second_factors
from components.people.tables import Person


async def email_verified(person_id: UUID) -> Person:
    """The person, now with a confirmed e-mail.

    An account with an unconfirmed e-mail may have been created by somebody else: at the first confirmation the
    existing password and passkeys are dropped and every session ends, so that nobody else stays signed in.
    """
    person = await database.locked(Person, Person.id == person_id)
    assert person is not None, "an e-mail was sent to a person who does not exist"
    if not person.email_confirmed_at:
        person.email_confirmed_at, person.password_hash = clock.now(), None
        await person.save(columns=[Person.email_confirmed_at, Person.password_hash])
        await second_factors.forget(person.id)
        await sessions.end_all(person.id)
    return person
