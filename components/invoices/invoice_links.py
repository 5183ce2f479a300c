"""The link that opens an invoice without signing in: made from its id, so that no table holds it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from babel.dates import format_date

from components.foundation.languages import language
from components.foundation.money import Money
from components.foundation.secrecy import signing
from components.invoices.tables import IssuedInvoice

_PURPOSE = "invoice link"


@dataclass(frozen=True, kw_only=True)
class InvoiceLink:
    """An invoice as it is listed beside what it is about."""

    id: UUID
    number: str
    kind: str
    cause: str
    issued_on: date
    total: Money
    url: str

    @property
    def day_words(self) -> str:
        """In the language spoken."""
        return str(format_date(self.issued_on, "long", locale=language.locale()))


def token(invoice_id: UUID) -> str:
    return signing.stamp(invoice_id, purpose=_PURPOSE)


def invoice_id(token: str) -> UUID | None:
    return signing.stamped(token, purpose=_PURPOSE)


def link(row: IssuedInvoice) -> InvoiceLink:
    return InvoiceLink(
        id=row.id, number=row.number, kind=row.kind, cause=row.cause, issued_on=row.issued_on,
        total=Money(row.total, row.currency), url=f"/invoices/{token(row.id)}",
    )  # fmt: skip
