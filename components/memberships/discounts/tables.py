"""The rows of discounts on fees. Amounts are minor units."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import PaidTerm, Subscription


class FeeDiscount(Table):
    """What is taken off the fee of one subscription, or of one `term` that is paid once: a percentage (`percent_bp`) or
    an amount, off a number of `payments`, or off every one while that is null.

    `source`: code (typed when joining; `coupon` is it), staff, or offer (to who wanted to cancel). `begun_at` is when
    Stripe had it; before that it is asked for, or its payment page is open. `why_ended`: used, taken off, refused, not
    paid, over (with the subscription) or replaced. `asks` counts the requests to Stripe, `turn` the coupons made there.
    `rest_waits`: its first payment is made together with an order, with a coupon at Stripe for that page only; of the
    payments after it Stripe is told once that is paid.
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=True, default=None, on_delete=OnDelete.restrict, index=True)
    term = ForeignKey(references=PaidTerm, null=True, default=None, on_delete=OnDelete.restrict, index=True)
    source = Varchar(length=8)
    code = Varchar(length=60, default="")
    coupon = UUID(null=True, default=None)
    percent_bp = Integer(default=0)
    amount = BigInt(default=0)
    currency = Varchar(length=3)
    payments = Integer(null=True, default=None)
    reason = Varchar(length=300, default="")
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    asks = Integer(default=0)
    turn = Integer(default=0)
    rest_waits = Boolean(default=False)
    put_at = Timestamptz(null=True, default=None)
    begun_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = UUID(null=True, default=None)
    why_ended = Varchar(length=10, default="")


DDL: tuple[str, ...] = (
    """ALTER TABLE fee_discount ADD CONSTRAINT fee_discount_is_sensible CHECK (
       (percent_bp BETWEEN 1 AND 9999) <> (amount > 0) AND amount >= 0
       AND (payments IS NULL OR payments BETWEEN 1 AND 60)
       AND source IN ('code', 'staff', 'offer') AND (ended_at IS NULL) = (why_ended = '')
       AND why_ended IN ('', 'used', 'taken off', 'refused', 'not paid', 'over', 'replaced'))""",
    "CREATE UNIQUE INDEX fee_discount_open_once ON fee_discount (subscription) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX fee_discount_of_term_once ON fee_discount (term) WHERE ended_at IS NULL",
    """ALTER TABLE fee_discount ADD CONSTRAINT fee_discount_of_one
       CHECK ((subscription IS NULL) <> (term IS NULL) AND (term IS NULL OR source = 'code'))""",
    "CREATE VIEW insights_fee_discounts AS SELECT id, subscription, payments FROM fee_discount",
)
