"""The rows of refunded fees, and of cancellations as they were asked for. Amounts are minor units."""

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, OnDelete, Text, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import PlanVersion, Subscription


class FeeRefund(Table):
    """A refund of a membership fee, in part or in whole; `by` is None for one that was made directly at Stripe.

    `id` is the key of the form that asked for it. `status`: asked, pending, succeeded or failed. `ends_now` when the
    membership was to end with it; `reviewed_at` when staff have decided what becomes of the membership: at once for
    one made here. `amount` is money; `credit` goes back as store credit.
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    invoice = Varchar(length=80, index=True)
    amount = BigInt()
    credit = BigInt(default=0)
    currency = Varchar(length=3)
    reason = Varchar(length=300, default="")
    ends_now = Boolean(default=False)
    status = Varchar(length=12, default="asked")
    stripe_id = Varchar(length=80, null=True, default=None, unique=True)
    at = Timestamptz(default=None)
    by = UUID(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    reviewed_at = Timestamptz(null=True, default=None)
    reviewed_by = UUID(null=True, default=None)


class CancelAttempt(Table):
    """Somebody cancelled: the member, or staff for them. It stays when the cancellation is withdrawn, at
    `withdrawn_at`.

    `reason` is what was chosen, empty without one; `words` what the member wrote. `request` is the billing request
    whose answer did not come in time.
    """

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    person = UUID(default=None, index=True)
    reason = Varchar(length=40, default="")
    words = Text(default="")
    by_staff = Boolean(default=False)
    at = Timestamptz(default=None, index=True)
    request = UUID(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class FeeTaxMove(Table):
    """A fee is without tax from a renewal on (`is_net`), or with it again: when its payer was told, of which renewal,
    which version is held until then, and when Stripe was. Of one that another has followed before that, it never is."""

    id = UUID(primary_key=True, default=None)
    subscription = ForeignKey(references=Subscription, null=False, on_delete=OnDelete.restrict, index=True)
    is_net = Boolean(default=False)
    told_at = Timestamptz(default=None)
    renews_at = Timestamptz(default=None)
    moved_at = Timestamptz(null=True, default=None)
    from_version = ForeignKey(references=PlanVersion, null=False, on_delete=OnDelete.restrict)


DDL: tuple[str, ...] = (
    """ALTER TABLE fee_refund ADD CONSTRAINT fee_refund_is_sensible
       CHECK (amount >= 0 AND credit >= 0 AND amount + credit > 0
       AND status IN ('asked', 'pending', 'succeeded', 'failed'))""",
    """CREATE VIEW campaigns_cancellations AS
       SELECT a.person, a.at, a.withdrawn_at, CASE WHEN a.withdrawn_at IS NULL AND EXISTS (
           SELECT FROM cancel_attempt n WHERE n.subscription = a.subscription AND n.at > a.at) THEN a.at
         ELSE coalesce(a.withdrawn_at, s.ended_at, CASE WHEN s.cancel_at IS NULL THEN a.at END) END AS over_at
       FROM cancel_attempt a JOIN subscription s ON s.id = a.subscription""",
    "CREATE VIEW experiments_cancels AS SELECT person, at, subscription, withdrawn_at FROM cancel_attempt",
    """CREATE VIEW experiments_fee_refunds AS
       SELECT s.payer AS person, r.at FROM fee_refund r JOIN subscription s ON s.id = r.subscription
       WHERE r.status <> 'failed'""",
    """CREATE VIEW insights_fee_refunds AS
       SELECT r.id, r.subscription, r.invoice, r.amount, r.currency, r.status, r.at, r.stripe_id,
         r.status = 'succeeded' AND r.reviewed_at IS NULL AND s.status NOT IN ('cancelled', 'lapsed') AND coalesce(
           (SELECT sum(o.amount) FROM fee_refund o WHERE o.invoice = r.invoice AND o.status = 'succeeded')
             >= (SELECT sum(p.amount) FROM paid_period p WHERE p.invoice = r.invoice), false) AS is_undecided
       FROM fee_refund r JOIN subscription s ON s.id = r.subscription""",
    """CREATE FUNCTION paid_period_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (OLD.subscription, OLD.invoice, OLD.starts_at, OLD.amount, OLD.currency, OLD.paid_at, OLD.plan_version,
             OLD.net_amount, OLD.net_price, OLD.is_partial, OLD.tax_country, OLD.tax_note, OLD.taxes)
            IS DISTINCT FROM
            (NEW.subscription, NEW.invoice, NEW.starts_at, NEW.amount, NEW.currency, NEW.paid_at, NEW.plan_version,
             NEW.net_amount, NEW.net_price, NEW.is_partial, NEW.tax_country, NEW.tax_note, NEW.taxes) THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER paid_period_is_kept BEFORE UPDATE ON paid_period
       FOR EACH ROW EXECUTE FUNCTION paid_period_is_kept()""",
    "ALTER TABLE paid_period ADD CONSTRAINT paid_period_dates CHECK (ends_at > starts_at)",
    """ALTER TABLE paid_period ADD CONSTRAINT paid_period_of_version
       CHECK (plan_version IS NOT NULL AND net_amount <= amount AND net_price >= 0)""",
    "CREATE UNIQUE INDEX paid_period_once ON paid_period (subscription, starts_at)",
    "ALTER TABLE paid_period ADD CONSTRAINT paid_period_opening CHECK (NOT is_opening OR amount = 0)",
    "CREATE UNIQUE INDEX paid_period_opening_once ON paid_period (subscription) WHERE is_opening",
    """CREATE VIEW insights_cancel_attempts AS
       SELECT id, subscription, person, reason, words, by_staff, at FROM cancel_attempt""",
    "CREATE INDEX paid_period_ending ON paid_period (ends_at)",
)
