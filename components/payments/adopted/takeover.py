"""Taking over a subscription that other software made, exactly as it is, and giving it back.

At Stripe nothing is changed but metadata of ours: who looks after it. Its id, its price and its billing dates stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from components.foundation import database
from components.payments import customers, ownership, references
from components.payments.mirror import mirrored_invoices, mirrored_subscriptions
from components.payments.mirror.mirror_rows import lock_row
from components.payments.ownership import is_ours
from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import foreign_answers
from components.payments.stripe_calls.foreign_answers import ForeignSubscription
from components.payments.stripe_connection import change, client
from components.payments.tables import MirroredInvoice, MirroredPayment, MirroredSubscription, SavedCard

if TYPE_CHECKING:
    from stripe.params import SubscriptionUpdateParams

KIND = "subscription"


@dataclass(frozen=True)
class CustomerHolder:
    """Of an adopted subscription's customer: `before` is the person's own customer until then, if it was another."""

    customer: str
    before: str | None


def is_claimed(found: ForeignSubscription) -> bool:
    """By this shop or another one that runs this software."""
    return bool(found.answer.metadata.get("install_id"))


def is_claimed_here(found: ForeignSubscription) -> bool:
    return is_ours(found.answer.metadata)


async def take_over(local_id: UUID, person_id: UUID, found: ForeignSubscription, *, since: datetime) -> CustomerHolder:
    """Its mirror and whose it is, in one transaction with the caller's rows. Nothing is announced: nothing happened.

    Stripe is told afterwards, by `claim`. `since` is an instant before it was read.
    """
    stripe_id = found.answer.id
    await lock_row(stripe_id)
    await references.store(KIND, local_id, stripe_id, since=since.replace(microsecond=0))
    holder = CustomerHolder(found.answer.customer, await _become_customer(person_id, found.answer.customer))
    await mirrored_subscriptions.keep(found.answer, local_id)
    if found.owed is not None:
        await mirrored_invoices.keep_quietly(found.owed, local_id)
    return holder


async def _become_customer(person_id: UUID, customer: str) -> str | None:
    """The person is this customer from now on: a new card then reaches the subscription."""
    before = await references.stripe_id_of(customers.KIND, person_id)
    if before == customer:
        return None
    if before is not None:
        await references.remove(before)
    await references.store(customers.KIND, person_id, customer)
    return before


async def claim(local_id: UUID, stripe_id: str, *, turn: str) -> None:
    """Tell Stripe who looks after it, and read it again. May be repeated. `turn` tells one try of staff from the next.

    Raises `UnknownAtStripe`, `OutcomeUnknown`, `StripeUnavailable`.
    """
    wanted = {**ownership.ownership_metadata(), "reference_id": str(local_id)}
    await _set(stripe_id, wanted, key=f"adopt:{local_id}:{turn}")
    await mirrored_subscriptions.sync(stripe_id)


async def disclaim(local_id: UUID, stripe_id: str, *, turn: str) -> None:
    """Take our metadata off again. May be repeated; one that is no longer there needs nothing."""
    try:
        await _set(stripe_id, {"install_id": "", "reference_id": ""}, key=f"release:{local_id}:{turn}")
    except UnknownAtStripe:
        return


async def _set(stripe_id: str, metadata: dict[str, str], *, key: str) -> None:
    params: SubscriptionUpdateParams = {"metadata": metadata}
    await change(lambda options: client().v1.subscriptions.update_async(stripe_id, params, options), key=key)


async def read(stripe_id: str) -> ForeignSubscription:
    """As it is at this moment, with what was last paid for it. Raises `UnknownAtStripe`."""
    return await foreign_answers.get(stripe_id)


async def was_used(local_id: UUID) -> bool:
    """Whether Stripe has billed it, or anything was asked of Stripe for it, since it was taken over."""
    return bool(await database.fetch_value(_USED, local_id))


_USED = """
SELECT EXISTS (SELECT FROM mirrored_invoice i JOIN payment_reference r ON r.local_id = i.local_id
               WHERE i.local_id = $1 AND i.total > 0 AND (i.created_at >= r.since OR i.status = 'paid'))
  OR EXISTS (SELECT FROM billing_request WHERE subject = $1)
  OR EXISTS (SELECT FROM checkout_session WHERE reference_id = $1)
"""


async def forget(local_id: UUID, person_id: UUID, holder: CustomerHolder) -> None:
    """All rows of it here, within a transaction; the person is the customer again that they were before."""
    known = await MirroredSubscription.objects().where(MirroredSubscription.local_id == local_id).first()
    await MirroredPayment.delete().where(MirroredPayment.reference_id == local_id)
    await MirroredInvoice.delete().where(MirroredInvoice.local_id == local_id)
    await MirroredSubscription.delete().where(MirroredSubscription.local_id == local_id)
    if known is not None:
        await references.remove(known.stripe_id)
    if await references.local_id_of(holder.customer) == person_id and (holder.before or not await _still(holder)):
        await references.remove(holder.customer)
        await SavedCard.delete().where((SavedCard.customer == holder.customer) & SavedCard.is_agreed.eq(False))
    if holder.before is not None:
        await references.store(customers.KIND, person_id, holder.before)


async def _still(holder: CustomerHolder) -> bool:
    """Whether another subscription of this customer stays here."""
    return await MirroredSubscription.exists().where(MirroredSubscription.customer == holder.customer)
