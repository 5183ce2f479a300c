from piccolo.columns import UUID, Array, BigInt, Boolean, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Coupon(Table):
    """A code that takes something off an order. Its code is stored in capitals and without spaces.

    `value` is basis points off (percent) or minor units off (amount). `used` counts orders that hold or have used it.
    Plans are named by their slugs; none means that it is for everybody. `for_fees`: it is taken off the fee of a
    membership (of `fee_plans`, or of any), for `fee_payments` payments or, without a number, for every one.
    """

    id = UUID(primary_key=True, default=None)
    code = Varchar(length=40, unique=True)
    words = Varchar(length=120)
    discount_type = Varchar(length=13)
    value = BigInt(default=0)
    scope_kind = Varchar(length=10, default="everything")
    scope_ids = Array(base_column=UUID(default=None), default=list)
    minimum = BigInt(default=0)
    stacks = Boolean(default=False)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    limit_total = Integer(null=True, default=None)
    limit_each = Integer(null=True, default=None)
    plans = Array(base_column=Varchar(length=255), default=list)
    first_order_only = Boolean(default=False)
    used = Integer(default=0)
    made_at = Timestamptz(default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    for_fees = Boolean(default=False)
    fee_payments = Integer(null=True, default=None)
    fee_plans = Array(base_column=Varchar(length=255), default=list)
    segment = UUID(null=True, default=None, index=True)


class CouponUse(Table):
    """One order's use of a coupon: reserved when placed, used when paid, returned when the order expires. Or the use of
    one fee (`fee` is the discount on it).

    `email` is the normalised mailbox. `late`: the order was paid after it had expired and the coupon had been used up
    since. It does not count.
    """

    id = UUID(primary_key=True, default=None)
    coupon = ForeignKey(Coupon, null=False, on_delete=OnDelete.restrict)
    order_id = UUID(default=None, unique=True, null=True)
    person = UUID(null=True, default=None)
    email = Varchar(length=320, default="")
    state = Varchar(length=8, default="reserved")
    at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    fee = UUID(null=True, default=None, unique=True)


DDL: tuple[str, ...] = (
    """ALTER TABLE coupon ADD CONSTRAINT coupon_is_one CHECK (
       (discount_type = 'percent' AND value BETWEEN 1 AND 9999) OR (discount_type = 'amount' AND value > 0)
       OR discount_type = 'free_delivery')""",
    "ALTER TABLE coupon ADD CONSTRAINT coupon_is_not_used_too_often CHECK (used >= 0 AND used <= limit_total)",
    "ALTER TABLE coupon ADD CONSTRAINT coupon_ends_after_it_begins CHECK (until_at > from_at)",
    """ALTER TABLE coupon ADD CONSTRAINT coupon_is_for_something
       CHECK (scope_kind = 'everything' OR cardinality(scope_ids) > 0)""",
    """ALTER TABLE coupon ADD CONSTRAINT coupon_for_fees CHECK (NOT for_fees OR (discount_type <> 'free_delivery'
       AND coalesce(fee_payments, 1) BETWEEN 1 AND 60))""",
    "ALTER TABLE coupon_use ADD CONSTRAINT coupon_use_of_one CHECK ((order_id IS NULL) <> (fee IS NULL))",
    """ALTER TABLE coupon_use ADD CONSTRAINT coupon_use_state_is_known
       CHECK (state IN ('reserved', 'used', 'returned', 'late'))""",
    "CREATE INDEX coupon_use_of_coupon ON coupon_use (coupon)",
    "CREATE INDEX coupon_use_of_person ON coupon_use (person) WHERE person IS NOT NULL",
    "CREATE INDEX coupon_use_of_email ON coupon_use (coupon, email) WHERE email <> ''",
    """CREATE VIEW insights_coupons AS
       SELECT id, code, used, from_at, until_at, withdrawn_at, for_fees FROM coupon""",
    "CREATE VIEW insights_coupon_uses AS SELECT coupon, order_id, state FROM coupon_use",
)
