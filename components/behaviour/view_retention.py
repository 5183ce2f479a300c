"""What was seen is kept as long as the shop's setting says, and deleted in lots every night."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from components.behaviour import visit_consents
from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings

AT_ONCE = 5_000


def kept_from(now: datetime) -> datetime:
    """What is older is over: `behaviour_months` before."""
    return now - relativedelta(months=shop_settings.current().behaviour_months)


async def delete_old() -> None:
    """Scheduled. Visits and searches that are over; where visits are not kept (any more), all of them."""
    now = clock.now()
    until = kept_from(now) if visit_consents.keeps_visits() else now
    await _in_lots(_OLD_VIEWS, until)
    await _in_lots(_OLD_CONSENTS, until)
    await _in_lots(_OLD_SEARCHES, kept_from(now).astimezone(ZoneInfo(shop_settings.current().time_zone)).date())


async def _in_lots(sql: str, until: object) -> None:
    """Each lot is a transaction of its own: nobody waits for all of them."""
    while await database.execute(sql, until, AT_ONCE) == AT_ONCE:
        pass


_OLD_VIEWS = "DELETE FROM page_view WHERE id IN (SELECT id FROM page_view WHERE at < $1 LIMIT $2)"
_OLD_CONSENTS = """
DELETE FROM visit_consent WHERE id IN (SELECT id FROM visit_consent c WHERE given_at < $1
  AND NOT EXISTS (SELECT FROM page_view WHERE visitor = c.id) LIMIT $2)"""
_OLD_SEARCHES = """
DELETE FROM view_count WHERE id IN (SELECT id FROM view_count WHERE kind = 'search' AND day < $1 LIMIT $2)"""
