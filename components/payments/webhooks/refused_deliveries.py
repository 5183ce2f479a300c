"""Webhook deliveries that were refused, counted by day and reason: the trace of a wrong signing secret."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.foundation import clock, database
from components.foundation.operations import security_events
from components.payments.tables import RefusedDelivery

KEPT = timedelta(days=30)
SHOWN = timedelta(days=7)
MEANINGS = {
    "signature": "The signature did not match: STRIPE_WEBHOOK_SECRET is another endpoint’s, or Stripe did not send it.",
    "no secret": "This shop has no signing secret: set STRIPE_WEBHOOK_SECRET.",
    "time": "Signed more than five minutes ago or in the future: check this machine’s clock.",
    "mode": "Sent by Stripe’s other mode (live or test): the endpoint and the key belong to different modes.",
    "size": "Larger than any event.",
    "malformed": "Signed, but not an event.",
}


@dataclass(frozen=True)
class RefusedCount:
    """The deliveries of the last week refused for one reason."""

    reason: str
    times: int
    last_at: datetime

    @property
    def meaning(self) -> str:
        return MEANINGS.get(self.reason, self.reason)


async def count(reason: str) -> None:
    await database.execute(_COUNT, clock.now(), reason)
    await security_events.note("webhook refused", detail=reason)


_COUNT = """
INSERT INTO refused_delivery AS known (id, day, reason, times, last_at)
VALUES (gen_random_uuid(), ($1::timestamptz AT TIME ZONE 'UTC')::date, $2, 1, $1)
ON CONFLICT (day, reason) DO UPDATE SET times = known.times + 1, last_at = $1
"""


async def recent() -> list[RefusedCount]:
    """The last refused first."""
    return await database.fetch_as(RefusedCount, _RECENT, clock.now() - SHOWN)


_RECENT = """
SELECT reason, sum(times)::int AS times, max(last_at) AS last_at FROM refused_delivery
WHERE last_at > $1 GROUP BY reason ORDER BY max(last_at) DESC
"""


async def delete_old() -> None:
    await RefusedDelivery.delete().where(RefusedDelivery.last_at < clock.now() - KEPT)
