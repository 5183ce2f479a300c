"""The rows of refunds of what is paid once: bought gifts, and terms."""

from piccolo.columns import UUID, BigInt, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import GiftMembership, PaidTerm


class GiftRefund(Table):
    """A refund of a bought gift, in part or in whole; `by` is None for one that was made directly at Stripe.

    `id` is the key of the form that asked for it. `status`: asked, pending, succeeded or failed. `reviewed_at` when
    staff have decided what becomes of the membership of a gift that was refunded after it had been redeemed.
    """

    id = UUID(primary_key=True, default=None)
    gift = ForeignKey(references=GiftMembership, null=False, on_delete=OnDelete.restrict, index=True)
    amount = BigInt()
    currency = Varchar(length=3)
    reason = Varchar(length=300, default="")
    status = Varchar(length=12, default="asked")
    stripe_id = Varchar(length=80, null=True, default=None, unique=True)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    reviewed_by = UUID(null=True, default=None)


class TermRefund(Table):
    """A refund of a term paid once, made in Stripe: the shop has no form for it.

    `status`: pending, succeeded or failed. `reviewed_at` when staff have decided what becomes of the membership.
    """

    stripe_id = Varchar(length=80, primary_key=True, default=None)
    term = ForeignKey(references=PaidTerm, null=False, on_delete=OnDelete.restrict, index=True)
    amount = BigInt()
    currency = Varchar(length=3)
    status = Varchar(length=12)
    at = Timestamptz(default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    reviewed_by = UUID(null=True, default=None)


DDL: tuple[str, ...] = (
    """ALTER TABLE term_refund ADD CONSTRAINT term_refund_is_sensible
       CHECK (amount > 0 AND status IN ('pending', 'succeeded', 'failed'))""",
    """CREATE VIEW insights_term_refunds AS
       SELECT r.stripe_id, r.term, v.plan, r.amount, r.currency, r.status, r.at, r.reviewed_at
       FROM term_refund r JOIN paid_term t ON t.id = r.term JOIN plan_version v ON v.id = t.plan_version""",
    """ALTER TABLE gift_refund ADD CONSTRAINT gift_refund_is_sensible
       CHECK (amount > 0 AND status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    """CREATE VIEW insights_gift_refunds AS
       SELECT r.id, r.gift, v.plan, r.amount, r.currency, r.status, r.at, r.reviewed_at,
         g.redeemed_at IS NOT NULL AND g.refunded_at IS NOT NULL AS is_in_use
       FROM gift_refund r JOIN gift_membership g ON g.id = r.gift JOIN plan_version v ON v.id = g.plan_version""",
)
