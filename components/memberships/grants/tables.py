"""The rows of refunds of what is paid once (bought gifts, and terms), and of rules by which spending earns a plan."""

from uuid import UUID as Reference

from piccolo.columns import UUID, BigInt, Boolean, ForeignKey, Integer, OnDelete, Timestamptz, Varchar
from piccolo.table import Table

from components.memberships.tables import GiftMembership, PaidTerm, Plan


class PaidOnceRefund(Table):
    """A refund of a bought gift or of a term, in part or in whole; `by` is None for one that was made in Stripe.

    `id` is the key of the form that asked for it. `status`: asked, pending, succeeded or failed. `ends_now` when the
    membership was to end with it; `reviewed_at` when staff have decided what becomes of the membership: at once for
    one made here.
    """

    id = UUID(primary_key=True, default=None)
    gift = ForeignKey(references=GiftMembership, null=True, default=None, on_delete=OnDelete.restrict, index=True)
    term = ForeignKey(references=PaidTerm, null=True, default=None, on_delete=OnDelete.restrict, index=True)
    amount = BigInt()
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

    @property
    def reference(self) -> Reference:
        """The gift or the term, by which its payment is known."""
        found: Reference = self.gift or self.term
        return found


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
    """CREATE FUNCTION paid_once_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.paid_at IS NOT NULL AND
            (OLD.plan_version, OLD.paid_at, OLD.net_amount, OLD.tax_country, OLD.tax_note, OLD.taxes)
            IS DISTINCT FROM
            (NEW.plan_version, NEW.paid_at, NEW.net_amount, NEW.tax_country, NEW.tax_note, NEW.taxes) THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER gift_membership_is_kept BEFORE UPDATE ON gift_membership
       FOR EACH ROW EXECUTE FUNCTION paid_once_is_kept()""",
    """CREATE TRIGGER paid_term_is_kept BEFORE UPDATE ON paid_term
       FOR EACH ROW EXECUTE FUNCTION paid_once_is_kept()""",
    """CREATE FUNCTION paid_term_off_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.paid_at IS NOT NULL AND OLD.off <> NEW.off THEN
           RAISE EXCEPTION 'what was paid for never changes';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER paid_term_off_is_kept BEFORE UPDATE ON paid_term
       FOR EACH ROW EXECUTE FUNCTION paid_term_off_is_kept()""",
    "ALTER TABLE paid_term ADD CONSTRAINT paid_term_off CHECK (off >= 0)",
    "ALTER TABLE gift_membership ADD CONSTRAINT gift_membership_taxed CHECK (paid_at IS NULL OR net_amount >= 0)",
    "ALTER TABLE paid_term ADD CONSTRAINT paid_term_taxed CHECK (paid_at IS NULL OR net_amount >= 0)",
    "ALTER TABLE plan ADD CONSTRAINT plan_places CHECK (places BETWEEN 0 AND 1000000)",
    "CREATE UNIQUE INDEX spend_rule_open ON spend_rule (plan) WHERE ended_at IS NULL",
    "ALTER TABLE spend_rule ADD CONSTRAINT spend_rule_sense CHECK (threshold > 0 AND months BETWEEN 1 AND 60)",
    "CREATE UNIQUE INDEX paid_term_waiting_once ON paid_term (payer) WHERE paid_at IS NULL AND lapsed_at IS NULL",
    """ALTER TABLE paid_once_refund ADD CONSTRAINT paid_once_refund_is_sensible CHECK (amount > 0
       AND status IN ('asked', 'pending', 'succeeded', 'failed') AND num_nonnulls(gift, term) = 1)""",
    """CREATE VIEW insights_paid_once_refunds AS
       SELECT r.id, coalesce(r.gift, r.term) AS reference, r.gift IS NOT NULL AS is_gift, v.plan,
         r.amount, r.currency, r.status, r.at, r.stripe_id, r.status <> 'failed' AND r.reviewed_at IS NULL
           AND (r.term IS NOT NULL OR (g.begun_at IS NOT NULL AND g.refunded_at IS NOT NULL)) AS is_undecided,
         (SELECT max(coalesce(m.ends_at, 'infinity')) FROM membership m WHERE m.source_id = coalesce(r.gift, r.term)
           AND (m.ends_at IS NULL OR m.ends_at > m.starts_at)) AS goes_on_until
       FROM paid_once_refund r LEFT JOIN gift_membership g ON g.id = r.gift LEFT JOIN paid_term t ON t.id = r.term
       JOIN plan_version v ON v.id = coalesce(g.plan_version, t.plan_version)""",
)
