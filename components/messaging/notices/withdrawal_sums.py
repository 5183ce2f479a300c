"""What goes back of a fee when its payer withdraws: all of it, or less for the days they asked for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.money import Money
from components.memberships.billing import fee_refunds, paid_periods
from components.memberships.entitlements import membership_periods
from components.memberships.grants import gift_memberships, paid_once, paid_once_refunds, prepaid_periods
from components.memberships.plans import plan_catalogue
from components.memberships.promises import early_start_requests
from components.memberships.promises.tables import EarlyStart
from components.memberships.tables import PaidTerm, Subscription
from components.payments.checkout_sessions import pages


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalSum:
    """`back` of what was `paid`, besides what was `given` back before. `asked` is the answer of whoever was asked.

    `days` of `of_days` were had; `of_days` is 0 for what has not begun, and for life.
    """

    paid: Money
    back: Money
    given: Money
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
    given = (await fee_refunds.refunded_by_invoice(kept.id)).get(first.invoice, 0)
    return sum_of(Money(first.amount, first.currency), asked, first.starts_at, first.ends_at, at=at, given=given)


async def of_gift(gift_id: UUID, *, at: datetime) -> WithdrawalSum | None:
    """Its buyer's. None of one that was not paid for."""
    gift, page = await gift_memberships.known(gift_id), await pages.for_reference("gift", gift_id)
    if gift is None or not gift.paid_at or page is None:
        return None
    once, fee = await paid_once.of_reference(gift_id), Money(page.amount, page.currency)
    asked = await early_start_requests.of_gift(gift_id)
    given = paid_once_refunds.given_back(await paid_once_refunds.of(gift_id))
    if once is None or not once.until or not gift.begun_at:
        return sum_of(fee, asked, at, at, at=at, given=given)
    return sum_of(fee, asked, gift.begun_at, once.until, at=at, given=given)


async def of_term(term: PaidTerm, *, at: datetime) -> WithdrawalSum | None:
    """Of the part of its payment that is the fee: an order may have been paid along. Over the length of its plan, even
    where the membership was ended since; of one for life no share is used up."""
    page = await pages.for_reference("term", term.id)
    if page is None or not page.is_paid:
        return None
    held = await membership_periods.latest_from(term.id)
    begins = held.starts_at if held else at
    ends = prepaid_periods.ends_at(plan_catalogue.by_version(term.plan_version), begins) if held else at
    given = paid_once_refunds.given_back(await paid_once_refunds.of(term.id))
    asked = await early_start_requests.of_term(term)
    return sum_of(Money(pages.fee_of(page), page.currency), asked, begins, ends or begins, at=at, given=given)


def sum_of(
    fee: Money, asked: EarlyStart | None, begins: datetime, ends: datetime, *, at: datetime, given: int = 0
) -> WithdrawalSum:
    """In proportion to the time until it was said, to the second, rounded for the customer."""
    whole, had = int((ends - begins).total_seconds()), int((min(at, ends) - begins).total_seconds())
    is_owed = asked is not None and asked.is_wanted and whole > 0 and had > 0
    used = fee.amount * had // whole if is_owed else 0
    return WithdrawalSum(
        paid=fee,
        back=Money(max(0, fee.amount - used - given), fee.currency),
        given=Money(given, fee.currency),
        asked=asked,
        days=max(0, had) // 86_400,
        of_days=max(0, whole) // 86_400,
    )
