"""Revenue kept and won: the movements of a span of time, set against the MRR at its start, and why members left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from components.foundation.database import Query
from components.insights.metrics.metrics import MrrMovement
from components.insights.metrics.row_pages import RowList
from components.insights.movements.mrr import KINDS, MrrPeriod
from components.insights.programme.chosen_people import EVERYBODY, among
from components.insights.rollups import unrolled
from components.insights.rollups.unrolled import CHANGED, month_parts

CANCELLED, FAILED, OTHER = "cancelled", "payment failed", "other"


@dataclass(frozen=True)
class ChurnPart:
    """Members who left for one reason, each once however often they left, and what they paid a month."""

    members: int = 0
    amount: int = 0


@dataclass(frozen=True)
class StartersPart:
    """Of those who paid at the start, until they first left: what they lost, what of that they had paid at the start
    already, and by how much they paid more."""

    lost: int = 0
    lost_of_start: int = 0
    expansion: int = 0


@dataclass(frozen=True)
class MovementRates:
    """`churned` by reason: cancelled, payment failed and other. `starters` are those who paid at the start."""

    period: MrrPeriod
    churned: Mapping[str, ChurnPart]
    starters: StartersPart = StartersPart()

    @property
    def lost(self) -> int:
        return -self.period.moved["churn"] - self.period.moved["contraction"]

    @property
    def won(self) -> int:
        return sum(self.period.moved[kind] for kind in ("new", "expansion", "reactivation"))

    @property
    def grr(self) -> Fraction | None:
        """Gross revenue retention: of what was paid at the start, never less than nothing."""
        start = self.period.start
        return Fraction(start - self.starters.lost_of_start, start) if start else None

    @property
    def nrr(self) -> Fraction | None:
        """Net revenue retention: neither who joined since nor who came back is in it."""
        kept = self.period.start + self.starters.expansion - self.starters.lost
        return Fraction(kept, self.period.start) if self.period.start else None

    @property
    def quick_ratio(self) -> Fraction | None:
        return Fraction(self.won, self.lost) if self.lost else None


def query(from_at: datetime, until: datetime, whom: str = EVERYBODY) -> Query[MovementRates]:
    """Of some members the MRR at the start is added up from their movements."""
    return Query(
        _sql(whom) if whom else _SQL, (*unrolled.args(), from_at, until), lambda found: _read(found, from_at, until)
    )


# Movements of those who paid before their first one, up to the one they left by.
_STARTERS = """starters AS (
  SELECT * FROM (
    SELECT m.*, first_value(balance - amount) OVER theirs AS before,
      count(*) FILTER (WHERE kind = 'churn')
        OVER (theirs ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS times_left
    FROM span_moves m WINDOW theirs AS (PARTITION BY person ORDER BY at, balance)) moved
  WHERE before > 0 AND times_left = 0)"""
_FIRST = "date_trunc('month', $3 AT TIME ZONE $1)::date"
_MONTHS = month_parts("month", "amount")
# Whole months before are read from what is kept of them; what is left of the first month, and the span, by its rows.
_SQL = f"""{CHANGED}, by_month AS ({_MONTHS}),
counted AS (
  SELECT person, at, month, kind, because, amount, balance FROM figure_movement
  WHERE at < $4 AND (at >= $3 OR month = {_FIRST}) AND person NOT IN (SELECT unnest(ids) FROM people)
  UNION ALL SELECT person, at, month, kind, because, amount, balance FROM fresh
  WHERE at < $4 AND (at >= $3 OR month = {_FIRST})),
churned AS (
  SELECT person, CASE WHEN because IN ('{CANCELLED}', '{FAILED}') THEN because ELSE '{OTHER}' END AS because, amount
  FROM counted WHERE at >= $3 AND kind = 'churn'),
span_moves AS (SELECT * FROM counted WHERE at >= $3),
{_STARTERS},
theirs AS (
  SELECT before, coalesce(-sum(amount) FILTER (WHERE kind IN ('churn', 'contraction')), 0) AS lost,
    coalesce(sum(amount) FILTER (WHERE kind = 'expansion'), 0) AS expansion
  FROM starters GROUP BY person, before)
SELECT json_build_object(
  'start', coalesce((SELECT sum(amount) FROM by_month WHERE month < {_FIRST}), 0)
    + coalesce((SELECT sum(amount) FROM counted WHERE at < $3), 0),
  'moved', (SELECT json_object_agg(kind, amount) FROM (SELECT kind, sum(amount)::bigint AS amount
    FROM counted WHERE at >= $3 GROUP BY kind) moved),
  'starters', (SELECT json_build_array(coalesce(sum(lost), 0)::bigint, coalesce(sum(least(lost, before)), 0)::bigint,
    coalesce(sum(expansion), 0)::bigint) FROM theirs),
  'churned', (SELECT json_object_agg(because, json_build_array(members, amount)) FROM (
    SELECT because, count(DISTINCT person) AS members, -sum(amount)::bigint AS amount
    FROM churned GROUP BY because) churned))"""


def _sql(whom: str) -> str:
    theirs = _SQL.replace(f"(at >= $3 OR month = {_FIRST})", among("person", whom))
    return theirs.replace(_MONTHS, "SELECT NULL::date AS month, 0 AS amount WHERE false")


def _read(found: Any, from_at: datetime, until: datetime) -> MovementRates:
    moved, churned = dict.fromkeys(KINDS, 0), dict.fromkeys((CANCELLED, FAILED, OTHER), ChurnPart())
    moved |= found["moved"] or {}
    churned |= {because: ChurnPart(*part) for because, part in (found["churned"] or {}).items()}
    return MovementRates(MrrPeriod(from_at, until, found["start"], moved), churned, StartersPart(*found["starters"]))


def rows(
    from_at: datetime, until: datetime, kinds: Sequence[str] = KINDS, *, of_starters: bool = False
) -> RowList[MrrMovement]:
    """The movements of these kinds that it is made from; `of_starters`: of those who paid at the start only."""
    sql = _ROWS.format(chosen="SELECT * FROM starters" if of_starters else "SELECT * FROM span_moves")
    return RowList(MrrMovement, sql, (*unrolled.args(), from_at, until, list(kinds)))


_ROWS = f"""
{CHANGED}, span_moves AS (
  SELECT person, at, amount, balance, kind, because FROM figure_movement
  WHERE at >= $3 AND at < $4 AND person NOT IN (SELECT unnest(ids) FROM people)
  UNION ALL SELECT person, at, amount, balance, kind, because FROM fresh WHERE at >= $3 AND at < $4),
{_STARTERS},
chosen AS ({{chosen}}),
counted AS (
  SELECT person, at, amount, balance, kind, because FROM chosen WHERE kind = ANY($5) AND (at, person) < ($6, $7)
  ORDER BY at DESC, person DESC LIMIT $8)
SELECT c.person AS id, c.at, c.amount, c.balance, c.kind, c.because,
  coalesce(nullif(p.name, ''), p.email, '') AS name
FROM counted c LEFT JOIN insights_people p ON p.id = c.person AND p.erased_at IS NULL ORDER BY c.at DESC, c.person DESC
"""
