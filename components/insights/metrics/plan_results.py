"""Benefit profit and loss: what each plan brought in, and what its benefits cost. Minor units, without tax."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from components.foundation import clock, database
from components.foundation.database import Query
from components.foundation.database.queries import with_placeholders
from components.insights.metrics import lost_disputes
from components.insights.rollups import day_parts, unrolled
from components.memberships.benefits.kinds import all_kinds, by_rank


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanResult:
    """`fees` recurring, `once` for gifts and terms paid once, `refunds` of both and what banks took back for good,
    `disputed`; `by_kind` is the cost of benefits.

    `margin` is what members' orders left above the cost of the goods, with these benefits already taken off; it is
    known for `costed` of `lines` lines, and `in_margin` is what benefits have lowered the prices of these by.
    """

    plan: str
    fees: int
    once: int
    refunds: int
    disputed: int
    by_kind: Mapping[str, int]
    margin: int
    in_margin: int
    costed: int
    lines: int

    @property
    def given(self) -> int:
        return sum(self.by_kind.values())

    @property
    def left(self) -> int:
        return self.fees + self.once - self.refunds - self.disputed - self.given

    @property
    def full_margin(self) -> int:
        """The order margin as it would be without the benefits that have lowered it."""
        return self.margin + self.in_margin

    @property
    def altogether(self) -> int:
        """What is left with the order margin, nothing taken off twice: whether the plan earns."""
        return self.left + self.full_margin


_FEE_REFUNDS = """
SELECT v.plan, sum(round(r.amount * d.net_amount::numeric / d.amount))::bigint AS amount FROM insights_fee_refunds r
JOIN insights_paid_periods d ON d.invoice = r.invoice AND d.amount > 0
JOIN insights_plan_versions v ON v.id = d.plan_version
WHERE r.at >= $1 AND r.at <= $2 AND r.status NOT IN ('failed', 'cancelled') GROUP BY v.plan
"""
_ONCE = """
SELECT plan, sum(net_amount)::bigint AS amount FROM insights_paid_once
WHERE paid_at >= $1 AND paid_at <= $2 GROUP BY plan
"""
_ONCE_REFUNDS = """
SELECT r.plan, sum(round(r.amount * o.net_amount::numeric / o.price))::bigint AS amount
FROM insights_paid_once_refunds r JOIN insights_paid_once o ON o.id = r.reference AND o.price > 0
WHERE r.at >= $1 AND r.at <= $2 AND r.status <> 'failed' GROUP BY r.plan
"""
_DAYS = f"""{day_parts.read(day_parts.OF_PLANS, "'fee', 'cost', 'in margin', 'margin', 'costed'")}
SELECT source, plan, kind, sum(number)::bigint AS number, sum(amount)::bigint AS amount FROM found
GROUP BY source, plan, kind"""


async def by_plan(days: int) -> tuple[PlanResult, ...]:
    """For the last `days` days."""
    (found,) = await database.batch(query(days))
    return found  # type: ignore[no-any-return]


def query(days: int) -> Query[tuple[PlanResult, ...]]:
    """As `by_plan`, to be asked together with others."""
    now = clock.now()
    return query_between(now - timedelta(days=days), now)


def query_between(from_at: datetime, until: datetime) -> Query[tuple[PlanResult, ...]]:
    """Both ends included."""
    return Query(_SQL, (*unrolled.args(), from_at, until), _read)


def _of_span(sql: str) -> str:
    """Rows of a statement about the span `$1` to `$2`, in one about `$3` to `$4`."""
    return f"(SELECT json_agg(rows) FROM ({with_placeholders(sql, '${}', 2)}) rows)"


_SQL = f"""SELECT json_build_object(
  'days', (SELECT json_agg(rows) FROM ({_DAYS}) rows),
  'refunds', {_of_span(_FEE_REFUNDS)},
  'once', {_of_span(_ONCE)},
  'once_refunds', {_of_span(_ONCE_REFUNDS)},
  'lost', {_of_span(lost_disputes.LOST)},
  'plans', (SELECT json_agg(json_build_array(id, name) ORDER BY position) FROM insights_plans))"""


def _read(found: Any) -> tuple[PlanResult, ...]:
    once, refunds, disputed = defaultdict[str, int](int), defaultdict[str, int](int), defaultdict[str, int](int)
    for row in found["refunds"] or ():
        refunds[row["plan"]] += row["amount"]
    for row in found["once"] or ():
        once[row["plan"]] += row["amount"]
    for row in found["once_refunds"] or ():
        refunds[row["plan"]] += row["amount"]
    for row in found["lost"] or ():
        if row["plan"]:
            disputed[row["plan"]] += row["amount"] - row["tax"]
    by_source = defaultdict[tuple[str, str], list[dict[str, Any]]](list)
    for row in found["days"] or ():
        by_source[row["source"], row["plan"]].append(row)
    return tuple(
        PlanResult(
            plan=name,
            fees=sum(row["amount"] for row in by_source["fee", id]),
            once=once[id],
            refunds=refunds[id],
            disputed=disputed[id],
            by_kind={row["kind"]: row["amount"] for row in by_source["cost", id] if row["amount"]},
            margin=sum(row["amount"] for row in by_source["margin", id]),
            in_margin=sum(row["amount"] for row in by_source["in margin", id] if _is_in_prices(row["kind"])),
            costed=sum(row["number"] for row in by_source["costed", id]),
            lines=sum(row["number"] for row in by_source["margin", id]),
        )
        for id, name in found["plans"] or ()
    )


def _is_in_prices(key: str) -> bool:
    return key in all_kinds() and all_kinds()[key].is_in_prices


def use_columns(results: Iterable[PlanResult]) -> tuple[tuple[str, str], ...]:
    """Key and heading of each kind whose uses are money, then of whatever else was given."""
    named = {one.key: one.use_label for one in by_rank() if one.use_label}
    others = sorted({key for one in results for key in one.by_kind} - set(named))
    return (*named.items(), *((key, all_kinds()[key].title if key in all_kinds() else "Other") for key in others))
