"""Between the first step of signing in and the second: a session that opens nothing yet."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, ids
from components.foundation.operations import security_events
from components.people import sessions
from components.people.identity.known_browsers import KnownBrowser
from components.people.second_factor import second_factors
from components.people.tables import Session


async def awaiting(token: str) -> UUID | None:
    """Whose second step this token waits for; None when it waits for none."""
    is_open = Session.ended_at.is_null() & (Session.expires_at > clock.unmoved()) & Session.awaits_factor.eq(True)
    found = await Session.objects().where(Session.digest == ids.digest(token), is_open).first()
    return found.person if found else None


async def by_code(token: str, code: str, *, browser: KnownBrowser | None) -> tuple[UUID, str] | None:
    """Whom a code signs in, and the token of their session; None when nothing is waiting any more.

    Raises `WrongSecondFactor`, `TooManyTries`.
    """
    person_id = await awaiting(token)
    if person_id is None:
        return None
    way = await second_factors.check(person_id, code, browser=browser)
    fresh = await complete(token, by=way)
    return (person_id, fresh) if fresh else None


async def complete(token: str, *, by: str) -> str | None:
    """The second step is done: a running session under a new token. None when it was not waiting any more."""
    fresh, now = ids.token(), clock.unmoved()
    until = now + sessions.idle_of_staff()
    one = Session
    running: dict[Column | str, Any] = {
        one.digest: ids.digest(fresh), one.seen_at: now, one.expires_at: until, one.confirmed_at: now,
        one.confirmed_by: by, one.awaits_factor: False,
    }  # fmt: skip
    waits = one.update(running).where(
        one.digest == ids.digest(token), one.ended_at.is_null(), one.expires_at > now, one.awaits_factor.eq(True)
    )
    found = await waits.returning(one.person)
    if not found:
        return None
    await security_events.note("sign-in", person=found[0]["person"], detail=by)
    return fresh
