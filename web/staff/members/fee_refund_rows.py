"""Refunds of what a member paid for memberships, in words, and the disputes about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.money import Money
from components.memberships.billing import fee_disputes, fee_refunds, subscriptions
from components.memberships.billing.tables import FeeRefund
from components.memberships.grants import fixed_term, paid_once_refunds
from components.memberships.grants.tables import PaidOnceRefund
from components.payments import disputes
from components.payments.dispute_answers import fraud_warnings
from components.payments.dispute_answers.fraud_warnings import FraudWarning
from components.payments.disputes import DisputeView
from web.account.membership.membership_payments import Paid

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


@dataclass(frozen=True, slots=True)
class HeldByBank:
    """What a bank has of one fee. `lost` is it once the dispute is lost."""

    words: str
    lost: Money | None

    def left_of(self, paid: Paid) -> Money:
        """What the shop has of it in the end."""
        left = paid.amount - paid.refunded if paid.refunded else paid.amount
        return left - self.lost if self.lost else left


async def held_by_bank(found: Sequence[DisputeView]) -> dict[str, HeldByBank]:
    """Fees that are not refunded beside a dispute, by invoice or term, with the bank's part of each: of an order that
    was paid in the same payment, nothing is told here."""
    held = {}
    for one in found:
        if not one.may_be_refunded:
            part, is_lost = await fee_disputes.fee_part(one), one.status == "lost"
            words = f"{money(part)} {LOST if is_lost else DISPUTED}"
            held[one.invoice or str(one.reference_id)] = HeldByBank(words, part if is_lost else None)
    return held
