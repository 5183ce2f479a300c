"""The shop's domestic tax, read by every process when it starts and whenever a rate is set."""

import msgspec

from components.checkout.tables import TaxRate
from components.checkout.taxes.tax_book import Rate, TaxBook, TaxedBuyer
from components.foundation.database.notifications import listener
from components.foundation.shop_settings import shop_settings
from components.pricing import domestic_tax, fee_destination

CHANNEL = "taxes"


class _Ears:
    are_open = False


async def start() -> None:
    """Read it, and keep it up to date from then on."""
    if not _Ears.are_open:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Ears.are_open = True
    await refresh()


async def refresh() -> None:
    rows = await TaxRate.select().order_by(TaxRate.from_at)
    kept = TaxBook(tuple(msgspec.convert(row, Rate, strict=False) for row in rows))
    domestic_tax.follow(lambda at: kept.at_home(at, shop_settings.current()))
    fee_destination.follow(lambda place, number, at: kept.tax(TaxedBuyer(*place, number), at, shop_settings.current()))


async def _heard(_payload: str) -> None:
    await refresh()
