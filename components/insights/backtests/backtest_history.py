"""What happened apart from orders, read for a simulation: memberships, paid periods, birthdays and recorded uses."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from components.catalog.snapshot import snapshot_refresh
from components.foundation import database
from components.foundation.shop_settings import shop_settings
from components.memberships.benefits.backtest import BacktestEvents, HeldPeriod, PastPeriod, PastUse, PieceWorth
from components.people import customer_accounts
from components.pricing import domestic_tax
from components.pricing.tax import TaxTerms

Row = dict[str, Any]
WHOLE = 10_000


async def load(since: datetime, until: datetime, *, costs: dict[UUID, int], cost_share: int) -> BacktestEvents:
    memberships = await _memberships(since, until)
    tax = domestic_tax.current_tax()
    return BacktestEvents(
        since=since,
        until=until,
        zone=ZoneInfo(shop_settings.current().time_zone),
        memberships=memberships,
        periods=tuple(await database.fetch_as(PastPeriod, _PERIODS, since, until)),
        birthdays=await customer_accounts.birthdays(memberships),
        uses=await _uses(since, until),
        spent_before=dict(await database.fetch_rows(_SPENT_BEFORE, since)),
        piece=lambda variant: _piece(variant, costs, cost_share, tax),
    )


async def spent(since: datetime, until: datetime) -> dict[UUID, int]:
    """By order: what its buyer had spent on goods within a year, including it, less refunds. Members only."""
    return dict(await database.fetch_rows(_SPENT, since, until))


_MEMBERSHIPS = """
SELECT m.holder, m.plan, m.source_id, m.starts_at, m.ends_at FROM insights_memberships m
WHERE m.starts_at <= $2 AND (m.ends_at IS NULL OR m.ends_at > m.starts_at) AND m.holder IN
  (SELECT holder FROM insights_memberships WHERE holds('-infinity', ends_at, $1))
ORDER BY m.holder, m.starts_at, m.id
"""

# The first period may be paid shortly before its membership begins (see `memberships.uses`).
_PERIODS = """
WITH turned AS (SELECT subscription, starts_at, paid_at, is_opening,
    row_number() OVER (PARTITION BY subscription ORDER BY starts_at)::int AS turn FROM insights_paid_periods),
told AS (SELECT t.*, GREATEST(t.paid_at, t.starts_at,
    (SELECT min(o.starts_at) FROM insights_memberships o WHERE o.source_id = t.subscription)) AS instant
  FROM turned t WHERE t.paid_at > $1 AND t.paid_at <= $2 AND NOT t.is_opening)
SELECT m.holder AS person, m.plan, t.subscription AS source, t.paid_at AS at, t.turn
FROM told t JOIN insights_memberships m ON m.source_id = t.subscription
  AND holds(m.starts_at, m.ends_at, t.instant)
ORDER BY t.paid_at, t.subscription, m.id
"""

_USES = """
SELECT benefit, person, claimed_at AS at, 0::bigint AS amount FROM insights_partner_codes
  WHERE person IS NOT NULL AND claimed_at > $1 AND claimed_at <= $2
UNION ALL SELECT benefit, person, at, 0 FROM insights_perk_uses WHERE undone_at IS NULL AND at > $1 AND at <= $2
UNION ALL SELECT l.benefit, l.person, l.given_at, -sum(e.amount)::bigint FROM insights_credit_lots l
  JOIN insights_ledger_entries e ON e.lot = l.id AND e.account_kind = 'cashback_given'
  WHERE l.benefit IS NOT NULL AND l.given_at <= $1 AND l.given_at > $1::timestamptz - interval '367 days' 
  GROUP BY l.id, l.benefit, l.person, l.given_at
"""

_ROLLING = """
WITH back AS (SELECT order_id, sum(amount) AS refunded FROM insights_refunds WHERE status <> 'failed' GROUP BY 1),
rolling AS (SELECT o.id, o.person, o.placed_at, o.paid_at,
    sum(o.goods - o.goods * coalesce(b.refunded, 0) / greatest(o.total, 1)) OVER (
      PARTITION BY o.person ORDER BY o.paid_at RANGE BETWEEN interval '365 days' PRECEDING AND CURRENT ROW
    )::bigint AS spent
  FROM insights_orders o LEFT JOIN back b ON b.order_id = o.id
  WHERE o.paid_at IS NOT NULL AND o.person IN (SELECT holder FROM insights_memberships) AND o.paid_at > {since})
"""
_SPENT = _ROLLING.format(since="$1::timestamptz - interval '365 days'") + (
    "SELECT id, spent FROM rolling WHERE placed_at > $1::timestamptz AND placed_at <= $2"
)
_SPENT_BEFORE = _ROLLING.format(since="$1::timestamptz - interval '730 days'") + (
    """SELECT person, max(spent) AS spent FROM rolling r
    WHERE paid_at > $1::timestamptz - interval '365 days' AND paid_at <= $1 AND EXISTS (
      SELECT FROM insights_memberships m WHERE m.holder = r.person AND holds(m.starts_at, m.ends_at, r.paid_at))
    GROUP BY person"""
)


async def _memberships(since: datetime, until: datetime) -> dict[UUID, tuple[HeldPeriod, ...]]:
    found: defaultdict[UUID, list[HeldPeriod]] = defaultdict(list)
    for holder, *period in await database.fetch_rows(_MEMBERSHIPS, since, until):
        found[holder].append(HeldPeriod(*period))
    return {person: tuple(ran) for person, ran in found.items()}


async def _uses(since: datetime, until: datetime) -> dict[UUID, tuple[PastUse, ...]]:
    found: defaultdict[UUID, list[PastUse]] = defaultdict(list)
    for benefit, *use in await database.fetch_rows(_USES, since, until):
        found[benefit].append(PastUse(*use))
    return {benefit: tuple(uses) for benefit, uses in found.items()}


def _piece(variant_id: UUID, costs: dict[UUID, int], cost_share: int, tax: TaxTerms) -> PieceWorth | None:
    variant = snapshot_refresh.snapshot().variant(variant_id)
    if variant is None:
        return None
    if (cost := costs.get(variant_id)) is not None:
        return PieceWorth(variant.price, cost, is_known=True)
    untaxed = variant.price - (tax.on(variant.price) if tax.inclusive else 0)
    return PieceWorth(variant.price, untaxed * cost_share // WHOLE, is_known=False)
