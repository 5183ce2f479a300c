"""What marketing e-mails said is deleted after the months the shop has set.

That one was sent stays: to whom, when, its subject and its kind, so that every count of a campaign or journey stays
true. One that has not gone out by then never does.
"""

from datetime import datetime

from components.consents import mailing_rules
from components.foundation import clock, database
from components.foundation.intervals import months_later

AT_ONCE = 2_000
"""Each lot is a transaction of its own: nobody waits for all of them."""


async def kept_from() -> datetime:
    """What was written before is over."""
    return months_later(clock.now(), -(await mailing_rules.current()).keep_months)


async def empty_old() -> None:
    """Scheduled. Twice it changes nothing."""
    until = await kept_from()
    while await database.execute(_EMPTY, until, clock.now(), AT_ONCE) == AT_ONCE:
        pass


_EMPTY = """
UPDATE email SET html = '', text = '', placeholder_values = NULL, emptied_at = $2 WHERE id IN (
  SELECT id FROM email WHERE unsubscribe <> '' AND emptied_at IS NULL AND created_at < $1 LIMIT $3)"""
