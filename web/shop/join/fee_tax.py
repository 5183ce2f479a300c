"""The tax in a fee. A fee is always charged as shown."""

from components.checkout.delivery import delivery_terms
from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.pricing import fee_tax


async def fee_tax_text(fee: Money) -> str:
    """ "£6.50 VAT"; empty where prices have no tax in them."""
    tax = (await delivery_terms.current()).tax(shop_settings.current().country)
    if not fee or not tax.rate_bp or not tax.inclusive:
        return ""
    return f"{money(fee_tax.tax_in(fee.amount, tax))} {tax.name}"
