"""The history of an order, oldest first, with the operator who did each step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.checkout.placement import joined_fees
from components.content.pages import agreements
from components.content.pages.agreements import KeptAgreement
from components.foundation.formatting import money
from components.memberships.billing.tables import FeeRefund
from components.memberships.grants.tables import PaidOnceRefund
from components.messaging.notices.order_withdrawals import OrderWithdrawal
from components.orders.completion import ELSEWHERE
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages
from components.payments.tables import CheckoutSession
from components.people import customer_accounts

REFUND_STATES = {
    "asked": "requested",
    "pending": "in progress",
    "succeeded": "completed",
    "failed": "failed: no money was refunded",
}


@dataclass(frozen=True, kw_only=True)
class Event:
    at: datetime
    words: str
    by: str = ""
    more: str = ""


async def timeline(order: OrderView, withdrawn: tuple[OrderWithdrawal, ...] = ()) -> tuple[Event, ...]:
    fees = await joined_fees.refunds(order)
    names = await _names(order, [fee.by for fee in fees])
    agreed = [_agreed(one) for one in await agreements.of(order.id)]
    said = [event for one in withdrawn for event in _withdrawn(one)]
    paying = None if order.is_paid else await pages.for_order(order.id)
    back = [_fee_refund(fee, names) for fee in fees]
    return tuple(sorted([*_events(order, names, paying), *agreed, *said, *back], key=lambda event: event.at))


def _agreed(one: KeptAgreement) -> Event:
    pages = ", ".join(f"{page.title} (version {page.version})" for page in one.pages)
    how = "by ticking the box" if one.way == "tick" else "by placing the order"
    return Event(at=one.at, words=f"Agreed {how}", more=pages)


def _withdrawn(one: OrderWithdrawal) -> Iterator[Event]:
    yield Event(at=one.at, words="The customer withdrew from the contract", more=one.items or "All of it")
    if one.settled_at:
        seen = "seen to" if one.outcome == "done" else "refused"
        yield Event(at=one.settled_at, words=f"Withdrawal marked as {seen}")


def _where(order: OrderView) -> str:
    reference = order.payment_reference or ""
    if reference.startswith(ELSEWHERE):
        return f"Imported: {reference.removeprefix(ELSEWHERE)}"
    return f"Payment at Stripe: {reference}" if reference else ""


def _fee_refund(one: FeeRefund | PaidOnceRefund, names: dict[UUID | None, str]) -> Event:
    words = f"Refund of {money(one.amount, one.currency)} of the membership fee {REFUND_STATES[one.status]}"
    return Event(at=one.at, words=words, by=names.get(one.by, ""), more=one.reason)


async def _names(order: OrderView, more: Sequence[UUID | None]) -> dict[UUID | None, str]:
    noted = [*more, *(refund.by for refund in order.refunds), *(note.by for note in order.notes)]
    noted += [change.by for change in order.address_changes]
    doers = {by for by in (*noted, order.parcel.by if order.parcel else None) if by is not None}
    people = [await customer_accounts.by_id(doer) for doer in doers]
    return {person.id: person.name or person.email for person in people if person is not None}


def _paid(order: OrderView) -> str:
    credit = f" and {money(order.credit)} in store credit" if order.credit else ""
    fee = f", including {money(order.joining_fee)} membership" if order.joining_fee else ""
    fee += f" ({money(order.joining_off)} less with {order.joining_code})" if order.joining_off else ""
    return f"Paid {money(order.charged)}{fee}{credit}"


def _events(order: OrderView, names: dict[UUID | None, str], paying: CheckoutSession | None) -> Iterator[Event]:
    yield Event(at=order.placed_at, words="Placed")
    if paying is not None and paying.is_complete and order.is_awaiting_payment:
        more = "A bank payment can take days. The items stay reserved meanwhile."
        yield Event(at=paying.completed_at or paying.created_at, words="Payment on its way", more=more)
    if order.paid_at:
        yield Event(at=order.paid_at, words=_paid(order), more=_where(order))
    never_came = paying is not None and paying.has_failed
    if order.cancelled_at:
        why = "The customer’s bank did not make the payment" if never_came else "Not paid in time"
        yield Event(at=order.cancelled_at, words=f"{why}; stock released")
    if order.flagged_at:
        yield Event(at=order.flagged_at, words="Needs attention", more=" ".join(order.issues))
    for change in order.address_changes:
        was = change.before
        more = ", ".join(part for part in (was.name, was.line1, was.line2, was.town_line) if part)
        yield Event(at=change.at, words="Delivery address changed", by=names.get(change.by, ""), more=f"Before: {more}")
    if order.parcel:
        more = " ".join(part for part in (order.parcel.carrier, order.parcel.tracking) if part)
        sent = "Ready to pick up" if order.address.is_pickup else "Shipped"
        yield Event(at=order.parcel.at, words=sent, by=names.get(order.parcel.by, ""), more=more)
        if order.parcel.collected_at:
            by = names.get(order.parcel.collected_by, "")
            yield Event(at=order.parcel.collected_at, words="Picked up", by=by)
    for refund in order.refunds:
        words = f"Refund of {money(refund.amount)} {REFUND_STATES[refund.status]}"
        more = refund.reason + (" (items restocked)" if refund.restocks else "")
        yield Event(at=refund.at, words=words, by=names.get(refund.by, ""), more=more.strip())
    for note in order.notes:
        yield Event(at=note.at, words="Note", by=names.get(note.by, ""), more=note.words)
