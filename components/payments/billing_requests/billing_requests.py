"""A change at Stripe that may move money, as seen by whoever asks for it: done, refused, or not known yet.

How to use it: register a `RequestKind` once, in the module that owns the change, then

    request = await billing_requests.run(KIND, subject=subscription_id, key=f"pause:{pause.id}", params={...})

- It returns when Stripe has done it, and raises the refusal when Stripe refused (`CardDeclined`, `PaymentRefused`, …)
  or when it surely did nothing (`StripeUnavailable`).
- It raises `OutcomeUnknown` when there is no answer within six seconds. The change then goes on by itself: keep your
  row open, and let the visitor be sent to the waiting page (`web/account/waiting.py`; a controller that does not catch
  `OutcomeUnknown` does that). When the outcome is known, the fact `BillingRequestSettled` says so once, to whatever
  reaction closes your row; before that, syncing has announced `SubscriptionMirrored` if the subscription changed.
- `key` names what the visitor wanted, taken from a committed row of yours: a second run with it is the same request,
  for ever, and what Stripe has refused stays refused. Without one, the request's own row is that row. What a person
  or a job may want once more after a refusal asks with `anew(key)`.
- One request at a time for each subject: another kind meanwhile is `StillAsking`, the same one is waited for together.

Not inside a transaction: the row must be committed before Stripe is asked.
"""

import contextlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, ids, json, outbox
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.payments import stripe_connection
from components.payments.billing_requests import request_kinds, request_senders
from components.payments.billing_requests.request_kinds import RequestKind
from components.payments.billing_requests.request_senders import Left
from components.payments.facts import BillingRequestSettled
from components.payments.payment_refusals import (
    CardDeclined,
    OutcomeUnknown,
    PaymentRefused,
    StillAsking,
    StripeUnavailable,
)
from components.payments.stripe_calls import decline_words
from components.payments.tables import BillingRequest, CheckoutSession
from components.payments.timeouts import request_time, unattended

JUST_NOW = timedelta(minutes=2)


async def run(
    kind: RequestKind, *, subject: UUID, key: str | None = None, params: dict[str, Any] | None = None
) -> BillingRequest:
    """Ask Stripe, and wait for the answer as long as a visitor may wait.

    Raises `OutcomeUnknown`, `StillAsking`, `StripeUnavailable`, `PaymentRefused` and what `kind.send` raises.
    """
    if database.DB.transaction_exists():
        raise RuntimeError("Stripe is asked outside the caller's transaction: the request must already be committed")
    request = await _decided(kind, subject, key, params or {})
    if request.is_settled:
        answer = _again(request)
        request_time.note_change()
        return answer
    try:
        answer = await unattended.answered(request.id, lambda: carry_out(request))
    except unattended.StillUnderWay:
        if not await request_senders.wait(request):
            raise StripeUnavailable from None
        raise OutcomeUnknown(request.id) from None
    request_time.note_change()
    return answer


async def by_id(request_id: UUID) -> BillingRequest | None:
    return await BillingRequest.objects().where(BillingRequest.id == request_id).first()


async def outcome_of(key: str) -> str | None:
    """None while it is not known, and of what was never asked."""
    found = await BillingRequest.objects().where((BillingRequest.key == key) & BillingRequest.settled_at.is_not_null())
    return found[0].outcome if found else None


async def anew(key: str) -> str:
    """The key to ask with for what is still wanted: of what Stripe has refused the next one, else the same."""
    asked, turn = key, 1
    while await outcome_of(asked) == "refused":
        turn += 1
        asked = f"{key}:{turn}"
    return asked


async def unsettled(subject: UUID) -> BillingRequest | None:
    """What is being asked of Stripe about this subscription or order."""
    is_its = (BillingRequest.subject == subject) & BillingRequest.settled_at.is_null()
    return await BillingRequest.objects().where(is_its).first()


async def was_settled_lately(subject: UUID) -> bool:
    """Whether an answer has come that its reactions may not have followed yet."""
    is_new = BillingRequest.settled_at > clock.now() - JUST_NOW
    return bool(await BillingRequest.exists().where((BillingRequest.subject == subject) & is_new))


async def person_of(request: BillingRequest) -> UUID | None:
    """Who is shown its outcome: the person named in it, else whoever pays for its subject."""
    if named := json.load(request.params).get("person"):
        return UUID(named)
    of_it = CheckoutSession.objects().where(CheckoutSession.reference_id == request.subject)
    paid_on = await of_it.order_by(CheckoutSession.attempt, ascending=False).first()
    return paid_on.person_id if paid_on else None


