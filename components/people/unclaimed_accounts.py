"""Accounts that staff bring along from an earlier shop: nobody has confirmed their e-mail yet, and nobody is told."""

from collections.abc import Collection
from uuid import UUID

from components.foundation import clock, database, ids, text
from components.people.tables import Person

OWN = frozenset({"address"})
"""Tables whose rows are made with such an account, and go with it."""


async def open_for(email: str, *, name: str, language: str) -> Person:
    """Without a password, and without a word to anybody: they sign in by the code that their e-mail gets."""
    person = Person(
        id=ids.new(), email=text.normal_email(email), name=name[:200], language=language, created_at=clock.now()
    )
    await Person.insert(person)
    return person


async def remove(person_ids: Collection[UUID]) -> list[UUID]:
    """Those of them that are still unclaimed are deleted; which."""
    found = await database.fetch_values(_UNCLAIMED, list(person_ids))
    await database.execute("DELETE FROM address WHERE person = ANY($1)", found)
    await database.execute("DELETE FROM person WHERE id = ANY($1)", found)
    return found


_UNCLAIMED = """
SELECT id FROM person WHERE id = ANY($1) AND email_confirmed_at IS NULL AND password_hash IS NULL
AND erased_at IS NULL AND birthday IS NULL FOR UPDATE"""
