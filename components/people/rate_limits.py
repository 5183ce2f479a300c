"""How often one thing may be tried: sliding windows kept in rows, so that every process counts the same."""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from components.foundation import clock, database
from components.foundation.refusals import Refusal
from components.people.tables import SignInTry


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `most` tries of `what` within any stretch of `within`."""

    what: str
    most: int
    within: timedelta


class TooManyTries(Refusal):
    """`retry_after`: whole seconds until the next try will be heard."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        minutes = max(1, math.ceil(retry_after / 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"That was tried too often. Please wait {wait}, then try again.")


async def hit(limit: RateLimit, *who: str) -> None:
    """Note one try by `who`. Raises `TooManyTries`, and then notes nothing: waiting always helps.

    One statement on one row: of two tries at the same moment the second sees the first.
    """
    now = clock.now()
    ((is_refused, oldest),) = await database.fetch_rows(_NOTE, _key(limit, who), now, now - limit.within, limit.most)
    if is_refused:
        raise TooManyTries(max(1, math.ceil((oldest + limit.within - now).total_seconds())))


_NOTE = """
INSERT INTO sign_in_try AS t (key, at, is_refused, changed_at) VALUES ($1, ARRAY[$2::timestamptz], false, $2)
ON CONFLICT (key) DO UPDATE SET changed_at = $2,
  is_refused = (SELECT count(*) >= $4 FROM unnest(t.at) a WHERE a > $3),
  at = (SELECT CASE WHEN count(*) >= $4 THEN coalesce(array_agg(a), '{}')
                    ELSE coalesce(array_agg(a), '{}') || $2::timestamptz END
        FROM unnest(t.at) a WHERE a > $3)
RETURNING is_refused, (SELECT min(a) FROM unnest(t.at) a) AS oldest
"""


async def clear(limit: RateLimit, *who: str) -> None:
    """The tries came to a good end: they no longer count."""
    await SignInTry.delete().where(SignInTry.key == _key(limit, who))


async def undo(limit: RateLimit, *who: str) -> None:
    """The latest try came to a good end; the others still count."""
    await database.execute(_FORGET_LATEST, _key(limit, who))


_FORGET_LATEST = "UPDATE sign_in_try SET at = at[:cardinality(at) - 1] WHERE key = $1"


def _key(limit: RateLimit, who: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\n".join((limit.what, *who)).encode()).digest()
