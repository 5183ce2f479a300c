"""Stripe's own pauses, as former versions used them: unused time is credited, and coming back begins a new period.

Today a pause moves the renewal (`moved_renewals`); this ends pauses of before, and trials paused for want of a card.
Nothing asks for `RESUME_UNBILLED` any more: it is here for the requests that a former version has left.
"""

from uuid import UUID

from components.foundation.languages.words import N_
from components.payments import running_subscriptions
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.invoicing import invoices
from components.payments.payment_refusals import NoSubscription, PaymentRefused
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import BillingRequest, MirroredSubscription


async def pause(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """No periods, no charges; the unused time is credited to the next one.

    Raises `NoSubscription`, `OutcomeUnknown`.
    """
    await running_subscriptions.running(local_id)
    await billing_requests.run(PAUSE, subject=local_id, key=key)
    return await _mirrored(local_id)


async def resume(local_id: UUID, *, key: str | None = None) -> MirroredSubscription:
    """A new period begins now and is charged now, less the credit. Raises `NoSubscription`, `OutcomeUnknown`."""
    await running_subscriptions.running(local_id)
    await billing_requests.run(RESUME, subject=local_id, key=key)
    return await _mirrored(local_id)


async def _send_pause(request: BillingRequest) -> None:
    if not await _is_paused(request):
        await calls.pause((await running_subscriptions.running(request.subject)).stripe_id, key=request.sent_key)
        await running_subscriptions.sync(request.subject)


async def _is_paused(request: BillingRequest) -> bool:
    return (await running_subscriptions.sync(request.subject)).status == "paused"


async def _send_resume(request: BillingRequest) -> None:
    known = await running_subscriptions.sync(request.subject)
    if known.is_over:
        raise NoSubscription
    if known.status == "paused":
        resumed = await calls.resume(known.stripe_id, key=request.sent_key)
        await _mirror(request.subject, resumed.latest_invoice)


async def _is_resumed(request: BillingRequest) -> bool:
    known = await running_subscriptions.sync(request.subject)
    if known.status == "paused" or known.is_over:
        return False
    await _mirror(request.subject, known.latest_invoice)
    return True


async def _refuse_unbilled(request: BillingRequest) -> None:
    """It was the first half of a cancellation. Whoever wanted that asks for all of it again, and is not brought back
    into a membership that renews."""
    raise PaymentRefused(RESUME_UNBILLED.undone)


async def _is_unpaused(request: BillingRequest) -> bool:
    return (await running_subscriptions.sync(request.subject)).status != "paused"


async def _mirrored(local_id: UUID) -> MirroredSubscription:
    """As it was mirrored with the change."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None:
        raise NoSubscription
    return known


async def _mirror(local_id: UUID, invoice: str | None) -> None:
    if invoice is not None:
        await invoices.sync(invoice)
    await running_subscriptions.sync(local_id)


PAUSE = request_kinds.register(
    RequestKind(
        name="pause",
        send=_send_pause,
        is_made=_is_paused,
        done=N_("Your membership is paused."),
        done_for_staff=N_("The membership is paused."),
        undone=N_("The pause did not go through: your membership goes on as before. You can try again."),
    )
)
RESUME = request_kinds.register(
    RequestKind(
        name="resume",
        asks_bank=True,
        send=_send_resume,
        is_made=_is_resumed,
        done=N_("Welcome back. Your membership is active again."),
        done_for_staff=N_("The membership is active again."),
        undone=N_("Your membership was not resumed, and nothing was charged for it. You can try again."),
    )
)
RESUME_UNBILLED = request_kinds.register(
    RequestKind(
        name="resume_unbilled",
        send=_refuse_unbilled,
        is_made=_is_unpaused,
        done=N_("Your membership isn’t paused any more. If you wanted to cancel it, please do so again."),
        done_for_staff=N_("The membership isn’t paused any more. If it was to be cancelled, cancel it again."),
        undone=N_("Your membership is as it was, and nothing was charged. You can try again."),
    )
)
