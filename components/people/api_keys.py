"""API keys: created and revoked by owners, shown once, stored as a digest, and rate-limited."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.query import Select

from components.foundation import audit, clock, database, ids
from components.foundation.operations import security_events
from components.foundation.refusals import Conflict, NotFound, Refusal
from components.people import rate_limits
from components.people.rate_limits import RateLimit
from components.people.tables import ApiKey

SCOPES = {
    "orders:read": "Orders: list and read",
    "members:read": "Members: memberships and benefits on any date",
    "catalogue:read": "Catalogue: everything, including drafts and stock",
    "figures:read": "Figures: MRR, members, sales and the others, in any period",
    "stock:write": "Stock: set stock on hand",
}
"""What a key can access beyond public data."""

BEGINNING = "cfk_"
SHOWN = 12
NOTED_EVERY = timedelta(minutes=1)
GRACE = timedelta(hours=1)
"""For this long an owner may take back that a key was revoked: it was perhaps the wrong one of two."""
REQUESTS = RateLimit("api key", 300, timedelta(minutes=1))


class UnknownKey(Refusal):
    message = "Unknown API key. It may have been revoked."
    status = 401


class KeyAlreadyCreated(Conflict):
    message = "This key has already been created and shown. If you have lost it, revoke it and create a new one."


class RevokedForGood(Conflict):
    message = "This key was revoked more than an hour ago and stays so. Create a new one for the program that used it."


class BadKey(Refusal):
    """`field` is the form field it is about."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """`prefix` is the beginning of its secret, which is not stored."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    made_at: datetime
    made_by: UUID | None
    used_at: datetime | None
    revoked_at: datetime | None

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def may_reinstate(self, at: datetime) -> bool:
        return self.revoked_at is not None and at - self.revoked_at <= GRACE


async def create(key_id: UUID, *, name: str, scopes: Iterable[str], by: UUID) -> str:
    """Create a key; returns its secret, which is not stored. `key_id` comes with the form, so that submitting it twice
    creates one key.

    Raises `BadKey`, `KeyAlreadyCreated`.
    """
    held = _checked(name, scopes)
    secret = BEGINNING + ids.token()
    key = ApiKey(
        id=key_id,
        name=name.strip(),
        prefix=secret[:SHOWN],
        digest=ids.digest(secret),
        scopes=held,
        made_at=clock.now(),
        made_by=by,
    )
    async with database.transaction():
        if not await ApiKey.insert(key).on_conflict(action="DO NOTHING").returning(ApiKey.id):
            raise KeyAlreadyCreated
        await security_events.note("API key created", person=by, detail=key.name)
        await audit.record(by, "API key created", "API key", key_id, after={"name": key.name, "scopes": held})
    return secret


async def revoke(key_id: UUID, *, by: UUID) -> Key:
    """Revoke the key; a second time changes nothing. Raises `NotFound`."""
    async with database.transaction():
        wanted = ApiKey.update(revoked_at=clock.now()).returning(ApiKey.id)
        if await wanted.where(ApiKey.id == key_id, ApiKey.revoked_at.is_null()):
            await security_events.note("API key revoked", person=by)
            await audit.record(by, "API key revoked", "API key", key_id, after={"revoked": True})
    return await by_id(key_id)


async def reinstate(key_id: UUID, *, by: UUID) -> Key:
    """The revoked key works again, with the same secret; a second time changes nothing.

    Raises `NotFound`, `RevokedForGood`.
    """
    async with database.transaction():
        wanted = ApiKey.update(revoked_at=None).returning(ApiKey.id)
        if await wanted.where(ApiKey.id == key_id, ApiKey.revoked_at >= clock.now() - GRACE):
            await security_events.note("API key brought back", person=by)
            await audit.record(by, "API key brought back", "API key", key_id, after={"revoked": False})
    key = await by_id(key_id)
    if key.revoked_at is not None:
        raise RevokedForGood
    return key


async def all_keys() -> tuple[Key, ...]:
    """Active keys first, then newest first."""
    rows = await _keys().order_by(ApiKey.made_at, ApiKey.id, ascending=False)
    return tuple(sorted((_key(row) for row in rows), key=lambda key: key.revoked_at is not None))


async def by_id(key_id: UUID) -> Key:
    """Raises `NotFound`."""
    row = await _keys().where(ApiKey.id == key_id).first()
    if row is None:
        raise NotFound("This key does not exist.")
    return _key(row)


async def authenticate(secret: str) -> Key:
    """The key with this secret; its use is recorded and rate-limited. Raises `UnknownKey`, `TooManyTries`."""
    row = await _keys().where(ApiKey.digest == ids.digest(secret), ApiKey.revoked_at.is_null()).first()
    if row is None:
        await security_events.note("API key refused", detail="unknown or revoked")
        raise UnknownKey
    key = _key(row)
    await rate_limits.hit(REQUESTS, str(key.id))
    now = clock.now()
    if key.used_at is None or now - key.used_at >= NOTED_EVERY:
        await ApiKey.update(used_at=now).where(ApiKey.id == key.id)
    return key


def _keys() -> Select[ApiKey]:
    said = (ApiKey.id, ApiKey.name, ApiKey.prefix, ApiKey.scopes)
    return ApiKey.select(*said, ApiKey.made_at, ApiKey.made_by, ApiKey.used_at, ApiKey.revoked_at)


def _key(row: dict[str, Any]) -> Key:
    return Key(**{**row, "scopes": tuple(row["scopes"])})


def _checked(name: str, scopes: Iterable[str]) -> list[str]:
    wanted = frozenset(scopes)
    if not name.strip() or len(name.strip()) > 80:
        raise BadKey("name", "Enter a name of at most 80 characters.")
    if not wanted or not wanted <= SCOPES.keys():
        raise BadKey("scopes", "Choose at least one permission.")
    return [scope for scope in SCOPES if scope in wanted]
