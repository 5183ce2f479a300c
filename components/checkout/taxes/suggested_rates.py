"""The well-known rates of countries, kept in a file with its date and sources: offered to the shop, never set unasked.

They go out of date. Whoever takes them over sees from when they are and where they come from.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from components.checkout.taxes import tax_rates
from components.checkout.taxes.tax_book import TaxBook
from components.checkout.taxes.tax_rates import NewRate
from components.foundation import clock, json
from components.foundation.postal import tax_areas
from components.pricing.tax import STANDARD

_CATEGORIES = (STANDARD, "reduced", "reduced-2")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRates:
    """`rates` is empty where none are offered; `note` is what to know before taking them over, or why there are none.
    `as_of` is the day for which they are meant."""

    country: str
    rates: tuple[NewRate, ...]
    source: str
    as_of: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """What taking a rate over would do: `now` is the shop's rate today, in basis points, None for none."""

    rate: NewRate
    now: int | None

    @property
    def is_new(self) -> bool:
        return self.now is None

    @property
    def is_same(self) -> bool:
        return self.now == self.rate.rate_bp


@cache
def _file() -> dict[str, Any]:
    found: dict[str, Any] = json.load((Path(__file__).parent / "suggested_rates.json").read_text(encoding="utf-8"))
    return found


def countries() -> tuple[str, ...]:
    """Those that have rates in the file."""
    return tuple(sorted(_file()["countries"]))


def of_country(country: str) -> KnownRates:
    """The well-known rates of a country and its regions, as they would be set."""
    file, area = _file(), tax_areas.area(country)
    source = str(file["sources"].get(area, ""))
    named = f"{source}, as of {file['as_of']}" if source else ""
    name, *basis_points = file["countries"].get(country, ("",))
    rates = [
        NewRate(country=country, rate_bp=bp, name=name, category=category, source=named)
        for category, bp in zip(_CATEGORIES, basis_points, strict=False)
        if bp is not None
    ]
    rates += [
        NewRate(country=country, region=region, rate_bp=bp, name=its_name, is_added=is_added, source=named)
        for region, its_name, bp, is_added in file["regions"].get(country, ())
    ]
    note = str(file["notes"].get(country, "" if rates else "We know no rates of this country. Type them by hand."))
    return KnownRates(country=country, rates=tuple(rates), source=source, as_of=str(file["as_of"]), note=note)


def changes(country: str, book: TaxBook) -> tuple[RateChange, ...]:
    """What taking them all over would change today."""
    now = {rate.key: rate for rate in book.in_force(clock.now())}
    return tuple(
        RateChange(rate=one, now=found.rate_bp if (found := now.get((one.country, one.region, one.category))) else None)
        for one in of_country(country).rates
    )


async def adopt(country: str, book: TaxBook | None = None, *, by: UUID | None = None) -> int:
    """Set those rates of the country that the shop does not have yet, or has otherwise; returns how many were set."""
    wanted = [one.rate for one in changes(country, book or TaxBook(())) if not one.is_same]
    if wanted:
        await tax_rates.set_rates(wanted, by=by)
    return len(wanted)
