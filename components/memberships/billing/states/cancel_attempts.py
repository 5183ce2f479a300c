"""That somebody cancelled, when and why: kept also when they change their mind."""

import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database, ids, outbox
from components.foundation.refusals import Refusal
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.tables import CancelAttempt
from components.memberships.facts import CancellationRefused, CancellationWithdrawn
from components.payments.billing_requests import billing_requests
from components.payments.payment_refusals import OutcomeUnknown

LONGEST = 500
"""Of what a member writes, in characters."""
SHOWN = 5

_FORGET = """
UPDATE subscription SET cancel_reason = NULL WHERE id = $1 AND cancel_at IS NULL AND ended_at IS NULL
  AND NOT EXISTS (SELECT FROM cancel_attempt WHERE subscription = $1 AND at > $2)
"""
_WITHDRAWN = """
UPDATE cancel_attempt a SET withdrawn_at = $2 FROM subscription s
WHERE s.id = a.subscription AND s.id = $1 AND s.cancel_at IS NULL AND s.ended_at IS NULL
  AND a.at <= $2 AND a.withdrawn_at IS NULL
"""


@contextlib.asynccontextmanager
async def kept(
    found: CurrentState, *, reason: str = "", words: str = "", by: UUID | None = None
) -> AsyncIterator[None]:
    """It stays unless what is done meanwhile is refused, now or later: then nothing was cancelled."""
    assert found.subscription is not None
    attempt = CancelAttempt(
        id=ids.new(), subscription=found.subscription.id, person=found.subscription.payer, reason=reason,
        words=words.strip()[:LONGEST], by_staff=by is not None, at=clock.now(),
    )  # fmt: skip
    await CancelAttempt.insert(attempt)
    try:
        yield
    except OutcomeUnknown as unknown:
        await _waits_for(attempt, unknown.request_id)
        raise
    except Refusal:
        await CancelAttempt.delete().where(CancelAttempt.id == attempt.id)
        raise


def kept_unless_cancelled(found: CurrentState, *, by: UUID | None) -> contextlib.AbstractAsyncContextManager[None]:
    """As `kept`. A cancellation that stands was its member's wish, and stays the last one with its reason and words."""
    assert found.subscription is not None
    stands = found.subscription.cancel_at and found.subscription.cancel_reason is not None
    return contextlib.nullcontext() if stands else kept(found, by=by)


async def drop_refused(request_id: UUID) -> None:
    """Nothing was cancelled after all. A member who asked for it themselves is told, once: they rely on it."""
    async with database.transaction():
        dropped = CancelAttempt.delete().where(CancelAttempt.request == request_id)
        found = await dropped.returning(CancelAttempt.subscription, CancelAttempt.by_staff)
        if any(not one["by_staff"] for one in found):
            await outbox.announce(CancellationRefused(found[0]["subscription"], request_id))


async def forget_reason(subscription_id: UUID, *, since: datetime) -> None:
    """It is not cancelled, and has not been again since then: they changed their mind at that moment."""
    await database.execute(_WITHDRAWN, subscription_id, since)
    await database.execute(_FORGET, subscription_id, since)


async def taken_back(fact: CancellationWithdrawn) -> None:
    """Stripe says it is not cancelled any more: also where nobody asked the shop for that."""
    if fact.at:
        made = (CancelAttempt.subscription == fact.subscription_id) & (CancelAttempt.at < fact.at)
        taken_back = CancelAttempt.update({CancelAttempt.withdrawn_at: fact.at})
        await taken_back.where(made & CancelAttempt.withdrawn_at.is_null())


async def _waits_for(attempt: CancelAttempt, request_id: UUID | None) -> None:
    """Its answer may have come before this is written."""
    await attempt.update_self({CancelAttempt.request: request_id})
    asked = await billing_requests.by_id(request_id) if request_id is not None else None
    if asked is not None and asked.is_settled and not asked.is_done:
        await drop_refused(asked.id)


async def of_person(person_id: UUID) -> list[CancelAttempt]:
    """The newest first, a handful: why they cancelled, and what they wrote."""
    mine = CancelAttempt.objects().where(CancelAttempt.person == person_id)
    return await mine.order_by(CancelAttempt.at, CancelAttempt.id, ascending=False).limit(SHOWN)


async def erase_person(person_id: UUID) -> None:
    await CancelAttempt.update({CancelAttempt.words: ""}).where(CancelAttempt.person == person_id)
