"""That somebody cancelled, when and why: kept also when they change their mind."""

import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

from components.foundation import clock, ids
from components.foundation.refusals import Refusal
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.tables import CancelAttempt
from components.payments.payment_refusals import OutcomeUnknown

LONGEST = 500
"""Of what a member writes, in characters."""
SHOWN = 5


@contextlib.asynccontextmanager
async def kept(
    found: CurrentState, *, reason: str = "", words: str = "", by: UUID | None = None
) -> AsyncIterator[None]:
    """It stays unless what is done meanwhile is refused: then nothing was cancelled."""
    assert found.subscription is not None
    attempt = CancelAttempt(
        id=ids.new(), subscription=found.subscription.id, person=found.subscription.payer, reason=reason,
        words=words.strip()[:LONGEST], by_staff=by is not None, at=clock.now(),
    )  # fmt: skip
    await CancelAttempt.insert(attempt)
    try:
        yield
    except OutcomeUnknown:
        raise
    except Refusal:
        await CancelAttempt.delete().where(CancelAttempt.id == attempt.id)
        raise


async def of_person(person_id: UUID) -> list[CancelAttempt]:
    """The newest first, a handful: why they cancelled, and what they wrote."""
    mine = CancelAttempt.objects().where(CancelAttempt.person == person_id)
    return await mine.order_by(CancelAttempt.at, CancelAttempt.id, ascending=False).limit(SHOWN)


async def erase_person(person_id: UUID) -> None:
    await CancelAttempt.update({CancelAttempt.words: ""}).where(CancelAttempt.person == person_id)
