"""Agreements besides subscriptions: terms paid once, gifts, seats, trials, changes, pauses, moves."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table

from components.memberships.tables import Plan, PlanVersion, Subscription


class PaidTerm(Table):
    """A term paid once. Its membership starts when it is paid, after anything the person has already paid for."""

    id = UUID(primary_key=True, default=None)
    payer = UUID(default=None, index=True)
    plan_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    lapsed_at = Timestamptz(null=True, default=None)


class GiftMembership(Table):
    """A membership bought for somebody else. Redeemed once, with its code, by whoever has it.

    `begun_at` is when the membership started; one redeemed by a member waits until theirs has ended.
    """

    id = UUID(primary_key=True, default=None)
    buyer = UUID(default=None, index=True)
    plan_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    code = Varchar(length=24, unique=True)
    giver_name = Varchar(length=120)
    recipient_name = Varchar(length=120)
    recipient_email = Varchar(length=254)
    message = Text(default="")
    send_at = Timestamptz(default=None)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    lapsed_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    redeemed_at = Timestamptz(null=True, default=None)
    redeemed_by = UUID(null=True, default=None, index=True)
    begun_at = Timestamptz(null=True, default=None)
    refunded_at = Timestamptz(null=True, default=None)
    refunded_by = UUID(null=True, default=None)


class Seat(Table):
    """A place in the payer's household: offered by e-mail, taken by one person, until somebody ends it."""

    id = UUID(primary_key=True, default=None)
    source_id = UUID(default=None, index=True)
    payer = UUID(default=None, index=True)
    email = Varchar(length=254)
    offered_at = Timestamptz(default=None)
    holder = UUID(null=True, default=None, index=True)
    taken_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class Trial(Table):
    """One per person: recognised by their e-mail, however it is spelt, and by their card."""

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, unique=True)
    email_key = Varchar(length=64, unique=True)
    card = Varchar(length=80, null=True, default=None, unique=True)
    at = Timestamptz(default=None)


class RefusedTrial(Table):
    """A second trial that was ended before it gave any access."""

    subscription = UUID(primary_key=True, default=None)
    why = Varchar(length=20)
    at = Timestamptz(default=None)


class PlanChange(Table):
    """From one plan to another: at once and paid for at once, or when the paid period is over.

    `proration_at` and `amount` are what was shown; the change is made for exactly that instant and amount. One that
    `keeps_length` leads to a plan whose periods are as long as before.
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    to_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict)
    is_now = Boolean(default=False)
    keeps_length = Boolean(default=False)
    proration_at = Timestamptz(null=True, default=None)
    amount = BigInt(default=0)
    currency = Varchar(length=3)
    asked_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None, index=True)
    applied_at = Timestamptz(null=True, default=None)
    dropped_at = Timestamptz(null=True, default=None)
    why_dropped = Varchar(length=200, default="")


class Pause(Table):
    """No charge and no benefits for a while. What was paid and not used is credited."""

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(default=None, index=True)
    ended_at = Timestamptz(null=True, default=None)


class PriceMigration(Table):
    """Members on older prices of a plan move to a newer one, each at their first renewal on or after a date."""

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    to_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict)
    from_at = Timestamptz(default=None)
    notice_days = Integer(default=30)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)


class PriceMove(Table):
    """One subscription of a migration: when its payer was notified, of which renewal, and when it was moved."""

    id = UUID(primary_key=True, default=None)
    migration = ForeignKey(references=PriceMigration, null=False, on_delete=OnDelete.restrict, index=True)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    told_at = Timestamptz(default=None)
    renews_at = Timestamptz(default=None)
    moved_at = Timestamptz(null=True, default=None)

    once = Unique([migration, subscription], name="price_move_once")


class SpendRule(Table):
    """Spending a set amount within a set number of months earns a plan for as long as that is true."""

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    threshold = BigInt()
    currency = Varchar(length=3)
    months = Integer(default=12)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


DDL: tuple[str, ...] = (
    """CREATE UNIQUE INDEX seat_offered_once ON seat (source_id, email) WHERE ended_at IS NULL""",
    """CREATE UNIQUE INDEX seat_held_once ON seat (source_id, holder) WHERE ended_at IS NULL AND holder IS NOT NULL""",
    """CREATE UNIQUE INDEX plan_change_open ON plan_change (subscription)
       WHERE applied_at IS NULL AND dropped_at IS NULL""",
    "CREATE UNIQUE INDEX pause_open ON pause (subscription) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX price_migration_open ON price_migration (plan) WHERE stopped_at IS NULL",
    "CREATE UNIQUE INDEX spend_rule_open ON spend_rule (plan) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX paid_term_waiting_once ON paid_term (payer) WHERE paid_at IS NULL AND lapsed_at IS NULL",
    "ALTER TABLE spend_rule ADD CONSTRAINT spend_rule_sense CHECK (threshold > 0 AND months BETWEEN 1 AND 60)",
    """ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_redeemed_by
       CHECK ((redeemed_at IS NULL) = (redeemed_by IS NULL))""",
    """ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_kept_or_refunded
       CHECK (redeemed_at IS NULL OR refunded_at IS NULL)""",
    "ALTER TABLE pause ADD CONSTRAINT pause_dates CHECK (until_at > from_at)",
    "CREATE INDEX gift_membership_to_send ON gift_membership (send_at) WHERE paid_at IS NOT NULL AND sent_at IS NULL",
)
