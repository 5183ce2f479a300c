"""What goes back of a fee when its payer withdraws: all of it, or less for the days they asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.money import Money
from components.memberships.billing import paid_periods
from components.memberships.grants import gift_memberships, paid_once
from components.memberships.promises import early_start_requests
from components.memberships.promises.tables import EarlyStart
from components.memberships.tables import Subscription
from components.payments.checkout_sessions import pages


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalSum:
    """`back` of what was `paid`. `asked` is the answer of whoever was asked; `days` of `of_days` were had."""

    paid: Money
    back: Money
    asked: EarlyStart | None
    days: int
    of_days: int


async def of_subscription(kept: Subscription, *, at: datetime) -> WithdrawalSum | None:
    """Of its first fee: the right is about the joining. None while nothing was paid."""
    periods = await paid_periods.of_subscription(kept.id)
    first = min(periods, key=lambda one: one.starts_at, default=None)
    if first is None or first.is_opening:
        return None
    asked = await early_start_requests.of_subscription(kept)
    return sum_of(Money(first.amount, first.currency), asked, first.starts_at, first.ends_at, at=at)


async def of_gift(gift_id: UUID, *, at: datetime) -> WithdrawalSum | None:
    """Its buyer's. None of one that was not paid for."""
    gift, page = await gift_memberships.known(gift_id), await pages.for_reference("gift", gift_id)
    if gift is None or not gift.paid_at or page is None:
        return None
    once, fee = await paid_once.of_reference(gift_id), Money(page.amount, page.currency)
    asked = await early_start_requests.of_gift(gift_id)
    if once is None or not once.until or not gift.begun_at:
        return sum_of(fee, asked, at, at, at=at)
    return sum_of(fee, asked, gift.begun_at, once.until, at=at)


def sum_of(fee: Money, asked: EarlyStart | None, begins: datetime, ends: datetime, *, at: datetime) -> WithdrawalSum:
    """In proportion to the time until it was said, to the second, rounded for the customer."""
    whole, had = int((ends - begins).total_seconds()), int((min(at, ends) - begins).total_seconds())
    is_owed = asked is not None and asked.is_wanted and whole > 0 and had > 0
    used = fee.amount * had // whole if is_owed else 0
    return WithdrawalSum(
        paid=fee,
        back=Money(fee.amount - used, fee.currency),
        asked=asked,
        days=max(0, had) // 86_400,
        of_days=max(0, whole) // 86_400,
    )
