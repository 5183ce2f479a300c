"""The table of gift refunds."""

from piccolo.columns import UUID, BigInt, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import GiftMembership


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


DDL: tuple[str, ...] = (
    """ALTER TABLE gift_refund ADD CONSTRAINT gift_refund_is_sensible
       CHECK (amount > 0 AND status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    """CREATE VIEW insights_gift_refunds AS
       SELECT r.id, r.gift, v.plan, r.amount, r.currency, r.status, r.at, r.reviewed_at,
         g.redeemed_at IS NOT NULL AND g.refunded_at IS NOT NULL AS is_in_use
       FROM gift_refund r JOIN gift_membership g ON g.id = r.gift JOIN plan_version v ON v.id = g.plan_version""",
)
