"""Which taxes are on goods that go somewhere, at an instant, for a buyer. Pure.

A rate holds for a country, or for one of its regions: there it replaces the country's, or is added to it. Of several
rates of the same place and category the one that began last holds. A category without a rate of its own has the
standard one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from components.checkout.taxes import tax_notes, vat_numbers
from components.foundation.postal import tax_areas
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.pricing.destination_tax import DestinationTax, TaxAtRate
from components.pricing.fee_destination import REVERSE_CHARGE
from components.pricing.tax import STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`rate_bp` in basis points from `from_at` on; `is_added` to the country's rate, else instead of it."""

    id: UUID
    country: str
    region: str
    category: str
    name: str
    rate_bp: int
    is_added: bool
    from_at: datetime
    until_at: datetime | None

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.country, self.region, self.category)

    @property
    def tax(self) -> TaxAtRate:
        return TaxAtRate(self.name, self.rate_bp, self.category, self.id)


@dataclass(frozen=True, slots=True)
class TaxedBuyer:
    """Where the goods go, and the VAT number of a business; `region` is the second half of its ISO 3166-2 code."""

    country: str
    region: str = ""
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class TaxBook:
    rates: tuple[Rate, ...]

    def in_force(self, at: datetime) -> tuple[Rate, ...]:
        """The rates of this instant, one for each place and category."""
        last: dict[tuple[str, str, str], Rate] = {}
        for rate in self.rates:
            if rate.from_at <= at and (rate.key not in last or last[rate.key].from_at < rate.from_at):
                last[rate.key] = rate
        return tuple(rate for rate in last.values() if rate.until_at is None or rate.until_at > at)

    def at_home(self, at: datetime, shop: ShopSettings) -> DestinationTax:
        """The taxes on what stays in the shop's own country and region."""
        return self.tax(TaxedBuyer(shop.country, shop.tax_region), at, shop)

    def tax(self, buyer: TaxedBuyer, at: datetime, shop: ShopSettings) -> DestinationTax:
        """What this buyer is charged. Prices with tax in them are the same everywhere, except for a business in
        another EU country, and, if the shop says so, for buyers abroad: they pay the price without it."""
        if shop.small_business == "yes":
            return DestinationTax(inclusive=True, note=tax_notes.small_business(shop), code="small business")
        if is_reverse_charge(buyer.country, buyer.vat_number, shop.country, shop.vat_number):
            return self._untaxed(buyer, at, shop, tax_notes.reverse_charge(buyer.vat_number), REVERSE_CHARGE)
        found = self._charged(buyer, at, shop)
        if not any(found.by_category.values()) and tax_areas.crosses_border(shop.country, buyer.country):
            note = tax_notes.import_charges(shop.country, buyer.country)
            if shop.export_prices == "without":
                return self._untaxed(buyer, at, shop, note, "export")
            return DestinationTax(inclusive=True, note=note, code="export")
        return found

    def _untaxed(self, buyer: TaxedBuyer, at: datetime, shop: ShopSettings, note: str, code: str) -> DestinationTax:
        usual = self._charged(TaxedBuyer(buyer.country, buyer.region), at, shop)
        if not any(usual.by_category.values()):
            usual = self._charged(TaxedBuyer(shop.country, shop.tax_region), at, shop)
        taken_out = usual if shop.prices_include_tax == "yes" else None
        return DestinationTax(inclusive=False, taken_out=taken_out, note=note, code=code)

    def _charged(self, buyer: TaxedBuyer, at: datetime, shop: ShopSettings) -> DestinationTax:
        country, region = buyer.country, buyer.region
        current = self.in_force(at)
        if _taxed_at_home(country, shop, current):
            country, region = shop.country, shop.tax_region
        there = [rate for rate in current if rate.country == country and rate.region in ("", region)]
        categories = {rate.category for rate in there} | ({STANDARD} if there else set())
        return DestinationTax(
            inclusive=shop.prices_include_tax == "yes",
            by_category=MappingProxyType({category: _of(category, there) for category in sorted(categories)}),
            delivery="" if shop.delivery_tax == "goods" else shop.delivery_tax,
        )


def _of(category: str, there: list[Rate]) -> tuple[TaxAtRate, ...]:
    found = {(rate.category, bool(rate.region)): rate for rate in there}
    country = found.get((category, False)) or found.get((STANDARD, False))
    region = found.get((category, True))
    if region is None and (category, False) not in found:
        region = found.get((STANDARD, True))
    rates = [one for one in (country, region) if one] if region is None or region.is_added else [region]
    return tuple(rate.tax for rate in rates if rate.rate_bp)


def _taxed_at_home(country: str, shop: ShopSettings, current: tuple[Rate, ...]) -> bool:
    """Within the EU a small seller charges the tax of its own country; so does one with no rate for the other."""
    if country == shop.country or not (tax_areas.in_eu(country) and tax_areas.in_eu(shop.country)):
        return False
    return shop.eu_sales == "home" or not any(rate.country == country for rate in current)


def is_reverse_charge(there: str, number: str, home: str, home_number: str) -> bool:
    """A business in another EU country, with a number of the EU that is not of the shop's own country."""
    if not (number and home_number and tax_areas.in_eu(home) and tax_areas.in_eu(there)):
        return False
    return vat_numbers.country_of(number) not in ("", home) and there != home
