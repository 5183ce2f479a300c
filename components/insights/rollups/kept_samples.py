"""A share of what is kept, drawn by chance, beside the rows it is made from: as much as there is time for each night.

Whoever is queued is left out, within the statement that compares: they are rolled up meanwhile.
"""

from components.foundation import database
from components.insights.rollups import counted_movements as counted
from components.insights.rollups import payer_countries, plan_parts, renewal_parts, unrolled
from components.insights.rollups.kept_comparison import KeptDifference, differing
from components.insights.rollups.unrolled import CURRENT

PEOPLE, MONTHS = 1_000, 24
"""Compared each time: so many people with their movements, and so many months and cohorts with theirs."""


async def differences() -> list[KeptDifference]:
    """Of people from what they pay, of months and cohorts from the movements that are kept, of the totals from all."""
    args = unrolled.args()
    people = await database.fetch_values(_PEOPLE, *args, PEOPLE)
    months = await database.fetch_values(_MONTHS, *args, MONTHS)
    found = [
        *[(name, await database.fetch_value(sql, args[0], people)) for name, sql in _OF_PEOPLE],
        *[(name, await database.fetch_value(sql, months)) for name, sql in _OF_MONTHS],
        ("totals", await database.fetch_value(_TOTALS)),
    ]
    return [KeptDifference(name, rows) for name, rows in found if rows]


_PEOPLE = f"""SELECT person FROM (SELECT person FROM figure_movement UNION SELECT person FROM figure_standing
  UNION SELECT person FROM current_movements) known WHERE {CURRENT} ORDER BY random() LIMIT $3::bigint"""
_MONTHS = f"""SELECT month FROM (SELECT month FROM figure_month UNION SELECT month FROM figure_movement
  UNION SELECT cohort FROM figure_cohort) known WHERE {CURRENT} ORDER BY random() LIMIT $3::bigint"""
_IDS = """people AS (SELECT ARRAY(SELECT unnest($2::uuid[]) EXCEPT SELECT person FROM figure_payer_change) AS ids
  WHERE $1::text IS NOT NULL)"""
_OF_PEOPLE = (
    ("movements", differing(
        f"WITH {_IDS} SELECT {counted.COLUMNS} FROM figure_movement WHERE {counted.THESE}",
        f"WITH RECURSIVE {_IDS}, {counted.FRESH_OF} SELECT {counted.COLUMNS} FROM fresh_joined")),
    ("plans of movements", differing(
        f"WITH {_IDS} SELECT {plan_parts.COLUMNS} FROM figure_plan_movement WHERE {counted.THESE}",
        f"""WITH {_IDS}, {plan_parts.stints(counted.THESE)},
        {plan_parts.lines(f"FROM figure_movement WHERE {counted.THESE}")}
        SELECT {plan_parts.COLUMNS} FROM lines""")),
    ("people who pay", differing(
        f"WITH {_IDS} SELECT person, a_month, a_year, since FROM figure_standing WHERE {counted.THESE}",
        f"WITH {_IDS} {counted.STANDING.format(whom=counted.THESE)}")),
    ("renewals", differing(
        f"WITH {_IDS} SELECT {renewal_parts.COLUMNS} FROM figure_renewal WHERE {counted.THESE}",
        f"WITH {_IDS} {renewal_parts.ANEW.format(whom=renewal_parts.THESE)}")),
    ("countries", differing(
        f"WITH {_IDS} SELECT {payer_countries.COLUMNS} FROM figure_payer_country WHERE {counted.THESE}",
        f"WITH {_IDS} {payer_countries.ANEW.format(whom=payer_countries.THESE)}")),
)  # fmt: skip
_OF_MONTHS = (
    ("months", differing(
        "SELECT month, kind, because, amount, movements, people, members_left FROM figure_month WHERE month = ANY($1)",
        counted.by_month("FROM figure_movement WHERE month = ANY($1)"))),
    ("months of plans", differing(
        f"""SELECT {plan_parts.KEY}, {plan_parts.VALUES.replace(" ", ", ")} FROM figure_plan_month
        WHERE month = ANY($1)""",
        f"""SELECT {plan_parts.KEY}, {plan_parts.VALUES.replace(" ", ", ")}
        FROM ({plan_parts.by_month("FROM figure_plan_movement WHERE month = ANY($1)")}) l""")),
    ("cohorts", differing(
        """SELECT cohort, plan, every, month, people, mrr, joined, opening FROM figure_cohort
        WHERE cohort = ANY($1) AND (people, mrr, joined, opening) <> (0, 0, 0, 0)""",
        f"""SELECT * FROM ({counted.by_cohort("FROM figure_movement WHERE cohort = ANY($1)")}) c
        WHERE (people, mrr, joined, opening) <> (0, 0, 0, 0)""")),
)  # fmt: skip
_TOTALS = differing(
    "SELECT paying, mrr, arr FROM figure_state",
    """SELECT count(*), coalesce(sum(a_month), 0)::bigint, coalesce(sum(a_year), 0)::bigint FROM figure_standing
    WHERE EXISTS (SELECT FROM figure_state) HAVING EXISTS (SELECT FROM figure_state)""",
)
