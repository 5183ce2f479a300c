"""The Stripe ids of our objects. A pair is written once; a concurrent second writer reads the first one's.

Each mode has ids of its own: a customer of the stand-in does not exist in Stripe's test mode.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from components.foundation import clock, ids
from components.payments import stripe_connection
from components.payments.payment_refusals import StripeFailed
from components.payments.tables import Reference


async def stripe_id_of(kind: str, local_id: UUID) -> str | None:
    found = await Reference.objects().where((Reference.kind == _kind(kind)) & (Reference.local_id == local_id)).first()
    return found.stripe_id if found else None


async def local_id_of(stripe_id: str) -> UUID | None:
    found = await Reference.objects().where(Reference.stripe_id == stripe_id).first()
    return found.local_id if found else None


async def since(stripe_id: str) -> datetime | None:
    """Since when it is ours."""
    found = await Reference.objects().where(Reference.stripe_id == stripe_id).first()
    return found.since if found else None


async def store(kind: str, local_id: UUID, stripe_id: str, *, since: datetime | None = None) -> str:
    """The id that counts from now on, which is the earlier one if there was one."""
    at = since or clock.now()
    reference = Reference(id=ids.new(), kind=_kind(kind), local_id=local_id, stripe_id=stripe_id, since=at)
    await Reference.insert(reference).on_conflict(action="DO NOTHING")
    return await stripe_id_of(kind, local_id) or stripe_id


async def get_or_create(create: Callable[[str], Awaitable[str]], *, key: str) -> str:
    """What `create(key)` creates at Stripe. Where the key is tied to an earlier failure, a new key is used: a spare
    customer or price that nothing refers to does no harm."""
    try:
        return await create(key)
    except StripeFailed:
        return await create(f"{key}:{ids.new()}")


async def remove(stripe_id: str) -> None:
    await Reference.delete().where(Reference.stripe_id == stripe_id)


async def forget(kind: str, local_id: UUID) -> None:
    """In every mode."""
    await Reference.delete().where((Reference.local_id == local_id) & Reference.kind.like(f"{kind}@%"))


def _kind(kind: str) -> str:
    return f"{kind}@{stripe_connection.mode()}"
