"""Attempts are counted in sliding windows stored in rows, so that every process counts the same."""

import hashlib
import math
from datetime import timedelta

from components.foundation import clock, database
from components.foundation.operations import security_events
from components.people.rate_limits.limits import RateLimit, TooManyTries
from components.people.tables import RateLimitWindow

PUT_BACK = timedelta(minutes=1)
"""An attempt that is further in the future was noted before the clock was put back, and is forgotten: otherwise it
would lock people out until the clock has caught up. Two processes of one shop differ by less."""


async def hit(limit: RateLimit, *who: str) -> None:
    """Count one attempt by `who`. Raises `TooManyTries`, and then counts nothing: waiting always helps.

    One statement on one row: of two attempts at the same moment the second sees the first.
    """
    now = clock.now()
    since, until = now - limit.within, now + PUT_BACK
    ((is_refused, oldest),) = await database.fetch_rows(_NOTE, _key(limit, who), now, since, limit.most, until)
    if is_refused:
        email = next((one for one in who if "@" in one), "")
        await security_events.note("too many tries", email=email, detail=limit.what)
        raise TooManyTries(max(1, math.ceil((oldest + limit.within - now).total_seconds())))


_NOTE = """
INSERT INTO rate_limit_window AS t (key, at, is_refused, changed_at) VALUES ($1, ARRAY[$2::timestamptz], false, $2)
ON CONFLICT (key) DO UPDATE SET changed_at = $2,
  is_refused = (SELECT count(*) >= $4 FROM unnest(t.at) a WHERE a > $3 AND a < $5),
  at = (SELECT CASE WHEN count(*) >= $4 THEN coalesce(array_agg(a), '{}')
                    ELSE coalesce(array_agg(a), '{}') || $2::timestamptz END
        FROM unnest(t.at) a WHERE a > $3 AND a < $5)
RETURNING is_refused, (SELECT min(a) FROM unnest(t.at) a) AS oldest
"""


async def clear(limit: RateLimit, *who: str) -> None:
    """The attempts succeeded: they no longer count."""
    await RateLimitWindow.delete().where(RateLimitWindow.key == _key(limit, who))


async def undo(limit: RateLimit, *who: str) -> None:
    """The latest attempt succeeded; the others still count."""
    await database.execute(_FORGET_LATEST, _key(limit, who))


async def forget_old() -> None:
    """Scheduled, with what else of people is over."""
    await RateLimitWindow.delete().where(RateLimitWindow.changed_at < clock.now() - timedelta(days=1))


_FORGET_LATEST = "UPDATE rate_limit_window SET at = at[:cardinality(at) - 1] WHERE key = $1"


def _key(limit: RateLimit, who: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\n".join((limit.what, *who)).encode()).digest()
