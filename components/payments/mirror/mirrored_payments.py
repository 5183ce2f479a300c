from dataclasses import dataclass
from uuid import UUID

from components.foundation import database
from components.payments import references
from components.payments.mirror.mirror_rows import lock_row, store
from components.payments.ownership import is_ours
from components.payments.stripe_calls import payment_intents as calls
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import CheckoutSession, MirroredPayment


@dataclass(frozen=True)
class Owner:
    """What a payment is for: the reference of a page, or one invoice of a subscription."""

    purpose: str
    reference_id: UUID
    invoice: str | None = None


async def sync(intent_id: str) -> bool:
    """False when the payment is neither known here nor marked as ours."""
    async with database.transaction():
        await lock_row(intent_id)
        found = await calls.get(intent_id)
        owner = _named_in(found.metadata) or await _joining(found)
        if owner is None and await known(intent_id) is None:
            return False
        await _keep(found, owner)
    return True


async def sync_for_owner(intent_id: str, owner: Owner) -> calls.Intent:
    """Mirror a payment whose owner is known from its page or invoice."""
    async with database.transaction():
        await lock_row(intent_id)
        found = await calls.get(intent_id)
        await _keep(found, owner)
    return found


async def known(intent_id: str) -> MirroredPayment | None:
    return await MirroredPayment.objects().where(MirroredPayment.stripe_id == intent_id).first()


def _named_in(metadata: dict[str, str]) -> Owner | None:
    reference_id = uuid_in(metadata, "reference_id")
    if not is_ours(metadata) or reference_id is None:
        return None
    return Owner(metadata.get("purpose", ""), reference_id)


async def _joining(found: calls.Intent) -> Owner | None:
    """A card tried on the page of a subscription: until that page is complete, Stripe's payment has neither our
    metadata nor an invoice, and only its customer says whose it is."""
    if found.metadata or found.received or not found.customer:  # what has gone through is told of with its invoice
        return None
    if (person_id := await references.local_id_of(found.customer)) is None:
        return None
    one = CheckoutSession
    joinings = one.select(one.reference_id).where(
        one.purpose == "joining", one.person_id == person_id, one.status == "open", one.replaced_at.is_null(),
        one.completed_at.is_null(), one.amount == found.amount, one.currency == found.currency,
    )  # fmt: skip
    newest = await joinings.order_by(one.created_at, ascending=False).first()
    return Owner("joining", newest["reference_id"]) if newest else None


async def _keep(found: calls.Intent, owner: Owner | None) -> None:
    """The owner is written once: a payment never changes its owner."""
    await store(
        MirroredPayment,
        found.id,
        {
            "status": found.status,
            "amount": found.amount,
            "received": found.received,
            "currency": found.currency,
            "payment_method": found.payment_method,
            "failure": found.failure,
            "failure_code": found.failure_code[:60],
        },
        once={
            "purpose": owner.purpose if owner else "",
            "reference_id": owner.reference_id if owner else None,
            "invoice": owner.invoice if owner else None,
            "created_at": found.created_at,
        },
    )
    if owner is not None and owner.invoice:  # a card that was tried in vain came before the invoice
        await MirroredPayment.update({MirroredPayment.invoice: owner.invoice}).where(
            (MirroredPayment.stripe_id == found.id) & MirroredPayment.invoice.is_null()
        )
