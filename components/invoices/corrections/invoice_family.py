"""An invoice with what corrects it: its credit notes, their reversals, and the invoices that replace one another.

What is about the invoice of an order or a fee is about the one that stands now.
"""

from uuid import UUID

from components.invoices.tables import IssuedInvoice


async def of_reference(reference_id: UUID) -> list[IssuedInvoice]:
    """Everything issued for an order, a subscription, a term or a gift, the oldest first."""
    return await IssuedInvoice.objects().where(IssuedInvoice.reference == reference_id).order_by(
        IssuedInvoice.issued_at, IssuedInvoice.serial
    )  # fmt: skip


async def of(row: IssuedInvoice) -> list[IssuedInvoice]:
    """It and its relatives, the oldest first."""
    found = await of_reference(row.reference)
    first = first_of(row, found)
    return [one for one in found if first_of(one, found).id == first.id]


def first_of(row: IssuedInvoice, found: list[IssuedInvoice]) -> IssuedInvoice:
    """The invoice that it all began with, among those of the same reference."""
    known = {one.id: one for one in found}
    while before := row.replaces or row.corrects:
        row = known[before]
    return row


async def standing(row: IssuedInvoice) -> IssuedInvoice:
    """The invoice that has replaced this one, or itself."""
    followers = {one.replaces: one for one in await of_reference(row.reference) if one.replaces}
    while row.id in followers:
        row = followers[row.id]
    return row
