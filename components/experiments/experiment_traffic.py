"""How many people an experiment would reach in this shop, and what they do today: for the length told beforehand.

The shop keeps no list of who looked at the joining page. It knows for sure that whoever paid an order or a fee was
there: people with an account who were no members before. Who only looks comes on top, so that it may go faster.
"""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import clock, database
from components.segments import segments

DAYS = 56


@dataclass(frozen=True, slots=True)
class ShopTraffic:
    """`people` in the last eight weeks, of whom `joined`, or were kept as members."""

    people: int
    joined: int

    @property
    def per_day(self) -> float:
        return self.people / DAYS

    @property
    def base_bp(self) -> int | None:
        return self.joined * 10_000 // self.people if self.people else None


async def seen(segment_id: UUID | None = None) -> ShopTraffic:
    """Of a segment: those who fit it now. Raises what the segment's rules raise."""
    args: tuple[object, ...] = ()
    of_segment = ""
    if segment_id is not None:
        of_segment, args = segments.compiled((await segments.by_id(segment_id)).rules)
    since, until, days = (f"${len(args) + place}" for place in (1, 2, 3))
    condition = f"AND w.person IN ({of_segment})" if of_segment else ""
    sql = _SEEN.format(since=since, until=until, days=days, condition=condition)
    now = clock.now()
    [seen] = await database.fetch_as(ShopTraffic, sql, *args, now, now, DAYS)
    return seen


async def leaving(segment_id: UUID | None = None) -> ShopTraffic:
    """Members who cancelled or saw an offer not to, and how many of them are members still. As `seen`."""
    args: tuple[object, ...] = ()
    of_segment = ""
    if segment_id is not None:
        of_segment, args = segments.compiled((await segments.by_id(segment_id)).rules)
    until, days = (f"${len(args) + place}" for place in (1, 2))
    condition = f"WHERE w.person IN ({of_segment})" if of_segment else ""
    sql = _LEAVING.format(until=until, days=days, condition=condition)
    [seen] = await database.fetch_as(ShopTraffic, sql, *args, clock.now(), DAYS)
    return seen


_LEAVING = """
WITH w AS (SELECT person FROM experiments_cancels
    WHERE at > {until}::timestamptz - make_interval(days => {days}::int) AND at <= {until}
  UNION SELECT person FROM experiments_offers_seen
    WHERE at > {until}::timestamptz - make_interval(days => {days}::int) AND at <= {until})
SELECT count(*) AS people, count(*) FILTER (WHERE EXISTS (SELECT FROM experiments_subscriptions s
  WHERE s.payer = w.person AND s.started_at IS NOT NULL AND s.ended_at IS NULL AND s.cancel_at IS NULL)) AS joined
FROM w {condition}"""
_SEEN = """
WITH span AS (SELECT {since}::timestamptz - make_interval(days => {days}::int) AS since, {until}::timestamptz AS until),
joins AS (SELECT DISTINCT j.person FROM experiments_joins j, span WHERE j.starts_at >= since AND j.starts_at < until
  AND NOT EXISTS (SELECT FROM experiments_joins b WHERE b.person = j.person AND b.starts_at < span.since)),
bought AS (SELECT DISTINCT o.person FROM experiments_orders o, span WHERE o.paid_at >= since AND o.paid_at < until
  AND NOT EXISTS (SELECT FROM experiments_joins b WHERE b.person = o.person AND b.starts_at < span.since)),
w AS (SELECT person FROM joins UNION SELECT person FROM bought)
SELECT count(*) AS people, count(j.person) AS joined FROM w LEFT JOIN joins j ON j.person = w.person
WHERE true {condition}"""
