"""The rows behind the metrics: paying and non-paying members, orders, and trials."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.insights.metrics import committed, display_names
from components.insights.metrics.figures import midnight
from components.insights.rollups import unrolled
from components.insights.rollups.counted_movements import LAST_PAID

_RUNS = "holds(m.starts_at, m.ends_at, $1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """`a_month` in minor units without tax, as in the movement ledger, `a_year` of the same fee; zero for members who
    do not pay."""

    person: UUID
    name: str
    plan: str
    source: str
    since: datetime
    ends: datetime | None
    a_month: int
    a_year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldGoods:
    number: str
    name: str
    at: datetime
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """`has_converted`: it ended, was not cancelled, and the first invoice was paid, whatever came later."""

    person: UUID
    name: str
    plan: str
    at: datetime
    status: str
    has_converted: bool


async def paying() -> tuple[Holder, ...]:
    """One row for each paying member: what they pay a month adds up to the MRR, and a year to the ARR."""
    return tuple(await database.fetch_as(Holder, _PAYING, *unrolled.args()))


_PAYING = f"""
{unrolled.STANDINGS} SELECT b.person, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name,
  coalesce(plan.name, '') AS plan, coalesce(s.status, '') AS source, b.since, s.cancel_at AS ends, b.a_month, b.a_year
FROM standing b LEFT JOIN insights_people p ON p.id = b.person {LAST_PAID}
LEFT JOIN insights_plans plan ON plan.id = v.plan
ORDER BY b.since DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRow:
    """A member who will leave, or pay another fee; amounts a month without tax."""

    person: UUID
    name: str
    words: str
    at: datetime
    before: int
    after: int


async def agreed() -> tuple[AgreedRow, ...]:
    """What is between the MRR and the CMRR, one row for each member."""
    rows = await committed.agreed()
    named = await display_names.names(one.person for one in rows)
    return tuple(
        AgreedRow(
            person=one.person,
            name=named.get(one.person, "Erased"),
            words="Leaves" if one.is_leaving else "Other plan or price",
            at=one.at,
            before=one.balance,
            after=one.a_month,
        )
        for one in rows
    )


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
          EXISTS (SELECT FROM insights_paid_periods d WHERE d.subscription = s.id AND d.amount > 0) AS has_converted
        FROM insights_trials t JOIN insights_subscriptions s ON s.id = t.subscription
        JOIN insights_plans plan ON plan.id = s.plan JOIN insights_people p ON p.id = t.person
        WHERE t.at >= $1 ORDER BY t.at DESC""",
        clock.now() - timedelta(days=days),
    )
    return tuple(rows)
