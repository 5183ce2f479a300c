"""What e-mails say about a charge: the card and the tax."""

from datetime import UTC, datetime

from components.foundation.formatting import money
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.payments import cards
from components.payments.invoicing import invoices
from components.payments.stripe_calls.payment_intents import CardDetails
from components.payments.tables import MirroredInvoice
from components.pricing import fee_tax, tax_names
from components.pricing.destination_tax import DestinationTax


def card_text(card: CardDetails | None) -> str:
    """ "Visa ending in 4242"; empty when there is no card."""
    return _("%(brand)s ending in %(digits)s", brand=card.brand.title(), digits=card.last4) if card else ""


def is_expired_by(card: CardDetails, at: datetime) -> bool:
    """A card is good until the end of its month."""
    year, month = card.expires_year + card.expires_month // 12, card.expires_month % 12 + 1
    return datetime(year, month, 1, tzinfo=UTC) <= at


async def card_used(invoice: MirroredInvoice) -> CardDetails | None:
    """The card that paid an invoice."""
    payment = await invoices.payment_of(invoice)
    return await cards.by_id(payment.payment_method) if payment and payment.payment_method else None


def tax_text(amount: Money, category: str, there: DestinationTax, billed: int = 0) -> str:
    """ "£0.75 VAT", as billed or else as contained in what is paid; empty where there is none."""
    tax = there.terms(category)
    found = billed or fee_tax.tax_in(amount.amount, tax)
    return f"{money(Money(found, amount.currency))} {tax_names.said(tax.name)}" if found else ""
