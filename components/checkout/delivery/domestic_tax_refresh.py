"""The tax in the prices on the shelf, read by every process when it starts and whenever a rate is set."""

from components.foundation import database, settings
from components.foundation.database.notifications import listener
from components.pricing import domestic_tax
from components.pricing.tax import NO_TAX, TaxTerms

CHANNEL = "taxes"


class _Ears:
    are_open = False


async def start() -> None:
    """Read it and stay up to date from then on."""
    if not _Ears.are_open:
        listener.on(CHANNEL, _heard, after_a_gap=refresh)
        _Ears.are_open = True
    await refresh()


async def refresh() -> None:
    found = await database.fetch(
        "SELECT rate_bp, is_included, name FROM tax_rate WHERE country = $1", settings.current().country
    )
    domestic_tax.set_tax(TaxTerms(found[0]["rate_bp"], found[0]["is_included"], found[0]["name"]) if found else NO_TAX)


async def _heard(_payload: str) -> None:
    await refresh()
