"""A first payment that takes days, as a bank debit does: the time that is paid for begins with the benefits.

Stripe's first period begins when the subscription does, and no benefit is given for money that may not come. So the
renewal moves by the time it took, once, in the way in which a pause moves it (`late_start_schedule`). Until Stripe has
been told, our row names the day to which it will be moved.
"""

import math
from datetime import datetime, timedelta

from components.foundation import clock
from components.memberships.billing.subscription_state import OVER
from components.memberships.entitlements import membership_history
from components.memberships.tables import Subscription
from components.payments.invoicing import first_payments
from components.payments.tables import MirroredInvoice, MirroredSubscription

PROMPT = timedelta(hours=1)
"""A card is charged within seconds; what takes longer than this is late."""


async def notice(kept: Subscription, seen: MirroredSubscription) -> None:
    """Decides once, as soon as that is known, how late the money was. `kept` is locked."""
    if _is_decided(kept) or seen.is_over or not await first_payments.has_arrived(kept.id):
        return
    waited, is_final = await first_payments.took(kept.id)
    if waited < PROMPT:
        if is_final:
            await kept.update_self({Subscription.late_by: 0})
        return
    began = await membership_history.first_start(kept.id) or clock.now()
    late_by = math.ceil((began - seen.started_at).total_seconds())
    await kept.update_self({Subscription.late_by: max(0, late_by)})


def _is_decided(kept: Subscription) -> bool:
    return kept.late_by is not None


def take_over(kept: Subscription, seen: MirroredSubscription) -> None:
    """The end of the period and of a cancelled subscription: Stripe's, or later by what is still to be moved.

    Time that is paid for is a trial at Stripe only where the renewal was moved.
    """
    kept.current_period_end, kept.cancel_at = seen.current_period_end, seen.cancel_at
    if kept.late_by and not kept.late_moved_at and seen.status == "trialing":
        kept.late_moved_at = clock.now()
    if not is_unmoved(kept) or kept.current_period_end is None:
        return
    ends_then = kept.cancel_at == kept.current_period_end
    kept.current_period_end += timedelta(seconds=kept.late_by or 0)
    if ends_then:
        kept.cancel_at = kept.current_period_end


def is_unmoved(kept: Subscription) -> bool:
    return bool(kept.late_by) and not kept.late_moved_at and kept.status not in OVER


def service_period(kept: Subscription, invoice: MirroredInvoice) -> tuple[datetime, datetime]:
    """What the invoice pays for: later than it says, where it was billed before the renewal was moved."""
    assert invoice.period_start is not None and invoice.period_end is not None
    begins, ends = invoice.period_start, invoice.period_end
    if not kept.late_by or (kept.late_moved_at and begins >= kept.late_moved_at):
        return begins, ends
    later = timedelta(seconds=kept.late_by)
    is_rest = invoice.reason == "subscription_update"
    return begins if is_rest else begins + later, ends + later
