"""What an e-mail says of an invoice: a link that opens it without signing in, and its PDF if the shop attaches it."""

from dataclasses import dataclass, field
from uuid import UUID

from components.foundation import settings
from components.foundation.shop_settings import shop_settings
from components.invoices import invoice_links
from components.invoices.tables import IssuedInvoice
from components.messaging.secret_placeholders import placeholder


@dataclass(frozen=True, kw_only=True)
class InvoiceInEmail:
    """Without an invoice: an empty link. `attached` goes with the e-mail when it is sent."""

    link: str = ""
    number: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    attached: UUID | None = None

    @property
    def fields(self) -> dict[str, str]:
        return {"invoice_link": self.link}


def of(row: IssuedInvoice | None) -> InvoiceInEmail:
    if row is None:
        return InvoiceInEmail()
    return InvoiceInEmail(
        link=f"{settings.current().base_url}/invoices/{placeholder('invoice')}",
        number=row.number,
        secrets={"invoice": invoice_links.token(row.id)},
        attached=row.id if shop_settings.current().invoice_attached == "yes" else None,
    )
