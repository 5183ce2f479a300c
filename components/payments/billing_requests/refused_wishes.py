"""A member's wish that was refused after they were told to wait for its answer: what they are told, until they read it.

The waiting page notes that its member has seen it. Whoever leaves it relies on what it said, so that a refusal that
comes later is told by e-mail, and on their membership page until they have read it or a day has passed.
"""

from datetime import timedelta
from uuid import UUID

from components.foundation import clock
from components.foundation.languages.words import N_, _
from components.payments.billing_requests import request_kinds
from components.payments.payment_refusals import CardDeclined, PaymentRefused
from components.payments.stripe_calls import decline_words
from components.payments.tables import BillingRequest

SHOWN_FOR = timedelta(days=1)
_PAUSE, _BACK = N_("Your pause didn’t go through."), N_("Resuming your membership didn’t go through.")
_CHANGE = N_("Your change of plan didn’t go through.")
_CANCELLATION = N_("Your cancellation didn’t go through.")
WISHES = {
    "pause": _PAUSE,
    "move_renewal": _PAUSE,
    "move_back": N_("Ending your pause didn’t go through."),
    "resume": _BACK,
    "renew_now": _BACK,
    "resume_unbilled": _CANCELLATION,
    "cancel": _CANCELLATION,
    "end_now": N_("Ending your membership straight away didn’t go through."),
    "keep": N_("Taking back your cancellation didn’t go through."),
    "price_now": _CHANGE,
    "price_from_renewal": _CHANGE,
    "pay_invoice": N_("Your payment didn’t go through."),
    "put_discount": N_("Your discount didn’t go through."),
    "take_off_discount": N_("Taking off the discount didn’t go through."),
}
"""By the kind of the request."""


async def note_waiting(request_id: UUID) -> None:
    """Its member has been told that the answer is awaited."""
    table = BillingRequest
    is_first = (table.id == request_id) & table.waited_at.is_null() & table.settled_at.is_null()
    await table.update({table.waited_at: clock.now()}).where(is_first)


async def note_read(request_id: UUID) -> None:
    table = BillingRequest
    await table.update({table.read_at: clock.now()}).where((table.id == request_id) & table.read_at.is_null())


async def unread(subject: UUID) -> BillingRequest | None:
    """The refusal that its member is still to be told of: nothing has been asked for about it since."""
    of_it = BillingRequest.objects().where(BillingRequest.subject == subject)
    last = await of_it.order_by(BillingRequest.asked_at, ascending=False).first()
    return last if last is not None and is_to_be_told(last) and not last.read_at else None


def is_to_be_told(request: BillingRequest) -> bool:
    is_refused = request.is_settled and not request.is_done and bool(request.waited_at)
    return is_refused and clock.now() - request.settled_at < SHOWN_FOR


def why(request: BillingRequest) -> str:
    """A member whose card was not to be charged reads what has not happened, and nothing of a payment."""
    if request.is_declined:
        return decline_words.said(request.why) or _(CardDeclined.message)
    kind = request_kinds.named(request.kind)
    return _(kind.undone if request.why == PaymentRefused.message and not kind.asks_bank else request.why)


def words(request: BillingRequest) -> str:
    """Which wish it was, and what is so now."""
    return f"{_(WISHES[request.kind])} {why(request)}"
