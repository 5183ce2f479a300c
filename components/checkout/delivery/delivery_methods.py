"""Changing the terms of delivery. Orders that were placed keep what they agreed to."""

from typing import Any
from uuid import UUID

from components.checkout.delivery import domestic_tax_refresh
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
    """A new way to send parcels; `fee` and `free_from` in minor units, two-letter countries."""
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
            await audit.record(by, "delivery method added", "delivery method", method.id, after=_told(method))
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
        before = _told(method)
        method.name, method.words, method.fee = name, words, fee
        method.countries, method.free_from, method.position = sorted(countries), free_from, position
        await method.save()
        await audit.record(
            by, "delivery method changed", "delivery method", method_id, before=before, after=_told(method)
        )


async def end_method(method_id: UUID, *, by: UUID) -> None:
    """Nobody may choose it any more."""
    async with transaction():
        await database.execute(
            "UPDATE delivery_method SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", method_id, clock.now()
        )
        await audit.record(by, "delivery method ended", "delivery method", method_id)


async def set_tax(
    country: str, *, rate_bp: int, name: str = "VAT", is_included: bool = True, by: UUID | None = None
) -> None:
    """The tax of a country: `rate_bp` basis points, contained in the shop's prices or added to them."""
    async with transaction():
        await database.execute(
            """INSERT INTO tax_rate (id, country, rate_bp, name, is_included) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (country) DO UPDATE SET rate_bp = $3, name = $4, is_included = $5""",
            ids.new(), country, rate_bp, name, is_included,
        )  # fmt: skip
        if by is not None:
            await audit.record(by, "tax rate set", "tax rate", country, after={"rate_bp": rate_bp, "name": name})
        await database.notify(domestic_tax_refresh.CHANNEL)
    await domestic_tax_refresh.refresh()


def _told(method: DeliveryMethod) -> dict[str, Any]:
    return {"name": method.name, "fee": method.fee, "countries": method.countries, "free_from": method.free_from}
