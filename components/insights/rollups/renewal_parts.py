"""Each renewal that was or will be due, as SQL: one for every period that is renewed, whenever it comes.

`at` is when it is due; `is_renewed` whether something was paid after it. A period that is carried over by a pause now
is in none: nobody knows yet when it is due. Whether a renewal is still waited for is asked when the figure is.
"""

from components.insights.rollups import due_dates
from components.insights.rollups.unrolled import CURRENT

COLUMNS = "id, person, subscription, plan, interval, interval_count, fee, at, is_renewed"
ANEW = f"""
SELECT {COLUMNS} FROM (
  SELECT d.id, d.person, d.subscription, v.plan, v.interval, v.interval_count, d.net_price AS fee,
    {due_dates.DUE_AT} AS at, n.starts_at IS NOT NULL AS is_renewed
  FROM (SELECT d.*, s.payer AS person, bool_or(d.amount > 0 OR d.is_opening) OVER until_then AS was_paying,
      lead(d.starts_at) OVER of_them AS next_at, lead(d.is_partial) OVER of_them AS next_is_partial,
      lead(d.plan_version) OVER of_them AS next_version
    FROM insights_subscriptions s JOIN insights_paid_periods d ON d.subscription = s.id WHERE {{whom}}
    WINDOW of_them AS (PARTITION BY d.subscription ORDER BY d.starts_at),
      until_then AS (of_them ROWS UNBOUNDED PRECEDING)) d
  CROSS JOIN LATERAL (SELECT d.next_at AS starts_at, d.next_is_partial AS is_partial) n
  JOIN insights_plan_versions v ON v.id = d.plan_version
  LEFT JOIN insights_plan_versions nv ON nv.id = d.next_version
  {due_dates.CARRIED}
  WHERE d.was_paying AND {due_dates.CUT_SHORT} IS NOT TRUE) due
WHERE at IS NOT NULL"""
"""`whom` is a condition on the subscription `s`. All periods of each are read once, in their order."""
EVERYBODY, THESE = "true", "s.payer IN (SELECT unnest(ids) FROM people)"


MONTH_KEY, MONTH_VALUES = "month, plan, interval, interval_count", "made renewed"


def by_month(rows: str, zone: str = "$1") -> str:
    """Of some, such as "FROM figure_renewal": by the month of the time zone in which they are due."""
    return f"""SELECT date_trunc('month', at AT TIME ZONE {zone})::date AS month, plan, interval, interval_count,
  count(*) AS made, count(*) FILTER (WHERE is_renewed) AS renewed {rows} GROUP BY 1, 2, 3, 4"""


IS_KEPT = "(SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)"
"""Of a row of `figure_renewal`, after `parts`: it counts."""


def parts(span: str) -> str:
    """The parts of a WITH clause that end in `anew`: the renewals of whoever is not rolled up as they are now, in a
    span such as "at >= $3 AND at < $4". `$1` is the shop's time zone and `$2` the version of the rules."""
    return f"""kept AS (SELECT {CURRENT} AS is_current),
people AS (SELECT ARRAY(SELECT person FROM figure_payer_change
  UNION SELECT payer FROM insights_subscriptions WHERE NOT (SELECT is_current FROM kept)) AS ids),
anew AS (SELECT * FROM ({ANEW.format(whom=THESE)}) anew WHERE {span})"""


def unrolled(span: str, most: str = "") -> str:
    """As `parts`, and `due`: all renewals in the span. `most` is an order and a limit, for whoever asks for it again of
    all."""
    return f"""{parts(span)},
due AS (
  (SELECT {COLUMNS} FROM figure_renewal WHERE {IS_KEPT} AND {span} {most})
  UNION ALL SELECT * FROM anew)"""


def month_parts(span: str = "true") -> str:
    """How many were or will be due by `MONTH_KEY`, and are renewed: of the months in a span such as "month >= $3". Goes
    on from `parts`, whose span is of the same time."""
    stale = "FROM figure_renewal WHERE (SELECT is_current FROM kept) AND person IN (SELECT unnest(ids) FROM people)"
    return f"""SELECT {MONTH_KEY}, sum(made)::bigint AS made, sum(renewed)::bigint AS renewed FROM (
    SELECT {MONTH_KEY}, made, renewed FROM figure_renewal_month WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {MONTH_KEY}, -made, -renewed FROM ({by_month(stale)}) s
    UNION ALL SELECT {MONTH_KEY}, made, renewed FROM ({by_month("FROM anew")}) f) parts
  WHERE {span} GROUP BY {MONTH_KEY}"""
