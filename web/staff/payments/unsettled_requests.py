"""Changes that Stripe was asked for hours ago and whose outcome is still not known, in words."""

from dataclasses import dataclass
from datetime import datetime

from components.payments.billing_requests import late_requests
from web.staff.payments.payment_subject_links import SubjectLink, subject_links
from web.visitor import Visitor

REQUEST_NAMES = {
    "cancel": "Cancel a membership",
    "keep": "Take back a cancellation",
    "end_now": "End a membership now",
    "pause": "Pause a membership",
    "put_discount": "Put a discount on a membership",
    "take_off_discount": "Take a discount off a membership",
    "resume": "Resume a membership",
    "resume_unbilled": "End a pause without a charge",
    "move_renewal": "Move a renewal",
    "move_back": "End a pause, or drop one that is planned",
    "renew_now": "Resume a membership and charge a new period",
    "pay_invoice": "Charge a fee that is due",
    "price_now": "Change the plan now",
    "price_from_renewal": "Change the plan at the next renewal",
}
"""What staff read instead of the name of a kind."""


@dataclass(frozen=True, slots=True)
class UnsettledRow:
    what: str
    about: SubjectLink | None
    asked_at: datetime
    tries: int


async def unsettled_rows(visitor: Visitor) -> list[UnsettledRow]:
    """The oldest first."""
    late = await late_requests.unsettled()
    links = await subject_links([one.subject for one in late], visitor)
    return [
        UnsettledRow(REQUEST_NAMES.get(one.kind, one.kind), links.get(one.subject), one.asked_at, one.tries)
        for one in late
    ]
