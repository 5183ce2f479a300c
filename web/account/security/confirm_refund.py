"""Whoever gives back more than a limit confirms that it is them (`REFUND_CONFIRM_ABOVE`).

What one operator gave back within a day counts together, whatever it was for: refunds of orders, membership fees, gifts
and terms, store credit, and discounts on memberships. It is read from the audit log, which is written with each.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response

from components.foundation import audit, clock, database, settings
from components.foundation.database import advisory_locks
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.payments.payment_refusals import RefundedMeanwhile
from components.people.identity import identity_checks
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of, session_of

WITHIN = timedelta(days=1)
ORDER, FEE, GIFT, TERM, CREDIT, DISCOUNT = GIVEN_BACK = (
    "order refunded",
    "membership fee refunded",
    "gift membership refunded",
    "paid term refunded",
    "store credit added",
    "membership discount put on",
)
"""As the audit log calls them."""


class GivenMeanwhile(RefundedMeanwhile):
    message = N_(
        "You gave back something else in the meantime, and together it is more than you may without confirming that "
        "it’s you. Nothing more was given: please send it again."
    )


@dataclass(frozen=True, kw_only=True)
class GivingBack:
    """What is about to be given back. `before`: what was refunded of the same payment already, by anybody."""

    what: str
    subject: object
    key: UUID
    amount: Money
    before: int = 0


async def confirm_refund(request: Request[Any, Any, Any], giving: GivingBack) -> Response[Any] | None:
    """The page that asks; None when nothing is asked, so that neither many small refunds of one payment nor of many
    are a way around the limit."""
    return await confirm_first(request) if await _is_above(request, giving) else None


@asynccontextmanager
async def within_limit(request: Request[Any, Any, Any], giving: GivingBack) -> AsyncIterator[None]:
    """A transaction in which it is given back. What one operator does at once is done one after the other.

    Raises `GivenMeanwhile`: what was allowed by `confirm_refund` is too much by now.
    """
    async with database.transaction():
        await advisory_locks.take_turns(f"giving back: {person_id_of(request)}")
        if await _is_above(request, giving) and not await identity_checks.is_confirmed(session_of(request)):
            raise GivenMeanwhile
        yield


async def _is_above(request: Request[Any, Any, Any], giving: GivingBack) -> bool:
    if giving.amount.amount <= 0:
        return False
    this_one = (giving.what, str(giving.subject), giving.key)
    given = await audit.amount_of(person_id_of(request), GIVEN_BACK, since=clock.now() - WITHIN, but=this_one)
    return giving.amount.amount + max(giving.before, given) > limit(giving.amount.currency).amount


def limit(currency: str) -> Money:
    return Money.parse(str(settings.current().refund_confirm_above), currency)
