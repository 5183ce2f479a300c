"""What second factors somebody has, whether one is asked for, and checking it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.foundation import audit, clock, database, outbox
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound, Refusal
from components.people import rate_limits, sessions
from components.people.facts import SecondFactorChanged
from components.people.identity.known_browsers import KnownBrowser
from components.people.rate_limits import RateLimit
from components.people.second_factor import authenticator_app, recovery_codes
from components.people.tables import Authenticator, Operator, Passkey, RecoveryCode

TRIES = RateLimit("second factor", 10, timedelta(minutes=15))


class WrongSecondFactor(Refusal):
    message = N_("That code isn’t right, or it has been used before. Wait for the next one and try again.")


@dataclass(frozen=True, slots=True)
class Held:
    """`recovery_codes`: how many are left."""

    has_app: bool
    has_passkey: bool
    recovery_codes: int

    @property
    def is_any(self) -> bool:
        return self.has_app or self.has_passkey


async def held(person_id: UUID) -> Held:
    ((has_app, has_passkey, left),) = await database.fetch_rows(_HELD, person_id)
    return Held(has_app, has_passkey, left)


_HELD = """
SELECT EXISTS (SELECT FROM authenticator WHERE person = $1 AND confirmed_at IS NOT NULL),
  EXISTS (SELECT FROM passkey WHERE person = $1),
  (SELECT count(*) FROM recovery_code WHERE person = $1 AND used_at IS NULL)
"""


async def is_asked_for(person_id: UUID) -> bool:
    """Of staff who have set one up."""
    if not await Operator.exists().where(Operator.person == person_id):
        return False
    return (await held(person_id)).is_any


async def check(person_id: UUID, code: str, *, browser: KnownBrowser | None = None) -> str:
    """Use a code of the app or a recovery code, and say which it was: "app" or "recovery".

    Tries are counted before the check, apart for a browser that has signed in before, so that nobody who has only
    found out the password can keep its owner out. Raises `WrongSecondFactor`, `TooManyTries`.
    """
    who = (str(person_id), browser.name if browser else "")
    await rate_limits.hit(TRIES, *who)
    if await authenticator_app.use(person_id, code):
        way = "app"
    elif await recovery_codes.use(person_id, code):
        way = "recovery"
    else:
        await security_events.note("second factor refused", person=person_id)
        raise WrongSecondFactor
    await rate_limits.clear(TRIES, *who)
    return way


async def reset(person_id: UUID, *, by: UUID | None) -> None:
    """Take every second factor from a member of staff who has lost theirs; their sessions end. Raises `NotFound`."""
    async with database.transaction():
        if not await Operator.exists().where(Operator.person == person_id):
            raise NotFound
        before = await held(person_id)
        await forget(person_id)
        await sessions.end_all(person_id)
        await security_events.note("second factor removed", person=person_id, detail="reset")
        await outbox.announce(SecondFactorChanged(person_id, "second factor reset", clock.now(), is_own=False))
        await audit.record(
            by,
            "second factor reset",
            "operator",
            person_id,
            before={"app": before.has_app, "passkeys": before.has_passkey, "recovery codes": before.recovery_codes},
        )


async def forget(person_id: UUID) -> None:
    """No key or app opens this account any more."""
    await Passkey.delete().where(Passkey.person == person_id)
    await Authenticator.delete().where(Authenticator.person == person_id)
    await RecoveryCode.delete().where(RecoveryCode.person == person_id)
