"""Rules about money: each invoice, payment, refund and dispute is the same on both sides."""

from uuid import UUID

from components.foundation import clock
from components.payments import mirror, payment_refunds
from components.payments.differences.difference_rules import AtStripe, DifferenceRule, Found, amount_words
from components.payments.differences.mirror_repairs import read_again
from components.payments.mirror.mirrored_refunds import reference_of
from components.payments.ownership import is_ours
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import (
    MirroredDispute,
    MirroredInvoice,
    MirroredPayment,
    MirroredRefund,
    MirroredSubscription,
    RequestedRefund,
)


async def invoice_status(seen: AtStripe) -> list[Found]:
    here = {row.stripe_id: row for row in await MirroredInvoice.objects()}
    known = {row.stripe_id for row in await MirroredSubscription.objects()}
    found = []
    for one in seen.invoices.values():
        if one.subscription not in known or not seen.is_settled(one.paid_at or one.created_at):
            continue
        row, there = here.get(one.id), f"{one.status}, {amount_words(one.amount_paid, one.currency)} paid"
        told = f"{row.status}, {amount_words(row.amount_paid, row.currency)} paid" if row else "unknown"
        found += [Found(one.id, told, there)] if told != there else []
    return found


async def payment_unmirrored(seen: AtStripe) -> list[Found]:
    """Money that Stripe has taken for this shop and that is not recorded here."""
    here = {row.stripe_id: row for row in await MirroredPayment.objects()}
    found = []
    for one in seen.intents.values():
        row = here.get(one.id)
        if not (row or is_ours(one.metadata)) or not one.received or not seen.is_settled(one.created_at):
            continue
        told, there = (
            f"{amount_words(row.received, row.currency)}" if row else "unknown",
            f"{amount_words(one.received, one.currency)}",
        )
        about = uuid_in(one.metadata, "reference_id")
        found += [Found(one.id, told, there, about)] if told != there else []
    return found


async def _about(payment_intent: str | None) -> UUID | None:
    """The order or subscription that a payment of ours was for."""
    return await reference_of(payment_intent) if payment_intent else None


async def refund_differs(seen: AtStripe) -> list[Found]:
    here = {row.stripe_id: row for row in await MirroredRefund.objects()}
    found = []
    for one in seen.refunds.values():
        row, there = here.get(one.id), f"{amount_words(one.amount, one.currency)}, {one.status}"
        told = f"{amount_words(row.amount, row.currency)}, {row.status}" if row else "unknown"
        is_asked = row is None and seen.is_settled(one.created_at)
        about = await _about(one.payment_intent) if is_asked else row.reference_id if row else None
        found += [Found(one.id, told, there, about)] if (row or about) and told != there else []
    return found


async def refund_gone(seen: AtStripe) -> list[Found]:
    """Only when Stripe has told all of its refunds of that time."""
    is_counted = MirroredRefund.status.not_in(["failed", "cancelled"]) & (MirroredRefund.created_at >= seen.since)
    rows = await MirroredRefund.objects().where(is_counted) if seen.all_refunds else []
    missing = [row for row in rows if row.stripe_id not in seen.refunds]
    return [
        Found(row.stripe_id, f"{amount_words(row.amount, row.currency)}, {row.status}", "unknown") for row in missing
    ]


async def forget_refund(subject: str) -> str:
    """A refund that Stripe does not have counts as failed here."""
    if await mirror.sync_object("refund", subject) != "no longer at Stripe":
        return "Stripe has it after all; it was read again."
    row = MirroredRefund
    why = "Stripe does not have this refund"
    failed = row.update({row.status: "failed", row.failure: why, row.mirrored_at: clock.now()})
    await failed.where(row.stripe_id == subject)
    return "It counts as failed now. Refund it again if the customer is still to get the money."


async def refund_unanswered(seen: AtStripe) -> list[Found]:
    asked = RequestedRefund
    waiting = await asked.objects().where(asked.stripe_id.is_null() & asked.refused.is_null())
    return [
        Found(str(row.key), f"{amount_words(row.amount, row.currency)} requested", "no answer")
        for row in waiting
        if seen.is_settled(row.asked_at)
    ]


async def send_refund(subject: str) -> str:
    asked = await RequestedRefund.objects().where(RequestedRefund.key == UUID(subject)).first()
    if asked is None:
        return "There is no such request any more."
    await payment_refunds.send_again(asked)
    return "Looked for at Stripe, and sent again only because it wasn’t there: it is one refund in all."


async def dispute_differs(seen: AtStripe) -> list[Found]:
    here = {row.stripe_id: row for row in await MirroredDispute.objects()}
    found = []
    for one in seen.disputes.values():
        row = here.get(one.id)
        is_asked = row is None and seen.is_settled(one.created_at)
        about = await _about(one.payment_intent) if is_asked else row.reference_id if row else None
        if (row or about) and (row is None or row.status != one.status):
            found.append(Found(one.id, row.status if row else "unknown", one.status, about))
    return found


MONEY_RULES = (
    DifferenceRule(
        "invoice_status",
        "An invoice is in another state at Stripe",
        "Read again",
        invoice_status,
        read_again("invoice"),
    ),
    DifferenceRule(
        "payment_unmirrored",
        "Stripe took a payment that isn’t recorded here",
        "Record it",
        payment_unmirrored,
        read_again("payment_intent"),
    ),
    DifferenceRule(
        "refund_differs", "A refund at Stripe isn’t the same here", "Record it", refund_differs, read_again("refund")
    ),
    DifferenceRule(
        "refund_gone", "Stripe doesn’t have a refund recorded here", "Count as failed", refund_gone, forget_refund
    ),
    DifferenceRule(
        "refund_unanswered",
        "A refund was requested, and Stripe’s answer is missing",
        "Look and send again",
        refund_unanswered,
        send_refund,
    ),
    DifferenceRule(
        "dispute_differs",
        "A dispute at Stripe isn’t the same here",
        "Record it",
        dispute_differs,
        read_again("dispute"),
    ),
)
