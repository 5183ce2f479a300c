"""Who is signed in where. A session is a row; the browser holds a token of which we store the digest.

A session ends a month after it was last used or half a year after it started, whichever is first. Both are real time:
moving the practice clock signs nobody out, and keeps nobody signed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns.combination import Combinable, WhereRaw

from components.foundation import clock, database, ids
from components.foundation.database import Query
from components.foundation.operations import security_events
from components.people.tables import Session

IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
NOTED_EVERY = timedelta(days=1)

_IS_RUNNING = "s.digest = $1 AND s.ended_at IS NULL AND s.expires_at > $2"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind the session's token. `is_due`: its use has not been noted for a day (`touch`)."""

    person_id: UUID
    name: str
    email: str
    role: str | None
    permissions: frozenset[str]
    is_due: bool
    is_confirmed: bool = False

    @property
    def confirmed_email(self) -> str:
        """Empty until it is known to be theirs: what is known of an e-mail is told to nobody else."""
        return self.email if self.is_confirmed else ""

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"

    def may(self, permission: str) -> bool:
        return self.is_owner or permission in self.permissions


def query(token: str, at: datetime | None = None) -> Query[SignedIn | None]:
    """Who holds this token now (or at `at`); None for an unknown, ended or expired one."""
    at = at or clock.unmoved()

    def read(found: Any) -> SignedIn | None:
        return _signed_in(found, at) if found else None

    return Query(
        f"""SELECT json_build_object('person_id', p.id, 'name', p.name, 'email', p.email, 'role', o.role,
            'permissions', o.permissions, 'is_confirmed', p.email_confirmed_at IS NOT NULL,
            'seen_at', extract(epoch FROM s.seen_at))
        FROM session s JOIN person p ON p.id = s.person LEFT JOIN operator o ON o.person = p.id
        WHERE {_IS_RUNNING}""",
        (ids.digest(token), at),
        read,
        PERSON_TYPES,
    )


def person_sql() -> str:
    """A scalar subquery for other components' questions: the person whose session digest is $1, at $2."""
    return f"(SELECT s.person FROM session s WHERE {_IS_RUNNING})"


PERSON_TYPES = ("bytea", "timestamptz")


def person_args(token: str, at: datetime | None = None) -> tuple[bytes, datetime]:
    """What `person_sql` wants as $1 and $2."""
    return ids.digest(token), at or clock.unmoved()


def _signed_in(found: dict[str, Any], at: datetime) -> SignedIn:
    return SignedIn(
        person_id=UUID(found["person_id"]),
        name=found["name"],
        email=found["email"],
        role=found["role"],
        permissions=frozenset(found["permissions"] or ()),
        is_confirmed=found["is_confirmed"],
        is_due=at.timestamp() - float(found["seen_at"]) > NOTED_EVERY.total_seconds(),
    )


async def start(person_id: UUID, *, agent: str = "") -> str:
    """Start a session and return its token, which is available only here. `agent` is what the browser says it is."""
    token, now = ids.token(), clock.unmoved()
    await security_events.note("sign-in", person=person_id)
    await Session.insert(
        Session(
            digest=ids.digest(token),
            person=person_id,
            agent=agent[:200],
            started_at=now,
            seen_at=now,
            expires_at=now + IDLE,
        )
    )
    return token


async def rotate(token: str) -> str | None:
    """The same session under a new token; the old one is refused from now on. None if it was not running."""
    fresh, now = ids.token(), clock.unmoved()
    is_rotated = await database.execute(_ROTATE, ids.digest(token), now, ids.digest(fresh))
    return fresh if is_rotated else None


async def touch(token: str) -> None:
    """Extend the expiry. Once a day is enough, so that page views write nothing."""
    now = clock.unmoved()
    await database.execute(_TOUCH, ids.digest(token), now, IDLE, LONGEST)


_ROTATE = f"UPDATE session s SET digest = $3, seen_at = $2 WHERE {_IS_RUNNING}"
_TOUCH = f"""
UPDATE session s SET seen_at = $2, expires_at = LEAST($2 + $3::interval, s.started_at + $4::interval)
WHERE {_IS_RUNNING}
"""


async def end(token: str) -> None:
    await _end(Session.digest == ids.digest(token))


async def end_all(person_id: UUID) -> None:
    await _end(Session.person == person_id)


async def end_others(person_id: UUID, *, than: str) -> None:
    """Every session of the person except the one with this token."""
    await _end((Session.person == person_id) & (Session.digest != ids.digest(than)))


async def end_one(person_id: UUID, *, name: str) -> bool:
    """End the person's session of this name (see `OpenSession`); False when there is none with that name."""
    return await _end((Session.person == person_id) & WhereRaw("left(encode(digest, 'hex'), 32) = {}", name)) > 0


async def _end(which: Combinable) -> int:
    ended = Session.update({Session.ended_at: clock.unmoved()}).where(Session.ended_at.is_null() & which)
    return len(await ended.returning(Session.person))


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`name` tells sessions apart and opens nothing: it is the beginning of the digest."""

    name: str
    agent: str
    started_at: datetime
    seen_at: datetime
    is_this_one: bool


async def active_sessions(person_id: UUID, *, token: str | None) -> tuple[OpenSession, ...]:
    """The person's open sessions, last seen first; the one with `token` is marked."""
    is_open = Session.ended_at.is_null() & (Session.expires_at > clock.unmoved())
    rows = (
        await Session.objects()
        .where((Session.person == person_id) & is_open)
        .order_by(Session.seen_at, ascending=False)
    )
    mine = ids.digest(token) if token else b""
    return tuple(
        OpenSession(row.digest.hex()[:32], row.agent, row.started_at, row.seen_at, row.digest == mine) for row in rows
    )
