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
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.tables import BillingRequest


async def move(local_id: UUID, *, to: datetime, key: str) -> None:
    """The next charge comes at `to`, in whole seconds, and none before. Raises `NoSubscription`, `OutcomeUnknown`."""
    await _move(MOVE_RENEWAL, local_id, to, key)


async def move_back(local_id: UUID, *, to: datetime, key: str) -> None:
    """The same for a renewal that a pause had moved, and that comes sooner without it."""
    await _move(MOVE_BACK, local_id, to, key)


async def renew_now(local_id: UUID, *, key: str) -> None:
    """A renewal that was moved comes now, and is charged.

    Raises `CardDeclined` (nothing has changed then), `NoSubscription`, `OutcomeUnknown`.
    """
    await running_subscriptions.running(local_id)
    await billing_requests.run(RENEW_NOW, subject=local_id, key=key)


async def _move(kind: RequestKind, local_id: UUID, to: datetime, key: str) -> None:
    await running_subscriptions.running(local_id)
    await billing_requests.run(kind, subject=local_id, key=key, params={"to": to.isoformat()})


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


_AS_IT_WAS = N_("This did not go through: your membership is as it was, and nothing was charged. You can try again.")
MOVE_RENEWAL = request_kinds.register(
    RequestKind(
        name="move_renewal",
        send=_send_move,
        is_made=_is_moved,
        done=N_("Your pause is set. Your membership page shows its dates."),
        done_for_staff=N_("The pause is set. The member’s page shows its dates."),
        undone=_AS_IT_WAS,
    )
)
MOVE_BACK = request_kinds.register(
    RequestKind(
        name="move_back",
        send=_send_move,
        is_made=_is_moved,
        done=N_("The pause is off. Your membership page shows your next charge."),
        done_for_staff=N_("The pause is off. The member’s page shows the next charge."),
        undone=_AS_IT_WAS,
    )
)
RENEW_NOW = request_kinds.register(
    RequestKind(
        name="renew_now",
        asks_bank=True,
        send=_send_renewal,
        is_made=_is_renewed,
        done=N_("Welcome back. Your membership is active again."),
        done_for_staff=N_("The membership is active again, and the new period has been charged."),
        undone=N_("Your membership is still paused, and nothing was charged. You can try again."),
    )
)
