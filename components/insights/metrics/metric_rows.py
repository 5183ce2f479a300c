"""The rows behind the metrics: paying and non-paying members, orders, and trials."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, json
from components.insights.metrics.figures import midnight
from components.memberships.benefits.kinds import all_kinds, by_rank

_RUNS = "holds(m.starts_at, m.ends_at, $1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """`a_month` in minor units, as in the movement ledger; zero for members who do not pay."""

    person: UUID
    name: str
    plan: str
    source: str
    since: datetime
    ends: datetime | None
    a_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldGoods:
    number: str
    name: str
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """`has_converted`: it ended, was not cancelled, and the first invoice was paid."""

    person: UUID
    name: str
    plan: str
    at: datetime
    status: str
    has_converted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """A plan's fees and the cost of its benefits by kind, in minor units.

    Of what is earned on orders counts what was not reversed.
    """

    plan: str
    fees: int
    by_kind: Mapping[str, int]

    @property
    def given(self) -> int:
        return sum(self.by_kind.values())

    @property
    def left(self) -> int:
        return self.fees - self.given


async def paying(*, leaving: bool = False) -> tuple[Holder, ...]:
    """One row for each paying member; with `leaving`, only members who have cancelled."""
    rows = await database.fetch_as(
        Holder,
        f"""SELECT DISTINCT ON (p.id) p.id AS person, coalesce(nullif(p.name, ''), p.email) AS name, plan.name AS plan,
          s.status AS source, m.starts_at AS since, s.cancel_at AS ends,
          coalesce((SELECT balance FROM movement WHERE person = p.id ORDER BY turn DESC LIMIT 1), 0) AS a_month
        FROM insights_memberships m JOIN insights_subscriptions s ON s.id = m.source_id
        JOIN insights_plans plan ON plan.id = m.plan JOIN insights_people p ON p.id = m.holder
        WHERE m.source = 'subscription' AND {_RUNS} AND s.status IN ('active', 'past_due') AND s.price > 0
          AND ($2 = false OR s.cancel_at > $1) ORDER BY p.id, m.starts_at""",
        clock.now(), leaving,
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: one.since, reverse=True))


async def not_paying(*sources: str) -> tuple[Holder, ...]:
    """People who hold a plan from one of these sources, without paying for it."""
    rows = await database.fetch_as(
        Holder,
        f"""SELECT DISTINCT ON (p.id) p.id AS person, coalesce(nullif(p.name, ''), p.email) AS name, plan.name AS plan,
          m.source, m.starts_at AS since, m.ends_at AS ends, 0 AS a_month
        FROM insights_memberships m JOIN insights_plans plan ON plan.id = m.plan
        JOIN insights_people p ON p.id = m.holder
        WHERE m.source = ANY($2) AND {_RUNS} ORDER BY p.id, m.starts_at""",
        clock.now(), list(sources),
    )  # fmt: skip
    return tuple(sorted(rows, key=lambda one: one.since, reverse=True))


async def goods_sold(days: int) -> tuple[SoldGoods, ...]:
    """Orders paid in the last `days` days including today, newest first."""
    return await _of_orders(
        "SELECT number, name, paid_at AS at, total AS amount FROM insights_orders WHERE paid_at", days
    )


async def refunded(days: int) -> tuple[SoldGoods, ...]:
    return await _of_orders(
        """SELECT o.number, o.name, r.at, r.amount FROM insights_refunds r JOIN insights_orders o ON o.id = r.order_id
        WHERE r.status <> 'failed' AND r.at""",
        days,
    )


async def _of_orders(sql: str, days: int) -> tuple[SoldGoods, ...]:
    now = clock.now()
    since = midnight(midnight(now) - timedelta(days=days - 1, hours=-1))
    rows = await database.fetch_as(
        SoldGoods, f"SELECT * FROM ({sql} BETWEEN $1 AND $2) found ORDER BY at DESC", since, now
    )
    return tuple(rows)


async def trial_rows(days: int) -> tuple[TrialRow, ...]:
    """Trials started in the last `days` days, newest first."""
    rows = await database.fetch_as(
        TrialRow,
        """SELECT t.person, coalesce(nullif(p.name, ''), p.email) AS name, plan.name AS plan, t.at, s.status,
          (s.status IN ('active', 'past_due') AND EXISTS (
            SELECT FROM insights_paid_periods d WHERE d.subscription = s.id AND d.amount > 0)) AS has_converted
        FROM insights_trials t JOIN insights_subscriptions s ON s.id = t.subscription
        JOIN insights_plans plan ON plan.id = s.plan JOIN insights_people p ON p.id = t.person
        WHERE t.at >= $1 ORDER BY t.at DESC""",
        clock.now() - timedelta(days=days),
    )
    return tuple(rows)


_BY_PLAN = """
WITH gave AS (
  SELECT person, at, kind, regular - paid AS amount FROM insights_benefit_uses WHERE at >= $1
  UNION ALL SELECT p.person, p.at, e.kind, CASE p.kind WHEN 'earned' THEN 1 ELSE -1 END * e.amount
  FROM insights_ledger_postings p JOIN LATERAL (
    SELECT coalesce(sum(i.amount) FILTER (WHERE i.amount > 0), 0) AS amount, coalesce(min(b.kind), '') AS kind
    FROM insights_ledger_entries i JOIN insights_credit_lots l ON l.id = i.lot
    LEFT JOIN insights_benefits b ON b.id = l.benefit WHERE i.posting = p.id) e ON true
  WHERE p.kind IN ('earned', 'reversed') AND p.at >= $1),
held AS (
  SELECT gave.*, (SELECT m.plan FROM insights_memberships m WHERE m.holder = gave.person AND m.starts_at <= gave.at
    ORDER BY (m.ends_at IS NULL OR m.ends_at > gave.at) DESC, m.source = 'free', m.starts_at DESC LIMIT 1) AS plan
  FROM gave),
summed AS (SELECT plan, kind, sum(amount)::bigint AS amount FROM held GROUP BY plan, kind)
SELECT plan.name AS plan,
  coalesce((SELECT sum(d.amount) FROM insights_paid_periods d
    JOIN insights_subscriptions s ON s.id = d.subscription
    WHERE s.plan = plan.id AND d.paid_at >= $1), 0)::bigint AS fees,
  (SELECT coalesce(json_object_agg(kind, amount), '{}')::text FROM summed WHERE summed.plan = plan.id) AS by_kind
FROM insights_plans plan ORDER BY plan.position
"""


async def by_plan(days: int) -> tuple[PlanResult, ...]:
    """For the last `days` days. Benefits count for the plan that the member held at the time."""
    rows = await database.fetch(_BY_PLAN, clock.now() - timedelta(days=days))
    return tuple(PlanResult(plan=row["plan"], fees=row["fees"], by_kind=json.load(row["by_kind"])) for row in rows)


def use_columns(results: Iterable[PlanResult]) -> tuple[tuple[str, str], ...]:
    """Key and heading of each kind whose uses are money, then of whatever else was given."""
    named = {one.key: one.use_label for one in by_rank() if one.use_label}
    others = sorted({key for one in results for key in one.by_kind} - set(named))
    return (*named.items(), *((key, all_kinds()[key].title if key in all_kinds() else "Other") for key in others))
