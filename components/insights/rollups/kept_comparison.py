"""What is kept of figures beside the same worked out anew."""

from dataclasses import dataclass

from components.foundation import clock, database
from components.foundation.database import time_limits
from components.insights.rollups import (
    buyer_parts,
    day_parts,
    fee_days,
    member_parts,
    payer_countries,
    plan_parts,
    renewal_parts,
    sold_days,
    unrolled,
)
from components.insights.rollups import counted_movements as counted
from components.insights.rollups.figure_rebuild import PATIENCE
from components.insights.rollups.unrolled import CHANGED, PLANS_CHANGED, STANDINGS, TOTALS


@dataclass(frozen=True, slots=True)
class KeptDifference:
    """Rows of one kind of figure that are kept otherwise than they would be worked out now."""

    name: str
    rows: int


async def compare() -> list[KeptDifference]:
    """What is kept, with what is queued, beside all of it worked out anew. Nothing is changed."""
    with time_limits.of_an_update():
        async with database.transaction():
            await database.fetch_value(PATIENCE)
            return [*await differences(), *await day_differences()]


async def differences() -> list[KeptDifference]:
    """As `compare`, within the time that whoever asks has for a statement."""
    args = unrolled.args()
    found = [KeptDifference(name, await database.fetch_value(differing(*sides), *args)) for name, *sides in _COMPARED]
    for name, *sides in _COMPARED_NOW:
        found.append(KeptDifference(name, await database.fetch_value(differing(*sides), *args, clock.now())))
    return [one for one in found if one.rows]


async def day_differences(*, most: int | None = None) -> list[KeptDifference]:
    """Of every day since the first on which anything was, also of one of which nothing is kept, unless something is
    queued of it; of as many as asked for, drawn by chance."""
    zone, rules = unrolled.args()
    days = await database.fetch_values(_DAYS, zone, rules, most)
    found = [KeptDifference(name, await database.fetch_value(sql, zone, days)) for name, sql in _OF_DAYS if days]
    return [one for one in found if one.rows]


_DAYS = f"""WITH {day_parts.EVERY_DAY} SELECT day FROM (SELECT day FROM ranges UNION SELECT day FROM figure_day
  UNION SELECT day FROM figure_fee_day UNION SELECT day FROM figure_sold_day
  UNION SELECT day FROM (WITH {day_parts.EDGE_DAYS} SELECT day FROM ranges) edges) known
WHERE {unrolled.CURRENT} ORDER BY random() LIMIT $3::bigint"""
_UNCHANGED = "day NOT IN (SELECT (at AT TIME ZONE $1)::date FROM figure_day_change)"


def differing(kept: str, anew: str) -> str:
    return f"""WITH kept_now AS ({kept}), anew AS ({anew}) SELECT count(*) FROM (
  (TABLE kept_now EXCEPT ALL TABLE anew) UNION ALL (TABLE anew EXCEPT ALL TABLE kept_now)) differing"""


def _days(kept: str, columns: str, anew: str) -> str:
    return differing(
        f"SELECT {columns} {kept} WHERE day = ANY($2) AND {_UNCHANGED}",
        f"WITH {day_parts.THESE_DAYS} SELECT {columns} FROM ({anew}) found WHERE {_UNCHANGED}",
    )


_OF_DAYS = (
    ("days", _days("FROM figure_day", day_parts.COLUMNS, day_parts.ALL)),
    ("fees of days", _days("FROM figure_fee_day", fee_days.COLUMNS, fee_days.PAID)),
    ("sales of days", _days("FROM figure_sold_day", sold_days.COLUMNS, sold_days.SOLD)),
)


_MONTHS = f"""{CHANGED} SELECT * FROM (
  {unrolled.month_parts("month, kind, because", "amount movements people members_left")}) m WHERE movements <> 0"""
_COHORTS = f"""{CHANGED} SELECT * FROM (
  {unrolled.cohort_parts("cohort, plan, every, month", "people mrr joined opening")}) c
  WHERE (people, mrr, joined, opening) <> (0, 0, 0, 0)"""
