"""On which terms the shop delivers: methods with their fees and countries, and the tax of each country."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from components.checkout.tables import DeliveryMethod
from components.foundation import audit, clock, database, ids, settings
from components.foundation.database import Question, transaction
from components.foundation.refusals import Refusal
from components.pricing import DeliveryChoice, TaxTerms
from components.pricing.tax import NO_TAX


class NoDeliveryThere(Refusal):
    message = "We cannot send this there by that method. Choose another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Amounts in minor units; `free_from` worth of goods the method costs nobody anything."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    country: str
    rate_bp: int
    name: str
    is_included: bool


@dataclass(frozen=True, slots=True)
class Terms:
    methods: tuple[Method, ...]
    rates: tuple[Rate, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Where the shop sends anything at all, its own country first."""
        home = settings.current().country
        everywhere = {country for method in self.methods for country in method.countries}
        return tuple(sorted(everywhere, key=lambda country: (country != home, country)))

    def methods_for(self, country: str) -> tuple[Method, ...]:
        return tuple(method for method in self.methods if country in method.countries)

    def method(self, id: UUID | None, country: str) -> Method | None:
        """The chosen method if it goes there, else the first that does."""
        there = self.methods_for(country)
        return next((method for method in there if method.id == id), there[0] if there else None)

    def tax(self, country: str) -> TaxTerms:
        rate = next((rate for rate in self.rates if rate.country == country), None)
        return NO_TAX if rate is None else TaxTerms(rate.rate_bp, inclusive=rate.is_included, name=rate.name)


def question() -> Question[Terms]:
    return Question(
        """SELECT json_build_object(
          'methods', (SELECT coalesce(json_agg(m ORDER BY m.position, m.fee, m.name), '[]')
            FROM delivery_method m WHERE m.ended_at IS NULL),
          'rates', (SELECT coalesce(json_agg(r ORDER BY r.country), '[]') FROM tax_rate r))""",
        (),
        _read,
    )


def _read(found: Any) -> Terms:
    return Terms(
        msgspec.convert(found["methods"], tuple[Method, ...], strict=False),
        msgspec.convert(found["rates"], tuple[Rate, ...], strict=False),
    )


async def current() -> Terms:
    (terms,) = await database.together(question())
    return terms  # type: ignore[no-any-return]


async def create_method(
    name: str,
    *,
    fee: int,
    countries: tuple[str, ...],
    words: str = "",
    free_from: int | None = None,
    position: int = 0,
    by: UUID | None = None,
) -> DeliveryMethod:
    """A new way to send parcels; `fee` and `free_from` in minor units, two-letter countries."""
    method = DeliveryMethod(
        id=ids.new(),
        name=name,
        words=words,
        fee=fee,
        countries=sorted(countries),
        free_from=free_from,
        position=position,
    )
    async with transaction():
        await DeliveryMethod.insert(method)
        await audit.record(by, "delivery method added", "delivery method", method.id, after=_told(method))
    return method


async def revise_method(
    method_id: UUID, *, name: str, words: str, fee: int, countries: tuple[str, ...], free_from: int | None, by: UUID
) -> None:
    """From now on; orders that were placed keep what they agreed to."""
    async with transaction():
        method = await database.locked(DeliveryMethod, DeliveryMethod.id == method_id)
        if method is None:
            raise Refusal("That delivery method is gone.")
        before = _told(method)
        method.name, method.words, method.fee = name, words, fee
        method.countries, method.free_from = sorted(countries), free_from
        await method.save()
        await audit.record(
            by, "delivery method changed", "delivery method", method_id, before=before, after=_told(method)
        )


async def end_method(method_id: UUID, *, by: UUID) -> None:
    async with transaction():
        await database.execute(
            "UPDATE delivery_method SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", method_id, clock.now()
        )
        await audit.record(by, "delivery method ended", "delivery method", method_id)


async def set_tax(
    country: str, *, rate_bp: int, name: str = "VAT", is_included: bool = True, by: UUID | None = None
) -> None:
    """The tax of a country: `rate_bp` basis points, contained in the shop's prices or added to them."""
    async with transaction():
        await database.execute(
            """INSERT INTO tax_rate (id, country, rate_bp, name, is_included) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (country) DO UPDATE SET rate_bp = $3, name = $4, is_included = $5""",
            ids.new(), country, rate_bp, name, is_included,
        )  # fmt: skip
        await audit.record(by, "tax rate set", "tax rate", country, after={"rate_bp": rate_bp, "name": name})


def _told(method: DeliveryMethod) -> dict[str, Any]:
    return {"name": method.name, "fee": method.fee, "countries": method.countries, "free_from": method.free_from}
