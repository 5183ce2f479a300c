"""Whom a person's invoices are addressed to, where that is not where their parcels go: one address, or none."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.foundation import clock, database, outbox
from components.foundation.postal import postal_regions
from components.foundation.refusals import NotFound
from components.people.facts import InvoiceAddressChanged
from components.people.tables import InvoiceAddress, Person


@dataclass(frozen=True, kw_only=True)
class InvoiceBuyer:
    """A name, a company, or both. `reference` is the buyer's own word for it, such as the number of their order."""

    name: str = ""
    company: str = ""
    line1: str
    line2: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str
    vat_number: str = ""
    reference: str = ""

    @property
    def town_line(self) -> str:
        return postal_regions.line_of(self)


_PARTS = (
    InvoiceAddress.name, InvoiceAddress.company, InvoiceAddress.line1, InvoiceAddress.line2, InvoiceAddress.district,
    InvoiceAddress.city, InvoiceAddress.region, InvoiceAddress.postcode, InvoiceAddress.country,
    InvoiceAddress.vat_number, InvoiceAddress.reference,
)  # fmt: skip


async def of_person(person_id: UUID) -> InvoiceBuyer | None:
    row = await InvoiceAddress.select(*_PARTS).where(InvoiceAddress.person == person_id).first()
    return InvoiceBuyer(**row) if row else None


async def save(person_id: UUID, buyer: InvoiceBuyer) -> None:
    """For invoices from now on, instead of the one before. Raises `NotFound` for an erased person."""
    written: dict[Any, Any] = {column: getattr(buyer, column._meta.name) for column in _PARTS}
    written[InvoiceAddress.changed_at] = clock.now()
    async with database.transaction():
        if await database.locked(Person, (Person.id == person_id) & Person.erased_at.is_null()) is None:
            raise NotFound
        known = InvoiceAddress.update(written).where(InvoiceAddress.person == person_id)
        if not await known.returning(InvoiceAddress.person):
            await InvoiceAddress.insert(InvoiceAddress({**written, InvoiceAddress.person: person_id}))
        await outbox.announce(InvoiceAddressChanged(person_id))


async def remove(person_id: UUID) -> None:
    """Invoices from now on name the delivery address, or the address book's first. Without one nothing happens."""
    async with database.transaction():
        await InvoiceAddress.delete().where(InvoiceAddress.person == person_id)
        await outbox.announce(InvoiceAddressChanged(person_id))


async def with_numbers() -> list[UUID]:
    """Everybody whose invoice address has a VAT number."""
    has_number = InvoiceAddress.vat_number != ""
    return await InvoiceAddress.select(InvoiceAddress.person).where(has_number).output(as_list=True)
