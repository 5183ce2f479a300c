"""Back from the payment page of a membership: what Stripe says of it, or that it cannot be asked."""

from uuid import UUID

from components.memberships.billing import subscription_start
from components.memberships.grants import fixed_term
from components.payments.payment_refusals import NO_ANSWER


async def settle_awaited(person_id: UUID) -> bool | None:
    """Whether what they are joining has started. None when Stripe cannot be asked; its webhook will follow."""
    if (waiting := await subscription_start.pending(person_id)) is not None:
        return await settle(waiting.id)
    term_id = await fixed_term.pending(person_id)
    return await settle_term(term_id) if term_id is not None else False


async def settle(subscription_id: UUID) -> bool | None:
    try:
        return (await subscription_start.complete(subscription_id)).started_at is not None
    except NO_ANSWER:
        return None


async def settle_term(term_id: UUID) -> bool | None:
    try:
        return await fixed_term.complete(term_id)
    except NO_ANSWER:
        return None
