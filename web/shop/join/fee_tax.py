"""The tax in a fee. A fee is always charged as shown."""

from collections.abc import Iterable
from uuid import UUID

from components.foundation.formatting import money, without_stop
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.memberships.plans import member_taxes, plan_fees, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.plans.reverse_charges import FeeOfBusiness
from components.pricing import domestic_tax, fee_tax, tax_names
from components.pricing.destination_tax import DestinationTax


async def fee_tax_text(fee: Money, category: str, person_id: UUID | None) -> str:
    """ "£6.50 VAT", of where this person lives; empty where the fee has no tax in it."""
    return _tax_text(fee, category, await member_taxes.of_member(person_id))


async def fee_sum_text(fee: Money, category: str, person_id: UUID | None) -> str:
    """ "£4.00 + £0.80 VAT", where the shop's prices are without tax; empty elsewhere."""
    return _sum_text(fee, category, await member_taxes.of_member(person_id))


async def plan_sum_text(plan: PlanView, person_id: UUID | None) -> str:
    """The same of a plan; nothing of one without tax."""
    return "" if plan.is_net else await fee_sum_text(plan.price, plan.tax_category, person_id)


async def fee_sums(plans: Iterable[PlanView], person_id: UUID | None) -> dict[str, str]:
    """By slug, as `fee_sum_text` says it, or what this person pays of it as a business."""
    there, business = await member_taxes.of_member(person_id), await reverse_charges.of_payer(person_id)
    said = {plan.slug: _sum_text(plan.price, plan.tax_category, there) for plan in plans}
    return {**said, **(await _without_tax(plans, business) if business else {})}


async def _without_tax(plans: Iterable[PlanView], business: FeeOfBusiness) -> dict[str, str]:
    theirs = [await reverse_charges.price_for(plan, business) for plan in plans]
    return {
        one.slug: _("%(price)s for you, without tax (reverse charge)", price=one.price_words)
        for one in theirs
        if one.is_net
    }


async def no_tax_words(plan: PlanView, person_id: UUID | None) -> str:
    """Why there is no tax in the fee of a business."""
    business = await reverse_charges.of_payer(person_id) if plan.is_net else None
    return business.there.note if business else ""


async def tax_words(plan: PlanView, fee: Money, person_id: UUID | None) -> str:
    """A sentence about the tax in what is paid of a plan, or why there is none; empty where there is nothing to say."""
    if words := await no_tax_words(plan, person_id):
        return words
    said = await fee_tax_text(fee, plan.tax_category, person_id)
    return _("This includes %(tax)s.", tax=without_stop(said)) if said else ""


def home_sum_text(plan: PlanView) -> str:
    """As staff read it: with the tax of the shop's own country."""
    return _sum_text(plan.price, plan.tax_category, domestic_tax.at_home())


def _tax_text(fee: Money, category: str, there: DestinationTax) -> str:
    tax = there.terms(category)
    if not fee or not tax.rate_bp:
        return ""
    return f"{money(fee_tax.tax_in(fee.amount, tax))} {tax_names.said(tax.name)}"


def _sum_text(fee: Money, category: str, there: DestinationTax) -> str:
    said = _tax_text(fee, category, there)
    if not said or not plan_fees.are_typed_without_tax():
        return ""
    return _("%(net)s + %(tax)s", net=money(fee_tax.net(fee.amount, there.terms(category))), tax=said)
