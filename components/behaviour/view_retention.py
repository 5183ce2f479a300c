"""What was seen is kept as long as the shop's setting says, and deleted in lots every night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from components.behaviour import visit_consents
from components.foundation import clock, database
from components.foundation.intervals import months_later
from components.foundation.shop_settings import shop_settings

AT_ONCE = 5_000


def kept_from(now: datetime) -> datetime:
    """What is older is over: `behaviour_months` before."""
    return months_later(now, -shop_settings.current().behaviour_months)


async def delete_old() -> None:
    """Scheduled. Visits and searches that are over; where visits are not kept (any more), all of them.

    Where visitors must be asked (by now), those of whoever was only told go too. A browser's no is remembered for as
    long as its cookie lasts.
    """
    now = clock.now()
    until = kept_from(now) if visit_consents.keeps_visits() else now
    await _in_lots(_OLD_VIEWS, until)
    await _in_lots(_OLD_CONSENTS, until)
    if visit_consents.must_ask():
        await _in_lots(_TOLD_VIEWS, now)
        await _in_lots(_TOLD_CONSENTS, now)
    await _in_lots(_OLD_REFUSALS, now - timedelta(days=visit_consents.ANSWER_DAYS + 1))
    await _in_lots(_OLD_SEARCHES, kept_from(now).astimezone(ZoneInfo(shop_settings.current().time_zone)).date())


async def _in_lots(sql: str, until: object) -> None:
    """Each lot is a transaction of its own: nobody waits for all of them."""
    while await database.execute(sql, until, AT_ONCE) == AT_ONCE:
        pass


_OLD_VIEWS = "DELETE FROM page_view WHERE id IN (SELECT id FROM page_view WHERE at < $1 LIMIT $2)"
_OLD_CONSENTS = """
DELETE FROM visit_consent WHERE id IN (SELECT id FROM visit_consent c WHERE given_at < $1
  AND NOT EXISTS (SELECT FROM page_view WHERE visitor = c.id) LIMIT $2)"""
_TOLD_VIEWS = """
DELETE FROM page_view WHERE id IN (SELECT v.id FROM page_view v JOIN visit_consent c ON c.id = v.visitor
  WHERE c.asked = 'told' AND v.at < $1 LIMIT $2)"""
_TOLD_CONSENTS = """
DELETE FROM visit_consent WHERE id IN (SELECT id FROM visit_consent WHERE asked = 'told' AND given_at < $1 LIMIT $2)"""
_OLD_REFUSALS = """
DELETE FROM visit_refusal WHERE id IN (SELECT id FROM visit_refusal WHERE person IS NULL AND at < $1 LIMIT $2)"""
_OLD_SEARCHES = """
DELETE FROM view_count WHERE id IN (SELECT id FROM view_count WHERE kind = 'search' AND day < $1 LIMIT $2)"""
