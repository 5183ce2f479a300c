"""What was paid for memberships, as their payer and staff read it: for what, and what came back of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.languages import enumerations
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.invoices import invoice_list
from components.invoices.invoice_links import InvoiceLink
from components.memberships.billing import fee_disputes, fee_refunds, paid_periods, subscriptions
from components.memberships.grants import fixed_term, paid_once_refunds, term_codes
from components.memberships.plans import plan_catalogue
from components.memberships.renewal_credits import missed_credits
from components.memberships.tables import PaidPeriod, PaidTerm
from components.payments import disputes
from components.payments.invoicing import invoices as payment_invoices
from components.payments.tables import MirroredInvoice


@dataclass(frozen=True, kw_only=True)
class Paid:
    """`at_bank` says what a bank has given back of it, or has been asked to. `unused`: deducted for time on the plan
    before. `missed`: store credit that was to be used, and came too late."""

    at: datetime
    from_at: datetime
    until: datetime
    amount: Money
    receipt: str | None
    number: str
    what: str = ""
    invoice: str = ""
    term: UUID | None = None
    refunded: Money | None = None
    credit: Money | None = None
    credit_back: Money | None = None
    missed: Money | None = None
    issued: UUID | None = None
    at_bank: str = ""
    unused: Money | None = None

    @property
    def whole(self) -> Money:
        """The fee before unused time was deducted, whatever paid for it."""
        return sum((one for one in (self.credit, self.unused) if one), self.amount)

    @property
    def is_left(self) -> bool:
        """Whether money or store credit of it has not been given back."""
        is_money_left = bool(self.amount) and self.amount != self.refunded
        return is_money_left or bool(self.credit and self.credit != self.credit_back)


async def paid_by(person_id: UUID) -> tuple[Paid, ...]:
    """Whatever was ever paid for a membership, newest first: whoever comes back keeps the receipts from before."""
    begun, terms = await subscriptions.begun(person_id), await fixed_term.paid(person_id)
    rows = [row for one in begun for row in await paid_of(one.id)]
    made = await paid_once_refunds.of_many([one.id for one in terms])
    terms_paid = [_less_refund(await _term(one), paid_once_refunds.given_back(made.get(one.id, []))) for one in terms]
    rows += [_with_invoice(row, await invoice_list.of_reference(row.term)) for row in terms_paid if row.term]
    at_bank = await _at_bank([*(one.id for one in begun), *(one.id for one in terms)])
    told = (replace(row, at_bank=at_bank.get(row.invoice or str(row.term), "")) for row in rows)
    return tuple(sorted(told, key=lambda row: row.at, reverse=True))


async def _at_bank(references: Iterable[UUID]) -> dict[str, str]:
    """By invoice or term: nothing of an inquiry, nor of what the shop has won. Of a payment for an order too, the fee's
    part."""
    words = {}
    for one in [each for id in references for each in await disputes.of_reference(id)]:
        if not one.may_be_refunded:
            sum = money(await fee_disputes.fee_part(one))
            is_lost = one.status == "lost"
            words[one.invoice or str(one.reference_id)] = (
                _("%(sum)s returned by your bank", sum=sum)
                if is_lost
                else _("%(sum)s disputed with your bank", sum=sum)
            )
    return words


async def paid_of(subscription_id: UUID) -> tuple[Paid, ...]:
    """Each paid period and each charge for a plan change, newest first."""
    invoices = {one.stripe_id: one for one in await payment_invoices.of_subscription(subscription_id)}
    billed = [one for one in await paid_periods.of_subscription(subscription_id) if not one.is_partial]
    known = {one.invoice for one in billed}
    refunded = await fee_refunds.refunded_by_invoice(subscription_id)
    given = await fee_refunds.credit_back_by_invoice(subscription_id)
    missed = await missed_credits.of_subscription(subscription_id)
    changed = tuple(_change(one) for one in invoices.values() if one.stripe_id not in known and _is_change(one))
    paid = tuple(
        Paid(
            at=one.paid_at,
            from_at=one.starts_at,
            until=_paid_until(one, invoices.get(one.invoice)),
            amount=Money(one.amount, one.currency),
            receipt=invoices[one.invoice].receipt_url if one.invoice in invoices else None,
            number=(invoices[one.invoice].number or "") if one.invoice in invoices else "",
            invoice=one.invoice if one.invoice in invoices else "",
        )
        for one in billed
    )
    issued = await invoice_list.of_reference(subscription_id)
    with_credit = (_with_credit(one, invoices.get(one.invoice), given.get(one.invoice, 0)) for one in (*paid, *changed))
    both = (_less_unused(_with_invoice(one, issued), invoices.get(one.invoice)) for one in with_credit)
    both = (_less_missed(one, missed.get(one.invoice, 0)) for one in both)
    rows = (_less_refund(one, refunded.get(one.invoice, 0)) for one in both)
    return tuple(sorted(rows, key=lambda one: one.at, reverse=True))


async def _term(term: PaidTerm) -> Paid:
    plan, at = plan_catalogue.by_version(term.plan_version), term.paid_at or term.created_at
    return Paid(
        at=at, from_at=at, until=at, amount=plan.price - Money(term.off, plan.price.currency), receipt=None, number="",
        term=term.id, what=await _less_code(enumerations.with_detail(plan.name, plan.price_words), term),
    )  # fmt: skip


async def _less_code(words: str, term: PaidTerm) -> str:
    if not term.off:
        return words
    code = await term_codes.code_of(term.id)
    off = money(Money(term.off, plan_catalogue.by_version(term.plan_version).price.currency))
    return _("%(what)s, less %(sum)s with %(code)s", what=words, sum=off, code=code)


def _with_invoice(paid: Paid, issued: tuple[InvoiceLink, ...]) -> Paid:
    """The shop's own invoice, where it has issued one, instead of Stripe's: the one that stands."""
    causes = (f"fee:{paid.invoice}", f"term:{paid.term}")
    found = next((one for one in reversed(issued) if one.cause in causes), None)
    return replace(paid, number=found.number, receipt=found.url, issued=found.id) if found else paid


def _less_refund(paid: Paid, refunded: int) -> Paid:
    return replace(paid, refunded=Money(refunded, paid.amount.currency)) if refunded else paid


def _less_missed(paid: Paid, missed: int) -> Paid:
    return replace(paid, missed=Money(missed, paid.amount.currency)) if missed else paid


def _with_credit(paid: Paid, invoice: MirroredInvoice | None, back: int) -> Paid:
    """What store credit paid beside `amount`, and what refunds gave back of that."""
    if invoice is None or not invoice.store_credit:
        return paid
    currency = paid.amount.currency
    given_back = Money(back, currency) if back else None
    return replace(paid, credit=Money(invoice.store_credit, currency), credit_back=given_back)


def _less_unused(paid: Paid, invoice: MirroredInvoice | None) -> Paid:
    is_less = invoice is not None and invoice.unused
    return replace(paid, unused=Money(invoice.unused, invoice.currency)) if invoice and is_less else paid


def _paid_until(period: PaidPeriod, invoice: MirroredInvoice | None) -> datetime:
    """As it was billed, though a change of plan has begun a new period since."""
    if invoice is None or invoice.period_start is None or invoice.period_end is None or period.is_opening:
        return period.ends_at
    return max(period.ends_at, period.starts_at + (invoice.period_end - invoice.period_start))


def _is_change(invoice: MirroredInvoice) -> bool:
    return invoice.reason == "subscription_update" and invoice.status == "paid" and invoice.amount_paid > 0


def _change(invoice: MirroredInvoice) -> Paid:
    at = invoice.paid_at or invoice.created_at
    return Paid(
        at=at,
        from_at=at,
        until=at,
        amount=Money(invoice.amount_paid, invoice.currency),
        receipt=invoice.receipt_url,
        number=invoice.number or "",
        what=_("Change of plan"),
        invoice=invoice.stripe_id,
    )
