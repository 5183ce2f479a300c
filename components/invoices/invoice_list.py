"""Invoices as lists: of what they are about, of a person, and for staff."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from piccolo.columns.combination import Combinable, WhereRaw

from components.invoices import invoice_links
from components.invoices.corrections import invoice_family
from components.invoices.invoice_links import InvoiceLink
from components.invoices.tables import IssuedInvoice

A_PAGE = 50
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class InvoiceListPage:
    rows: list[IssuedInvoice]
    number: int
    last: int
    count: int


async def by_id(invoice_id: UUID) -> IssuedInvoice | None:
    return await IssuedInvoice.objects().where(IssuedInvoice.id == invoice_id).first()


async def by_token(token: str) -> IssuedInvoice | None:
    """Whoever has the link may see the invoice."""
    found = invoice_links.invoice_id(token)
    return await by_id(found) if found else None


async def by_number(number: str) -> IssuedInvoice | None:
    return await IssuedInvoice.objects().where(IssuedInvoice.number == number).first()


async def of_reference(reference_id: UUID) -> tuple[InvoiceLink, ...]:
    """Of an order, a subscription, a term or a gift: with its credit notes, the oldest first.

    One with another buyer has the cause of the first."""
    found = await invoice_family.of_reference(reference_id)
    return tuple(
        replace(invoice_links.link(row), cause=invoice_family.first_of(row, found).cause if row.replaces else row.cause)
        for row in found
    )


async def of_fees(subscription_id: UUID, stripe_ids: Sequence[str]) -> tuple[InvoiceLink, ...]:
    """Of these fees of a subscription, with their credit notes, the oldest first."""
    causes = {f"fee:{one}" for one in stripe_ids}
    found = await invoice_family.of_reference(subscription_id)
    return tuple(invoice_links.link(row) for row in found if invoice_family.first_of(row, found).cause in causes)


async def of_person(person_id: UUID) -> tuple[InvoiceLink, ...]:
    """The newest first."""
    found = await IssuedInvoice.objects().where(IssuedInvoice.person == person_id).order_by(
        IssuedInvoice.issued_at, ascending=False
    )  # fmt: skip
    return tuple(invoice_links.link(row) for row in found)


async def claim(order_id: UUID, *, person_id: UUID) -> None:
    """A guest's order has become this person's: its invoices are in their account."""
    its = (IssuedInvoice.reference == order_id) & IssuedInvoice.person.is_null()
    await IssuedInvoice.update({IssuedInvoice.person: person_id}).where(its)


async def for_staff(*, search: str = "", month: date | None = None, page: int = 1) -> InvoiceListPage:
    """The newest first. `search`: number, order number, or part of the buyer's name."""
    query = IssuedInvoice.count()
    wanted = _wanted(search, month)
    count = int(await (query.where(wanted) if wanted is not None else query))
    last = max(1, -(-count // A_PAGE))
    number = min(max(1, page), last)
    rows = IssuedInvoice.objects()
    if wanted is not None:
        rows = rows.where(wanted)
    newest = rows.order_by(IssuedInvoice.issued_at, IssuedInvoice.id, ascending=False)
    return InvoiceListPage(
        rows=await newest.limit(A_PAGE).offset((number - 1) * A_PAGE), number=number, last=last, count=count
    )


async def every(*, search: str = "", month: date | None = None) -> AsyncIterator[IssuedInvoice]:
    """All that match, in the order of their numbers, some hundred at a time."""
    wanted, offset = _wanted(search, month), 0
    while True:
        query = IssuedInvoice.objects()
        if wanted is not None:
            query = query.where(wanted)
        order = query.order_by(IssuedInvoice.series, IssuedInvoice.serial)
        some = await order.limit(AT_ONCE).offset(offset)
        for row in some:
            yield row
        if len(some) < AT_ONCE:
            return
        offset += AT_ONCE


def of_month(month: date) -> Combinable:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return (IssuedInvoice.issued_on >= month) & (IssuedInvoice.issued_on < after)


def _wanted(search: str, month: date | None) -> Combinable | None:
    found: Combinable | None = of_month(month) if month else None
    if search.strip():
        words = f"%{_plain(search.strip())}%"
        matches = WhereRaw("(number ILIKE {} OR about ILIKE {} OR buyer ILIKE {})", words, words, words)
        found = matches if found is None else found & matches
    return found


def _plain(typed: str) -> str:
    """Without the signs that mean something to LIKE."""
    return typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
