"""Editing zones: which countries and regions are delivered to alike. No place is in two of them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from components.checkout.tables import DeliveryZone, MethodZone, ZonePlace
from components.foundation import audit, clock, database, ids
from components.foundation.database import transaction
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, Thing
from components.foundation.refusals import NotFound, Refusal


class UnknownZone(NotFound):
    message = "This delivery zone does not exist."


class PlaceTaken(Refusal):
    """`places` as `US` or `US-HI`."""

    message = "Some of these places are in another zone already."
    status = 409

    def __init__(self, places: Sequence[str], zone: str) -> None:
        self.places, self.zone = tuple(places), zone
        super().__init__(f"Already in the zone “{zone}”: {', '.join(places)}. Take them out there first.")


class RestTaken(Refusal):
    message = "Another zone is the rest of the world already."
    status = 409


class ZoneInUse(Refusal):
    message = "Delivery methods are offered in this zone only."
    status = 409


async def create_zone(name: str, *, places: Collection[str], is_rest: bool = False, by: UUID | None = None) -> UUID:
    """Its places as `US` or `US-HI`. Raises `PlaceTaken`, `RestTaken`."""
    zone_id = ids.new()
    async with transaction():
        await database.execute(_ONE_AT_A_TIME)
        await _check(zone_id, places, is_rest)
        zone = DeliveryZone(id=zone_id, name=name, is_rest=is_rest, made_at=clock.now())
        await DeliveryZone.insert(zone)
        await _put(zone_id, places)
        if by is not None:
            after = _audited(name, places, is_rest)
            await audit.record(by, "delivery zone added", "delivery zone", zone_id, after=after)
    return zone_id


async def revise_zone(zone_id: UUID, *, name: str, places: Collection[str], is_rest: bool, by: UUID) -> None:
    """Raises `UnknownZone`, `PlaceTaken`, `RestTaken`."""
    async with transaction():
        await database.execute(_ONE_AT_A_TIME)
        zone = await database.locked(DeliveryZone, DeliveryZone.id == zone_id)
        if zone is None:
            raise UnknownZone
        before = _audited(zone.name, await _places_of(zone_id), zone.is_rest)
        await _check(zone_id, places, is_rest)
        await zone.update_self({DeliveryZone.name: name, DeliveryZone.is_rest: is_rest})
        await ZonePlace.delete().where(ZonePlace.zone == zone_id)
        await _put(zone_id, places)
        after = _audited(name, places, is_rest)
        await audit.record(by, "delivery zone changed", "delivery zone", zone_id, before=before, after=after)


async def remove_zone(zone_id: UUID, *, by: UUID) -> UUID:
    """What it is brought back by.

    Methods that are offered elsewhere too lose it. Raises `UnknownZone`, and `ZoneInUse` naming the others.
    """
    async with transaction():
        zone = await database.locked(DeliveryZone, DeliveryZone.id == zone_id)
        if zone is None:
            raise UnknownZone
        if words := await in_use(zone_id):
            raise ZoneInUse(words)
        parts = (
            RowsOf(DeliveryZone, DeliveryZone.id, [zone_id]),
            RowsOf(ZonePlace, ZonePlace.zone, [zone_id]),
            RowsOf(MethodZone, MethodZone.zone, [zone_id]),
        )
        thing = Thing("delivery zone", zone_id, zone.name, "/staff/delivery")
        return await deletions.delete(thing, parts, by=by)


async def in_use(zone_id: UUID) -> str:
    """Why it cannot be removed, in words; "" when it can."""
    names = ", ".join(await database.fetch_values(_ONLY_THERE, zone_id))
    return f"Offered in this zone only: {names}. Remove them first, or give them another zone." if names else ""


async def of_countries(*countries: str) -> tuple[UUID, ...]:
    """The zones of these countries; those in none yet become one zone, named after them."""
    rows = await ZonePlace.select(ZonePlace.country, ZonePlace.zone).where(
        ZonePlace.country.is_in(list(countries)), ZonePlace.region == ""
    )
    known = {row["country"]: row["zone"] for row in rows}
    if missing := sorted(set(countries) - known.keys()):
        made = await create_zone(", ".join(missing)[:100], places=missing)
        known |= dict.fromkeys(missing, made)
    return tuple(dict.fromkeys(known[country] for country in countries))


_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('delivery zones'))"
_ONLY_THERE = """
SELECT m.name FROM delivery_method m JOIN method_zone z ON z.method = m.id WHERE z.zone = $1 AND m.ended_at IS NULL
AND NOT EXISTS (SELECT 1 FROM method_zone other WHERE other.method = m.id AND other.zone <> $1) ORDER BY m.name"""
_TAKEN = """
SELECT concat_ws('-', p.country, nullif(p.region, '')) AS place, z.name FROM zone_place p
JOIN delivery_zone z ON z.id = p.zone
WHERE p.zone <> $1 AND concat_ws('-', p.country, nullif(p.region, '')) = ANY($2) ORDER BY z.name, place"""


class _Taken(NamedTuple):
    place: str
    name: str


async def _check(zone_id: UUID, places: Collection[str], is_rest: bool) -> None:
    taken = await database.fetch_as(_Taken, _TAKEN, zone_id, list(places))
    if taken:
        zone = taken[0].name
        raise PlaceTaken([one.place for one in taken if one.name == zone], zone)
    others = DeliveryZone.exists().where(DeliveryZone.id != zone_id, DeliveryZone.is_rest == True)  # noqa: E712
    if is_rest and await others:
        raise RestTaken


async def _put(zone_id: UUID, places: Collection[str]) -> None:
    rows = []
    for place in sorted(set(places)):
        country, _, region = place.partition("-")
        rows.append(ZonePlace(id=ids.new(), zone=zone_id, country=country, region=region))
    if rows:
        await ZonePlace.insert(*rows)


async def _places_of(zone_id: UUID) -> list[str]:
    rows = await ZonePlace.select(ZonePlace.country, ZonePlace.region).where(ZonePlace.zone == zone_id)
    return [f"{row['country']}-{row['region']}" if row["region"] else row["country"] for row in rows]


def _audited(name: str, places: Collection[str], is_rest: bool) -> dict[str, Any]:
    return {"name": name, "places": sorted(places), "rest of the world": is_rest}
