"""The return from the payment page: the order's page checks the payment itself and trusts nothing in its address."""

import contextlib
from dataclasses import dataclass
from uuid import UUID

from components.checkout.placement import checkout_attempts
from components.memberships.billing import subscriptions, trials
from components.memberships.billing.states import unpaid_joinings
from components.memberships.facts import TrialRefused
from components.memberships.grants import fixed_term
from components.orders import completion, flags, queries
from components.orders.facts import OrderExpired, OrderPaid
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages
from components.payments.facts import (
    AmountMismatch,
    CheckoutSessionExpired,
    CheckoutSessionPaid,
    CheckoutSessionPaymentFailed,
)
from components.payments.payment_refusals import NO_ANSWER
from components.payments.tables import CheckoutSession

REFUSED_TRIAL = (
    "This card or e-mail has already had a trial, so the membership was not started. The order keeps its agreed prices."
)


@dataclass(frozen=True, slots=True)
class Returned:
    """`is_known` is False while Stripe cannot be asked whether the order's page was paid."""

    order: OrderView
    is_known: bool = True


async def order(token: str, *, session_id: str | None = None) -> Returned | None:
    """The order of this token, updated with its payment if it is still waiting for it.

    None for an unknown token, and for a session that is not this order's own.
    """
    found = await queries.by_token(token)
    if found is None or not await _is_its_own(session_id, found.id):
        return None
    if found.is_paid or not found.needs_page:
        return Returned(found)
    return await _brought_up_to_date(found)


async def apply_paid(order_id: UUID) -> None:
    """The order is paid: complete it, remove its units from the basket, and start the membership joined with it."""
    settled = await completion.complete(order_id)
    if settled.paid_at is not None:
        await checkout_attempts.finish_paid(order_id)
    if settled.joins is not None:
        await trials.admit(settled.joins)
        await subscriptions.apply(settled.joins)
    if settled.joins_term is not None:
        await fixed_term.apply(settled.joins_term)


async def apply_expired(order_id: UUID) -> None:
    """The order's page can no longer be paid: release its units and free the basket."""
    await completion.expire(order_id)
    await checkout_attempts.finish_expired(order_id)


async def session_paid(fact: CheckoutSessionPaid) -> None:
    if order_id := await _order_of(fact):
        await apply_paid(order_id)


async def session_expired(fact: CheckoutSessionExpired) -> None:
    if order_id := await _order_of(fact):
        await apply_expired(order_id)


async def session_payment_failed(fact: CheckoutSessionPaymentFailed) -> None:
    if order_id := await _order_of(fact):
        await apply_expired(order_id)


async def amount_mismatched(fact: AmountMismatch) -> None:
    if order_id := await _order_of(fact):
        await completion.flag_mismatch(order_id)


async def trial_refused(fact: TrialRefused) -> None:
    """The order paid along with it keeps its prices; staff are informed before they send it."""
    order = await queries.joined_with(fact.subscription_id)
    if order is not None:
        await flags.note(order.id, REFUSED_TRIAL)


async def order_paid(fact: OrderPaid) -> None:
    await checkout_attempts.finish_paid(fact.order_id)


async def order_expired(fact: OrderExpired) -> None:
    """Also where it never had a page: what was kept for the membership in it is there for others."""
    await checkout_attempts.finish_expired(fact.order_id)
    found = await queries.by_id(fact.order_id)
    if found is None or found.is_paid:
        return
    if found.joins is not None:
        await unpaid_joinings.order_expired(found.joins, found.joining_discount, placed_at=found.placed_at)
    if found.joins_term is not None:
        await fixed_term.order_expired(found.joins_term, placed_at=found.placed_at)


async def _is_its_own(session_id: str | None, order_id: UUID) -> bool:
    if session_id is None:
        return True
    page = await pages.by_session(session_id)
    return page is not None and _order_on(page) == order_id


async def _order_of(
    fact: CheckoutSessionPaid | CheckoutSessionExpired | CheckoutSessionPaymentFailed | AmountMismatch,
) -> UUID | None:
    """The order of a payment page: the page's own, or the one paid along with joining."""
    if fact.purpose == "order":
        return fact.reference_id
    page = await pages.by_id(fact.page_id) if fact.purpose in ("joining", "term") else None
    return _order_on(page) if page is not None else None


def _order_on(page: CheckoutSession) -> UUID | None:
    return page.reference_id if page.purpose == "order" else page.along


async def _brought_up_to_date(found: OrderView) -> Returned:
    page = await pages.for_order(found.id)
    if page is None:
        return Returned(found)
    try:
        page = await pages.sync(page)
    except NO_ANSWER:  # nobody was given the address of a page without a session
        return Returned(found, is_known=not (page.is_open and page.has_session))
    with contextlib.suppress(*NO_ANSWER):  # this concerns a trial's card; its webhook will arrive later
        if page.is_paid:
            await apply_paid(found.id)
        elif page.is_expired and not page.charges_card:
            await apply_expired(found.id)
    return Returned(await queries.by_id(found.id) or found)
