"""The shop's delivery terms: methods with their fees and countries, and the tax of each country."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from components.checkout.tables import DeliveryMethod
from components.checkout.taxes.tax_book import Rate, TaxBook, TaxedBuyer
from components.foundation import database
from components.foundation.database import Query
from components.foundation.refusals import Refusal
from components.foundation.shop_settings import shop_settings
from components.pricing.delivery_charge import DeliveryChoice
from components.pricing.destination_tax import DestinationTax


class NoDeliveryThere(Refusal):
    message = "We can’t deliver there with this method. Please choose another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Amounts in minor units; from `free_from` worth of goods the method is free for everybody."""

    id: UUID
    name: str
    words: str
    fee: int
    countries: tuple[str, ...]
    free_from: int | None
    position: int

    @property
    def choice(self) -> DeliveryChoice:
        return DeliveryChoice(id=self.id, name=self.name, fee=self.fee, free_from=self.free_from)


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    methods: tuple[Method, ...]
    taxes: TaxBook

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries the shop delivers to, its own first."""
        home = shop_settings.current().country
        everywhere = {country for method in self.methods for country in method.countries}
        return tuple(sorted(everywhere, key=lambda country: (country != home, country)))

    def methods_for(self, country: str) -> tuple[Method, ...]:
        return tuple(method for method in self.methods if country in method.countries)

    def method(self, id: UUID | None, country: str) -> Method | None:
        """The chosen method if it is available there, else the first that is."""
        there = self.methods_for(country)
        return next((method for method in there if method.id == id), there[0] if there else None)

    def tax(self, buyer: TaxedBuyer, at: datetime) -> DestinationTax:
        """The taxes this buyer is charged at the instant."""
        return self.taxes.tax(buyer, at, shop_settings.current())

    def home_tax(self, at: datetime) -> DestinationTax:
        """The taxes in the prices as the shop shows them."""
        return self.taxes.at_home(at, shop_settings.current())


_TERMS = """
SELECT json_build_object(
  'methods', (SELECT coalesce(json_agg(m ORDER BY m.position, m.fee, m.name), '[]')
    FROM delivery_method m WHERE m.ended_at IS NULL),
  'rates', (SELECT coalesce(json_agg(r ORDER BY r.country, r.region, r.from_at), '[]') FROM tax_rate r))"""


def query() -> Query[DeliveryTerms]:
    return Query(_TERMS, (), _read)


def _read(found: Any) -> DeliveryTerms:
    return DeliveryTerms(
        msgspec.convert(found["methods"], tuple[Method, ...], strict=False),
        TaxBook(msgspec.convert(found["rates"], tuple[Rate, ...], strict=False)),
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
