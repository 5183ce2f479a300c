"""A share of what is kept, drawn by chance, beside the rows it is made from: as much as there is time for each night.

Whoever is queued is left out, within the statement that compares: they are rolled up meanwhile.
"""

from components.foundation import clock, database
from components.insights.rollups import buyer_parts, member_parts, payer_countries, plan_parts, renewal_parts, unrolled
from components.insights.rollups import counted_movements as counted
from components.insights.rollups.kept_comparison import KeptDifference, differing
from components.insights.rollups.unrolled import CURRENT

PEOPLE, MONTHS = 1_000, 24
"""Compared each time: so many people with their movements, and so many months and cohorts with theirs."""


async def differences() -> list[KeptDifference]:
    """Of people from what they pay, of months and cohorts from the movements that are kept, of the totals from all."""
    args = unrolled.args()
    buyers = await database.fetch_values(_BUYERS, *args, PEOPLE)
    people = await database.fetch_values(_PEOPLE, *args, PEOPLE)
    months = await database.fetch_values(_MONTHS, *args, MONTHS)
    found = [
        *[(name, await database.fetch_value(sql, args[0], people)) for name, sql in _OF_PEOPLE],
        *[(name, await database.fetch_value(sql, months)) for name, sql in _OF_MONTHS],
        ("people as members", await database.fetch_value(_MEMBERS, clock.now(), people)),
        ("buyers", await database.fetch_value(_BOUGHT, buyers)),
        *[(name, await database.fetch_value(sql)) for name, sql in _TOTALS],
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
_IS_KEPT = "EXISTS (SELECT FROM figure_state)"
_TOTALS = (
    ("totals", differing(
        "SELECT paying, mrr, arr FROM figure_state",
        f"""SELECT count(*), coalesce(sum(a_month), 0)::bigint, coalesce(sum(a_year), 0)::bigint FROM figure_standing
        WHERE {_IS_KEPT} HAVING {_IS_KEPT}""")),
    ("members by part", differing(
        f"SELECT part, number FROM figure_member_part WHERE {_IS_KEPT}",
        member_parts.by_part(f"FROM figure_member WHERE {_IS_KEPT}"))),
    ("months of buyers", differing(
        "SELECT coalesce(sum(number), 0) FROM figure_buyer_month",
        "SELECT coalesce(sum(cardinality(paid_at)), 0) FROM figure_buyer")),
    ("months of joiners", differing(
        "SELECT coalesce(sum(known), 0) FROM figure_joiner_month", "SELECT count(joined_at) FROM figure_buyer")),
)  # fmt: skip
_BUYERS = f"""SELECT person FROM (SELECT person FROM figure_buyer UNION ALL SELECT person FROM insights_orders
    WHERE paid_at IS NOT NULL AND person IS NOT NULL
  UNION ALL SELECT holder FROM insights_memberships WHERE source <> 'free') known
WHERE {CURRENT} ORDER BY random() LIMIT $3::bigint"""
_BUYING = """people AS (SELECT ARRAY(SELECT unnest($1::uuid[]) EXCEPT SELECT person FROM figure_buyer_change) AS ids)"""
_BOUGHT = differing(f"WITH {_BUYING} {buyer_parts.KEPT_OF_THESE}", f"WITH {_BUYING} {buyer_parts.OF_THESE}")
# Whoever has become something else by themselves is added up so where it is read.
_BEING = """people AS (SELECT ARRAY(SELECT unnest($2::uuid[]) EXCEPT SELECT person FROM figure_payer_change
  EXCEPT SELECT person FROM figure_member WHERE until <= $1 OR since > $1) AS ids)"""
_MEMBERS = differing(
    f"WITH {_BEING} SELECT {member_parts.COLUMNS} FROM figure_member WHERE {counted.THESE} AND $1::timestamptz < until",
    f"WITH {_BEING} {member_parts.of_these()}",
)
