"""Kept figures with what has changed since: the parts of a WITH clause that every page of figures begins with.

`$1` is the shop's time zone and `$2` the version of the rules. Where nothing is kept by these, everybody has changed.
"""

from components.foundation.shop_settings import shop_settings
from components.insights.rollups import plan_parts
from components.insights.rollups.counted_movements import FRESH_OF, STANDING, THESE, by_cohort, by_month

RULES = 7
"""Of what is kept: one of another version is worked out anew."""


def args() -> tuple[str, int]:
    """The first two of every statement that begins with these parts."""
    return shop_settings.current().time_zone, RULES


CURRENT = "EXISTS (SELECT FROM figure_state WHERE zone = $1 AND rules = $2)"
PEOPLE = f"""
kept AS (SELECT {CURRENT} AS is_current),
people AS (SELECT ARRAY(SELECT person FROM figure_payer_change
  UNION SELECT person FROM figure_movement WHERE NOT (SELECT is_current FROM kept)
  UNION SELECT person FROM figure_standing WHERE NOT (SELECT is_current FROM kept)
  UNION SELECT person FROM current_movements WHERE NOT (SELECT is_current FROM kept)) AS ids)"""
"""Who is not rolled up as they are now."""
_STALE = """stale AS (SELECT * FROM figure_movement WHERE person IN (SELECT unnest(ids) FROM people))"""
CHANGED = f"WITH RECURSIVE {PEOPLE}, {FRESH_OF}, {_STALE}"
PLANS_CHANGED = f"""{CHANGED}, {plan_parts.lines("FROM fresh")},
stale_lines AS (SELECT * FROM figure_plan_movement WHERE person IN (SELECT unnest(ids) FROM people))"""
"""As `CHANGED`, with what each plan had of it."""
STANDINGS = f"""WITH {PEOPLE}, standing AS (
  SELECT person, a_month, a_year, since FROM figure_standing WHERE person NOT IN (SELECT unnest(ids) FROM people)
  UNION ALL {STANDING.format(whom=THESE)})"""
"""Everybody who pays now."""
TOTALS = f"""WITH {PEOPLE}, now_standing AS ({STANDING.format(whom=THESE)}), parts AS (
  SELECT paying, mrr, arr FROM figure_state WHERE (SELECT is_current FROM kept)
  UNION ALL SELECT -count(*), -sum(a_month), -sum(a_year) FROM figure_standing
    WHERE (SELECT is_current FROM kept) AND person IN (SELECT unnest(ids) FROM people)
  UNION ALL SELECT count(*), sum(a_month), sum(a_year) FROM now_standing)
SELECT coalesce(sum(paying), 0)::bigint AS paying, coalesce(sum(mrr), 0)::bigint AS mrr,
  coalesce(sum(arr), 0)::bigint AS arr FROM parts"""


def month_parts(key: str, values: str) -> str:
    """Sums of `values`, parted by spaces, by `key`: what is kept, less what was counted of whoever has changed, with
    what counts now. Goes on from `CHANGED`."""
    sums, plus, minus = _sums(values)
    return f"""SELECT {key}, {sums} FROM (
    SELECT {key}, {plus} FROM figure_month WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {key}, {minus} FROM ({by_month("FROM stale")}) s WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {key}, {plus} FROM ({by_month("FROM fresh")}) f) parts GROUP BY {key}"""


def cohort_parts(key: str, values: str) -> str:
    """As `month_parts`."""
    sums, plus, minus = _sums(values)
    return f"""SELECT {key}, {sums} FROM (
    SELECT {key}, {plus} FROM figure_cohort WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {key}, {minus} FROM ({by_cohort("FROM stale")}) s WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {key}, {plus} FROM ({by_cohort("FROM fresh_joined")}) f) parts GROUP BY {key}"""


def plan_parts_of_months() -> str:
    """As `month_parts`, of plans: goes on from `PLANS_CHANGED`."""
    sums, plus, minus = _sums(plan_parts.VALUES)
    return f"""SELECT {plan_parts.KEY}, {sums} FROM (
    SELECT {plan_parts.KEY}, {plus} FROM figure_plan_month WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {plan_parts.KEY}, {minus} FROM ({plan_parts.by_month("FROM stale_lines")}) s
      WHERE (SELECT is_current FROM kept)
    UNION ALL SELECT {plan_parts.KEY}, {plus} FROM ({plan_parts.by_month("FROM lines")}) f) parts
  GROUP BY {plan_parts.KEY}"""


def _sums(values: str) -> tuple[str, str, str]:
    names = values.split()
    return (
        ", ".join(f"sum({one})::bigint AS {one}" for one in names),
        ", ".join(names),
        ", ".join(f"-{one}" for one in names),
    )
