"""Passwords: argon2id, hashed off the event loop, checked at the same cost for everyone."""

import asyncio
import contextlib
import ctypes
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from components.foundation import clock, database, outbox, text
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.people import rate_limits, sessions
from components.people.facts import PasswordChanged
from components.people.identity import known_browsers, password_strength
from components.people.identity.password_strength import SHORTEST, WeakPassword
from components.people.rate_limits import RateLimit
from components.people.tables import EmailConfirmation, Person

__all__ = ["SHORTEST", "WeakPassword"]

# What OWASP's password storage cheat sheet asks of argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_HASH_OF_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$hf6U3INlKmpidowBEnjVVQ$LMSavm7bOFqtP9gmnQDXWQxOQdqtY7IsWdpeTN5jZ/M"
"""Of a password that nobody knows, at the same cost: making one takes 50 ms of each start."""
_M_MMAP_THRESHOLD, _GIVEN_BACK = -3, 4 * 1024 * 1024


def _give_memory_back() -> None:
    """A hash needs 19 MB. Left alone, glibc keeps them for ever for each thread that has once made one: 120 MB."""
    with contextlib.suppress(OSError, AttributeError):  # another C library has no such setting
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _GIVEN_BACK)


_give_memory_back()

FROM_KNOWN_BROWSER = RateLimit("password from known browser", 10, timedelta(minutes=15))
FROM_ONE_PLACE = RateLimit("password", 10, timedelta(minutes=15))
BY_ADDRESS = RateLimit("password from address", 60, timedelta(minutes=15))
OF_ACCOUNT = RateLimit("password of account", 100, timedelta(hours=1))


class WrongCredentials(Refusal):
    message = N_("That e-mail and password don’t match.")


class WrongPassword(Refusal):
    message = N_("That isn’t your current password.")


async def check(email: str, password: str, *, address: str, browser: str = "") -> Person:
    """The person with these credentials. Raises `WrongCredentials` or `TooManyTries`.

    The answer and the work are the same for an unknown e-mail, an account without a password and a wrong password.
    `browser` is the cookie of a browser that may have signed in before: its tries are counted apart from strangers'.
    """
    email = text.normal_email(email)
    person = await Person.objects().where(Person.email == email, Person.erased_at.is_null()).first()
    known = known_browsers.of_person(browser, person.id if person else None)
    counted = ((FROM_KNOWN_BROWSER, (email, known.name)),) if known else _of_strangers(email, address)
    for limit, who in counted:
        await rate_limits.hit(limit, *who)
    kept = person.password_hash if person else None
    is_right = await asyncio.to_thread(_matches, kept or _HASH_OF_NOBODY, password)
    if person is None or kept is None or not is_right:
        await security_events.note("sign-in refused", person=person.id if person else None, email=email)
        raise WrongCredentials
    for limit, who in counted:
        await (rate_limits.undo if limit is BY_ADDRESS else rate_limits.clear)(limit, *who)
    await _rehash_if_outdated(person, password)
    return person


def _of_strangers(email: str, address: str) -> tuple[tuple[RateLimit, tuple[str, ...]], ...]:
    return (FROM_ONE_PLACE, (email, address)), (BY_ADDRESS, (address,)), (OF_ACCOUNT, (email,))


async def set(person_id: UUID, password: str, *, keeping: str | None = None) -> None:
    """Set the person's password and end their sessions, except the one whose token is `keeping`.

    A change of e-mail that waits to be confirmed is dropped: somebody else may have asked for it.
    Raises `WeakPassword`.
    """
    person = await Person.objects().where(Person.id == person_id).first()
    kept = await hash_password(password, own_words=(person.email, person.name) if person else ())
    async with database.transaction():
        await Person.update({Person.password_hash: kept}).where(Person.id == person_id)
        if keeping is None:
            await sessions.end_all(person_id)
        else:
            await sessions.end_others(person_id, than=keeping)
        await security_events.note("password changed", person=person_id)
        email = person.email if person else ""
        is_open = (EmailConfirmation.person == person_id) & EmailConfirmation.used_at.is_null()
        await EmailConfirmation.delete().where(is_open & (EmailConfirmation.email != email))
        await outbox.announce(PasswordChanged(person_id, clock.now()))


async def change(person_id: UUID, *, present: str, password: str, keeping: str) -> None:
    """As `set`, after checking the current password. Raises `WrongPassword`, `WeakPassword`, `TooManyTries`."""
    await rate_limits.hit(FROM_ONE_PLACE, str(person_id), "change")
    await check_present(person_id, present)
    await set(person_id, password, keeping=keeping)
    await rate_limits.clear(FROM_ONE_PLACE, str(person_id), "change")


async def check_present(person_id: UUID, present: str) -> None:
    """Whoever calls counts the tries. Raises `WrongPassword`."""
    person = await Person.objects().where(Person.id == person_id).first()
    kept = person.password_hash if person else None
    if not await asyncio.to_thread(_matches, kept or _HASH_OF_NOBODY, present) or kept is None:
        raise WrongPassword


async def is_set(person_id: UUID) -> bool:
    return await Person.exists().where((Person.id == person_id) & Person.password_hash.is_not_null())


async def have_password(password: str, *, at: str) -> tuple[str, ...]:
    """Whose e-mail ends with `at` and who has this password: for checking that nobody has one that everybody knows."""
    wanted = Person.email.like(f"%{at}") & Person.password_hash.is_not_null()
    found = await Person.objects().where(wanted).order_by(Person.email)
    return tuple([one.email for one in found if await asyncio.to_thread(_matches, one.password_hash, password)])


async def hash_password(password: str, *, own_words: Iterable[str] = ()) -> str:
    """The hash to store for a password. Raises `WeakPassword`."""
    await password_strength.check(password, own_words=own_words)
    return await asyncio.to_thread(_HASHER.hash, password)


def _matches(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


async def _rehash_if_outdated(person: Person, password: str) -> None:
    if _HASHER.check_needs_rehash(str(person.password_hash)):
        fresh = await asyncio.to_thread(_HASHER.hash, password)
        await Person.update({Person.password_hash: fresh}).where(Person.id == person.id)
