"""Accounts that staff bring along from an earlier shop: nobody has confirmed their e-mail yet, and nobody is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from components.foundation import clock, database, ids, text
from components.foundation.database import any_of
from components.people.customer_accounts import EmailTaken
from components.people.tables import Address, Person

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
    one = Person
    unclaimed = one.select(one.id).where(
        any_of(one.id, person_ids), one.email_confirmed_at.is_null(), one.password_hash.is_null(),
        one.erased_at.is_null(), one.birthday.is_null(),
    )  # fmt: skip
    found = await unclaimed.lock_rows().output(as_list=True)
    await Address.delete().where(any_of(Address.person, found))
    await Person.delete().where(any_of(Person.id, found))
    return found
