"""Members who probably no longer order, or no longer use their benefits, by the same models."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np

from components.insights.behaviour_figures.engagement import WAS_USED
from components.insights.forecasts import habit_model, order_models, patient_reads
from components.insights.forecasts.activity_rows import USED_MONTHS
from components.insights.forecasts.forecast_values import AtRisk, ForecastMade
from components.insights.forecasts.habit_model import HabitHistories
from components.insights.forecasts.likelihood import Array
from components.insights.forecasts.order_models import OrderHistories

UNLIKELY = 5_000
"""Below this chance, in basis points, a member is at risk."""
LOOKED_AT, KEPT = 2_000, 200
"""Of the members who have been silent for longer than twice their usual time, how many are looked at, and listed."""
FEWEST_ORDERS = 3


class _Buyer(NamedTuple):
    person: UUID
    orders: int
    last: float
    age: float
    last_at: datetime


class _User(NamedTuple):
    person: UUID
    used: int
    last: int
    periods: int
    last_at: datetime


_MEMBERS = """EXISTS (SELECT FROM insights_memberships m
    WHERE m.holder = b.person AND holds(m.starts_at, m.ends_at, $1))
  AND EXISTS (SELECT FROM insights_people p WHERE p.id = b.person AND p.erased_at IS NULL)"""
_BUYERS = f"""
SELECT b.person, b.orders, b.last, b.age, b.last_at FROM (
  SELECT person, count(DISTINCT (paid_at AT TIME ZONE $2)::date)::int AS orders, max(paid_at) AS last_at,
    extract(epoch FROM max(paid_at) - min(paid_at))::float8 / 604800 AS last,
    extract(epoch FROM $1 - min(paid_at))::float8 / 604800 AS age
  FROM insights_orders WHERE person IS NOT NULL AND paid_at <= $1 AND cancelled_at IS NULL GROUP BY person) b
WHERE b.orders >= $3 AND b.age - b.last > 2 * b.last / (b.orders - 1) AND {_MEMBERS}
ORDER BY b.orders DESC, b.last_at DESC, b.person LIMIT $4
"""
_USERS = (
    USED_MONTHS
    + f"""SELECT b.person, b.used, b.last, b.periods,
  (SELECT max(at) FROM insights_benefit_uses u WHERE u.person = b.person AND u.at <= $1 AND u.{WAS_USED}) AS last_at
FROM members b WHERE b.used >= $3 AND b.periods - b.last >= 2 AND {_MEMBERS}
  AND NOT EXISTS (SELECT FROM months now WHERE now.person = b.person AND now.month > now.until)
ORDER BY b.used DESC, b.last DESC, b.person LIMIT $4"""
)


async def by_orders(made: ForecastMade, at: datetime, zone: str) -> list[AtRisk]:
    if not made.model:
        return []
    rows = await patient_reads.fetch_as(_Buyer, _BUYERS, at, zone, FEWEST_ORDERS, LOOKED_AT)
    seen = OrderHistories(*_columns([(row.orders - 1, row.last, row.age, 1) for row in rows]))
    chances = order_models.still_there(np.array([made.parameters]), seen, made.model)[0]
    found = [
        AtRisk(
            kind="orders", person=str(row.person), chance=round(10_000 * chance), times=row.orders,
            usual_days=round(7 * row.last / (row.orders - 1)), last_at=row.last_at,
        )
        for row, chance in zip(rows, chances, strict=True)
    ]  # fmt: skip
    return _worst(found)


async def by_habits(made: ForecastMade, at: datetime, zone: str) -> list[AtRisk]:
    if not made.model:
        return []
    rows = await patient_reads.fetch_as(_User, _USERS, at, zone, FEWEST_ORDERS, LOOKED_AT)
    seen = HabitHistories(*_columns([(row.used, row.last, row.periods, 1) for row in rows]))
    chances = habit_model.still_there(np.array([made.parameters]), seen)[0] if rows else []
    found = [
        AtRisk(
            kind="habits", person=str(row.person), chance=round(10_000 * chance), times=row.used,
            out_of=row.periods, last_at=row.last_at,
        )
        for row, chance in zip(rows, chances, strict=True)
    ]  # fmt: skip
    return _worst(found)


def _worst(found: list[AtRisk]) -> list[AtRisk]:
    """Those with most to lose first: who came most often."""
    return sorted((one for one in found if one.chance < UNLIKELY), key=lambda one: (-one.times, one.chance))[:KEPT]


def _columns(rows: list[tuple[float, ...]]) -> Array:
    found: Array = np.array(rows, dtype=float).reshape(-1, 4).T
    return found
