"""What came of a campaign, without watching who opens or clicks: orders and joins of those it was for, and of the
holdout, in the 14 days after it began; and of those who were members, who stayed and who took a cancellation back.

Everybody who was drawn counts on their side, also who was left out later: else the two sides were not alike.
A guest who opened an account or claimed an order since still counts, by their e-mail. Value is
that of paid orders in the shop's currency, before refunds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg

from components.campaigns import difference_intervals
from components.campaigns.difference_intervals import FEWEST, Interval
from components.campaigns.tables import Campaign
from components.foundation import clock, database, json
from components.foundation.refusals import Conflict
from components.foundation.shop_settings import shop_settings

DAYS = 14
LATE = timedelta(days=1)
"""By then what happened in the last of these days has arrived."""


class ResultsTooSlow(Conflict):
    message = "What came of it takes too long to add up just now. Reload this page later."


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
    """None before it has begun. A day after its days are over it is worked out for the last time and kept."""
    if not campaign.started_at:
        return None
    until = campaign.started_at + timedelta(days=DAYS)
    if campaign.came_of:
        return compared(json.load_as(list[SideRow], campaign.came_of), until=until)
    currency, now = shop_settings.current().currency, clock.now()
    rows = await database.fetch_as(SideRow, _SIDES, campaign.id, campaign.started_at, until, currency, now)
    if now >= until + LATE:
        await Campaign.update({Campaign.came_of: json.dump(rows)}).where(Campaign.id == campaign.id)
    return compared(rows, until=until)


async def results_soon(campaign: Campaign) -> Results | None:
    """For somebody who waits. Raises `ResultsTooSlow`: the page has words for that."""
    try:
        return await results(campaign)
    except (asyncpg.QueryCanceledError, TimeoutError):
        raise ResultsTooSlow from None


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
paid AS (
  SELECT c.id, bool_or(holds(j.starts_at, j.ends_at, c.from_at)) AS belonged,
    bool_or(holds(j.starts_at, j.ends_at, least(c.until_at, $5::timestamptz))) AS belongs,
    bool_or(j.starts_at >= c.from_at AND j.starts_at < c.until_at) AS began
  FROM holders c JOIN campaigns_memberships j ON j.holder = c.person AND j.source IN ('subscription', 'term')
  GROUP BY c.id),
undecided AS (
  SELECT c.id, bool_or(x.withdrawn_at < c.until_at) IS TRUE AS came_back
  FROM holders c JOIN campaigns_cancellations x ON x.person = c.person
    AND x.at < c.from_at AND holds(x.at, x.over_at, c.from_at) GROUP BY c.id)
SELECT c.is_holdout, count(*) AS people, count(s.id) AS buyers, coalesce(sum(s.orders), 0)::bigint AS orders,
  coalesce(sum(s.value), 0)::bigint AS value, coalesce(sum(s.value * s.value), 0) AS squares,
  count(*) FILTER (WHERE m.began AND NOT m.belonged) AS joined, count(*) FILTER (WHERE m.belonged) AS members,
  count(*) FILTER (WHERE m.belonged AND m.belongs) AS stayed, count(u.id) FILTER (WHERE m.belonged) AS leaving,
  count(*) FILTER (WHERE m.belonged AND u.came_back) AS came_back
FROM chosen c LEFT JOIN spent s USING (id) LEFT JOIN paid m USING (id) LEFT JOIN undecided u USING (id)
GROUP BY c.is_holdout"""
"""Memberships are read once, whatever is asked of them: there are as many as recipients."""
_SIDES = sides("""
  SELECT r.id, r.person, m.email, r.is_holdout, $2::timestamptz AS from_at, $3::timestamptz AS until_at
  FROM campaign_recipient r LEFT JOIN campaigns_contacts m ON m.id = r.contact WHERE r.campaign = $1""")
