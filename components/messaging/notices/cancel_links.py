"""A link in a notice that cancels without signing in: for one subscription, until the charge the notice speaks of.

Whoever reads the member's e-mail may follow it; the page asks once more. It is good for nothing once that renewal has
come, has moved to another day, or the membership is cancelled.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import settings
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.foundation.secrecy import signing
from components.memberships.billing import cancellations, subscriptions
from components.memberships.tables import Subscription
from components.messaging.secret_placeholders import placeholder

PATH = "/cancel-membership/now"
_CANCELLING = "cancel from a notice"


class CancelLinkOver(Refusal):
    message = N_("This link doesn’t work any more. You can cancel on your membership page, or without signing in.")
    status = 410


@dataclass(frozen=True, slots=True)
class CancelLink:
    """`link` has a placeholder in it, whose value is among the `secrets`."""

    link: str
    secrets: dict[str, str]


def made(subscription_id: UUID, charged_at: datetime) -> CancelLink:
    """For an e-mail; worth nothing after the day of this charge."""
    token = signing.sealed((subscription_id, charged_at.date().isoformat()), purpose=_CANCELLING)
    return CancelLink(f"{settings.current().base_url}{PATH}/{placeholder('cancelling')}", {"cancelling": token})


async def subscription_of(written: str) -> Subscription:
    """What the link cancels. Raises `NotFound`, `CancelLinkOver`."""
    opened = signing.opened(written, tuple[UUID, str], purpose=_CANCELLING)
    if opened is None:
        raise NotFound
    subscription_id, day = opened
    found = await subscriptions.running_by_id(subscription_id)
    if found is None or found.cancel_at or found.current_period_end is None:
        raise CancelLinkOver
    if found.current_period_end.date().isoformat() != day:
        raise CancelLinkOver
    return found


async def use(written: str) -> Subscription:
    """Cancel it, as the member would. Raises `NotFound`, `CancelLinkOver`, `OutcomeUnknown`."""
    found = await subscription_of(written)
    try:
        return await cancellations.schedule(found.id, reason="else")
    except (cancellations.NothingToCancel, cancellations.AlreadyCancelled) as known:
        raise CancelLinkOver from known
