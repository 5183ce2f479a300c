"""The shop's delivery terms: methods with their fees, the zones they are offered in, and the tax of each country."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from components.checkout.tables import DeliveryMethod
from components.checkout.taxes import tax_notes
from components.checkout.taxes.tax_book import Rate, TaxBook, TaxedBuyer
from components.foundation import database
from components.foundation.database import Query
from components.foundation.languages.words import N_
from components.foundation.postal import postal_regions
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rules import COUNTRIES
from components.pricing.delivery_charge import DeliveryChoice
from components.pricing.destination_tax import DestinationTax


class NoDeliveryThere(Refusal):
    message = N_("We can’t deliver there with this method. Please choose another one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupPlace:
    """Where customers pick up their goods, and when."""

    line1: str
    line2: str = ""
    district: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str
    hours: str = ""

    @property
    def town_line(self) -> str:
        return postal_regions.line_of(self)

    @property
    def line(self) -> str:
        return ", ".join(part for part in (self.line1, self.line2, self.town_line) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Amounts in minor units, weights in grams; from `free_from` worth of goods the method is free for everybody.

    `fee` holds up to the first of `bands`, which are by the goods' price or by weight, as `basis` says.
    """

    id: UUID
    name: str
    words: str
    fee: int
    zones: tuple[UUID, ...]
    free_from: int | None
    position: int
    basis: str = "flat"
    bands: tuple[tuple[int, int], ...] = ()
    heaviest: int | None = None
    pickup: PickupPlace | None = None
    transit_least: int | None = None
    transit_most: int | None = None
    carrier_days: str = "12345"

    @property
    def choice(self) -> DeliveryChoice:
        return DeliveryChoice(
            id=self.id, name=self.name, fee=self.fee, free_from=self.free_from, basis=self.basis, bands=self.bands
        )

    @property
    def lowest_fee(self) -> int:
        return min((self.fee, *(fee for _, fee in self.bands)))

    @property
    def has_one_fee(self) -> bool:
        return all(fee == self.fee for _, fee in self.bands)

    def carries(self, weight: int) -> bool:
        return self.heaviest is None or weight <= self.heaviest


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """`places` are countries, or regions as `US-HI`. With `is_rest` it has all that are in no other zone too."""

    id: UUID
    name: str
    is_rest: bool
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days on which the shop packs nothing, or with `is_open` packs although it otherwise would not."""

    id: UUID
    first_day: date
    last_day: date
    words: str = ""
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    methods: tuple[Method, ...]
    zones: tuple[Zone, ...]
    taxes: TaxBook
    closures: tuple[Closure, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    """What Stripe Tax calls the goods of each tax category, and `delivery`."""
    keeps_own_rates: bool = False
    """Although the shop asks Stripe Tax: Stripe is silent, and the shop would rather sell by its own rates."""

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries the shop delivers to, or to a part of, its own first."""
        home, used = shop_settings.current().country, {zone for method in self.methods for zone in method.zones}
        named = {place[:2]: zone.id in used for zone in self.zones for place in zone.places if "-" not in place}
        parts = {place[:2] for zone in self.zones if zone.id in used for place in zone.places}
        parts |= {method.pickup.country for method in self.methods if method.pickup}
        rest = next((zone.id in used for zone in self.zones if zone.is_rest), False)
        served = {country for country in COUNTRIES if named.get(country, rest)} | parts
        return tuple(sorted(served, key=lambda country: (country != home, country)))

    @property
    def named_countries(self) -> tuple[str, ...]:
        """Those that a zone with a method names: without the rest of the world."""
        used = {zone for method in self.methods for zone in method.zones}
        return tuple(sorted({place[:2] for zone in self.zones if zone.id in used for place in zone.places}))

    @property
    def next_position(self) -> int:
        """Of a new method: after all others, as the first one that is sent is what customers find chosen."""
        return min(99, max((method.position for method in self.methods), default=0) + 1)

    def zone_of(self, country: str, region: str = "") -> Zone | None:
        """A region's own zone comes before its country's, and both before the rest of the world."""
        by_place = {place: zone for zone in self.zones for place in zone.places}
        rest = next((zone for zone in self.zones if zone.is_rest), None)
        return by_place.get(f"{country}-{region}") or by_place.get(country) or rest

    def methods_for(self, country: str, region: str = "", *, weight: int = 0) -> tuple[Method, ...]:
        """Pickup is for everybody."""
        zone = self.zone_of(country, region)
        there = [one for one in self.methods if one.pickup or (zone and zone.id in one.zones)]
        return tuple(one for one in there if one.carries(weight))

    def tax(self, buyer: TaxedBuyer, at: datetime) -> DestinationTax:
        """The taxes this buyer is charged at the instant; those of Stripe Tax are only known at the checkout."""
        if shop_settings.current().asks_stripe_tax and not self.keeps_own_rates:
            return tax_notes.at_checkout(shop_settings.current())
        return self.taxes.tax(buyer, at, shop_settings.current())

    def shown_tax(self, at: datetime) -> DestinationTax:
        """What is said of the tax in a price before there is an address."""
        shop = shop_settings.current()
        return tax_notes.at_checkout(shop) if shop.asks_stripe_tax else self.home_tax(at)

    def home_tax(self, at: datetime) -> DestinationTax:
        """The taxes in the prices as the shop shows them."""
        return self.taxes.at_home(at, shop_settings.current())


