"""“Confirm it is you”: a session counts as confirmed for ten minutes after signing in or confirming.

With a second factor only that counts, or whoever reads a mailbox or a password could remove it.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, ids
from components.foundation.languages.words import N_
from components.foundation.operations import security_events
from components.foundation.refusals import Refusal
from components.people import passwords, rate_limits
from components.people.identity import identity_codes
from components.people.rate_limits import PUT_BACK, RateLimit
from components.people.second_factor import second_factors
from components.people.tables import Session

GOOD_FOR = timedelta(minutes=10)
TRIES = RateLimit("confirming who it is", 10, timedelta(minutes=15))
KNOWS_NO_PASSWORD = frozenset({"link", "code", "passkey"})


class NotConfirmed(Refusal):
    message = N_("Please confirm that it’s you.")
    status = 403


@dataclass(frozen=True, slots=True)
class Ways:
    """How this person can confirm that it is them."""

    has_password: bool
    has_email: bool
    has_app: bool
    has_recovery: bool
    has_passkey: bool


async def ways(person_id: UUID) -> Ways:
    held = await second_factors.held(person_id)
    if await second_factors.is_asked_for(person_id):
        return Ways(False, False, held.has_app, held.recovery_codes > 0, held.has_passkey)
    return Ways(await passwords.is_set(person_id), True, False, False, held.has_passkey)


async def is_confirmed(token: str) -> bool:
    """Whether the person of this session has shown within ten minutes that it is them."""
    return await _session(token) is not None


async def may_skip_present_password(token: str) -> bool:
    """Whether they came in by e-mail or passkey just now, as who has forgotten the password does."""
    session = await _session(token)
    return session is not None and session.confirmed_by in KNOWS_NO_PASSWORD


async def _session(token: str) -> Session | None:
    """The session, if its person has confirmed within ten minutes."""
    now = clock.unmoved()  # a clock that was put back makes nothing last longer
    is_fresh = (Session.confirmed_at > now - GOOD_FOR) & (Session.confirmed_at < now + PUT_BACK)
    return (
        await Session.objects().where(Session.digest == ids.digest(token), is_fresh, Session.ended_at.is_null()).first()
    )


async def by_password(person_id: UUID, password: str, *, token: str) -> None:
    """Raises `WrongPassword`, `NotConfirmed`, `TooManyTries`."""
    await _allow(person_id, "has_password")
    await rate_limits.hit(TRIES, str(person_id), "password")
    try:
        await passwords.check_present(person_id, password)
    except passwords.WrongPassword:
        await security_events.note("identity refused", person=person_id, detail="password")
        raise
    await rate_limits.clear(TRIES, str(person_id), "password")
    await note(token, by="password")


async def by_email_code(person_id: UUID, code: str, *, token: str) -> None:
    """Raises `WrongIdentityCode`, `NotConfirmed`, `TooManyTries`."""
    await _allow(person_id, "has_email")
    await identity_codes.use(person_id, code)
    await note(token, by="code")


async def by_second_factor(person_id: UUID, code: str, *, token: str) -> None:
    """A code of the app or a recovery code. Raises `WrongSecondFactor`, `NotConfirmed`, `TooManyTries`."""
    if not await second_factors.is_asked_for(person_id):
        raise NotConfirmed
    await note(token, by=await second_factors.check(person_id, code))


async def note(token: str, *, by: str) -> None:
    """The person of this session has just shown that it is them."""
    one, now = Session, clock.unmoved()
    running = one.update({one.confirmed_at: now, one.confirmed_by: by}).where(
        one.digest == ids.digest(token), one.ended_at.is_null(), one.expires_at > now, one.awaits_factor.eq(False)
    )
    for row in await running.returning(one.person):
        await security_events.note("identity confirmed", person=row["person"], detail=by)


async def _allow(person_id: UUID, way: str) -> None:
    if not getattr(await ways(person_id), way):
        raise NotConfirmed
