"""What moved between instants, asked of the database: from whole months where they are whole, and from single rows
elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation.database import Query
from components.foundation.intervals import months_later
from components.foundation.shop_settings import shop_settings
from components.insights.periods.period_days import midnight_of, month_of
from components.insights.periods.plan_flows import Flow, Flows
from components.insights.programme.chosen_people import among
from components.insights.rollups import unrolled

BEGINNING = date(1, 1, 1)
Whole = tuple[int, date, date]
Some = tuple[int, datetime, datetime]


def pieces(edges: Sequence[datetime], zone: ZoneInfo) -> tuple[list[Whole], list[Some]]:
    """Of each stretch between edges, and before the first: the months that are whole in it, and what else there is."""
    first = month_of(edges[0].astimezone(zone).date())
    whole: list[Whole] = [(0, BEGINNING, first)]
    some: list[Some] = [(0, midnight_of(first, zone), edges[0])]
    for place, (from_at, until) in enumerate(pairwise(edges), start=1):
        begins, ends = from_at.astimezone(zone).date(), until.astimezone(zone).date()
        one, other = month_of(begins), month_of(ends)
        if midnight_of(one, zone) < from_at:
            one = months_later(one, 1)
        if one >= other:
            some.append((place, from_at, until))
            continue
        whole.append((place, one, other))
        some += [(place, from_at, midnight_of(one, zone)), (place, midnight_of(other, zone), until)]
    return [one for one in whole if one[1] < one[2]], [one for one in some if one[1] < one[2]]


def query(edges: Iterable[datetime]) -> Query[Flows]:
    """Between these instants, of which there are two or more. Months are the shop's, as those that are kept."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    known = tuple(sorted(set(edges)))
    whole, some = pieces(known, zone)
    args = (*unrolled.args(), *_columns(whole), *_columns(some))
    return Query(_SQL, args, lambda found: _read(found, known))


def query_of(edges: Iterable[datetime], whom: str) -> Query[Flows]:
    """As `query`, of some people: added up from their rows. `whom` is a SELECT of ids, see `chosen_people`."""
    known = tuple(sorted(set(edges)))
    sql = _OF_SOME.format(whom=among("person", whom))
    return Query(sql, (*unrolled.args(), list(known), known[-1]), lambda found: _read(found, known))


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple([row[n] for row in rows] for n in range(3))


def _read(found: Any, edges: tuple[datetime, ...]) -> Flows:
    return Flows(edges, tuple(Flow(place, UUID(plan) if plan else None, *rest) for place, plan, *rest in found or ()))


_KEY = "plan, every, kind, because, turn"
_SUMS = """sum(amount)::bigint AS amount, sum(people)::bigint AS people, sum(members_left)::bigint AS members_left,
    sum(plan_left)::bigint AS plan_left, sum(every_left)::bigint AS every_left, sum(both_left)::bigint AS both_left"""
_VALUES = "amount, people, members_left, plan_left, every_left, both_left"
_SINGLE = f"s.place, {_KEY}, amount, people, is_left::int, is_plan_left::int, is_every_left::int, is_both_left::int"
_SQL = f"""{unrolled.PLANS_CHANGED},
months AS (SELECT * FROM unnest($3::int[], $4::date[], $5::date[]) w (place, first, until)),
stretches AS (SELECT * FROM unnest($6::int[], $7::timestamptz[], $8::timestamptz[]) s (place, from_at, until)),
found AS (
  SELECT place, {_KEY}, {_SUMS} FROM (
    SELECT s.place, {_KEY}, {_VALUES}
    FROM ({unrolled.plan_parts_of_months()}) m JOIN months s ON m.month >= s.first AND m.month < s.until
    UNION ALL SELECT {_SINGLE} FROM figure_plan_movement l JOIN stretches s ON l.at >= s.from_at AND l.at < s.until
    WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
    UNION ALL SELECT {_SINGLE} FROM lines l JOIN stretches s ON l.at >= s.from_at AND l.at < s.until) parts
  GROUP BY place, {_KEY})
SELECT json_agg(json_build_array(place, {_KEY}, {_VALUES})) FROM found
WHERE ({_VALUES}) <> (0, 0, 0, 0, 0, 0)"""
_OF_SOME = f"""{unrolled.PLANS_CHANGED}, theirs AS (
  SELECT at, {_KEY}, amount, people, is_left, is_plan_left, is_every_left, is_both_left FROM figure_plan_movement
  WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people) AND at < $4 AND {{whom}}
  UNION ALL SELECT at, {_KEY}, amount, people, is_left, is_plan_left, is_every_left, is_both_left FROM lines
  WHERE at < $4 AND {{whom}}),
found AS (
  SELECT width_bucket(at, $3::timestamptz[]) AS place, {_KEY}, sum(amount)::bigint AS amount,
    sum(people)::bigint AS people, sum(is_left::int) AS members_left, sum(is_plan_left::int) AS plan_left,
    sum(is_every_left::int) AS every_left, sum(is_both_left::int) AS both_left
  FROM theirs GROUP BY 1, {_KEY})
SELECT json_agg(json_build_array(place, {_KEY}, {_VALUES})) FROM found
WHERE ({_VALUES}) <> (0, 0, 0, 0, 0, 0)"""
