"""What a new shop lacks of the invoices that its country asks for."""

from collections.abc import Iterator

from components.foundation.shop_settings.shop_settings import ShopSettings
from components.invoices import invoice_rules
from components.opening.checklist_findings import COMPANY, Findings

OWED_TO = {
    "businesses": "businesses that buy from you an invoice",
    "everybody": "each customer an invoice",
    "asked": "customers who ask for one an invoice",
}


def invoices(found: Findings) -> tuple[str, ...]:
    return tuple(_of_invoices(found.shop))


def _of_invoices(shop: ShopSettings) -> Iterator[str]:
    rules = invoice_rules.of(shop.country)
    if shop.invoices != "on":
        if rules.owed_to:
            yield (
                f"The shop issues no invoices. Your country asks you to give {OWED_TO[rules.owed_to]} ({rules.law}). "
                "What was paid before they are turned on gets none."
            )
        return
    if empty := [words for name, words in COMPANY.items() if not getattr(shop, name)]:
        yield f"Invoices name the seller, and under Settings, Company, these are empty: {', '.join(empty)}."
    if rules.owed_to and shop.small_business != "yes" and not (shop.vat_number or shop.tax_number):
        yield "Invoices have no VAT number or tax number of yours: enter one under Settings, Company or Invoices."
