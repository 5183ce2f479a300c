"""Billing requests whose outcome has been unknown for hours: `settle_due` asks about each of them every minute."""

from datetime import timedelta

from components.foundation import clock
from components.payments.tables import BillingRequest

LATE = timedelta(hours=2)


async def unsettled() -> list[BillingRequest]:
    """The oldest first."""
    table = BillingRequest
    is_late = table.settled_at.is_null() & (table.asked_at <= clock.now() - LATE)
    return await table.objects().where(is_late).order_by(table.asked_at)


async def in_words() -> list[str]:
    return [
        f"Billing request {one.id} ({one.kind}) has no outcome since {one.asked_at:%Y-%m-%d %H:%M} UTC: "
        "see /staff/payments#unsettled."
        for one in await unsettled()
    ]
