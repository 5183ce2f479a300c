"""Where a person is signed in, for the list of devices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, ids
from components.people.tables import Session


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`name` tells sessions apart and opens nothing: it is the beginning of the digest."""

    name: str
    agent: str
    address: str
    started_at: datetime
    seen_at: datetime
    is_this_one: bool


async def active_sessions(person_id: UUID, *, token: str | None) -> tuple[OpenSession, ...]:
    """The person's open sessions, last seen first; the one with `token` is marked."""
    is_open = Session.ended_at.is_null() & (Session.expires_at > clock.unmoved()) & Session.awaits_factor.eq(False)
    rows = (
        await Session.objects()
        .where((Session.person == person_id) & is_open)
        .order_by(Session.seen_at, ascending=False)
    )
    mine = ids.digest(token) if token else b""
    return tuple(
        OpenSession(row.digest.hex()[:32], row.agent, row.address, row.started_at, row.seen_at, row.digest == mine)
        for row in rows
    )