_TERMS = """
SELECT json_build_object(
  'methods', (SELECT coalesce(json_agg(to_jsonb(m) || jsonb_build_object(
      'zones', (SELECT coalesce(jsonb_agg(z.zone ORDER BY z.id), '[]') FROM method_zone z WHERE z.method = m.id),
      'bands', (SELECT coalesce(jsonb_agg(jsonb_build_array(b.at_least, b.fee) ORDER BY b.at_least), '[]')
        FROM delivery_band b WHERE b.method = m.id)) ORDER BY m.position, m.fee, m.name), '[]')
    FROM delivery_method m WHERE m.ended_at IS NULL),
  'zones', (SELECT coalesce(json_agg(json_build_object('id', z.id, 'name', z.name, 'is_rest', z.is_rest,
      'places', (SELECT coalesce(json_agg(concat_ws('-', p.country, nullif(p.region, '')) ORDER BY p.country, p.region),
        '[]') FROM zone_place p WHERE p.zone = z.id)) ORDER BY z.is_rest, z.made_at, z.name), '[]')
    FROM delivery_zone z),
  'closures', (SELECT coalesce(json_agg(c ORDER BY c.first_day, c.id), '[]') FROM closed_days c),
  'codes', (SELECT coalesce(json_object_agg(category, code), '{}') FROM tax_code),
  'rates', (SELECT coalesce(json_agg(r ORDER BY r.country, r.region, r.from_at), '[]') FROM tax_rate r))"""


def query() -> Query[DeliveryTerms]:
    return Query(_TERMS, (), _read)


def _read(found: Any) -> DeliveryTerms:
    return DeliveryTerms(
        msgspec.convert(found["methods"], tuple[Method, ...], strict=False),
        msgspec.convert(found["zones"], tuple[Zone, ...], strict=False),
        TaxBook(msgspec.convert(found["rates"], tuple[Rate, ...], strict=False)),
        msgspec.convert(found["closures"], tuple[Closure, ...], strict=False),
        found["codes"],
    )


async def current() -> DeliveryTerms:
    (terms,) = await database.batch(query())
    return terms  # type: ignore[no-any-return]


async def method_names(method_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of delivery methods, ended ones included."""
    if not method_ids:
        return {}
    named = DeliveryMethod.select(DeliveryMethod.id, DeliveryMethod.name)
    return {row["id"]: row["name"] for row in await named.where(DeliveryMethod.id.is_in(list(method_ids)))}
