"""What came of a campaign, without watching who opens or clicks: orders and joins of those it was for, and of the
holdout, in the 14 days after it began; and of those who were members, who stayed and who took a cancellation back.

Everybody who was drawn counts on their side, also who was left out later: else the two sides were not alike.
A guest who opened an account or claimed an order since still counts, by their e-mail. Value is
that of paid orders in the shop's currency, before refunds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from components.campaigns import difference_intervals
from components.campaigns.difference_intervals import FEWEST, Interval
from components.campaigns.tables import Campaign
from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings

DAYS = 14


@dataclass(frozen=True, slots=True)
class CampaignSide:
    """`value` in minor units; `squares` the sum of each person's value squared. `members` paid for a membership when
    it began: `stayed` of them have one at the end of the days, or now. `leaving` had cancelled and were members still:
    `came_back` of them took it back in these days."""

    people: int = 0
    buyers: int = 0
    orders: int = 0
    value: int = 0
    squares: int = 0
    joined: int = 0
    members: int = 0
    stayed: int = 0
    leaving: int = 0
    came_back: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """`until` ends the days that are looked at. The differences are None where a side has too few people."""

    written: CampaignSide
    held_out: CampaignSide
    until: datetime
    is_over: bool
    buying: Interval | None
    joining: Interval | None
    worth: Interval | None
    staying: Interval | None = None
    coming_back: Interval | None = None


async def results(campaign: Campaign) -> Results | None:
    """None before it has begun."""
    if not campaign.started_at:
        return None
    until = campaign.started_at + timedelta(days=DAYS)
    currency = shop_settings.current().currency
    rows = await database.fetch_as(SideRow, _SIDES, campaign.id, campaign.started_at, until, currency, clock.now())
    return compared(rows, until=until)


class SideRow(NamedTuple):
    """What a statement made by `sides` says of one side."""

    is_holdout: bool
    people: int
    buyers: int
    orders: int
    value: int
    squares: int
    joined: int
    members: int
    stayed: int
    leaving: int
    came_back: int


def compared(rows: list[SideRow], *, until: datetime) -> Results:
    found = {row.is_holdout: CampaignSide(*map(int, row[1:])) for row in rows}
    ours, theirs = found.get(False, CampaignSide()), found.get(True, CampaignSide())
    is_enough = min(ours.people, theirs.people) >= FEWEST
    return Results(
        ours,
        theirs,
        until,
        clock.now() >= until,
        _shares(ours.buyers, ours.people, theirs.buyers, theirs.people),
        _shares(ours.joined, ours.people, theirs.joined, theirs.people),
        _worth(ours, theirs) if is_enough else None,
        _shares(ours.stayed, ours.members, theirs.stayed, theirs.members),
        _shares(ours.came_back, ours.leaving, theirs.came_back, theirs.leaving),
    )


def _shares(hits: int, of: int, other_hits: int, other_of: int) -> Interval | None:
    return difference_intervals.of_shares(hits, of, other_hits, other_of) if min(of, other_of) >= FEWEST else None


def _worth(ours: CampaignSide, theirs: CampaignSide) -> Interval:
    return difference_intervals.of_means(
        ours.value, ours.squares, ours.people, theirs.value, theirs.squares, theirs.people
    )  # fmt: skip


def sides(chosen: str) -> str:
    """The statement over whom `chosen` selects: id, person, email, is_holdout, from_at, until_at.

    $4 is the currency, $5 now.
    """
    return _COMPARED.replace("{chosen}", chosen)


_COMPARED = """
WITH chosen AS ({chosen}),
holders AS (
  SELECT id, person, from_at, until_at FROM chosen WHERE person IS NOT NULL
  UNION
  SELECT c.id, p.id, c.from_at, c.until_at FROM chosen c JOIN campaigns_people p ON p.email = c.email
  WHERE c.person IS NULL),
bought AS (
  SELECT DISTINCT ON (order_id) id, order_id, total FROM (
  SELECT h.id, o.id AS order_id, o.total, 1 AS choice FROM holders h JOIN campaigns_orders o ON o.person = h.person
  WHERE o.placed_at >= h.from_at AND o.placed_at < h.until_at AND o.currency = $4
  UNION ALL
  SELECT c.id, o.id, o.total, 2 FROM chosen c JOIN campaigns_orders o ON o.email = c.email
  WHERE o.placed_at >= c.from_at AND o.placed_at < c.until_at AND o.currency = $4) found ORDER BY order_id, choice),
spent AS (SELECT id, count(*) AS orders, sum(total) AS value FROM bought GROUP BY id),
joined AS (
  SELECT DISTINCT c.id FROM holders c JOIN campaigns_memberships j ON j.holder = c.person
  WHERE j.starts_at >= c.from_at AND j.starts_at < c.until_at AND j.source IN ('subscription', 'term') AND NOT EXISTS (
    SELECT FROM campaigns_memberships b WHERE b.holder = c.person AND holds(b.starts_at, b.ends_at, c.from_at)
      AND b.source IN ('subscription', 'term'))),
belonged AS (
  SELECT c.id, bool_or(holds(j.starts_at, j.ends_at, least(c.until_at, $5::timestamptz))) AS stayed
  FROM holders c JOIN campaigns_memberships j ON j.holder = c.person AND j.source IN ('subscription', 'term')
  GROUP BY c.id HAVING bool_or(holds(j.starts_at, j.ends_at, c.from_at))),
undecided AS (
  SELECT c.id, bool_or(x.withdrawn_at < c.until_at) IS TRUE AS came_back
  FROM holders c JOIN belonged USING (id) JOIN campaigns_cancellations x ON x.person = c.person
    AND x.at < c.from_at AND holds(x.at, x.over_at, c.from_at) GROUP BY c.id)
SELECT c.is_holdout, count(*) AS people, count(s.id) AS buyers, coalesce(sum(s.orders), 0)::bigint AS orders,
  coalesce(sum(s.value), 0)::bigint AS value, coalesce(sum(s.value * s.value), 0) AS squares, count(j.id) AS joined,
  count(b.id) AS members, count(*) FILTER (WHERE b.stayed) AS stayed, count(u.id) AS leaving,
  count(*) FILTER (WHERE u.came_back) AS came_back
FROM chosen c LEFT JOIN spent s USING (id) LEFT JOIN joined j USING (id) LEFT JOIN belonged b USING (id)
LEFT JOIN undecided u USING (id) GROUP BY c.is_holdout"""
_SIDES = sides("""
  SELECT r.id, r.person, m.email, r.is_holdout, $2::timestamptz AS from_at, $3::timestamptz AS until_at
  FROM campaign_recipient r LEFT JOIN campaigns_contacts m ON m.id = r.contact WHERE r.campaign = $1""")
