"""What came of a campaign, without watching who opens or clicks: orders and joins of those it was for, and of the
holdout, in the 14 days after it began.

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
    """`value` in minor units; `squares` the sum of each person's value squared."""

    people: int = 0
    buyers: int = 0
    orders: int = 0
    value: int = 0
    squares: int = 0
    joined: int = 0


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


async def results(campaign: Campaign) -> Results | None:
    """None before it has begun."""
    if not campaign.started_at:
        return None
    until = campaign.started_at + timedelta(days=DAYS)
    currency = shop_settings.current().currency
    rows = await database.fetch_as(SideRow, _SIDES, campaign.id, campaign.started_at, until, currency)
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


def compared(rows: list[SideRow], *, until: datetime) -> Results:
    found = {row.is_holdout: CampaignSide(*map(int, row[1:])) for row in rows}
    ours, theirs = found.get(False, CampaignSide()), found.get(True, CampaignSide())
    is_enough = min(ours.people, theirs.people) >= FEWEST
    return Results(
        ours,
        theirs,
        until,
        clock.now() >= until,
        difference_intervals.of_shares(ours.buyers, ours.people, theirs.buyers, theirs.people) if is_enough else None,
        difference_intervals.of_shares(ours.joined, ours.people, theirs.joined, theirs.people) if is_enough else None,
        _worth(ours, theirs) if is_enough else None,
    )


def _worth(ours: CampaignSide, theirs: CampaignSide) -> Interval:
    return difference_intervals.of_means(
        ours.value, ours.squares, ours.people, theirs.value, theirs.squares, theirs.people
    )  # fmt: skip


def sides(chosen: str) -> str:
    """The statement over whom `chosen` selects: id, person, email, is_holdout, from_at, until_at. $4: currency."""
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
      AND b.source IN ('subscription', 'term')))
SELECT c.is_holdout, count(*) AS people, count(s.id) AS buyers, coalesce(sum(s.orders), 0)::bigint AS orders,
  coalesce(sum(s.value), 0)::bigint AS value, coalesce(sum(s.value * s.value), 0) AS squares, count(j.id) AS joined
FROM chosen c LEFT JOIN spent s USING (id) LEFT JOIN joined j USING (id) GROUP BY c.is_holdout"""
_SIDES = sides("""
  SELECT r.id, r.person, m.email, r.is_holdout, $2::timestamptz AS from_at, $3::timestamptz AS until_at
  FROM campaign_recipient r LEFT JOIN campaigns_contacts m ON m.id = r.contact WHERE r.campaign = $1""")
