"""Refunds of terms paid once, which are made in Stripe: recorded here, and staff decide about the membership."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.entitlements import membership_periods
from components.memberships.grants.tables import TermRefund
from components.memberships.tables import PaidTerm
from components.payments import payment_refunds
from components.payments.facts import RefundMirrored
from components.payments.tables import MirroredRefund

_AT_STRIPE = {"succeeded": "succeeded", "failed": "failed", "cancelled": "failed"}


class TermDecided(Refusal):
    message = "There is nothing to decide about this membership."
    status = 409


@dataclass(frozen=True)
class RefundedTerm:
    """What was given back of a term, in minor units, and nobody has decided about."""

    term: UUID
    payer: UUID
    amount: int
    currency: str
    at: datetime

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


_UNDECIDED = """
SELECT r.term, t.payer, sum(r.amount)::bigint AS amount, r.currency, max(r.at) AS at
FROM term_refund r JOIN paid_term t ON t.id = r.term
WHERE r.status <> 'failed' AND r.reviewed_at IS NULL GROUP BY r.term, t.payer, r.currency ORDER BY max(r.at) DESC
"""


async def undecided() -> list[RefundedTerm]:
    """The newest first."""
    return await database.fetch_as(RefundedTerm, _UNDECIDED)


async def apply_mirrored(fact: RefundMirrored) -> None:
    """A refund of a term's payment; those of anything else are not handled here."""
    if not await PaidTerm.exists().where(PaidTerm.id == fact.reference_id):
        return
    for mirrored in await payment_refunds.of_reference(fact.reference_id):
        await _sync(fact.reference_id, mirrored)


async def _sync(term_id: UUID, mirrored: MirroredRefund) -> None:
    status = _AT_STRIPE.get(mirrored.status, "pending")
    async with database.transaction():
        await database.locked(PaidTerm, PaidTerm.id == term_id)
        is_it = TermRefund.stripe_id == mirrored.stripe_id
        if await TermRefund.exists().where(is_it):
            await TermRefund.update({TermRefund.status: status}).where(is_it)
            return
        await TermRefund.insert(
            TermRefund(
                stripe_id=mirrored.stripe_id, term=term_id, amount=mirrored.amount, currency=mirrored.currency,
                status=status, at=mirrored.created_at,
            )
        )  # fmt: skip
        await audit.record(None, "paid term refunded", "term", term_id, after={"amount": mirrored.amount})


async def keep(term_id: UUID, *, by: UUID) -> None:
    """The membership goes on until its end. Raises `TermDecided`."""
    async with database.transaction():
        await _decided(term_id, by)
        await audit.record(by, "refunded term kept", "term", term_id)


async def end(term_id: UUID, *, by: UUID) -> None:
    """The membership ends now. Raises `TermDecided`."""
    async with database.transaction():
        await _decided(term_id, by)
        held = await membership_periods.latest_from(term_id)
        if held is not None and (held.ends_at is None or held.ends_at > clock.now()):
            await membership_periods.move_end(held, clock.now())
        await audit.record(by, "refunded term ended", "term", term_id)


async def _decided(term_id: UUID, by: UUID) -> None:
    await database.locked(PaidTerm, PaidTerm.id == term_id)
    if term_id not in {one.term for one in await undecided()}:
        raise TermDecided
    decided = TermRefund.update({TermRefund.reviewed_at: clock.now(), TermRefund.reviewed_by: by})
    await decided.where((TermRefund.term == term_id) & TermRefund.reviewed_at.is_null())
