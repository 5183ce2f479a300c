"""Accounts that staff bring along from an earlier shop: nobody has confirmed their e-mail yet, and nobody is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from components.foundation import clock, database, ids, text
from components.people.customer_accounts import EmailTaken
from components.people.tables import Person

OWN = frozenset({"address"})
"""Tables whose rows are made with such an account, and go with it."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    email: str
    name: str
    language: str


async def open_all(wanted: Sequence[Newcomer]) -> list[UUID]:
    """Without a password, and without a word to anybody: they sign in by the code that their e-mail gets.

    Raises `EmailTaken` if there is an account with one of these e-mails.
    """
    at = clock.now()
    rows = [(ids.new(), text.normal_email(one.email), one.name[:200], one.language, at) for one in wanted]
    try:
        await database.insert_rows(Person, ("id", "email", "name", "language", "created_at"), rows)
    except asyncpg.UniqueViolationError:
        raise EmailTaken from None
    return [row[0] for row in rows]


async def remove(person_ids: Collection[UUID]) -> list[UUID]:
    """Those of them that are still unclaimed are deleted; which."""
    found = await database.fetch_values(_UNCLAIMED, list(person_ids))
    await database.execute("DELETE FROM address WHERE person = ANY($1)", found)
    await database.execute("DELETE FROM person WHERE id = ANY($1)", found)
    return found


_UNCLAIMED = """
SELECT id FROM person WHERE id = ANY($1) AND email_confirmed_at IS NULL AND password_hash IS NULL
AND erased_at IS NULL AND birthday IS NULL FOR UPDATE"""
