"""Who is signed in where. A session is a row; the browser holds a token of which we store the digest.

A session ends a month after it was last used or half a year after it started, whichever is first; that of staff
after twelve hours and a week (`STAFF_IDLE_HOURS`). All are real time: moving the practice clock signs nobody out, and
keeps nobody signed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns.combination import Combinable, WhereRaw

from components.foundation import clock, database, ids, settings
from components.foundation.database import Query
from components.foundation.operations import security_events
from components.people.tables import Operator, Session

IDLE = timedelta(days=30)
LONGEST = timedelta(days=180)
NOTED_EVERY = timedelta(days=1)
LONGEST_OF_STAFF = timedelta(days=7)
NOTED_EVERY_OF_STAFF = timedelta(minutes=15)
MOST_AT_ONCE = 50  # of one person; the one used longest ago ends
SECOND_STEP_WITHIN = timedelta(minutes=10)

_IS_RUNNING = "s.digest = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND NOT s.awaits_factor"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind the session's token. `is_due`: its use has not been noted lately (`touch`).

    `owes_factor`: this member of staff has no role until they set up a second factor. `wants_personal`: they have not
    said that nothing may be chosen from their orders.
    """

    person_id: UUID
    name: str
    email: str
    role: str | None
    permissions: frozenset[str]
    is_due: bool
    language: str = ""
    is_confirmed: bool = False
    owes_factor: bool = False
    wants_personal: bool = True

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
            'language', p.language, 'permissions', o.permissions, 'is_confirmed', p.email_confirmed_at IS NOT NULL,
            'wants_personal', p.personal_off_at IS NULL, 'seen_at', extract(epoch FROM s.seen_at),
            'has_factor', CASE WHEN o.person IS NOT NULL THEN {_HAS_FACTOR} END)
        FROM session s JOIN person p ON p.id = s.person LEFT JOIN operator o ON o.person = p.id
        WHERE {_IS_RUNNING}""",
        (ids.digest(token), at),
        read,
        PERSON_TYPES,
    )


_HAS_FACTOR = """(EXISTS (SELECT FROM passkey k WHERE k.person = o.person)
  OR EXISTS (SELECT FROM authenticator a WHERE a.person = o.person AND a.confirmed_at IS NOT NULL))"""


def person_sql() -> str:
    """A scalar subquery for other components' questions: the person whose session digest is $1, at $2."""
    return f"(SELECT s.person FROM session s WHERE {_IS_RUNNING})"


PERSON_TYPES = ("bytea", "timestamptz")


def person_args(token: str, at: datetime | None = None) -> tuple[bytes, datetime]:
    """What `person_sql` wants as $1 and $2."""
    return ids.digest(token), at or clock.unmoved()


def _signed_in(found: dict[str, Any], at: datetime) -> SignedIn:
    role, every = found["role"], NOTED_EVERY if found["role"] is None else NOTED_EVERY_OF_STAFF
    owes = role is not None and not found["has_factor"] and settings.current().requires_second_factor
    return SignedIn(
        person_id=UUID(found["person_id"]),
        name=found["name"],
        email=found["email"],
        language=found["language"],
        role=None if owes else role,
        permissions=frozenset() if owes else frozenset(found["permissions"] or ()),
        is_confirmed=found["is_confirmed"],
        is_due=at.timestamp() - float(found["seen_at"]) > every.total_seconds(),
        owes_factor=owes,
        wants_personal=found["wants_personal"],
    )


async def start(
    person_id: UUID, *, agent: str = "", address: str = "", by: str = "", awaits_factor: bool = False
) -> str:
    """Start a session and return its token, which is available only here. `agent` is what the browser says it is.

    Signing in shows that it is them, `by` a password, a link … With `awaits_factor` it opens nothing until the second
    step is done (`second_step`).
    """
    token, now = ids.token(), clock.unmoved()
    is_staff = await Operator.exists().where(Operator.person == person_id)
    lasts = SECOND_STEP_WITHIN if awaits_factor else idle_of_staff() if is_staff else IDLE
    if not awaits_factor:
        await security_events.note("sign-in", person=person_id)
    await Session.insert(
        Session(
            digest=ids.digest(token),
            person=person_id,
            agent=agent[:200],
            address=address[:60],
            started_at=now,
            seen_at=now,
            expires_at=now + lasts,
            confirmed_at=None if awaits_factor else now,
            confirmed_by=by,
            awaits_factor=awaits_factor,
        )
    )
    await database.execute(_END_BEYOND, person_id, now, MOST_AT_ONCE)
    return token


_END_BEYOND = """
UPDATE session SET ended_at = $2 WHERE digest IN (
  SELECT digest FROM session WHERE person = $1 AND ended_at IS NULL AND expires_at > $2
  ORDER BY seen_at DESC, started_at DESC, digest OFFSET $3)
"""


def idle_of_staff() -> timedelta:
    return min(timedelta(hours=settings.current().staff_idle_hours), IDLE)


async def rotate(token: str) -> str | None:
    """The same session under a new token; the old one is refused from now on. None if it was not running."""
    fresh, now = ids.token(), clock.unmoved()
    one = Session
    running = one.update({one.digest: ids.digest(fresh), one.seen_at: now}).where(
        one.digest == ids.digest(token), one.ended_at.is_null(), one.expires_at > now, one.awaits_factor.eq(False)
    )
    return fresh if await running.returning(one.digest) else None


async def touch(token: str) -> None:
    """Extend the expiry. Once a day is enough, of staff once in fifteen minutes, so that page views write nothing."""
    now, idle = clock.unmoved(), idle_of_staff()
    longest = LONGEST_OF_STAFF if idle < IDLE else LONGEST
    await database.execute(_TOUCH, ids.digest(token), now, IDLE, LONGEST, idle, longest)


_TOUCH = f"""
UPDATE session s SET seen_at = $2, expires_at = CASE
  WHEN EXISTS (SELECT FROM operator o WHERE o.person = s.person)
    THEN LEAST($2 + $5::interval, s.started_at + $6::interval)
  ELSE LEAST($2 + $3::interval, s.started_at + $4::interval) END
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
    """End the person's session of this name (see `session_list`); False when there is none with that name."""
    return await _end((Session.person == person_id) & WhereRaw("left(encode(digest, 'hex'), 32) = {}", name)) > 0


async def _end(which: Combinable) -> int:
    ended = Session.update({Session.ended_at: clock.unmoved()}).where(Session.ended_at.is_null() & which)
    return len(await ended.returning(Session.person))
