"""Money in: what customers paid, from whatever they bought, less what was given back or lost to banks.

Store credit is no money: neither what an order was paid with, nor what a refund gave back. Minor units, tax included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from components.foundation import clock, database
from components.insights.metrics import lost_disputes
from components.insights.metrics.figures import midnight
from components.insights.metrics.lost_disputes import LostPart
from components.insights.movements.month_edges import month_edges
from components.insights.rollups import day_parts, fee_days, unrolled


@dataclass(frozen=True, slots=True)
class MoneyPart:
    """One source in one period; `tax` is the part of `amount` that is tax."""

    name: str
    count: int
    amount: int
    tax: int


# What most rows are of is kept by day: orders and fees.
_ORDERS = f"""{day_parts.read(day_parts.MONEY, "'money', 'money tax'")}
SELECT coalesce(sum(number) FILTER (WHERE source = 'money'), 0)::bigint,
  coalesce(sum(amount) FILTER (WHERE source = 'money'), 0)::bigint,
  coalesce(sum(amount) FILTER (WHERE source = 'money tax'), 0)::bigint FROM found
"""
_FEES = f"""{fee_days.READ}
SELECT coalesce(sum(number), 0)::bigint, coalesce(sum(amount), 0)::bigint, coalesce(sum(tax), 0)::bigint FROM found
"""
_ONCE = """
SELECT count(*), coalesce(sum(price), 0)::bigint, coalesce(sum(price - net_amount), 0)::bigint
FROM insights_paid_once WHERE paid_at >= $1 AND paid_at <= $2 AND is_gift = $3
"""
_ONCE_REFUNDS = """
SELECT count(*), coalesce(sum(r.amount), 0)::bigint, coalesce(sum(round(CASE WHEN o.price > 0
  THEN r.amount * (o.price - o.net_amount)::numeric / o.price ELSE 0 END)), 0)::bigint
FROM insights_paid_once_refunds r JOIN insights_paid_once o ON o.id = r.reference
WHERE r.at >= $1 AND r.at <= $2 AND r.status <> 'failed' AND r.is_gift = $3
"""
_ORDER_REFUNDS = """
SELECT count(*), coalesce(sum(r.amount - r.credit), 0)::bigint, coalesce(sum(round(CASE WHEN o.total = 0 THEN 0
  ELSE o.tax * (r.amount - r.credit)::numeric / o.total END)), 0)::bigint
FROM insights_refunds r JOIN insights_order_tax o ON o.id = r.order_id
WHERE r.at >= $1 AND r.at <= $2 AND r.status <> 'failed' AND r.amount > r.credit
"""
_FEE_REFUNDS = """
SELECT count(*), coalesce(sum(r.amount), 0)::bigint, coalesce(sum(round(CASE WHEN d.amount > 0
  THEN r.amount * (d.amount - d.net_amount)::numeric / d.amount ELSE 0 END)), 0)::bigint
FROM insights_fee_refunds r LEFT JOIN insights_paid_periods d ON d.invoice = r.invoice
WHERE r.at >= $1 AND r.at <= $2 AND r.status NOT IN ('failed', 'cancelled')
"""


Span = tuple[datetime, datetime]
"""Both ends included."""


def span_of(days: int) -> Span:
    """The last `days` days including today."""
    now = clock.now()
    return midnight(midnight(now) - timedelta(days=days - 1, hours=-1)), now


def months_of(span: Span) -> list[Span]:
    """The months of the shop's time zone in it, the first and the last as far as they are in it."""
    found, from_at = list[Span](), span[0]
    while from_at <= span[1]:
        following = month_edges(from_at, 1)[-1]
        found.append((from_at, min(span[1], following - timedelta(microseconds=1))))
        from_at = following
    return found


async def parts(days: int) -> tuple[MoneyPart, ...]:
    """For the last `days` days including today."""
    return await parts_between(span_of(days))


async def parts_between(span: Span) -> tuple[MoneyPart, ...]:
    """Refunds and lost disputes are negative."""
    orders, fees = await _kept("Orders", _ORDERS, span), await _kept("Membership fees", _FEES, span)
    back = await _counted("Refunds of orders", _ORDER_REFUNDS, span, sign=-1)
    fees_back = await _counted("Refunds of membership fees", _FEE_REFUNDS, span, sign=-1)
    return (
        orders,
        fees,
        await _counted("Gift memberships", _ONCE, span, True),
        await _counted("Terms paid once", _ONCE, span, False),
        back,
        fees_back,
        await _counted("Refunds of gift memberships", _ONCE_REFUNDS, span, True, sign=-1),
        await _counted("Refunds of terms paid once", _ONCE_REFUNDS, span, False, sign=-1),
        _lost(await lost_disputes.lost_between(*span)),
    )


def _lost(parts: Sequence[LostPart]) -> MoneyPart:
    number = len({one.dispute for one in parts})
    return MoneyPart("Lost disputes", number, -sum(one.amount for one in parts), -sum(one.tax for one in parts))


async def _kept(name: str, sql: str, span: Span) -> MoneyPart:
    return MoneyPart(name, *(await database.fetch_rows(sql, *unrolled.args(), *span))[0])


async def _counted(name: str, sql: str, span: Span, *further: bool, sign: int = 1) -> MoneyPart:
    ((count, amount, tax),) = await database.fetch_rows(sql, *span, *further)
    return MoneyPart(name, count, sign * amount, sign * tax)
