"""The tax in what was paid for a membership, kept with it as it was when it was paid.

Of a paid period, a bought gift and a term alike: `net_amount` is what was paid without tax, `taxes` each tax in it,
`tax_country` where its payer lived then, and `tax_note` why there was none. A trigger keeps all of it from changing, so
that a rate, a plan's tax category or an address that changes later changes nothing of what was paid before.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from components.foundation import json
from components.foundation.languages import language
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import member_taxes, reverse_charges
from components.memberships.tables import PlanVersion, Subscription
from components.people import customer_accounts
from components.pricing import domestic_tax, fee_tax
from components.pricing.destination_tax import DestinationTax, TaxAtRate, TaxShare, grouped
from components.pricing.fee_destination import Place
from components.pricing.tax import STANDARD


class KeptRate(msgspec.Struct, frozen=True):
    """One tax in it, in minor units. `rate_bp` is None where it was paid before rates were kept, and is not known."""

    name: str
    rate_bp: int | None
    tax: int


class Taxed(Protocol):
    """A paid period, a gift or a term."""

    tax_country: Any
    tax_note: Any
    taxes: Any


class FeeTaxes(NamedTuple):
    """What was in force for one payer's payment for a plan, when it was made."""

    category: str
    country: str
    there: DestinationTax

    @property
    def note(self) -> str:
        return self.there.note

    def shares(self, amount: int) -> tuple[TaxShare, ...]:
        """One row for each name and rate of tax in it."""
        return grouped(fee_tax.shares(amount, self.category, self.there))

    def columns(self, amount: int) -> dict[Any, Any]:
        """Of a row for a payment of `amount`, by name. Of one that store credit paid all of, the rates without a sum:
        its invoice has their tax."""
        there = replace(self.there, inclusive=True)
        shares = grouped(there.shares(self.category, max(amount, 0)))
        rates = [KeptRate(one.tax.name, one.tax.rate_bp, one.amount) for one in shares]
        return {
            "net_amount": amount - sum(one.tax for one in rates),
            "tax_country": self.country,
            "tax_note": self.there.note,
            "taxes": json.dump(rates),
        }

    def net(self, fee: int) -> int:
        return fee_tax.net(fee, self.there.terms(self.category))


async def in_force(payer: UUID, *, version_id: UUID, at: datetime, place: Place | None = None) -> FeeTaxes:
    """What is in a payment for that price that was made then: by `place`, else where its payer lives. One whose payer
    has no address counts as made at home. In a fee without tax there is none, as long as its payer is such a business:
    without a number, that fee has its tax in it like any other."""
    version = (
        await PlanVersion.select(PlanVersion.net_of, PlanVersion.plan.tax_category)
        .where(PlanVersion.id == version_id)
        .first()
    )
    assert version is not None
    category, business = version["plan.tax_category"], None
    if version["net_of"] and (business := await reverse_charges.of_payer(payer)):
        return FeeTaxes(category, business.place[0], business.there)
    place, person = place or await member_taxes.place_of(payer), await customer_accounts.by_id(payer)
    with language.speaking(language.chosen(person.language if person else "")):
        there = member_taxes.there(place, at=at)
    return FeeTaxes(category, place[0] if place else shop_settings.current().country, there)


def at_home(category: str) -> FeeTaxes:
    """For what was paid to another system: the taxes of the shop's own country, as they are now."""
    return FeeTaxes(category, shop_settings.current().country, domestic_tax.at_home())


async def of_payment(row: Taxed | None, *, payer: UUID, version_id: UUID, at: datetime) -> FeeTaxes:
    """Those that were kept with it, to be found in whatever was paid then; else those that were in force."""
    return kept(row) or await in_force(payer, version_id=version_id, at=at)


async def of_first(joined: Subscription, *, version_id: UUID, at: datetime) -> FeeTaxes:
    """What is in the first fee, paid then. Joined with an order, as the order says: by where that goes, of the instant
    when it was placed."""
    if not joined.order_country:
        return await in_force(joined.payer, version_id=version_id, at=at)
    place = (joined.order_country, joined.order_region)
    return await in_force(joined.payer, version_id=version_id, at=joined.ordered_at, place=place)


def kept(row: Taxed | None) -> FeeTaxes | None:
    """None where they were not kept, or one of their rates is not known."""
    there = _kept(row) if row is not None else None
    return FeeTaxes(STANDARD, row.tax_country, there) if row is not None and there is not None else None


def _kept(row: Taxed) -> DestinationTax | None:
    """None where a rate is not known."""
    rates = json.load_as(list[KeptRate], row.taxes)
    known = tuple(TaxAtRate(one.name, one.rate_bp) for one in rates if one.rate_bp is not None)
    if len(known) < len(rates):
        return None
    by_category: Mapping[str, tuple[TaxAtRate, ...]] = MappingProxyType({STANDARD: known})
    return DestinationTax(inclusive=True, by_category=by_category, note=row.tax_note)


async def note_of(taxes: FeeTaxes, *, payer: UUID, version_id: UUID, at: datetime) -> str:
    """Why there is no tax in it. What was paid before that was kept has the sentence of today."""
    if taxes.note or taxes.there.terms(taxes.category).rate_bp:
        return taxes.note
    return (await in_force(payer, version_id=version_id, at=at)).note