_PLAN_MONTHS = f"""{PLANS_CHANGED} SELECT * FROM ({unrolled.plan_parts_of_months()}) m WHERE movements <> 0"""
_LINES_ANEW = f"{counted.FRESH}, {plan_parts.lines('FROM fresh')}"
_ANEW = member_parts.of_everybody("$3")
_COMPARED = (
    ("movements", f"""{CHANGED} SELECT {counted.COLUMNS} FROM figure_movement
     WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
     UNION ALL SELECT {counted.COLUMNS} FROM fresh_joined""",
     f"{counted.FRESH} SELECT {counted.COLUMNS} FROM fresh_joined"),
    ("months", _MONTHS, f"{counted.FRESH} {counted.by_month('FROM fresh')}"),
    ("cohorts", _COHORTS, f"""{counted.FRESH} SELECT * FROM ({counted.by_cohort('FROM fresh_joined')}) c
     WHERE (people, mrr, joined, opening) <> (0, 0, 0, 0)"""),
    ("plans of movements", f"""{PLANS_CHANGED} SELECT {plan_parts.COLUMNS} FROM figure_plan_movement
     WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
     UNION ALL SELECT {plan_parts.COLUMNS} FROM lines""", f"{_LINES_ANEW} SELECT {plan_parts.COLUMNS} FROM lines"),
    ("months of plans", f"{_PLAN_MONTHS}", f"""{_LINES_ANEW}
     SELECT {plan_parts.KEY}, {plan_parts.VALUES.replace(" ", ", ")}
     FROM ({plan_parts.by_month("FROM lines")}) l"""),
    ("people who pay", f"{STANDINGS} SELECT * FROM standing", counted.STANDING.format(whom=counted.EVERYBODY)),
    ("renewals", f"WITH {renewal_parts.unrolled('true')} SELECT * FROM due",
     renewal_parts.ANEW.format(whom=renewal_parts.EVERYBODY)),
    ("countries", f"""WITH {unrolled.PEOPLE} SELECT person, country FROM figure_payer_country
       WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
     UNION ALL SELECT person, country FROM ({payer_countries.ANEW.format(whom=payer_countries.THESE)}) a
       WHERE (SELECT is_current FROM kept)
     UNION ALL SELECT person, country FROM ({payer_countries.ANEW.format(whom=payer_countries.EVERYBODY)}) a
       WHERE NOT (SELECT is_current FROM kept)""", payer_countries.ANEW.format(whom=payer_countries.EVERYBODY)),
    ("months of renewals", f"""WITH {renewal_parts.parts('true')} SELECT * FROM (
     {renewal_parts.month_parts()}) m WHERE made <> 0""",
     renewal_parts.by_month(f"FROM ({renewal_parts.ANEW.format(whom=renewal_parts.EVERYBODY)}) d")),
    ("buyers", f"""WITH {buyer_parts.PEOPLE} SELECT {buyer_parts.COLUMNS} FROM figure_buyer
     WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
     UNION ALL TABLE fresh""", buyer_parts.OF_EVERYBODY),
    ("months of buyers", f"WITH {buyer_parts.PEOPLE} SELECT * FROM ({buyer_parts.month_parts()}) m WHERE number <> 0",
     buyer_parts.by_month(buyer_parts.OF_EVERYBODY)),
    ("months of joiners", f"""WITH {buyer_parts.PEOPLE} SELECT * FROM ({buyer_parts.joiner_parts()}) m
     WHERE (number, known) <> (0, 0)""", buyer_parts.by_joining(buyer_parts.OF_EVERYBODY)),
    ("totals", TOTALS, f"""SELECT count(*), coalesce(sum(a_month), 0)::bigint, coalesce(sum(a_year), 0)::bigint
     FROM ({counted.STANDING.format(whom=counted.EVERYBODY)}) s"""),
)  # fmt: skip
_COMPARED_NOW = (
    ("people as members", f"""{member_parts.UNROLLED} SELECT {member_parts.COLUMNS} FROM figure_member
     WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
     UNION ALL {member_parts.of_these("$3")}""", _ANEW),
    ("members by part", member_parts.COUNTED, member_parts.by_part(f"FROM ({_ANEW}) a")),
)  # fmt: skip
