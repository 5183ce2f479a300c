"""Editing delivery methods. Orders that were placed keep their terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec

from components.checkout.delivery.delivery_terms import PickupPlace
from components.checkout.tables import DeliveryBand, DeliveryMethod, MethodZone
from components.foundation import audit, clock, database, ids, json
from components.foundation.database import transaction
from components.foundation.refusals import NotFound

Basis = Literal["flat", "price", "weight"]


class UnknownMethod(NotFound):
    message = "This delivery method does not exist."


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTerms:
    """Amounts in minor units, weights in grams. `fee` holds up to the first of `bands`: pairs of where it
    begins, and its fee."""

    name: str
    fee: int
    zones: tuple[UUID, ...] = ()
    words: str = ""
    basis: Basis = "flat"
    bands: tuple[tuple[int, int], ...] = ()
    heaviest: int | None = None
    pickup: PickupPlace | None = None
    free_from: int | None = None
    position: int = 0
    transit_least: int | None = None
    transit_most: int | None = None
    carrier_days: str = "12345"


async def create_method(terms: MethodTerms, *, by: UUID | None = None) -> UUID:
    method_id = ids.new()
    async with transaction():
        await DeliveryMethod.insert(DeliveryMethod({DeliveryMethod.id: method_id, **_columns(terms)}))
        await _put(method_id, terms)
        if by is not None:
            after = _audited(terms)
            await audit.record(by, "delivery method added", "delivery method", method_id, after=after)
    return method_id


async def revise_method(method_id: UUID, terms: MethodTerms, *, by: UUID) -> None:
    """Raises `UnknownMethod`."""
    async with transaction():
        method = await database.locked(DeliveryMethod, DeliveryMethod.id == method_id)
        if method is None:
            raise UnknownMethod
        before = _audited(await _terms_of(method))
        await method.update_self(_columns(terms))
        await MethodZone.delete().where(MethodZone.method == method_id)
        await DeliveryBand.delete().where(DeliveryBand.method == method_id)
        await _put(method_id, terms)
        after = _audited(terms)
        await audit.record(by, "delivery method changed", "delivery method", method_id, before=before, after=after)


async def end_method(method_id: UUID, *, by: UUID) -> None:
    """It can no longer be chosen. It remembers its zones."""
    async with transaction():
        wanted = DeliveryMethod.update(ended_at=clock.now())
        await wanted.where(DeliveryMethod.id == method_id, DeliveryMethod.ended_at.is_null())
        await audit.record(by, "delivery method removed", "delivery method", method_id)


async def restore_method(method_id: UUID, *, by: UUID) -> None:
    """It can be chosen again, in the zones it had that are still there."""
    async with transaction():
        wanted = DeliveryMethod.update(ended_at=None).returning(DeliveryMethod.id)
        changed = await wanted.where(DeliveryMethod.id == method_id, DeliveryMethod.ended_at.is_not_null())
        if changed:
            await audit.record(by, "delivery method restored", "delivery method", method_id)


async def ended() -> tuple[tuple[UUID, str], ...]:
    """The methods that were removed, the latest first: id and name."""
    rows = (
        await DeliveryMethod.select(DeliveryMethod.id, DeliveryMethod.name)
        .where(DeliveryMethod.ended_at.is_not_null())
        .order_by(DeliveryMethod.ended_at, ascending=False)
    )
    return tuple((row["id"], row["name"]) for row in rows)


async def _put(method_id: UUID, terms: MethodTerms) -> None:
    if terms.zones:
        await MethodZone.insert(
            *(MethodZone(id=ids.new(), method=method_id, zone=zone) for zone in dict.fromkeys(terms.zones))
        )
    if terms.bands:
        await DeliveryBand.insert(
            *(DeliveryBand(id=ids.new(), method=method_id, at_least=begin, fee=fee) for begin, fee in terms.bands)
        )


async def _terms_of(method: DeliveryMethod) -> MethodTerms:
    zones = await MethodZone.select(MethodZone.zone).where(MethodZone.method == method.id)
    steps = DeliveryBand.select(DeliveryBand.at_least, DeliveryBand.fee).where(DeliveryBand.method == method.id)
    return MethodTerms(
        name=method.name,
        fee=method.fee,
        zones=tuple(row["zone"] for row in zones),
        words=method.words,
        basis=method.basis,  # type: ignore[arg-type]
        bands=tuple((row["at_least"], row["fee"]) for row in await steps.order_by(DeliveryBand.at_least)),
        heaviest=method.heaviest,
        pickup=msgspec.json.decode(method.pickup, type=PickupPlace) if method.pickup else None,
        free_from=method.free_from,
        position=method.position,
        transit_least=method.transit_least,
        transit_most=method.transit_most,
        carrier_days=method.carrier_days,
    )


def _columns(terms: MethodTerms) -> dict[Any, Any]:
    return {
        DeliveryMethod.name: terms.name,
        DeliveryMethod.words: terms.words,
        DeliveryMethod.fee: terms.fee,
        DeliveryMethod.basis: terms.basis,
        DeliveryMethod.heaviest: terms.heaviest,
        DeliveryMethod.pickup: json.dump(terms.pickup) if terms.pickup else None,
        DeliveryMethod.free_from: terms.free_from,
        DeliveryMethod.position: terms.position,
        DeliveryMethod.transit_least: terms.transit_least,
        DeliveryMethod.transit_most: terms.transit_most,
        DeliveryMethod.carrier_days: terms.carrier_days,
    }


def _audited(terms: MethodTerms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "fee": terms.fee,
        "basis": terms.basis,
        "bands": [list(band) for band in terms.bands],
        "zones": _texts(terms.zones),
        "heaviest": terms.heaviest,
        "pickup": terms.pickup.line if terms.pickup else None,
        "free_from": terms.free_from,
        "transit": None if terms.transit_most is None else f"{terms.transit_least}–{terms.transit_most} days",
        "carrier days": terms.carrier_days,
    }


def _texts(values: Iterable[Any]) -> list[str]:
    return sorted(str(value) for value in values)
