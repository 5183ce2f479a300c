"""Coming back from the payment page: the order's own page asks for itself, and believes nothing in its address."""

import contextlib
from uuid import UUID

from components import orders
from components.checkout import attempts
from components.memberships import TrialRefused, subscriptions, trials
from components.orders import OrderLapsed, OrderPaid, OrderView
from components.payments import (
    AmountMismatch,
    PageExpired,
    PagePaid,
    PagePaymentFailed,
    PayPage,
    StripeUnavailable,
    pages,
)

REFUSED_TRIAL = (
    "This card has already had a trial, so the membership was not started. The order keeps its agreed prices."
)


async def order(token: str, *, session_id: str | None = None) -> OrderView | None:
    """The order of this token, brought up to date with its payment if it still waits for it.

    None for an unknown token, and for a session that is not this order's own.
    """
    found = await orders.by_token(token)
    if found is None or not await _is_its_own(session_id, found.id):
        return None
    if found.is_paid or not found.needs_page:
        return found
    return await _brought_up_to_date(found)


async def follow_paid(order_id: UUID) -> None:
    """The order's money has come: settle it, take what was bought out of the basket, and let who joined be a member."""
    settled = await orders.settle(order_id)
    if settled.paid_at is not None:
        await attempts.finish_paid(order_id)
    if settled.joins is not None:
        await trials.admit(settled.joins)
        await subscriptions.follow(settled.joins)


async def follow_lapsed(order_id: UUID) -> None:
    """The order's page can no longer be paid: give its units back and free the basket."""
    await orders.lapse(order_id)
    await attempts.finish_lapsed(order_id)


async def page_paid(fact: PagePaid) -> None:
    if order_id := await _order_of(fact):
        await follow_paid(order_id)


async def page_expired(fact: PageExpired) -> None:
    if order_id := await _order_of(fact):
        await follow_lapsed(order_id)


async def page_payment_failed(fact: PagePaymentFailed) -> None:
    if order_id := await _order_of(fact):
        await follow_lapsed(order_id)


async def amount_mismatched(fact: AmountMismatch) -> None:
    if order_id := await _order_of(fact):
        await orders.flag_mismatch(order_id)


async def trial_refused(fact: TrialRefused) -> None:
    """The order that was paid along keeps its prices; the staff are told before they send it."""
    order = await orders.joined_with(fact.subscription_id)
    if order is not None:
        await orders.flags.note(order.id, REFUSED_TRIAL)


async def order_paid(fact: OrderPaid) -> None:
    await attempts.finish_paid(fact.order_id)


async def order_lapsed(fact: OrderLapsed) -> None:
    await attempts.finish_lapsed(fact.order_id)


async def _is_its_own(session_id: str | None, order_id: UUID) -> bool:
    if session_id is None:
        return True
    page = await pages.by_session(session_id)
    return page is not None and _order_on(page) == order_id


async def _order_of(fact: PagePaid | PageExpired | PagePaymentFailed | AmountMismatch) -> UUID | None:
    """The order that was to be paid on a page: the page's own, or one along with a joining."""
    if fact.purpose == "order":
        return fact.reference_id
    page = await pages.by_id(fact.page_id) if fact.purpose == "joining" else None
    return _order_on(page) if page is not None else None


def _order_on(page: PayPage) -> UUID | None:
    return page.reference_id if page.purpose == "order" else page.along


async def _brought_up_to_date(found: OrderView) -> OrderView:
    page = await pages.for_order(found.id)
    if page is None:
        return found
    try:
        page = await pages.sync(page)
    except StripeUnavailable:
        return found
    with contextlib.suppress(StripeUnavailable):  # about the card of a trial: the news of it will come by itself
        if page.is_paid:
            await follow_paid(found.id)
        elif page.is_expired:
            await follow_lapsed(found.id)
    return await orders.by_id(found.id) or found
