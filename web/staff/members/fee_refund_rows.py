"""Refunds of what a member paid for memberships, in words, and the disputes about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.money import Money
from components.memberships.billing import fee_refunds, subscriptions
from components.memberships.billing.tables import FeeRefund
from components.memberships.grants import fixed_term, paid_once_refunds
from components.memberships.grants.tables import PaidOnceRefund
from components.payments import disputes
from components.payments.dispute_answers import fraud_warnings
from components.payments.dispute_answers.fraud_warnings import FraudWarning
from components.payments.disputes import DisputeView

STATES = {
    "asked": "Requested",
    "pending": "In progress",
    "succeeded": "Refunded",
    "failed": "Failed: no money was refunded",
}
LOST, DISPUTED = "lost in a dispute", "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRow:
    at: datetime
    reason: str
    state: str
    money: Money


async def refunds_of(person_id: UUID) -> tuple[RefundRow, ...]:
    """Of every subscription the person ever had, and every term they paid for, the oldest first."""
    made: list[FeeRefund | PaidOnceRefund] = []
    for kept in await subscriptions.begun(person_id):
        made += await fee_refunds.of_subscription(kept.id)
    for term in await fixed_term.paid(person_id):
        made += await paid_once_refunds.of(term.id)
    rows = [
        RefundRow(
            at=one.at,
            reason=one.reason,
            state=STATES[one.status],
            money=Money(one.amount + getattr(one, "credit", 0), one.currency),
        )
        for one in made
    ]
    return tuple(sorted(rows, key=lambda row: row.at))


async def disputes_of(person_id: UUID) -> tuple[DisputeView, ...]:
    """About a fee of any subscription the person ever had, or a membership they paid for once."""
    return tuple([each for one in await _paid(person_id) for each in await disputes.of_reference(one)])


async def warnings_of(person_id: UUID) -> list[FraudWarning]:
    """About the same."""
    return await fraud_warnings.of_references(await _paid(person_id))


async def _paid(person_id: UUID) -> tuple[UUID, ...]:
    begun = [kept.id for kept in await subscriptions.begun(person_id)]
    return (*begun, *(term.id for term in await fixed_term.paid(person_id)))


def held_by_bank(found: Sequence[DisputeView]) -> dict[str, str]:
    """Payments that are not refunded beside a dispute, by invoice or term, with how much the bank has of each."""
    return {
        one.invoice or str(one.reference_id): f"{money(one.money)} {LOST if one.status == 'lost' else DISPUTED}"
        for one in found
        if not one.may_be_refunded
    }
