"""CLTV: what a member's fees, orders and benefits together leave until they go. Minor units without tax."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from components.foundation import database
from components.foundation.database import Query
from components.insights.metrics import figures, plan_results, retention
from components.insights.metrics.figures import Members
from components.insights.metrics.plan_results import PlanResult
from components.insights.metrics.retention import FEWEST, MEAN_OF, Churned
from components.insights.movements.month_edges import first_day, whole_months
from components.insights.rollups import day_parts, month_figures, unrolled
from components.insights.rollups.month_figures import Months


@dataclass(frozen=True, kw_only=True)
class LifetimeValue:
    """`months` of membership of plans with a recurring fee, in a span; what those plans took, `took`, and of that
    what stayed after refunds and lost disputes, `stayed`; their order `margin` and their other `benefits`.

    `costed` of `lines` order lines have a known cost.
    """

    mrr: int
    paying: int
    churn: tuple[Fraction, ...]
    months: Fraction
    took: int
    stayed: int
    margin: int
    costed: int
    lines: int
    benefits: int

    @property
    def arpu(self) -> Fraction | None:
        return Fraction(self.mrr, self.paying) if self.paying else None

    @property
    def fee_margin(self) -> Fraction:
        """All of it, where nothing was paid yet."""
        return Fraction(self.stayed, self.took) if self.took else Fraction(1)

    @property
    def contribution(self) -> Fraction:
        return self.margin / self.months if self.months else Fraction(0)

    @property
    def benefit_cost(self) -> Fraction:
        return self.benefits / self.months if self.months else Fraction(0)

    @property
    def mean_churn(self) -> Fraction | None:
        return sum(self.churn, Fraction(0)) / len(self.churn) if len(self.churn) == MEAN_OF else None

    @property
    def value(self) -> int | None:
        """None with fewer than 30 members or without churn; rounded half up, once."""
        if self.paying < FEWEST or self.arpu is None or not self.mean_churn:
            return None
        a_month = self.arpu * self.fee_margin + self.contribution - self.benefit_cost
        return int((a_month / self.mean_churn + Fraction(1, 2)) // 1)


def queries(from_at: datetime, until: datetime) -> tuple[Query[Any], ...]:
    """What `of_answers` makes the value from, to be asked together with others."""
    return (
        figures.members(),
        month_figures.query(),
        plan_results.query_between(from_at, until - A_MOMENT),
        _held(from_at, until),
    )


async def between(from_at: datetime, until: datetime) -> LifetimeValue:
    """Of today's members, by what orders and benefits were in the span."""
    return of_answers(*await database.batch(*queries(from_at, until)))


def of_answers(
    members: Members, months: Months, plans: tuple[PlanResult, ...], held: dict[str, Fraction]
) -> LifetimeValue:
    return _made(members.mrr, members.paying, months.complete, plans, held)


def _made(
    mrr: int, paying: int, complete: Sequence[Churned], plans: Iterable[PlanResult], held: dict[str, Fraction]
) -> LifetimeValue:
    recurring = [one for one in plans if one.plan in held]
    took = sum(one.fees + one.once for one in recurring)
    return LifetimeValue(
        mrr=mrr,
        paying=paying,
        churn=tuple(Fraction(one.left, one.members) for one in complete[-retention.MEAN_OF :] if one.members),
        months=sum(held.values(), Fraction(0)),
        took=took,
        stayed=took - sum(one.refunds + one.disputed for one in recurring),
        margin=sum(one.margin for one in recurring),
        costed=sum(one.costed for one in recurring),
        lines=sum(one.lines for one in recurring),
        benefits=sum(one.given - one.in_margin for one in recurring),
    )


def _held(from_at: datetime, until: datetime) -> Query[dict[str, Fraction]]:
    """Months of membership by the name of the plan, of plans whose fee recurs; a month is a twelfth of 365 days."""
    if whole_months(from_at, until) == (from_at, until):
        return Query(_KEPT, (*unrolled.args(), first_day(from_at), first_day(until)), _read)
    return Query(_HELD, (from_at, until), _read)


A_MOMENT = timedelta(microseconds=1)
_A_MONTH = Fraction(365 * 86_400 * 1_000_000, 12)
_RECURS = "EXISTS (SELECT FROM insights_plan_versions v WHERE v.plan = p.id AND NOT v.is_once AND v.price > 0)"
_KEPT = f"""SELECT json_object_agg(name, held) FROM (
  SELECT p.name, trunc(sum(held))::text AS held FROM ({day_parts.HELD}) h JOIN insights_plans p ON p.id = h.plan
  WHERE held > 0 AND {_RECURS} GROUP BY p.name) months"""
_HELD = f"""SELECT json_object_agg(name, held) FROM (
  SELECT p.name, trunc(extract(epoch FROM sum(least(coalesce(m.ends_at, $2), $2) - greatest(m.starts_at, $1)))
    * 1000000)::text AS held
  FROM insights_memberships m JOIN insights_plans p ON p.id = m.plan
  WHERE m.starts_at < $2 AND holds('-infinity', m.ends_at, $1) AND {_RECURS}
  GROUP BY p.name) months"""


def _read(found: Any) -> dict[str, Fraction]:
    """As text: of hundreds of thousands of members in a year it is more than any integer of the database holds."""
    return {name: Fraction(micros) / _A_MONTH for name, micros in (found or {}).items()}
