"""A person's delivery addresses. One of them is the default."""

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.database import any_of
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound, Refusal
from components.people.tables import Address, Person

MOST = 20


class AddressParts(TypedDict, total=False):
    """What is not named is empty."""

    name: Required[str]
    line1: Required[str]
    line2: str
    district: str
    city: str
    region: str
    postcode: str
    country: Required[str]
    phone: str


class TooManyAddresses(Refusal):
    def __init__(self) -> None:
        super().__init__(_("You can save up to %(most)s addresses. Please remove one first.", most=MOST))


async def of_person(person_id: UUID) -> list[Address]:
    """The default first, then the most recently used."""
    found = await Address.objects().where(Address.person == person_id)
    return sorted(
        found,
        key=lambda a: (not a.is_default, -(a.used_at or a.created_at).timestamp()),
    )


async def homes(people: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Country and region of each one's default address, as far as there are addresses; else of the latest used."""
    rows = await database.fetch_rows(_HOMES, list(people))
    return {person: (country, region) for person, country, region in rows}


_HOMES = """
SELECT DISTINCT ON (person) person, country, region FROM address WHERE person = ANY($1)
ORDER BY person, is_default DESC, coalesce(used_at, created_at) DESC
"""


async def by_id(person_id: UUID, address_id: UUID) -> Address:
    """Raises `NotFound`, for somebody else's address too."""
    address = await Address.objects().where(Address.id == address_id, Address.person == person_id).first()
    if address is None:
        raise NotFound
    return address


async def add(person_id: UUID, **parts: Unpack[AddressParts]) -> Address:
    """Save an address and that it was used now; the same one is saved only once. Raises `TooManyAddresses`."""
    written = _written(parts)
    async with database.transaction():
        await database.locked(Person, Person.id == person_id)
        known = await of_person(person_id)
        for address in known:
            if all(getattr(address, column._meta.name) == value for column, value in written.items()):
                await address.update_self({Address.used_at: clock.now()})
                return address
        if len(known) >= MOST:
            raise TooManyAddresses
        now = clock.now()
        address = Address(
            {**written, Address.id: ids.new(), Address.person: person_id, Address.is_default: not known,
             Address.created_at: now, Address.used_at: now}
        )  # fmt: skip
        await Address.insert(address)
    return address


async def add_first(found: Mapping[UUID, Sequence[AddressParts]]) -> set[UUID]:
    """Give people who have none their first addresses, at most `MOST` each; who got some. The first is the default."""
    if not found:
        return set()
    now, rows = clock.now(), []
    async with database.transaction():
        await Person.select(Person.id).where(any_of(Person.id, found)).order_by(Person.id).lock_rows()
        housed = set(await database.fetch_values(_HOUSED, list(found)))
        for person_id, parts in found.items():
            written = list(dict.fromkeys(tuple(_written(one).values()) for one in parts))[:MOST]
            for place, values in enumerate(written if person_id not in housed else ()):
                rows.append((ids.new(), person_id, place == 0, now, now, *values))
        await database.insert_rows(Address, _ROW, rows)
    return {row[1] for row in rows}


_HOUSED = "SELECT DISTINCT person FROM address WHERE person = ANY($1)"


async def update(person_id: UUID, address_id: UUID, **parts: Unpack[AddressParts]) -> None:
    """Raises `NotFound`."""
    address = await by_id(person_id, address_id)
    await address.update_self(_written(parts))


async def make_default(person_id: UUID, address_id: UUID) -> None:
    """Make it the default. Raises `NotFound`."""
    async with database.transaction():
        await database.locked(Person, Person.id == person_id)
        address = await by_id(person_id, address_id)
        was_default = (Address.person == person_id) & (Address.is_default == True)  # noqa: E712
        await Address.update({Address.is_default: False}).where(was_default)
        await address.update_self({Address.is_default: True})


async def remove(person_id: UUID, address_id: UUID) -> None:
    """Remove it; another becomes the default. Raises `NotFound`."""
    async with database.transaction():
        await database.locked(Person, Person.id == person_id)
        address = await by_id(person_id, address_id)
        await Address.delete().where(Address.id == address.id)
        if address.is_default and (left := await of_person(person_id)):
            await left[0].update_self({Address.is_default: True})


_PARTS = (
    Address.name, Address.line1, Address.line2, Address.district, Address.city, Address.region, Address.postcode,
    Address.country, Address.phone,
)  # fmt: skip
_ROW = ("id", "person", "is_default", "created_at", "used_at", *(column._meta.name for column in _PARTS))


def _written(parts: AddressParts) -> dict[Any, Any]:
    return {column: parts.get(column._meta.name, "") for column in _PARTS}
