"""The tax in a fee. A fee is always charged as shown."""

from components.foundation.formatting import money
from components.foundation.money import Money
from components.pricing import domestic_tax, fee_tax, tax_names


def fee_tax_text(fee: Money, category: str) -> str:
    """ "£6.50 VAT"; empty where the fee has no tax in it."""
    tax = domestic_tax.current_tax(category)
    if not fee or not tax.rate_bp or not tax.inclusive:
        return ""
    return f"{money(fee_tax.tax_in(fee.amount, tax))} {tax_names.said(tax.name)}"
