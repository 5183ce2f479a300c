"""The rows of memberships. Prices are minor units; instants are half-open: from the first until before the last."""

from typing import Any

from piccolo.columns import JSON, JSONB, UUID, BigInt, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.columns.column_types import Array
from piccolo.constraints import Unique
from piccolo.table import Table

from components.memberships.reporting_views import CHANGES, KEPT, VIEWS


class Plan(Table):
    """What may be subscribed to. `is_offered`: new members see it; current ones keep it. `places`: 0 for any number."""

    id = UUID(primary_key=True, default=None)
    slug = Varchar(length=80, unique=True)
    name = Varchar(length=120)
    summary = Text()
    position = Integer(default=0)
    is_offered = Boolean(default=True)
    created_at = Timestamptz(default=None)
    trial_days = Integer(default=0)
    trial_ends = Varchar(length=16, default="card")
    seats = Integer(default=0)
    is_giftable = Boolean(default=False)
    tax_category = Varchar(length=30, default="standard")
    guarantees_fee = Boolean(default=False)
    places = Integer(default=0)


class PlanVersion(Table):
    """A plan's price from a date. Price, currency and interval never change; a new price is a new version.

    `interval` is 'week', 'month' or 'year' (times `interval_count`), or 'life' for a plan that never bills again.
    `is_once`: paid once and never again; it ends after its interval, or never when that is 'life'. `net_of`: the
    version whose fee this is without tax, never on offer (`reverse_charges`). `variant`: who joins at it holds what
    that says, not what everybody does.
    """

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    price = BigInt()
    currency = Varchar(length=3)
    interval = Varchar(length=8)
    interval_count = Integer(default=1)
    is_once = Boolean(default=False)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    net_of: ForeignKey[Any] = ForeignKey(references="self", null=True, default=None, on_delete=OnDelete.restrict)
    variant = UUID(null=True, default=None)


class Benefit(Table):
    """Something a plan can include. The details are in its versions. `is_tried`: what an arm of an experiment gives,
    which never changes and is in no plan. `made_from`: what a copy was made from, or stands in place of: who had that
    has had this once."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=40)
    name = Varchar(length=120)
    created_at = Timestamptz(default=None)
    is_tried = Boolean(default=False)
    made_from = Array(base_column=UUID(), default=list)


class BenefitVersion(Table):
    """A benefit's settings for a period of time, so that any past instant can still be answered."""

    id = UUID(primary_key=True, default=None)
    benefit = ForeignKey(references=Benefit, null=False, on_delete=OnDelete.restrict, index=True)
    settings = JSON()
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)


class PlanBenefit(Table):
    """A plan includes a benefit for a period of time."""

    id = UUID(primary_key=True, default=None)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    benefit = ForeignKey(references=Benefit, null=False, on_delete=OnDelete.restrict, index=True)
    position = Integer(default=0)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)


