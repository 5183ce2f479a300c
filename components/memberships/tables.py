"""The rows of memberships. Prices are minor units; instants are half-open: from the first until before the last."""

from piccolo.columns import (
    JSON,
    UUID,
    BigInt,
    Boolean,
    ForeignKey,
    Integer,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class Plan(Table):
    """What may be subscribed to. `is_offered` says whether new members see it; current members keep it either way."""

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


class PlanVersion(Table):
    """A plan's price from a date. Price, currency and interval never change; a new price is a new version.

    `interval` is 'week', 'month' or 'year' (times `interval_count`), or 'life' for a plan that never bills again.
    `is_once`: paid once and never again; it ends after its interval, or never when that is 'life'.
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


class Benefit(Table):
    """Something a plan can include. The details are in its versions."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=40)
    name = Varchar(length=120)
    created_at = Timestamptz(default=None)


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
    """The running agreement that bills, as Stripe last reported it.

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


class PaidPeriod(Table):
    """One paid invoice is one period of one subscription."""

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    invoice = Varchar(length=80, unique=True)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    amount = BigInt()
    currency = Varchar(length=3)
    paid_at = Timestamptz(default=None)


class Membership(Table):
    """A person's membership for a period of time. `source` says where it came from, `source_id` is the row behind it.

    subscription, comp, free, gift, term (paid once), seat (in somebody's household), earned (by spending).
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
    """ALTER TABLE plan_version ADD CONSTRAINT plan_version_interval
       CHECK (interval IN ('week', 'month', 'year', 'life'))""",
    """ALTER TABLE subscription ADD CONSTRAINT subscription_status CHECK (status IN ('pending', 'incomplete',
       'trialing', 'active', 'past_due', 'paused', 'unpaid', 'cancelled', 'lapsed'))""",
    """ALTER TABLE membership ADD CONSTRAINT membership_source
       CHECK (source IN ('subscription', 'comp', 'free', 'gift', 'term', 'seat', 'earned'))""",
    "ALTER TABLE membership ADD CONSTRAINT membership_dates CHECK (ends_at IS NULL OR ends_at >= starts_at)",
    "ALTER TABLE entitlement ADD CONSTRAINT entitlement_dates CHECK (until_at IS NULL OR until_at >= from_at)",
    "ALTER TABLE paid_period ADD CONSTRAINT paid_period_dates CHECK (ends_at > starts_at)",
    """ALTER TABLE plan ADD CONSTRAINT plan_terms CHECK (trial_days BETWEEN 0 AND 730 AND seats BETWEEN 0 AND 20
       AND trial_ends IN ('card', 'cancel', 'pause', 'create_invoice'))""",
    """ALTER TABLE plan_version ADD CONSTRAINT plan_version_life
       CHECK (interval <> 'life' OR is_once OR price = 0)""",
)

_INDEXES = (
    "CREATE UNIQUE INDEX plan_version_open ON plan_version (plan) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX benefit_version_open ON benefit_version (benefit) WHERE until_at IS NULL",
    "CREATE UNIQUE INDEX plan_benefit_open ON plan_benefit (plan, benefit) WHERE until_at IS NULL",
    """CREATE UNIQUE INDEX subscription_running_once ON subscription (payer)
       WHERE status NOT IN ('cancelled', 'lapsed')""",
    "CREATE UNIQUE INDEX membership_open_once ON membership (holder, plan, source) WHERE ends_at IS NULL",
    "CREATE UNIQUE INDEX paid_period_once ON paid_period (subscription, starts_at)",
    "CREATE INDEX membership_at ON membership (holder, starts_at, ends_at)",
    "CREATE INDEX membership_ending ON membership (ends_at) WHERE end_announced_at IS NULL AND ends_at IS NOT NULL",
    "CREATE INDEX entitlement_at ON entitlement (person, from_at, until_at)",
)

_KEPT = (
    """CREATE FUNCTION plan_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.plan, OLD.price, OLD.currency, OLD.interval, OLD.interval_count, OLD.is_once, OLD.from_at)
            IS DISTINCT FROM
            (NEW.plan, NEW.price, NEW.currency, NEW.interval, NEW.interval_count, NEW.is_once, NEW.from_at) THEN
           RAISE EXCEPTION 'the price of a plan version never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER plan_version_is_kept BEFORE UPDATE ON plan_version
       FOR EACH ROW EXECUTE FUNCTION plan_version_is_kept()""",
    """CREATE TRIGGER benefit_use_is_append_only BEFORE UPDATE OR DELETE ON benefit_use
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)

# Every process caches the plans and is notified when they change.
_ANNOUNCEMENTS = (
    """CREATE FUNCTION plans_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_notify('plans', ''); RETURN NULL; END $$""",
    *(
        f"""CREATE TRIGGER {table}_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION plans_changed()"""
        for table in ("plan", "plan_version", "benefit", "benefit_version", "plan_benefit")
    ),
)

DDL: tuple[str, ...] = (*_CHECKS, *_INDEXES, *_KEPT, *_ANNOUNCEMENTS)
