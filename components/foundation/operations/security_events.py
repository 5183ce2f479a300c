"""What an owner wants to know after an attack: who tried what, from where. Kept for 90 days, then deleted.

Of one kind, account and address there is a row a minute, which counts: whoever tries a million times writes few rows.
Each is a line of the log too, so that whoever gets into the database cannot take back what a collector has elsewhere.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from piccolo.columns.combination import Combinable

from components.foundation import clock, database
from components.foundation.tables import SecurityEvent

KEPT = timedelta(days=90)
log = structlog.get_logger()
KINDS = {
    "sign-in": "Signed in",
    "sign-in refused": "Wrong e-mail or password",
    "code refused": "Wrong sign-in code",
    "link refused": "Used or expired sign-in link",
    "set-up link used": "The shop’s set-up was begun with its link",
    "too many tries": "Too many tries",
    "second factor added": "Second factor added",
    "second factor removed": "Second factor removed",
    "second factor refused": "Second factor refused",
    "identity confirmed": "Confirmed it was them",
    "identity refused": "Could not confirm it was them",
    "account opened": "Account opened",
    "password changed": "Password changed",
    "e-mail changed": "E-mail confirmed or changed",
    "signed out elsewhere": "Signed out everywhere else",
    "signed out by staff": "Signed out everywhere by staff",
    "account deleted": "Account deleted",
    "data downloaded": "Downloaded their own data",
    "staff access": "Staff access changed",
    "staff page refused": "Staff page refused",
    "e-mail read": "A customer’s e-mail read",
    "export": "Catalogue exported",
    "import": "Import started",
    "API key created": "API key created",
    "API key revoked": "API key revoked",
    "API key brought back": "Revoked API key brought back",
    "API key refused": "API key refused",
    "webhook refused": "Webhook refused",
}
"""Every kind, in the words of the owner's page."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the request that is being answered came from."""

    address: str
    request_id: str


origin: ContextVar[Origin] = ContextVar("origin", default=Origin("", ""))


@dataclass(frozen=True, slots=True)
class NotedEvent:
    """`times` within the minute that ends with `at`. `email` is what was typed, for an account that is not known."""

    kind: str
    at: datetime
    person: UUID | None
    email: str
    address: str
    request_id: str
    detail: str
    times: int


async def note(kind: str, *, person: UUID | None = None, email: str = "", detail: str = "") -> None:
    """One statement, whoever it is about. Within a transaction it is undone with what is undone."""
    assert kind in KINDS, kind
    if structlog.is_configured():  # a command has no log, but a terminal
        log.info("security event", kind=kind, person=str(person) if person else None)
    now, from_ = clock.now(), origin.get()
    minute = now.replace(second=0, microsecond=0)
    about = (person, "" if person else email[:254].lower(), from_.address[:60], detail[:200])
    await database.execute(_NOTE, kind, minute, now, from_.request_id[:40], *about)


_NOTE = """
INSERT INTO security_event AS known (id, kind, minute, at, request_id, person, email, address, detail, times)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, 1)
ON CONFLICT (kind, minute, (coalesce(person::text, email)), address, detail)
DO UPDATE SET times = known.times + 1, at = $3, request_id = $4
"""


async def page(
    *, kind: str = "", people: Iterable[UUID] | None = None, email: str = "", address: str = "", limit: int, offset: int
) -> list[NotedEvent]:
    """Newest first, of one kind, of these people or this typed e-mail, from one address; all without any of them."""
    rows = SecurityEvent.select(*_SAID)
    for wanted in _wanted(kind, people, email, address):
        rows = rows.where(wanted)
    found = await rows.order_by(SecurityEvent.at, SecurityEvent.id, ascending=False).limit(limit).offset(offset)
    return [NotedEvent(**row) for row in found]


_SAID = (
    SecurityEvent.kind, SecurityEvent.at, SecurityEvent.person, SecurityEvent.email, SecurityEvent.address,
    SecurityEvent.request_id, SecurityEvent.detail, SecurityEvent.times,
)  # fmt: skip


def _wanted(kind: str, people: Iterable[UUID] | None, email: str, address: str) -> list[Combinable]:
    wanted: list[Combinable] = []
    if kind:
        wanted.append(SecurityEvent.kind == kind)
    if people is not None:
        wanted.append(_about(list(people), email))
    if address:
        wanted.append(SecurityEvent.address == address)
    return wanted


def _about(people: list[UUID], email: str) -> Combinable:
    """What is known to be about these, or was typed as `email`. An event about an account has no e-mail of its own, so
    that none is asked for without one: it would be everybody's."""
    is_typed = (SecurityEvent.email == email.lower()) & (SecurityEvent.email != "")
    return SecurityEvent.person.is_in(people) | is_typed if people else is_typed


async def forget(person: UUID, email: str) -> None:
    """What is about an erased person goes with them."""
    await SecurityEvent.delete().where(_about([person], email))


async def delete_old() -> None:
    await SecurityEvent.delete().where(SecurityEvent.at < clock.now() - KEPT)
