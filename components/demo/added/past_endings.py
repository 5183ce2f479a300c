"""How memberships of the past came to their end: the renewal that could not be collected, or the member who cancelled.

They ran in Kiln's previous shop; what is written of them here is what an import of it would bring along.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from components.demo.generator.copied_blocks import CopiedBlocks, RowIds
from components.demo.shop_history import DemoMembership
from components.memberships.plans.plan_catalogue import PlanView

REASONS = ("use", "price", "use", "choice", "else")
SAID_BEFORE = timedelta(days=4)
TRIES = 4


def reason_of(stay: DemoMembership) -> str:
    """What they chose when they cancelled; "" where the payment failed."""
    return "" if stay.because == "failed" else Random(stay.joins).choice(REASONS)


async def write_down(subscription: UUID, person: UUID, plan: PlanView, *, ended: datetime, reason: str) -> None:
    blocks, ids, second = CopiedBlocks(), RowIds(subscription.int), int(ended.timestamp())
    if reason:
        blocks.add(
            "cancel_attempt", id=ids.at(second), subscription=subscription, person=person, reason=reason,
            at=ended - SAID_BEFORE,
        )  # fmt: skip
    else:
        _failed(blocks, ids, subscription, plan, ended)
    await blocks.flush()


def _failed(blocks: CopiedBlocks, ids: RowIds, subscription: UUID, plan: PlanView, at: datetime) -> None:
    invoice, payment, amount = ids.stripe("in"), ids.stripe("pi"), plan.price.amount
    blocks.add(
        "mirrored_invoice", stripe_id=invoice, local_id=subscription,
        number=f"B-{invoice[-8:].upper()}", amount_due=amount, total=amount, currency=plan.price.currency,
        period_start=at, period_end=at, payment_intent=payment, created_at=at, mirrored_at=at,
        reason="subscription_cycle", status="uncollectible", amount_paid=0, attempts=TRIES, failed_at=at,
    )  # fmt: skip
    blocks.add(
        "mirrored_payment", stripe_id=payment, purpose="joining", reference_id=subscription, invoice=invoice,
        status="requires_payment_method", amount=amount, received=0, currency=plan.price.currency, created_at=at,
        mirrored_at=at, failure="Your card was declined.", failure_code="card_declined",
    )  # fmt: skip
