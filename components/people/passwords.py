"""Passwords: argon2id, hashed off the event loop, checked at the same cost for everyone."""

import asyncio
from datetime import timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from components.foundation import clock, database, outbox, text
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.people import rate_limits, sessions
from components.people.facts import PasswordChanged
from components.people.rate_limits import RateLimit
from components.people.tables import Person

SHORTEST, LONGEST = 8, 200

# What OWASP's password storage cheat sheet asks of argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_HASH_OF_NOBODY = _HASHER.hash("nobody has this password")

FROM_ONE_PLACE = RateLimit("password", 10, timedelta(minutes=15))
BY_ADDRESS = RateLimit("password from address", 60, timedelta(minutes=15))
OF_ACCOUNT = RateLimit("password of account", 100, timedelta(hours=1))

_GUESSED_FIRST = """
    12345678 123456789 1234567890 password password1 password123 passw0rd qwertyui qwerty123 qwertyuiop
    iloveyou sunshine princess football baseball welcome1 welcome123 letmein1 abcd1234 abc12345 11111111 00000000
    88888888 12341234 87654321 asdfghjk asdfghjkl zxcvbnm1 1q2w3e4r 1qaz2wsx trustno1 superman starwars computer
    whatever michelle jennifer charlie1 internet
    """
_TOO_COMMON = frozenset(_GUESSED_FIRST.split())


class WrongCredentials(Refusal):
    message = "That e-mail and password don’t match."


class WrongPassword(Refusal):
    message = "That isn’t your current password."


class WeakPassword(Refusal):
    message = "That password is too easy to guess. Please choose another one."


async def check(email: str, password: str, *, address: str) -> Person:
    """The person with these credentials. Raises `WrongCredentials` or `TooManyTries`.

    The answer and the work are the same for an unknown e-mail, an account without a password and a wrong password.
    """
    email = text.normal_email(email)
    await rate_limits.hit(FROM_ONE_PLACE, email, address)
    await rate_limits.hit(BY_ADDRESS, address)
    await rate_limits.hit(OF_ACCOUNT, email)
    person = await Person.objects().where(Person.email == email, Person.erased_at.is_null()).first()
    kept = person.password_hash if person else None
    is_right = await asyncio.to_thread(_matches, kept or _HASH_OF_NOBODY, password)
    if person is None or kept is None or not is_right:
        await security_events.note("sign-in refused", person=person.id if person else None, email=email)
        raise WrongCredentials
    await rate_limits.clear(FROM_ONE_PLACE, email, address)
    await rate_limits.clear(OF_ACCOUNT, email)
    await rate_limits.undo(BY_ADDRESS, address)
    await _rehash_if_outdated(person, password)
    return person


async def set(person_id: UUID, password: str, *, keeping: str | None = None) -> None:
    """Set the person's password and end their sessions, except the one whose token is `keeping`.

    Raises `WeakPassword`.
    """
    kept = await hash_password(password)
    async with database.transaction():
        await Person.update({Person.password_hash: kept}).where(Person.id == person_id)
        if keeping is None:
            await sessions.end_all(person_id)
        else:
            await sessions.end_others(person_id, than=keeping)
        await security_events.note("password changed", person=person_id)
        await outbox.announce(PasswordChanged(person_id, clock.now()))


async def change(person_id: UUID, *, present: str, password: str, keeping: str) -> None:
    """As `set`, after checking the current password. Raises `WrongPassword`, `WeakPassword`, `TooManyTries`."""
    await rate_limits.hit(FROM_ONE_PLACE, str(person_id), "change")
    person = await Person.objects().where(Person.id == person_id).first()
    kept = person.password_hash if person else None
    if not await asyncio.to_thread(_matches, kept or _HASH_OF_NOBODY, present) or kept is None:
        raise WrongPassword
    await set(person_id, password, keeping=keeping)
    await rate_limits.clear(FROM_ONE_PLACE, str(person_id), "change")


async def is_set(person_id: UUID) -> bool:
    return await Person.exists().where((Person.id == person_id) & Person.password_hash.is_not_null())


async def have_password(password: str, *, at: str) -> tuple[str, ...]:
    """Whose e-mail ends with `at` and who has this password: for checking that nobody has one that everybody knows."""
    wanted = Person.email.like(f"%{at}") & Person.password_hash.is_not_null()
    found = await Person.objects().where(wanted).order_by(Person.email)
    return tuple([one.email for one in found if await asyncio.to_thread(_matches, one.password_hash, password)])


async def hash_password(password: str) -> str:
    """The hash to store for a password. Raises `WeakPassword`."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"Please use at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise WeakPassword(f"Please use {LONGEST} characters at most.")
    if password.lower() in _TOO_COMMON or len(frozenset(password)) < 4:
        raise WeakPassword
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
