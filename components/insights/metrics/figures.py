"""Today's figures: orders, sales and members, each counted as its definition says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation import clock, settings
from components.foundation.database import Query

DEFINITIONS = {
    "orders": "Orders paid in these days, by the shop’s own clock. Orders that were never paid do not count.",
    "sales": "What those orders came to, delivery and tax included, before refunds.",
    "average order": "Sales divided by orders. “—” when there were none.",
    "refunds": "Money given back in these days, whichever day the order was from.",
    "paying members": "At least one non-zero membership active or past due. Gifts, comps, trials and household seats "
    "are counted apart.",
    "MRR": "Σ recurring fee ÷ interval in months, ex tax. Excludes trials, one-off fees, shop orders. Discounts that "
    "last for ever reduce it, finite ones do not. Paused = 0, unpaid = 0. Refunds ignored.",
    "ARR": "12 × MRR.",
    "CMRR": "MRR less scheduled cancellations and downgrades.",
    "ARPU": "MRR ÷ paying members.",
    "member churn": "Members at start who churned ÷ members at start. The churn date is the end of paid service, not "
    "the click.",
    "fee LTV": "ARPU ÷ mean member churn of six complete months. With zero churn or fewer than 30 members: “—”.",
    "retention cohort": "By month of first payment; cell k = share paying at the end of month k (and MRR at its end ÷ "
    "MRR at the beginning).",
    "trial conversion": "Trials started in the period that since converted (trial ended, not cancelled, first invoice "
    "paid).",
    "benefit profit and loss": "Cost of discount, delivery, cashback and gifts per plan against its fees. What was "
    "given counts for the plan that its receiver then held.",
}


@dataclass(frozen=True)
class Sales:
    """`days` 1 is today. Amounts in minor units."""

    days: int
    orders: int
    sales: int
    refunds: int

    @property
    def average(self) -> int | None:
        return round(self.sales / self.orders) if self.orders else None


@dataclass(frozen=True)
class Members:
    """`mrr` is the sum of all movements; `leaving` is the part of it that is cancelled already."""

    paying: int
    free: int
    given: int
    mrr: int
    leaving: int

    @property
    def arr(self) -> int:
        return 12 * self.mrr

    @property
    def cmrr(self) -> int:
        return self.mrr - self.leaving

    @property
    def arpu(self) -> int | None:
        return round(self.mrr / self.paying) if self.paying else None


def midnight(at: datetime) -> datetime:
    """When the day of this instant began, by the shop's own clock."""
    local = at.astimezone(ZoneInfo(settings.current().time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def sales(*spans: int) -> Query[tuple[Sales, ...]]:
    """Of the last so many days, today included."""
    now = clock.now()
    starts = [midnight(midnight(now) - timedelta(days=days - 1, hours=-1)) for days in spans]
    return Query(_SALES, (list(spans), starts, now), lambda found: tuple(Sales(**one) for one in found or ()))


_SALES = """SELECT json_agg(json_build_object(
    'days', span.days, 'orders', o.orders, 'sales', o.sales, 'refunds', r.refunds)
    ORDER BY span.n)
  FROM unnest($1::int[], $2::timestamptz[]) WITH ORDINALITY AS span (days, from_at, n),
  LATERAL (SELECT count(*) AS orders, coalesce(sum(total), 0) AS sales FROM insights_orders
    WHERE paid_at >= span.from_at AND paid_at <= $3) o,
  LATERAL (SELECT coalesce(sum(amount), 0) AS refunds FROM insights_refunds
    WHERE at >= span.from_at AND at <= $3 AND status <> 'failed') r"""


def members() -> Query[Members]:
    return Query(_MEMBERS, (clock.now(),), _read)


def _read(found: Any) -> Members:
    return Members(**found)


_MEMBERS = """SELECT json_build_object(
  'paying', (SELECT count(DISTINCT m.holder) FROM insights_memberships m
    JOIN insights_subscriptions s ON s.id = m.source_id
    WHERE m.source = 'subscription' AND holds(m.starts_at, m.ends_at, $1)
      AND s.status IN ('active', 'past_due') AND s.price > 0),
  'free', (SELECT count(DISTINCT holder) FROM insights_memberships
    WHERE source = 'free' AND holds(starts_at, ends_at, $1)),
  'given', (SELECT count(DISTINCT holder) FROM insights_memberships
    WHERE source IN ('comp', 'gift') AND holds(starts_at, ends_at, $1)),
  'mrr', (SELECT coalesce(sum(amount), 0) FROM movement),
  'leaving', (SELECT coalesce(sum(last.balance), 0) FROM insights_subscriptions s
    JOIN LATERAL (SELECT balance FROM movement WHERE person = s.payer ORDER BY turn DESC LIMIT 1) last ON true
    WHERE s.cancel_at > $1 AND s.status IN ('active', 'past_due')))"""
