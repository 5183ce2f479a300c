"""The invoices of membership fees: joining, renewals, changes of plan, terms and gifts bought."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.invoices import issuing, parties
from components.invoices.corrections import invoice_family
from components.invoices.invoice_values import (
    InvoiceDocument,
    InvoiceLine,
    InvoiceParty,
    InvoicePayment,
    InvoiceTax,
    Reduction,
    TaxPart,
)
from components.invoices.issuing import InvoiceDraft
from components.invoices.tables import IssuedInvoice
from components.memberships.billing import paid_periods, subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.grants import paid_once, term_codes
from components.memberships.plans import kept_taxes, plan_catalogue
from components.memberships.plans.kept_taxes import FeeTaxes
from components.memberships.plans.plan_catalogue import PlanView
from components.payments import plan_prices
from components.payments.checkout_sessions import pages
from components.payments.invoicing import invoices
from components.payments.tables import MirroredInvoice
from components.people import customer_accounts
from components.pricing.destination_tax import TaxShare

CHARGES = ("subscription_create", "subscription_cycle", "subscription_update")
_WORDS = {
    "subscription_update": N_("Membership %(plan)s: change of plan"),
    "term": N_("Membership %(plan)s, paid once"),
    "gift": N_("Gift membership %(plan)s"),
}
UNUSED = N_("Unused time on your previous plan")
_RENEWAL = N_("Membership %(plan)s")


def cause_of_fee(invoice_id: str) -> str:
    return f"fee:{invoice_id}"


def cause_once(what: str, reference_id: UUID) -> str:
    """`what`: term or gift."""
    return f"{what}:{reference_id}"


async def ensure_fee(invoice_id: str) -> IssuedInvoice | None:
    """For the fee on a paid invoice of a subscription; the order that may be on it too has one of its own."""
    if known := await issuing.of_cause(cause_of_fee(invoice_id)):
        return await invoice_family.standing(known)
    paid = await invoices.by_id(invoice_id)
    if paid is None or paid.local_id is None or paid.status != "paid" or paid.reason not in CHARGES:
        return None
    paid_at = paid.paid_at or paid.created_at
    money = await paid_periods.fee_of(paid)
    credit = max(0, paid.total - paid.amount_paid)
    if money + credit <= 0 or not await issuing.are_wanted(paid_at):
        return None
    found = await subscriptions.by_id(paid.local_id)
    version = await plan_prices.version_of(paid.price) if paid.price else None
    plan = plan_catalogue.by_version(version or found.plan_version)
    return await _issue(
        plan, cause=cause_of_fee(invoice_id), subject="fee", reference=found.id, payer=found.payer, what=paid.reason,
        paid_at=paid_at, money=money, credit=credit, currency=paid.currency, period=served(paid),
        reductions=await _reductions(paid, found.payer),
        taxes=await paid_periods.taxes_of(found, paid, version_id=plan.version_id),
    )  # fmt: skip


async def ensure_latest(subscription_id: UUID) -> IssuedInvoice | None:
    """Of the last fee that was paid for a subscription."""
    found = await invoices.of_subscription(subscription_id)
    paid = next((one for one in found if one.status == "paid" and (one.amount_paid or one.store_credit)), None)
    return await ensure_fee(paid.stripe_id) if paid else None


def served(paid: MirroredInvoice) -> tuple[date, date] | None:
    """First and last day: on the day that it ends, the next one begins."""
    if not paid.period_start or not paid.period_end:
        return None
    first = issuing.today(paid.period_start)
    return first, max(first, issuing.today(paid.period_end) - timedelta(days=1))


async def ensure_once(reference_id: UUID) -> IssuedInvoice | None:
    """For a term or a bought gift, once it is paid."""
    once = await paid_once.of_reference(reference_id)
    if once is None:
        return None
    if known := await issuing.of_cause(cause_once(once.what, reference_id)):
        return await invoice_family.standing(known)
    page = await pages.for_reference(once.what, reference_id)
    if page is None or not page.is_paid or page.paid_at is None or not pages.fee_of(page):
        return None
    if not await issuing.are_wanted(page.paid_at):
        return None
    plan = plan_catalogue.by_version(once.plan_version)
    taxed = await paid_once.taxed(reference_id)
    return await _issue(
        plan, cause=cause_once(once.what, reference_id), subject=once.what,
        reference=reference_id, payer=once.payer, what=once.what, paid_at=page.paid_at, money=pages.fee_of(page),
        credit=0, currency=page.currency.upper(), period=None,
        reductions=await _code_of(reference_id, plan.price.amount - pages.fee_of(page), payer=once.payer),
        taxes=await kept_taxes.of_payment(taxed, payer=once.payer, version_id=once.plan_version, at=page.paid_at),
    )  # fmt: skip


async def _issue(
    plan: PlanView,
    *,
    cause: str,
    subject: str,
    reference: UUID,
    payer: UUID,
    what: str,
    paid_at: datetime,
    money: int,
    credit: int,
    currency: str,
    period: tuple[date, date] | None,
    taxes: FeeTaxes,
    reductions: tuple[Reduction, ...] = (),
) -> IssuedInvoice:
    person = await customer_accounts.by_id(payer)
    wish = person.language if person else ""
    shares = taxes.shares(money + credit)
    note = await kept_taxes.note_of(taxes, payer=payer, version_id=plan.version_id, at=paid_at)
    with language.speaking(language.chosen(wish)):
        paid_on = issuing.today(paid_at)
        document = InvoiceDocument(
            seller=parties.seller(),
            buyer=await _buyer(plan, what, reference, payer),
            currency=currency,
            tax_is_included=True,
            lines=(_line(_(_WORDS.get(what, _RENEWAL), plan=plan.name), money + credit, shares, reductions),),
            taxes=tuple(
                InvoiceTax(name=one.tax.name, rate_bp=one.tax.rate_bp, net=one.net, tax=one.amount) for one in shares
            ),
            payments=(InvoicePayment(by="credit", amount=credit), InvoicePayment(by="money", amount=money)),
            supplied=period or (paid_on, paid_on),
            paid_on=paid_on,
            notes=(note,) if note else (),
        )
    return await issuing.issue(InvoiceDraft(
        kind="invoice", cause=cause, subject=subject, reference=reference, document=document, person=payer,
        language=wish,
    ))  # fmt: skip


async def _buyer(plan: PlanView, what: str, reference: UUID, payer: UUID) -> InvoiceParty:
    """Of a fee without tax, the business whose number did away with it."""
    if what in ("subscription_create", "term") and not plan.is_net:
        return await parties.joined_buyer(reference, payer)
    return await parties.buyer_person(payer)


async def _reductions(paid: MirroredInvoice, payer: UUID) -> tuple[Reduction, ...]:
    """What a discount took off the fee; off the charge for a change of plan, the unused time of the plan before."""
    is_change = paid.reason == "subscription_update"
    amount, person = paid.unused if is_change else paid.discount, await customer_accounts.by_id(payer)
    with language.speaking(language.chosen(person.language if person else "")):
        words = _(UNUSED) if is_change else await fee_discounts.words_of(paid.coupon) or _("Discount")
    return (Reduction(words=words, amount=amount),) if amount else ()


async def _code_of(term_id: UUID, off: int, *, payer: UUID) -> tuple[Reduction, ...]:
    """What a code took off a term, in the language of its payer."""
    code, person = await term_codes.code_of(term_id) if off > 0 else "", await customer_accounts.by_id(payer)
    with language.speaking(language.chosen(person.language if person else "")):
        return (Reduction(words=_("Coupon %(code)s", code=code), amount=off),) if code else ()


def _line(words: str, amount: int, shares: Sequence[TaxShare], reductions: tuple[Reduction, ...] = ()) -> InvoiceLine:
    parts = tuple(TaxPart(row=place, net=one.net, tax=one.amount) for place, one in enumerate(shares))
    unit = amount + sum(one.amount for one in reductions)
    net = amount - sum(part.tax for part in parts)
    return InvoiceLine(words=words, quantity=1, unit=unit, net=net, parts=parts, reductions=reductions)
