"""Settling what has no outcome yet: after a crash, an outage, or an answer that never came.

Stripe is looked at first. What was made is done. What was not is sent again under the same key, as long as Stripe
remembers keys. Once the key has lapsed, or is bound to a failure of Stripe's, it is either sent once more under a new
one (`must_happen`) or dropped: by then Stripe has been asked and does not have it.
"""

import contextlib
from datetime import timedelta

import structlog

from components.foundation import clock
from components.foundation.operations import one_by_one
from components.foundation.refusals import Refusal
from components.payments.billing_requests import billing_requests, request_kinds
from components.payments.payment_refusals import StripeUnavailable
from components.payments.tables import BillingRequest
from components.payments.timeouts import unattended

SETTLING = timedelta(minutes=2)
"""A younger request may still be waited for by the process that sent it."""
KEY_LASTS = timedelta(hours=23)
"""Stripe remembers a key for a day."""
MOST_TRIES = 10
"""A key that gave no answer so often is bound to a failure, which Stripe repeats."""

log = structlog.get_logger()


async def settle_due() -> None:
    """Scheduled, every minute."""
    table = BillingRequest
    is_due = table.settled_at.is_null() & (table.asked_at < clock.now() - SETTLING)
    await one_by_one.each(await table.objects().where(is_due).order_by(table.asked_at), _tried, what="billing request")


async def _tried(request: BillingRequest) -> None:
    if unattended.is_under_way(request.id):
        return
    try:
        await _settled(request)
    except Refusal as refusal:
        log.warning("a billing request is not settled yet", request=str(request.id), words=str(refusal))


async def _settled(request: BillingRequest) -> None:
    kind = request_kinds.named(request.kind)
    try:
        is_made = await kind.is_made(request)
    except StripeUnavailable:
        return
    if is_made:
        await billing_requests.settle(request, "done")
    elif clock.now() - request.keyed_at < KEY_LASTS and request.tries < MOST_TRIES:
        await _sent(request)
    elif kind.must_happen:
        await _sent(await _with_a_new_key(request))
    else:
        if kind.drop is not None:
            await kind.drop(request)
        await billing_requests.settle(request, "refused", why=kind.undone)


async def _sent(request: BillingRequest) -> None:
    with contextlib.suppress(Refusal):  # stored with the request, or not known yet
        await billing_requests.carry_out(request)


async def _with_a_new_key(request: BillingRequest) -> BillingRequest:
    table, renewed = BillingRequest, f"{request.key}:{int(clock.now().timestamp())}"
    await table.update({table.sent_key: renewed, table.keyed_at: clock.now(), table.tries: 0}).where(
        table.id == request.id
    )
    return await billing_requests.by_id(request.id) or request
