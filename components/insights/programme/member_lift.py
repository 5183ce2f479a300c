"""What membership does to buying: orders, their average and who comes back, of members, of others, and of those who
joined before they did and since. Minor units, with delivery and tax, as in sales.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from components.foundation import clock
from components.foundation.database import Query
from components.foundation.intervals import months_later
from components.insights.metrics.row_pages import RowList
from components.insights.movements.month_edges import first_day, whole_months
from components.insights.programme.chosen_people import EVERYBODY, among
from components.insights.rollups import buyer_parts, day_parts, unrolled

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buying:
    """`people` are those with an order, `again` those of them with two or more; orders of nobody known are in neither.

    `known` are the people who could have ordered, where that is known: those who joined.
    """

    orders: int = 0
    amount: int = 0
    people: int = 0
    again: int = 0
    known: int = 0

    @property
    def average(self) -> Fraction | None:
        return Fraction(self.amount, self.orders) if self.orders else None

    @property
    def repeat_rate(self) -> Fraction | None:
        return Fraction(self.again, self.people) if self.people else None


@dataclass(frozen=True, slots=True)
class MemberLift:
    """`before` and `since`: who joined in the span, in as many days before joining as have passed since."""

    members: Buying
    others: Buying
    before: Buying
    since: Buying


@dataclass(frozen=True, slots=True, kw_only=True)
class Joiner:
    """`id` is the person, `at` when they first became a member."""

    id: UUID
    name: str
    at: datetime
    orders_before: int
    amount_before: int
    orders_since: int
    amount_since: int


_JOINED = """
SELECT m.holder AS person, min(m.starts_at) AS joined_at FROM insights_memberships m
WHERE {whom} AND m.source <> 'free' AND m.starts_at >= $1 AND m.starts_at < $2
  AND NOT EXISTS (SELECT FROM insights_memberships e WHERE e.holder = m.holder AND e.source <> 'free'
    AND e.starts_at < $1) GROUP BY m.holder"""
_AROUND = """
LEFT JOIN LATERAL (SELECT
    count(*) FILTER (WHERE o.paid_at < j.joined_at) AS orders_before,
    coalesce(sum(o.total) FILTER (WHERE o.paid_at < j.joined_at), 0)::bigint AS amount_before,
    count(*) FILTER (WHERE o.paid_at >= j.joined_at) AS orders_since,
    coalesce(sum(o.total) FILTER (WHERE o.paid_at >= j.joined_at), 0)::bigint AS amount_since
  FROM insights_orders o WHERE o.person = j.person AND o.paid_at >= j.joined_at - ($2 - j.joined_at)
    AND o.paid_at < $2) o ON true"""
_IN_SPAN = "o.paid_at >= $1 AND o.paid_at < $2 AND {buyers}"


def _sql(whom: str) -> str:
    span, joined = _IN_SPAN.format(buyers=among("o.person", whom)), _JOINED.format(whom=among("m.holder", whom))
    # Whoever held two memberships at once bought once. The others are all, less the members.
    return f"""
WITH bought AS MATERIALIZED (
  SELECT o.person, o.id, min(o.total) AS total FROM insights_memberships h JOIN insights_orders o
    ON o.person = h.holder AND h.starts_at <= o.paid_at AND (h.ends_at IS NULL OR h.ends_at > o.paid_at)
  WHERE h.source <> 'free' AND h.starts_at < $2 AND holds('-infinity', h.ends_at, $1) AND {span}
  GROUP BY o.person, o.id),
members AS MATERIALIZED (SELECT person, count(*) AS orders FROM bought GROUP BY person),
each AS (SELECT a.person, a.orders - coalesce(m.orders, 0) AS orders
  FROM (SELECT o.person, count(*) AS orders FROM insights_orders o WHERE {span} GROUP BY o.person) a
  LEFT JOIN members m ON m.person = a.person),
