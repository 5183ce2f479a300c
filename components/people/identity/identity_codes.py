"""A six-digit code by e-mail, for somebody who is signed in: ten minutes, one use, five tries."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.foundation.secrecy import signing
from components.people import customer_accounts, rate_limits
from components.people.facts import IdentityCodeRequested
from components.people.rate_limits import RateLimit
from components.people.tables import IdentityCode

LASTS = timedelta(minutes=10)
TRIES = 5
PURPOSE = "identity code"
ASKED = RateLimit("identity code", 5, timedelta(minutes=15))


class WrongIdentityCode(Refusal):
    message = N_("That code doesn’t match our latest e-mail, or it has expired.")


@dataclass(frozen=True, slots=True)
class IssuedIdentityCode:
    """What the e-mail needs, issued once."""

    person_id: UUID
    email: str
    name: str
    code: str
    language: str


async def send(person_id: UUID) -> None:
    """E-mail a code to the person's own address. Raises `TooManyTries`."""
    await rate_limits.hit(ASKED, str(person_id))
    now = clock.now()
    wish = IdentityCode(id=ids.new(), person=person_id, created_at=now, expires_at=now + LASTS)
    async with database.transaction():
        await IdentityCode.insert(wish)
        await outbox.announce(IdentityCodeRequested(wish.id))


async def issue(code_id: UUID) -> IssuedIdentityCode | None:
    """The code for the e-mail, once. Belongs in the transaction that stores the e-mail."""
    wish = await database.locked(IdentityCode, IdentityCode.id == code_id)
    if wish is None or wish.code_digest or wish.expires_at <= clock.now():
        return None
    person = await customer_accounts.by_id(wish.person)
    if person is None:
        return None
    code = ids.code()
    wish.code_digest = _digest(wish.id, code)
    await wish.save(columns=[IdentityCode.code_digest])
    return IssuedIdentityCode(person.id, person.email, person.name, code, person.language)


async def use(person_id: UUID, code: str) -> None:
    """Raises `WrongIdentityCode`. Each try is counted before the code is checked."""
    wish = await database.fetch_one_as(IdentityCode, _COUNT_TRY, person_id, clock.now(), TRIES)
    given = code.strip().replace(" ", "")
    if wish is None or not signing.is_signature(bytes(wish.code_digest), f"{wish.id}:{given}", purpose=PURPOSE):
        raise WrongIdentityCode
    using = IdentityCode.update({IdentityCode.used_at: clock.now()})
    if not await using.where((IdentityCode.id == wish.id) & IdentityCode.used_at.is_null()).returning(IdentityCode.id):
        raise WrongIdentityCode


_COUNT_TRY = """
UPDATE identity_code SET code_tries = code_tries + 1 WHERE id = (
  SELECT id FROM identity_code WHERE person = $1 AND code_digest IS NOT NULL
  ORDER BY created_at DESC, id DESC LIMIT 1)
AND used_at IS NULL AND expires_at > $2 AND code_tries < $3
RETURNING id, person, code_digest, created_at, expires_at
"""


def _digest(code_id: UUID, code: str) -> bytes:
    """Keyed, because anyone who can read the database could hash a million codes quickly."""
    return signing.signature(f"{code_id}:{code}", purpose=PURPOSE).encode()
