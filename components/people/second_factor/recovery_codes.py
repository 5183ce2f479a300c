"""Ten codes to print, each good once, for when phone and keys are lost. Only digests are stored.

They are made of about eighty random bits, so that nobody who reads the database could find them by trying, and no key
of the shop is needed to know them again: they still work after SECRET_KEY was lost.
"""

import secrets
from uuid import UUID

from components.foundation import clock, database, ids
from components.people.tables import RecoveryCode

HOW_MANY = 10
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


async def renew(person_id: UUID) -> tuple[str, ...]:
    """Ten new codes, available only here; the earlier ones are void."""
    codes = tuple("-".join(_group() for _ in range(4)) for _ in range(HOW_MANY))
    async with database.transaction():
        await RecoveryCode.delete().where(RecoveryCode.person == person_id)
        rows = [
            RecoveryCode(id=ids.new(), person=person_id, digest=ids.digest(_plain(code)), made_at=clock.now())
            for code in codes
        ]
        await RecoveryCode.insert(*rows)
    return codes


async def use(person_id: UUID, code: str) -> bool:
    """Whether this is one of the person's codes that was not used before; it is used up."""
    is_theirs = (RecoveryCode.person == person_id) & (RecoveryCode.digest == ids.digest(_plain(code)))
    using = RecoveryCode.update({RecoveryCode.used_at: clock.now()})
    return bool(await using.where(is_theirs & RecoveryCode.used_at.is_null()).returning(RecoveryCode.id))


def _group() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(4))


def _plain(code: str) -> str:
    """As typed by anybody: capitals, spaces and hyphens do not matter."""
    return "".join(sign for sign in code.lower()[:60] if sign in SIGNS)
