"""What Stripe Tax calls the goods of each tax category, and delivery: one of the codes that Stripe publishes."""

import re
from uuid import UUID

from components.checkout.tables import TaxCode
from components.checkout.taxes import tax_rates
from components.foundation import audit, clock
from components.foundation.database import transaction
from components.foundation.refusals import Refusal
from components.payments.taxes import tax_alarm

DELIVERY = "delivery"
WHERE = "https://docs.stripe.com/tax/tax-codes"


class CodeRefused(Refusal):
    message = "A tax code of Stripe’s is txcd_ and eight digits, such as txcd_99999999. Stripe lists them all."


class CategoryUnknown(Refusal):
    message = "Choose one of your tax categories, or delivery."


async def names() -> dict[str, str]:
    """Everything that has a code."""
    return {**await tax_rates.category_names(), DELIVERY: "Delivery"}


async def known() -> dict[str, str]:
    """Those that were set."""
    return {row["category"]: row["code"] for row in await TaxCode.select(TaxCode.category, TaxCode.code)}


async def set_code(category: str, code: str, *, by: UUID | None) -> None:
    """An empty one forgets it: the usual code counts again. Baskets follow at once. Raises `CodeRefused`,
    `CategoryUnknown`."""
    if category not in await names():
        raise CategoryUnknown
    if code and not re.fullmatch(r"txcd_[0-9]{8}", code):
        raise CodeRefused
    async with transaction():
        before = (await known()).get(category, "")
        if before == code:
            return
        await TaxCode.delete().where(TaxCode.category == category)
        if code:
            await TaxCode.insert(TaxCode(category=category, code=code, set_at=clock.now()))
        await audit.record(by, "tax code set", "tax category", category, before={"code": before}, after={"code": code})
    await tax_alarm.replaced(before)
