"""Erasing a person: what agreements need is kept anonymously.

Other components report what prevents it (`register_obstacle`): an active subscription must be cancelled first.
"""

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.foundation.languages.words import N_, _
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.people import sessions
from components.people.facts import PersonErased
from components.people.second_factor import second_factors
from components.people.tables import (
    Address,
    EmailConfirmation,
    IdentityCode,
    InvoiceAddress,
    Operator,
    Person,
    Session,
    SignInLink,
)

Check = Callable[[UUID], Awaitable[str | None]]
Farewell = Callable[[Person], Awaitable[None]]

_checks: dict[str, Check] = {}
_farewells: list[Farewell] = []


class ErasureRefused(Refusal):
    message = N_("Your account can’t be deleted yet.")


def register_obstacle(reason: str, check: Check) -> None:
    """Have `check(person_id)` asked before erasing; its message, if any, is the refusal. One check per reason."""
    _checks[reason] = check


def register_farewell(tell: Farewell) -> None:
    """Have `tell(person)` called as they are erased, in the same transaction, while their e-mail is still known."""
    _farewells.append(tell)


async def obstacles(person_id: UUID) -> tuple[str, ...]:
    """Everything that prevents erasure, as messages for the person."""
    found = [await check(person_id) for check in _checks.values()]
    if await Operator.exists().where(Operator.person == person_id):
        found.append(_("You have staff access to this shop. An owner has to remove it first."))
    return tuple(words for words in found if words)


async def erase(person_id: UUID) -> None:
    """Delete name, e-mail, birthday, password, passkeys, addresses and sessions; the row stays, anonymous.

    What was sent to an e-mail, or ordered under it, goes with the person only if they had confirmed it.

    Raises `ErasureRefused` with the first obstacle's message, `NotFound`.
    """
    async with database.transaction():
        person = await database.locked(Person, (Person.id == person_id) & Person.erased_at.is_null())
        if person is None:
            raise NotFound
        for words in await obstacles(person_id):
            raise ErasureRefused(words)
        for tell in _farewells:
            await tell(person)
        email, was_confirmed = person.email, bool(person.email_confirmed_at)
        await sessions.end_all(person_id)
        for table in (Address, InvoiceAddress, SignInLink, EmailConfirmation, IdentityCode):
            await table.delete().where(table.person == person_id)
        await SignInLink.delete().where(SignInLink.email == email)
        await second_factors.forget(person_id)
        await person.update_self(
            {
                Person.email: f"{person_id}@erased.invalid",
                Person.name: "",
                Person.password_hash: None,
                Person.birthday: None,
                Person.email_confirmed_at: None,
                Person.erasure_wanted_at: None,
                Person.personal_off_at: None,
                Person.erased_at: clock.now(),
            }
        )
        await Session.update({Session.agent: "", Session.address: ""}).where(Session.person == person_id)
        await security_events.forget(person_id, email)
        await security_events.note("account deleted", person=person_id)
        await outbox.announce(PersonErased(person_id, ids.digest(email).hex() if was_confirmed else ""))


async def forgotten(emails: Iterable[str]) -> set[str]:
    """Those of them whose owner, who had confirmed it, had their account here deleted."""
    digests = {ids.digest(email).hex(): email for email in emails}
    said = await outbox.announced_values(PersonErased, "email_digest", list(digests)) if digests else set()
    return {digests[digest] for digest in said}
