"""What those who were asked did in the days after it, by arm and by the day on which their days were over.

A person counts once all their days have passed, whatever they did: so that whoever joins at once and whoever takes a
fortnight count alike, and nobody counts twice. A member is kept whose membership has not ended when their days are
over, and is not cancelled then: whoever cancelled and changed their mind in time is kept. Amounts are in the shop's
currency, before refunds. What is paid with store credit is no money: an arm may give it. The guard counts orders whole.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from components.experiments.confidence_sequences import ArmSum
from components.foundation import database
from components.foundation.shop_settings import shop_settings

GUARD_DAYS = 30
FIGURES = {
    "joined": "Joins per person asked",
    "kept": "Members kept per member asked",
    "money": "Fees and orders per person asked",
}
FIGURES_OF = {
    "price": ("joined", "money"),
    "benefits": ("joined", "money"),
    "words": ("joined", "money"),
    "offers": ("kept", "money"),
}
GUARDS = {
    "refunds": "Had an order or a fee refunded",
    "cancels": "Cancelled a membership",
    "orders": "Orders per person asked",
}
SHARES = frozenset({"joined", "kept", "refunds", "cancels"})
"""Figures that are a share of people; the others are money."""
_BOUGHT = "SELECT sum({}) FROM experiments_orders o WHERE o.person = a.person AND o.currency = $5"
_ORDERS = f"coalesce(({_BOUGHT} AND o.paid_at >= a.first_at AND o.paid_at < a.until), 0)"
_VALUES = {
    "joined": """(EXISTS (SELECT FROM experiments_joins j WHERE j.person = a.person
      AND j.starts_at >= a.first_at AND j.starts_at < a.until))::int""",
    "kept": """(EXISTS (SELECT FROM experiments_subscriptions s WHERE s.payer = a.person AND s.started_at <= a.until
      AND (s.ended_at IS NULL OR s.ended_at > a.until) AND NOT EXISTS (SELECT FROM experiments_cancels c
        WHERE c.subscription = s.id AND c.at < a.until AND (c.withdrawn_at > a.until
          OR (c.withdrawn_at IS NULL AND (s.cancel_at IS NOT NULL OR s.ended_at IS NOT NULL))))))::int""",
    "refunds": """(EXISTS (SELECT FROM (SELECT person, at FROM experiments_refunds
      UNION ALL SELECT person, at FROM experiments_fee_refunds) r WHERE r.person = a.person
      AND r.at >= a.first_at AND r.at < a.until))::int""",
    "cancels": """(EXISTS (SELECT FROM experiments_cancels c WHERE c.person = a.person
      AND c.at >= a.first_at AND c.at < a.until))::int""",
    "orders": _ORDERS.format("o.total"),
}
_VALUES["money"] = f"""{_ORDERS.format("o.total - o.credit")} + coalesce((SELECT sum(f.amount) FROM experiments_fees f
      WHERE f.person = a.person AND f.currency = $5 AND f.paid_at >= a.first_at AND f.paid_at < a.until), 0)"""
_SUMS = """
WITH asked AS (SELECT e.arm, e.person, e.first_at, e.first_at + make_interval(days => $2) AS until
  FROM experiment_exposure e WHERE e.experiment = $1),
valued AS (SELECT a.arm, (a.until AT TIME ZONE $4)::date AS day, ({value})::bigint AS value, $5::text AS currency
  FROM asked a WHERE a.until <= $3)
SELECT arm, day, count(*) AS people, sum(value)::bigint AS total, sum(value::numeric * value)::text AS squares
FROM valued GROUP BY arm, day ORDER BY day, arm"""


@dataclass(frozen=True, slots=True)
class _DaySum:
    arm: int
    day: date
    people: int
    total: int
    squares: str


@dataclass(frozen=True, slots=True)
class DayStanding:
    """As of the end of one day: each arm's sums so far."""

    day: date
    arms: Mapping[int, ArmSum]


async def by_day(experiment_id: UUID, figure: str, days: int, at: datetime) -> tuple[DayStanding, ...]:
    """Only days on which somebody's days were over; the last one is how it stands."""
    known = shop_settings.current()
    sql = _SUMS.format(value=_VALUES[figure])
    rows = await database.fetch_as(_DaySum, sql, experiment_id, days, at, known.time_zone, known.currency)
    added: dict[date, dict[int, ArmSum]] = defaultdict(dict)
    for row in rows:
        added[row.day][row.arm] = ArmSum(row.people, row.total, int(row.squares))
    found, so_far = list[DayStanding](), dict[int, ArmSum]()
    for day, sums in sorted(added.items()):
        so_far = so_far | {arm: so_far.get(arm, ArmSum()).plus(one) for arm, one in sums.items()}
        found.append(DayStanding(day, so_far))
    return tuple(found)


async def asked(experiment_id: UUID) -> dict[int, int]:
    """How many are in each arm, whether their days have passed or not."""
    return dict(await database.fetch_rows(_ASKED, experiment_id))


_ASKED = "SELECT arm, count(*) AS people FROM experiment_exposure WHERE experiment = $1 GROUP BY arm"
