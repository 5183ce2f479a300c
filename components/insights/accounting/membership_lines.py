"""Lines of Money in that are of memberships: fees, gifts, terms paid once, and their refunds; and lost disputes."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.foundation.shop_settings import shop_settings
from components.insights.accounting.money_lines import MoneyLine, paged
from components.insights.metrics import lost_disputes
from components.insights.metrics.money_in import Span
from components.memberships.plans import plan_fees
from components.pricing import fee_tax
from components.pricing.tax import TaxTerms


class _Row(NamedTuple):
    """`tax` is None where it is that of the plan, as it is now."""

    id: UUID
    at: datetime
    kind: str
    number: str
    customer: str
    plan: UUID | None
    amount: int
    tax: int | None
    currency: str
    reference: str


_NAMED = "coalesce(nullif(p.name, ''), nullif(p.email, ''), 'Erased customer')"


def _number(cause: str, otherwise: str = "''") -> str:
    """That of the shop's own invoice, where it has issued one."""
    return f"coalesce((SELECT n.number FROM insights_issued_invoices n WHERE n.cause = {cause}), {otherwise})"


_FEE = _number("'fee:' || i.stripe_id", "coalesce(i.number, '')")
_GIFT, _TERM = _number("'gift:' || g.id"), _number("'term:' || t.id")
_ONCE = _number("CASE WHEN r.is_gift THEN 'gift:' ELSE 'term:' END || r.reference")
_PAYMENT = (
    "coalesce((SELECT min(y.stripe_id) FROM insights_payments y WHERE y.reference_id = {id} AND y.received > 0), '')"
)
_PAID = f"""
SELECT d.id, d.paid_at AS at, 'Membership fees' AS kind, {_FEE} AS number, {_NAMED} AS customer, s.plan,
  d.amount, d.amount - d.net_amount AS tax, d.currency, coalesce(i.payment_intent, d.invoice) AS reference
FROM insights_paid_periods d JOIN insights_subscriptions s ON s.id = d.subscription
LEFT JOIN insights_people p ON p.id = s.payer LEFT JOIN insights_invoices i ON i.stripe_id = d.invoice
WHERE NOT d.is_opening
UNION ALL
SELECT g.id, g.paid_at, 'Gift memberships',
  {_GIFT}, {_NAMED}, g.plan, g.price, NULL, g.currency,
  {_PAYMENT.format(id="g.id")}
FROM insights_membership_gifts g LEFT JOIN insights_people p ON p.id = g.buyer
UNION ALL
SELECT t.id, t.paid_at, 'Terms paid once',
  {_TERM}, {_NAMED}, t.plan, t.price, NULL, t.currency,
  {_PAYMENT.format(id="t.id")}
FROM insights_paid_terms t LEFT JOIN insights_people p ON p.id = t.payer
"""
_REFUNDED = f"""
SELECT r.id, r.at, 'Refunds of membership fees' AS kind, {_FEE} AS number, {_NAMED} AS customer, s.plan,
  r.amount, coalesce(round(r.amount * (d.amount - d.net_amount)::numeric / nullif(d.amount, 0)), 0)::bigint AS tax,
  r.currency, coalesce(r.stripe_id, '') AS reference
FROM insights_fee_refunds r JOIN insights_subscriptions s ON s.id = r.subscription
LEFT JOIN insights_paid_periods d ON d.invoice = r.invoice LEFT JOIN insights_people p ON p.id = s.payer
LEFT JOIN insights_invoices i ON i.stripe_id = r.invoice WHERE r.status NOT IN ('failed', 'cancelled')
UNION ALL
SELECT r.id, r.at, CASE WHEN r.is_gift THEN 'Refunds of gift memberships' ELSE 'Refunds of terms paid once' END,
  {_ONCE}, {_NAMED}, r.plan, r.amount, NULL, r.currency, coalesce(r.stripe_id, '')
FROM insights_paid_once_refunds r LEFT JOIN insights_membership_gifts g ON g.id = r.reference
LEFT JOIN insights_paid_terms t ON t.id = r.reference LEFT JOIN insights_people p ON p.id = coalesce(g.buyer, t.payer)
WHERE r.status <> 'failed'
"""
_RATES = "SELECT DISTINCT rate_bp FROM insights_tax_rates ORDER BY rate_bp DESC"


async def of_payments(span: Span) -> AsyncIterator[MoneyLine]:
    """Fees, gifts and terms."""
    async for line in _lines(_PAID, span, sign=1):
        yield line


async def of_refunds(span: Span) -> AsyncIterator[MoneyLine]:
    """Negative."""
    async for line in _lines(_REFUNDED, span, sign=-1):
        yield line


async def of_lost_disputes(span: Span) -> AsyncIterator[MoneyLine]:
    """Negative; of orders, too."""
    currency = shop_settings.current().currency
    for one in await lost_disputes.lost_between(*span):
        yield MoneyLine(
            kind="Lost disputes", at=one.at, number="", customer="", tax_name="", rate_bp=None,
            net=one.tax - one.amount, tax=-one.tax, currency=currency, reference=one.dispute,
        )  # fmt: skip


async def _lines(sql: str, span: Span, *, sign: int) -> AsyncIterator[MoneyLine]:
    rates = await database.fetch_values(_RATES)
    async for rows in paged(_Row, sql, span):
        for row in rows:
            terms = plan_fees.tax_of(row.plan) if row.plan else TaxTerms(0, inclusive=True)
            tax = fee_tax.tax_in(row.amount, terms) if row.tax is None else row.tax
            yield MoneyLine(
                kind=row.kind, at=row.at, number=row.number, customer=row.customer, tax_name=terms.name if tax else "",
                rate_bp=rate_of(row.amount, tax, [terms.rate_bp, *rates]), net=sign * (row.amount - tax),
                tax=sign * tax, currency=row.currency, reference=row.reference,
            )  # fmt: skip


def rate_of(amount: int, tax: int, known: Sequence[int]) -> int | None:
    """A fee keeps its net amount, not the rate of its day: the first known rate that makes this tax of it."""
    if not tax:
        return 0
    return next((rate for rate in known if TaxTerms(rate, inclusive=True).on(amount) == tax), None)