joined AS ({joined}), around AS (SELECT * FROM joined j {_AROUND})
SELECT json_build_object(
  'members', (SELECT json_build_object('orders', coalesce(sum(orders), 0), 'people', count(*),
    'again', count(*) FILTER (WHERE orders > 1),
    'amount', (SELECT coalesce(sum(total), 0) FROM bought)) FROM members),
  'others', (SELECT json_build_object('orders', coalesce(sum(orders), 0),
    'people', count(person) FILTER (WHERE orders > 0), 'again', count(person) FILTER (WHERE orders > 1),
    'amount', (SELECT coalesce(sum(o.total), 0) FROM insights_orders o WHERE {span})
      - (SELECT coalesce(sum(total), 0) FROM bought)) FROM each),
  'before', (SELECT json_build_object('orders', coalesce(sum(orders_before), 0),
    'amount', coalesce(sum(amount_before), 0), 'people', count(*) FILTER (WHERE orders_before > 0),
    'again', count(*) FILTER (WHERE orders_before > 1), 'known', count(*)) FROM around),
  'since', (SELECT json_build_object('orders', coalesce(sum(orders_since), 0),
    'amount', coalesce(sum(amount_since), 0), 'people', count(*) FILTER (WHERE orders_since > 0),
    'again', count(*) FILTER (WHERE orders_since > 1), 'known', count(*)) FROM around))"""


# The others are all orders of these days, less those of members: what nobody known ordered is in them.
_OF_MONTHS = f"""WITH {buyer_parts.PEOPLE},
bought AS (SELECT is_member, sum(number)::bigint AS orders, sum(amount)::bigint AS amount,
    coalesce(sum(number) FILTER (WHERE last_month IS NULL OR last_month < $5::date), 0)::bigint AS people,
    coalesce(sum(number) FILTER (WHERE last_month >= $5 AND (month_before IS NULL OR month_before < $5)), 0)::bigint
      AS again
  FROM ({buyer_parts.month_parts()}) m WHERE month >= $5 AND month < $6::date GROUP BY is_member),
members AS (SELECT coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(amount), 0)::bigint AS amount
  FROM bought WHERE is_member),
of_all AS ({day_parts.read(day_parts.SOLD, "'order'")}
  SELECT coalesce(sum(number), 0)::bigint AS orders, coalesce(sum(amount), 0)::bigint AS amount
  FROM found WHERE source = 'order' AND day >= $5 AND day < $6),
around AS (SELECT is_since, coalesce(sum(number), 0)::bigint AS orders, coalesce(sum(amount), 0)::bigint AS amount,
    coalesce(sum(people), 0)::bigint AS people, coalesce(sum(again), 0)::bigint AS again,
    coalesce(sum(sum(known)) OVER (), 0)::bigint AS known
  FROM ({buyer_parts.joiner_parts()}) j WHERE joined >= $5 AND joined < $6 AND month < $6 GROUP BY is_since)
SELECT json_build_object(
  'members', (SELECT json_build_object('orders', m.orders, 'amount', m.amount,
    'people', coalesce(b.people, 0), 'again', coalesce(b.again, 0))
    FROM members m LEFT JOIN bought b ON b.is_member),
  'others', (SELECT json_build_object('orders', a.orders - m.orders, 'amount', a.amount - m.amount,
    'people', coalesce(b.people, 0), 'again', coalesce(b.again, 0))
    FROM of_all a CROSS JOIN members m LEFT JOIN bought b ON NOT b.is_member),
  'before', coalesce((SELECT row_to_json(a)::jsonb - 'is_since' FROM around a WHERE NOT is_since),
    jsonb_build_object('known', coalesce((SELECT known FROM around WHERE is_since), 0))),
  'since', coalesce((SELECT row_to_json(a)::jsonb - 'is_since' FROM around a WHERE is_since), '{{}}'))"""


def query(from_at: datetime, until: datetime, whom: str = EVERYBODY) -> Query[MemberLift]:
    """Of everybody whole months that are over, up to a year of them, are read as they are kept."""
    now = clock.now()
    months = (first_day(from_at), first_day(until))
    if whom or until > now or whole_months(from_at, until) != (from_at, until) or not _is_short(*months):
        return Query(_sql(whom), (from_at, min(until, now)), _read)
    return Query(_OF_MONTHS, (*unrolled.args(), from_at - A_MOMENT, until, *months), _read)


def _is_short(first: date, last: date) -> bool:
    return last <= months_later(first, buyer_parts.MONTHS)


def _read(found: Any) -> MemberLift:
    return MemberLift(*(Buying(**found[who]) for who in ("members", "others", "before", "since")))


def joiners(from_at: datetime, until: datetime) -> RowList[Joiner]:
    return RowList(Joiner, _ROWS, (from_at, min(until, clock.now())))


_ROWS = f"""
SELECT j.person AS id, coalesce(nullif(p.name, ''), p.email, 'Erased') AS name, j.joined_at AS at, o.orders_before,
  o.amount_before, o.orders_since, o.amount_since
FROM (SELECT * FROM ({_JOINED.format(whom="true")}) joined WHERE (joined_at, person) < ($3, $4)
  ORDER BY joined_at DESC, person DESC LIMIT $5) j {_AROUND}
LEFT JOIN insights_people p ON p.id = j.person AND p.erased_at IS NULL ORDER BY j.joined_at DESC, j.person DESC
"""
