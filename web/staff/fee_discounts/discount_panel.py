"""The discounts of a member, as staff see them on the member's page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.money import Money
from components.memberships.billing import cancellations, subscriptions
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.fee_discounts import BILLS, FeeDiscountView
from components.memberships.tables import Subscription

REASONS = dict(cancellations.REASONS)
SOURCES = {"code": "Code {}, typed when joining", "staff": "Given by staff", "offer": "Offered instead of cancelling"}
ENDED = {
    "used": "Used up",
    "taken off": "Taken off",
    "refused": "Didn’t go through",
    "not paid": "Never paid",
    "over": "Ended with the membership",
    "replaced": "Replaced",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountRow:
    id: UUID
    at: datetime
    words: str
    coming: str
    source: str
    reason: str
    state: str
    saved: Money | None
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountPanel:
    """`running` is what applies to the next payment; a new one can be put on while there is none."""

    rows: tuple[DiscountRow, ...]
    running: DiscountRow | None
    can_put: bool


async def discount_panel(person_id: UUID, latest: Subscription | None) -> DiscountPanel:
    found = [
        each for kept in await subscriptions.begun(person_id) for each in await fee_discounts.of_subscription(kept.id)
    ]
    rows = tuple(_row(each) for each in sorted(found, key=lambda each: each.row.at, reverse=True))
    is_open = any(each.row.ended_at is None for each in found)
    bills = latest is not None and latest.status in BILLS and not latest.cancel_at
    return DiscountPanel(
        rows=rows, running=next((row for row in rows if row.is_on), None), can_put=bills and not is_open
    )


def _row(found: FeeDiscountView) -> DiscountRow:
    row = found.row
    if row.ended_at:
        state = ENDED[row.why_ended]
    elif not row.begun_at:
        state = "Waiting for Stripe’s answer"
    else:
        state = f"On: {found.staff_words}"
    return DiscountRow(
        id=found.id,
        at=row.at,
        words=found.terms.off_words,
        coming=found.staff_words,
        source=SOURCES[row.source].format(row.code),
        reason=REASONS.get(row.reason, row.reason) if row.source == "offer" else row.reason,
        state=state,
        saved=found.saved if found.saved else None,
        is_on=found.is_on,
    )


def fee_words(before: Money, after: Money) -> str:
    """ "£3.37 instead of £4.50"."""
    return f"{money(after)} instead of {money(before)}"
