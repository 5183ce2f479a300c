"""Editing delivery methods. Orders that were placed keep their terms."""

from typing import Any
from uuid import UUID

from components.checkout.tables import DeliveryMethod
from components.foundation import audit, clock, database, ids
from components.foundation.database import transaction
from components.foundation.refusals import NotFound


class UnknownMethod(NotFound):
    message = "This delivery method does not exist."


async def create_method(
    name: str,
    *,
    fee: int,
    countries: tuple[str, ...],
    words: str = "",
    free_from: int | None = None,
    position: int = 0,
    by: UUID | None = None,
) -> DeliveryMethod:
    """A new delivery method; `fee` and `free_from` in minor units, two-letter country codes."""
    method = DeliveryMethod(
        id=ids.new(),
        name=name,
        words=words,
        fee=fee,
        countries=sorted(countries),
        free_from=free_from,
        position=position,
    )
    async with transaction():
        await DeliveryMethod.insert(method)
        if by is not None:
            await audit.record(by, "delivery method added", "delivery method", method.id, after=_audited(method))
    return method


async def revise_method(
    method_id: UUID,
    *,
    name: str,
    words: str,
    fee: int,
    countries: tuple[str, ...],
    free_from: int | None,
    position: int,
    by: UUID,
) -> None:
    """Raises `UnknownMethod`."""
    async with transaction():
        method = await database.locked(DeliveryMethod, DeliveryMethod.id == method_id)
        if method is None:
            raise UnknownMethod
        before = _audited(method)
        method.name, method.words, method.fee = name, words, fee
        method.countries, method.free_from, method.position = sorted(countries), free_from, position
        await method.save()
        await audit.record(
            by, "delivery method changed", "delivery method", method_id, before=before, after=_audited(method)
        )


async def end_method(method_id: UUID, *, by: UUID) -> None:
    """It can no longer be chosen."""
    async with transaction():
        wanted = DeliveryMethod.update(ended_at=clock.now())
        await wanted.where(DeliveryMethod.id == method_id, DeliveryMethod.ended_at.is_null())
        await audit.record(by, "delivery method removed", "delivery method", method_id)


def _audited(method: DeliveryMethod) -> dict[str, Any]:
    return {"name": method.name, "fee": method.fee, "countries": method.countries, "free_from": method.free_from}
