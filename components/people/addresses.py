"""A person's delivery addresses. One of them is the default."""

from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from components.foundation import clock, database, ids
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


def _written(parts: AddressParts) -> dict[Any, Any]:
    columns = (
        Address.name, Address.line1, Address.line2, Address.district, Address.city, Address.region, Address.postcode,
        Address.country, Address.phone,
    )  # fmt: skip
    return {column: parts.get(column._meta.name, "") for column in columns}
