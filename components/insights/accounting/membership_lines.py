"""Lines of Money in that are of memberships: fees, gifts, terms paid once, and their refunds."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.insights.accounting import combined_rates
from components.insights.accounting.money_lines import MoneyLine, paged
from components.insights.metrics.money_in import Span


class _Row(NamedTuple):
    id: UUID
    at: datetime
    kind: str
    number: str
    customer: str
    amount: int
    tax: int
    country: str
    taxes: str | None
    currency: str
    reference: str


_NAMED = "coalesce(nullif(p.name, ''), nullif(p.email, ''), 'Erased customer')"


def _number(cause: str, otherwise: str = "''") -> str:
    """That of the shop's own invoice, where it has issued one."""
    return f"coalesce((SELECT n.number FROM insights_issued_invoices n WHERE n.cause = {cause}), {otherwise})"


_FEE = _number("'fee:' || i.stripe_id", "coalesce(i.number, '')")
_ONCE = _number("CASE WHEN o.is_gift THEN 'gift:' ELSE 'term:' END || {0}")
_RATE = "coalesce({0}.tax_country, '') AS country, {0}.taxes"
_PAYMENT = (
    "coalesce((SELECT min(y.stripe_id) FROM insights_payments y WHERE y.reference_id = {id} AND y.received > 0), '')"
)
_PAID = f"""
SELECT d.id, d.paid_at AS at, 'Membership fees' AS kind, {_FEE} AS number, {_NAMED} AS customer,
  d.amount, d.amount - d.net_amount AS tax, {_RATE.format("d")}, d.currency,
  coalesce(i.payment_intent, d.invoice) AS reference
FROM insights_paid_periods d JOIN insights_subscriptions s ON s.id = d.subscription
LEFT JOIN insights_people p ON p.id = s.payer LEFT JOIN insights_invoices i ON i.stripe_id = d.invoice
WHERE NOT d.is_opening
UNION ALL
SELECT o.id, o.paid_at, CASE WHEN o.is_gift THEN 'Gift memberships' ELSE 'Terms paid once' END,
  {_ONCE.format("o.id")}, {_NAMED}, o.price, o.price - o.net_amount, {_RATE.format("o")}, o.currency,
  {_PAYMENT.format(id="o.id")}
FROM insights_paid_once o LEFT JOIN insights_people p ON p.id = o.payer
"""
_REFUNDED = f"""
SELECT r.id, r.at, 'Refunds of membership fees' AS kind, {_FEE} AS number, {_NAMED} AS customer,
  r.amount, coalesce(round(r.amount * (d.amount - d.net_amount)::numeric / nullif(d.amount, 0)), 0)::bigint AS tax,
  {_RATE.format("d")}, r.currency, coalesce(r.stripe_id, '') AS reference
FROM insights_fee_refunds r JOIN insights_subscriptions s ON s.id = r.subscription
LEFT JOIN insights_paid_periods d ON d.invoice = r.invoice LEFT JOIN insights_people p ON p.id = s.payer
LEFT JOIN insights_invoices i ON i.stripe_id = r.invoice WHERE r.status NOT IN ('failed', 'cancelled')
UNION ALL
SELECT r.id, r.at, CASE WHEN r.is_gift THEN 'Refunds of gift memberships' ELSE 'Refunds of terms paid once' END,
  {_ONCE.format("r.reference")}, {_NAMED}, r.amount,
  coalesce(round(r.amount * (o.price - o.net_amount)::numeric / nullif(o.price, 0)), 0)::bigint, {_RATE.format("o")},
  r.currency, coalesce(r.stripe_id, '')
FROM insights_paid_once_refunds r JOIN insights_paid_once o ON o.id = r.reference
LEFT JOIN insights_people p ON p.id = o.payer WHERE r.status <> 'failed'
"""


async def of_payments(span: Span) -> AsyncIterator[MoneyLine]:
    """Fees, gifts and terms."""
    async for line in _lines(_PAID, span, sign=1):
        yield line


async def of_refunds(span: Span) -> AsyncIterator[MoneyLine]:
    """Negative."""
    async for line in _lines(_REFUNDED, span, sign=-1):
        yield line


async def with_ids(ids: list[UUID]) -> dict[UUID, MoneyLine]:
    """The lines of these fees, gifts and terms, whenever they were paid."""
    rows = await database.fetch_as(_Row, f"SELECT * FROM ({_PAID}) found WHERE id = ANY($1)", ids)
    return {row.id: _line(row, sign=1) for row in rows}


async def _lines(sql: str, span: Span, *, sign: int) -> AsyncIterator[MoneyLine]:
    async for rows in paged(_Row, sql, span):
        for row in rows:
            yield _line(row, sign=sign)


def _line(row: _Row, *, sign: int) -> MoneyLine:
    told = combined_rates.of(row.taxes)
    return MoneyLine(
        kind=row.kind, at=row.at, number=row.number, customer=row.customer, country=row.country,
        tax_name=told.tax_name, rate_bp=told.rate_bp, net=sign * (row.amount - row.tax), tax=sign * row.tax,
        currency=row.currency, reference=row.reference,
    )  # fmt: skip
