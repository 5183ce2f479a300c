"""The shop's domestic tax, read by every process when it starts and whenever a rate is set."""

from components.checkout.tables import TaxRate
from components.foundation.database.notifications import listener
from components.foundation.shop_settings import setting_rows, shop_settings
from components.pricing import domestic_tax
from components.pricing.tax import NO_TAX, TaxTerms

CHANNEL = "taxes"


class _Ears:
    are_open = False


async def start() -> None:
    """Read it, and keep it up to date from then on."""
    if not _Ears.are_open:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        setting_rows.follow(refresh)  # another home country has another tax
        _Ears.are_open = True
    await refresh()


async def refresh() -> None:
    rate = await TaxRate.objects().where(TaxRate.country == shop_settings.current().country).first()
    domestic_tax.set_tax(TaxTerms(rate.rate_bp, rate.is_included, rate.name) if rate else NO_TAX)


async def _heard(_payload: str) -> None:
    await refresh()
