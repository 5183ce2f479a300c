"""Moving the next charge of a running subscription, as a pause does, and having it come now.

Each is a billing request: it is done, refused (`CardDeclined`, `PaymentRefused`), surely not sent
(`StripeUnavailable`), or not known yet (`OutcomeUnknown`).
"""

from datetime import datetime
from uuid import UUID

from components.foundation import json
from components.foundation.languages.words import N_
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.invoicing import invoices
from components.payments.payment_refusals import NoSubscription
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import BillingRequest


async def move(local_id: UUID, *, to: datetime, key: str) -> None:
    """The next charge comes at `to`, in whole seconds, and none before. Raises `NoSubscription`, `OutcomeUnknown`."""
    await running_subscriptions.running(local_id)
    await billing_requests.run(MOVE_RENEWAL, subject=local_id, key=key, params={"to": to.isoformat()})


async def renew_now(local_id: UUID, *, key: str) -> None:
    """A renewal that was moved comes now, and is charged.

    Raises `CardDeclined` (nothing has changed then), `NoSubscription`, `OutcomeUnknown`.
    """
    await running_subscriptions.running(local_id)
    await billing_requests.run(RENEW_NOW, subject=local_id, key=key)


async def resume_unbilled(local_id: UUID, *, key: str) -> None:
    """Out of one of Stripe's own pauses without a charge. Raises `NoSubscription`, `OutcomeUnknown`."""
    await running_subscriptions.running(local_id)
    await billing_requests.run(RESUME_UNBILLED, subject=local_id, key=key)


async def _send_move(request: BillingRequest) -> None:
    known, to = (
        await running_subscriptions.running(request.subject),
        datetime.fromisoformat(json.load(request.params)["to"]),
    )
    await calls.move_renewal(known.stripe_id, to=to, key=request.sent_key)
    await running_subscriptions.sync(request.subject)


async def _is_moved(request: BillingRequest) -> bool:
    known = await running_subscriptions.sync(request.subject)
    return known.trial_end == datetime.fromisoformat(json.load(request.params)["to"])


async def _send_renewal(request: BillingRequest) -> None:
    renewed = await calls.renew_now(
        (await running_subscriptions.running(request.subject)).stripe_id, key=request.sent_key
    )
    if renewed.latest_invoice is not None:
        await invoices.sync(renewed.latest_invoice)
    await running_subscriptions.sync(request.subject)


async def _is_renewed(request: BillingRequest) -> bool:
    known = await running_subscriptions.sync(request.subject)
    if known.status == "trialing" or known.is_over:
        return False
    if known.latest_invoice:
        await invoices.sync(known.latest_invoice)
    return True


async def _send_unbilled(request: BillingRequest) -> None:
    known = await running_subscriptions.sync(request.subject)
    if known.is_over:
        raise NoSubscription
    if known.status == "paused":
        await calls.resume_unbilled(known.stripe_id, key=request.sent_key)
        await running_subscriptions.sync(request.subject)


async def _is_resumed(request: BillingRequest) -> bool:
    return (await running_subscriptions.sync(request.subject)).status != "paused"


MOVE_RENEWAL = request_kinds.register(
    RequestKind(
        name="move_renewal",
        send=_send_move,
        is_made=_is_moved,
        done=N_("That’s done. Your next charge has moved."),
        undone=N_("This did not go through: your membership is as it was, and nothing was charged. You can try again."),
    )
)
RENEW_NOW = request_kinds.register(
    RequestKind(
        name="renew_now",
        asks_bank=True,
        send=_send_renewal,
        is_made=_is_renewed,
        done=N_("Welcome back. Your membership is active again."),
        undone=N_("Your membership is still paused, and nothing was charged. You can try again."),
    )
)
RESUME_UNBILLED = request_kinds.register(
    RequestKind(
        name="resume_unbilled",
        send=_send_unbilled,
        is_made=_is_resumed,
        done=N_("Your membership isn’t paused any more."),
        undone=N_("Your membership is as it was, and nothing was charged. You can try again."),
    )
)
