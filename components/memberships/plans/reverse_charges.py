"""Reverse charge: a business with a VAT number of another EU country pays a fee without its tax, and owes that itself.

By the rule and the check that orders have (`tax_book`), with the number and the country of the invoice address in the
payer's account. The fee without tax is a version of the plan of its own, never on offer: whatever goes by the version
(Stripe's price, renewals, changes, pauses, discounts, refunds) goes by it too. Who has paid one keeps it while they are
such a business; a rate that changes later changes nothing of it.
"""

from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, ids
from components.foundation.languages import language
from components.memberships.plans import plan_cache, plan_catalogue, plan_fees
from components.memberships.plans.plan_catalogue import PlanView
from components.people import customer_accounts
from components.people.invoicing import invoice_addresses
from components.pricing import domestic_tax, fee_destination, fee_tax
from components.pricing.destination_tax import DestinationTax
from components.pricing.fee_destination import Place


class FeeOfBusiness(NamedTuple):
    """Where it is, its number, and the tax of its fees: none, with the sentence why."""

    place: Place
    vat_number: str
    there: DestinationTax


async def of_payer(person_id: UUID | None) -> FeeOfBusiness | None:
    """None for whoever pays fees with their tax. The sentence is in the payer's language."""
    buyer = await invoice_addresses.of_person(person_id) if person_id else None
    if buyer is None or person_id is None or not buyer.vat_number:
        return None
    person, place = await customer_accounts.by_id(person_id), (buyer.country, buyer.region)
    with language.speaking(language.chosen(person.language if person else "")):
        there = fee_destination.of_business(place, buyer.vat_number)
    return FeeOfBusiness(place, buyer.vat_number, there) if there else None


async def plan_for(plan: PlanView, payer: UUID | None) -> PlanView:
    """The plan at the price that this payer pays of it: without tax, or with it."""
    return await price_for(plan, await of_payer(payer))


async def price_for(plan: PlanView, found: FeeOfBusiness | None) -> PlanView:
    """The same of a payer that is known: None for one who pays fees with their tax."""
    if found is None:
        return plan_catalogue.by_version(plan.net_of) if plan.net_of else plan
    if plan.is_net or plan.is_free:
        return plan
    net = fee_tax.net(plan.price.amount, _taxes(found.place).terms(plan.tax_category))
    return plan if net == plan.price.amount else plan_catalogue.by_version(await _without_tax(plan, net))


async def version_for(version_id: UUID, payer: UUID | None) -> UUID:
    """As `plan_for`, of a version."""
    return (await plan_for(plan_catalogue.by_version(version_id), payer)).version_id


def is_same_price(one: UUID, other: UUID) -> bool:
    """One is the other, with tax or without."""
    views = (plan_catalogue.by_version(each) for each in (one, other))
    return len({view.net_of or view.version_id for view in views}) == 1


def _taxes(place: Place) -> DestinationTax:
    """Those that a private member there has in the fee; where fees are typed without tax, those put on top."""
    return domestic_tax.at_home() if plan_fees.are_typed_without_tax() else fee_destination.of(place)


async def _without_tax(plan: PlanView, net: int) -> UUID:
    known = next(
        (one.id for one in plan_cache.current().prices if (one.net_of, one.price) == (plan.version_id, net)), None
    )
    if known is not None:
        return known
    if database.DB.transaction_exists():
        raise RuntimeError(
            "a fee without tax is made outside the caller's transaction: undone, it would still be known"
        )
    made: UUID = await database.fetch_value(_KEEP, ids.new(), plan.version_id, net, clock.now())
    await plan_cache.refresh()
    return made


# Over in the instant in which it begins, so that nobody can choose it. Two who ask at once get the same one.
_KEEP = """
INSERT INTO plan_version (id, plan, price, currency, interval, interval_count, is_once, from_at, until_at, net_of,
  variant)
SELECT $1, plan, $3, currency, interval, interval_count, is_once, $4, $4, id, variant FROM plan_version WHERE id = $2
ON CONFLICT (net_of, price) WHERE net_of IS NOT NULL DO UPDATE SET net_of = EXCLUDED.net_of RETURNING id
"""
