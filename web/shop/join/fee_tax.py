"""The tax in a fee. A fee is always charged as shown."""

from uuid import UUID

from components.foundation.formatting import money
from components.foundation.money import Money
from components.memberships.plans import member_taxes
from components.pricing import fee_tax, tax_names


async def fee_tax_text(fee: Money, category: str, person_id: UUID | None) -> str:
    """ "£6.50 VAT", of where this person lives; empty where the fee has no tax in it."""
    tax = (await member_taxes.of_member(person_id)).terms(category)
    if not fee or not tax.rate_bp or not tax.inclusive:
        return ""
    return f"{money(fee_tax.tax_in(fee.amount, tax))} {tax_names.said(tax.name)}"