async def carry_out(request: BillingRequest) -> BillingRequest:
    """Send it, and store the outcome if there is one. Raises like `run`.

    Another process may be sending the same one: while it is, nobody says that nothing was carried out.
    """
    kind = request_kinds.named(request.kind)
    if not await request_senders.join(request):
        return await _as_left(request)
    with stripe_connection.watched() as sent:
        try:
            await kind.send(request)
        except OutcomeUnknown as unknown:
            return await _looked_up(kind, request, unknown)
        except StripeUnavailable as outage:
            if sent.is_so or request.tries:
                return await _looked_up(kind, request, OutcomeUnknown(request.id))
            return await _withdrawn(kind, request, outage)
        except Refusal as refusal:
            await settle(request, "refused", why=_in_english(refusal), is_declined=isinstance(refusal, CardDeclined))
            raise
    return await settle(request, "done")


async def settle(request: BillingRequest, outcome: str, *, why: str = "", is_declined: bool = False) -> BillingRequest:
    """Store the outcome and announce it, once."""
    table = BillingRequest
    settled: dict[Column | str, Any] = {
        table.outcome: outcome,
        table.why: why[:500],
        table.is_declined: is_declined,
        table.settled_at: clock.now(),
    }
    async with database.transaction():
        written = table.update(settled).where((table.id == request.id) & table.settled_at.is_null())
        if await written.returning(table.id):
            await outbox.announce(
                BillingRequestSettled(request.id, request.kind, request.subject, request.key, outcome)
            )
    return await by_id(request.id) or request


async def _as_left(request: BillingRequest) -> BillingRequest:
    """As another has settled it. One that is gone was withdrawn, because Stripe could not be reached."""
    found = await by_id(request.id)
    if found is None:
        raise StripeUnavailable
    return _again(found)


async def _withdrawn(kind: RequestKind, request: BillingRequest, outage: StripeUnavailable) -> BillingRequest:
    """This sending surely carried nothing out: raises `outage`, after telling whoever waits for the outcome.

    Raises `OutcomeUnknown` while another may be sending it.
    """
    async with database.transaction():
        left = await request_senders.leave(request)
        if left is Left.TO_BE_REFUSED:
            await settle(request, "refused", why=kind.undone)
    if left is Left.OTHERS_SEND_IT:
        raise OutcomeUnknown(request.id)
    if left is Left.SETTLED:
        return await _as_left(request)
    raise outage


async def _looked_up(kind: RequestKind, request: BillingRequest, unknown: OutcomeUnknown) -> BillingRequest:
    """No answer: Stripe may show that it was done all the same."""
    with contextlib.suppress(Refusal):
        if await kind.is_made(request):
            return await settle(request, "done")
    table = BillingRequest
    await table.update({table.tries: table.tries + 1, table.is_awaited: True}).where(table.id == request.id)
    raise OutcomeUnknown(request.id) from unknown


async def _decided(kind: RequestKind, subject: UUID, key: str | None, params: dict[str, Any]) -> BillingRequest:
    async with database.transaction():
        await take_turns(f"billing:{subject}")
        known = await BillingRequest.objects().where(BillingRequest.key == key).first() if key else None
        if known is not None:  # not looked up again below: it may be settled by now
            return known
        other = await unsettled(subject)
        if other is not None and (other.kind != kind.name or key is not None):
            raise StillAsking(other.id)
        if other is not None:
            return other
        request_id = ids.new()
        own_key = key or f"{kind.name}:{request_id}"
        request = BillingRequest(
            id=request_id, kind=kind.name, subject=subject, key=own_key, sent_key=own_key, params=json.dump(params),
            asked_at=clock.now(), keyed_at=clock.now(),
        )  # fmt: skip
        await BillingRequest.insert(request)
    return request


def _in_english(refusal: Refusal) -> str:
    """As it is kept, to be said later in whichever language is spoken then."""
    if isinstance(refusal, CardDeclined) and refusal.detail:
        return refusal.detail
    return refusal.message if refusal.words == _(refusal.message) else refusal.words


def _again(request: BillingRequest) -> BillingRequest:
    if request.outcome == "done":
        return request
    raise CardDeclined(decline_words.said(request.why)) if request.is_declined else PaymentRefused(_(request.why))