class Subscription(Table):
    """The running agreement that bills, as Stripe last reported it. `late_by`: seconds that its first payment was late.
    `order_country`, `order_region`, `ordered_at`: where an order goes that it was joined with, and when it was placed.
    `status`: pending (page open), incomplete, trialing, active, past_due, paused, unpaid; over: cancelled, lapsed
    (never completed). `past_due_since` is the renewal that failed, from which the grace runs, or the start of a pause.
    """

    id = UUID(primary_key=True, default=None)
    payer = UUID(default=None, index=True)
    plan_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    status = Varchar(length=12, default="pending")
    attempt = Integer(default=1)
    created_at = Timestamptz(default=None)
    started_at = Timestamptz(null=True, default=None)
    current_period_start = Timestamptz(null=True, default=None)
    current_period_end = Timestamptz(null=True, default=None)
    past_due_since = Timestamptz(null=True, default=None)
    cancel_at = Timestamptz(null=True, default=None)
    cancel_reason = Varchar(length=40, null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    late_by = BigInt(null=True, default=None)
    late_moved_at = Timestamptz(null=True, default=None)
    order_country = Varchar(length=2, default="")
    order_region = Varchar(length=100, default="")
    ordered_at = Timestamptz(null=True, default=None)


class PaidPeriod(Table):
    """One paid invoice is one period of one subscription, as agreed then: only where it ends may be cut short.

    `amount` is what was paid, `net_amount` that without tax, `net_price` the fee of its plan version without tax.
    `is_partial`: the rest of a period, after a change of plan. `is_opening`: of an adopted one, paid elsewhere.
    `tax_country`, `tax_note` and `taxes`: see `kept_taxes`.
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    invoice = Varchar(length=80, unique=True)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    amount = BigInt()
    currency = Varchar(length=3)
    paid_at = Timestamptz(default=None)
    plan_version = ForeignKey(references=PlanVersion, null=True, default=None, on_delete=OnDelete.restrict)
    net_amount = BigInt()
    net_price = BigInt()
    is_partial = Boolean(default=False)
    is_opening = Boolean(default=False)
    tax_country = Varchar(length=2, default="")
    tax_note = Text(default="")
    taxes = JSONB(default="[]")


class Membership(Table):
    """A person's membership for a period of time. `source` says where it came from, `source_id` is the row behind it.

    subscription, comp, free, gift, term (paid once), seat (in somebody's household), earned (by spending). `variant`:
    what was promised to whoever pays for it, for as long as it goes on with this plan.
    """

    id = UUID(primary_key=True, default=None)
    holder = UUID(default=None, index=True)
    plan = ForeignKey(references=Plan, null=False, on_delete=OnDelete.restrict, index=True)
    source = Varchar(length=12)
    source_id = UUID(default=None, index=True)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(null=True, default=None)
    end_announced_at = Timestamptz(null=True, default=None)
    given_by = UUID(null=True, default=None)
    note = Text(default="")
    variant = UUID(null=True, default=None)


class Entitlement(Table):
    """One benefit held by one person: from, until, and because of which membership."""

    id = UUID(primary_key=True, default=None)
    membership = ForeignKey(references=Membership, null=False, on_delete=OnDelete.restrict, index=True)
    person = UUID(default=None)
    benefit = ForeignKey(references=Benefit, null=False, on_delete=OnDelete.restrict, index=True)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(null=True, default=None)
    because_of = Varchar(length=60)


class BenefitUse(Table):
    """The savings ledger: what a benefit saved somebody on one order line. Rows are only ever added.

    `regular` is what a non-member would have paid, `paid` what the member paid. A refund adds a row with
    negative amounts. `reference` is unique: "order-line:…", "order-delivery:…", "refund:…".
    """

    id = UUID(primary_key=True, default=None)
    person = UUID(default=None, index=True)
    benefit = ForeignKey(references=Benefit, null=True, default=None, on_delete=OnDelete.restrict)
    reference = Varchar(length=120, unique=True)
    order_id = UUID(null=True, default=None, index=True)
    kind = Varchar(length=20)
    words = Text()
    why = Text(default="")
    regular = BigInt()
    paid = BigInt()
    currency = Varchar(length=3)
    at = Timestamptz(default=None, index=True)


_CHECKS = (
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_price CHECK (price >= 0 AND interval_count > 0)",
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_interval CHECK (interval IN ('week','month','year','life'))",
    """ALTER TABLE subscription ADD CONSTRAINT subscription_status CHECK (status IN ('pending', 'incomplete',
       'trialing', 'active', 'past_due', 'paused', 'unpaid', 'cancelled', 'lapsed'))""",
    """ALTER TABLE membership ADD CONSTRAINT membership_source
       CHECK (source IN ('subscription', 'comp', 'free', 'gift', 'term', 'seat', 'earned'))""",
    "ALTER TABLE membership ADD CONSTRAINT membership_dates CHECK (ends_at IS NULL OR ends_at >= starts_at)",
    "ALTER TABLE entitlement ADD CONSTRAINT entitlement_dates CHECK (until_at IS NULL OR until_at >= from_at)",
    """ALTER TABLE plan ADD CONSTRAINT plan_terms CHECK (trial_days BETWEEN 0 AND 730 AND seats BETWEEN 0 AND 20
       AND trial_ends IN ('card', 'cancel', 'pause', 'create_invoice'))""",
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_life CHECK (interval <> 'life' OR is_once OR price = 0)",
    "ALTER TABLE plan_version ADD CONSTRAINT plan_version_net CHECK (net_of IS NULL OR from_at = until_at)",
)

_INDEXES = (
    "CREATE UNIQUE INDEX plan_version_open ON plan_version (plan) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX plan_version_net_once ON plan_version (net_of, price) WHERE net_of IS NOT NULL",
    "CREATE UNIQUE INDEX benefit_version_open ON benefit_version (benefit) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX plan_benefit_open ON plan_benefit (plan, benefit) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX subscription_running_once ON subscription (payer) WHERE status NOT IN ('cancelled', 'lapsed')",
    "CREATE UNIQUE INDEX membership_open_once ON membership (holder, plan, source) WHERE ends_at IS NULL",
    "CREATE INDEX membership_at ON membership (holder, starts_at, ends_at)",
    "CREATE INDEX membership_ending ON membership (ends_at) WHERE end_announced_at IS NULL AND ends_at IS NOT NULL",
    "CREATE INDEX entitlement_at ON entitlement (person, from_at, until_at)",
)

# Every process caches the plans and is notified when they change.
_ANNOUNCEMENTS = (
    """CREATE FUNCTION plans_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('plans', ''); RETURN NULL; END $$""",
    *(
        f"""CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()"""
        for table in ("plan", "plan_version", "benefit", "benefit_version", "plan_benefit", "plan_variant")
    ),
)


class PaidTerm(Table):
    """A term paid once. Its membership starts when it is paid, after anything the person has already paid for.

    From then on `net_amount` is what was paid without tax, `off` what a code took off; the rest: see `kept_taxes`.
    `ordered_at`: when the order was placed that it waits to be paid with.
    """

    id = UUID(primary_key=True, default=None)
    payer = UUID(default=None, index=True)
    plan_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    created_at = Timestamptz(default=None)
    paid_at = Timestamptz(null=True, default=None)
    lapsed_at = Timestamptz(null=True, default=None)
    net_amount = BigInt(null=True, default=None)
    tax_country = Varchar(length=2, default="")
    tax_note = Text(default="")
    taxes = JSONB(default="[]")
    off = BigInt(default=0)
    ordered_at = Timestamptz(null=True, default=None)


class GiftMembership(Table):
    """A membership bought for somebody else. Redeemed once, with its code, by whoever has it.

    `begun_at` is when the membership started; one redeemed by a member waits until theirs has ended. The code is kept
    as a keyed digest, to find the gift by it, and encrypted, to be read again; `code` is for rows from before.
    `voided_at`: staff stopped it, as the bank took the money back. `readdressed_at`: its address was last corrected.
    Once it is paid, `net_amount` is its price without tax; `tax_country`, `tax_note` and `taxes`: see `kept_taxes`.
    """

    id = UUID(primary_key=True, default=None)
    buyer = UUID(default=None, index=True)
    plan_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict, index=True)
    code = Varchar(length=24, unique=True, null=True, default=None)
    code_digest = Bytea(unique=True, null=True, default=None)
    code_sealed = Varchar(length=200, default="", secret=True)
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
    voided_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    readdressed_at = Timestamptz(null=True, default=None)
    net_amount = BigInt(null=True, default=None)
    tax_country = Varchar(length=2, default="")
    tax_note = Text(default="")
    taxes = JSONB(default="[]")

    @property
    def is_redeemable(self) -> bool:
        return bool(self.paid_at) and not (self.refunded_at or self.redeemed_at or self.voided_at)


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
    """From one plan to another: at once and paid for at once, or when the paid period is over. `proration_at` and
    `amount`, as shown, are what it is made for. One that `keeps_length` leads to a plan whose periods are as long as
    before. `confirm_until`: the bank asks the member to confirm its payment by then, and nothing has changed yet.
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
    confirm_until = Timestamptz(null=True, default=None)
    applied_at = Timestamptz(null=True, default=None)
    dropped_at = Timestamptz(null=True, default=None)
    why_dropped = Varchar(length=200, default="")


class Pause(Table):
    """No charge and no benefits for a while. `begun_at` is when it began; null while it is still to come.

    `paid_left`: seconds of paid time left; null for pauses of former days, which Stripe credits (`pause_periods`).
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    from_at = Timestamptz(default=None)
    until_at = Timestamptz(default=None, index=True)
    begun_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)
    paid_left = BigInt(null=True, default=None)
    arranged_at = Timestamptz(null=True, default=None)
    returning_at = Timestamptz(null=True, default=None)


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


_AGREEMENTS = (
    """CREATE UNIQUE INDEX seat_offered_once ON seat (source_id, email) WHERE ended_at IS NULL""",
    "CREATE INDEX seat_by_holder ON seat (holder) WHERE ended_at IS NULL AND holder IS NOT NULL",
    """CREATE UNIQUE INDEX seat_held_once ON seat (source_id, holder) WHERE ended_at IS NULL AND holder IS NOT NULL""",
    """CREATE UNIQUE INDEX plan_change_open ON plan_change (subscription)
       WHERE applied_at IS NULL AND dropped_at IS NULL""",
    "CREATE UNIQUE INDEX pause_open ON pause (subscription) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX price_migration_open ON price_migration (plan) WHERE stopped_at IS NULL",
    """ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_redeemed_by
       CHECK ((redeemed_at IS NULL) = (redeemed_by IS NULL))""",
    "ALTER TABLE pause ADD CONSTRAINT pause_dates CHECK (until_at > from_at)",
    "CREATE INDEX gift_membership_to_send ON gift_membership (send_at) WHERE paid_at IS NOT NULL AND sent_at IS NULL",
)

DDL: tuple[str, ...] = (*_CHECKS, *_INDEXES, *KEPT, *_ANNOUNCEMENTS, *_AGREEMENTS, *VIEWS, *CHANGES)
