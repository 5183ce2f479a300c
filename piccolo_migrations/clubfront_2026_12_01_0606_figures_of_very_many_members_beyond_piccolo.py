"""How figures of very many members are found, and what changes them; and what Today counts, found without its table."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-12-01T00:00:00:000606"
VERSION = "1.38.0"
DESCRIPTION = "Figures of very many members are found and changed"

STATEMENTS = (
    "CREATE INDEX figure_buyer_changes ON figure_buyer_change (person)",
    "CREATE INDEX figure_member_until ON figure_member (until) WHERE until < 'infinity'",
    "CREATE INDEX figure_member_since ON figure_member (since)",
    """CREATE UNIQUE INDEX figure_buyer_month_once
       ON figure_buyer_month (month, is_member, last_month, month_before) NULLS NOT DISTINCT""",
    "CREATE UNIQUE INDEX figure_joiner_month_once ON figure_joiner_month (joined, month, is_since)",
    "CREATE UNIQUE INDEX figure_renewal_month_once ON figure_renewal_month (month, plan, interval, interval_count)",
    """CREATE INDEX figure_renewal_missed ON figure_renewal (at)
       INCLUDE (plan, interval, interval_count, person, subscription) WHERE NOT is_renewed""",
    """CREATE FUNCTION figure_buyer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_buyer_change (person) SELECT DISTINCT person FROM (VALUES
           (CASE WHEN TG_OP <> 'INSERT' AND OLD.paid_at IS NOT NULL THEN OLD.person END),
           (CASE WHEN TG_OP <> 'DELETE' AND NEW.paid_at IS NOT NULL THEN NEW.person END)) v (person)
           WHERE person IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_member_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE holders uuid[];
       BEGIN
         holders := ARRAY(SELECT DISTINCT person FROM (VALUES
           (CASE WHEN TG_OP <> 'INSERT' AND OLD.source <> 'free' THEN OLD.holder END),
           (CASE WHEN TG_OP <> 'DELETE' AND NEW.source <> 'free' THEN NEW.holder END)) v (person)
           WHERE person IS NOT NULL);
         INSERT INTO figure_payer_change (person) SELECT unnest(holders);
         INSERT INTO figure_buyer_change (person) SELECT unnest(holders);
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_trial_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT holder FROM insights_memberships
           WHERE source_id = NEW.id;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER orders_change_their_buyer AFTER INSERT OR DELETE OR UPDATE OF paid_at, total, person ON orders
       FOR EACH ROW EXECUTE FUNCTION figure_buyer_changed()""",
    """CREATE TRIGGER membership_makes_a_member
       AFTER INSERT OR DELETE OR UPDATE OF holder, source, source_id, starts_at, ends_at ON membership
       FOR EACH ROW EXECUTE FUNCTION figure_member_changed()""",
    """CREATE TRIGGER subscription_is_tried AFTER UPDATE OF status ON subscription
       FOR EACH ROW WHEN ((OLD.status = 'trialing') <> (NEW.status = 'trialing'))
       EXECUTE FUNCTION figure_trial_changed()""",
    """CREATE OR REPLACE FUNCTION figure_holding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE since timestamptz; holders uuid[];
       BEGIN
         IF TG_OP = 'UPDATE' AND (OLD.holder, OLD.plan, OLD.source, OLD.starts_at)
            IS NOT DISTINCT FROM (NEW.holder, NEW.plan, NEW.source, NEW.starts_at) THEN
           IF OLD.ends_at IS NOT DISTINCT FROM NEW.ends_at THEN RETURN NULL; END IF;
           since := least(OLD.ends_at, NEW.ends_at);
           holders := ARRAY[NEW.holder];
         ELSIF TG_OP = 'UPDATE' THEN
           since := least(OLD.starts_at, NEW.starts_at);
           holders := ARRAY[OLD.holder, NEW.holder];
         ELSIF TG_OP = 'INSERT' THEN
           since := NEW.starts_at;
           holders := ARRAY[NEW.holder];
         ELSE
           since := OLD.starts_at;
           holders := ARRAY[OLD.holder];
         END IF;
         since := least(since, (SELECT min(paid_at) FROM insights_orders
           WHERE person = ANY(holders) AND joined_with = coalesce(NEW.source_id, OLD.source_id)));
         INSERT INTO figure_day_change (at)
           SELECT paid_at FROM insights_orders WHERE person = ANY(holders) AND paid_at >= since
           UNION SELECT at FROM insights_benefit_uses WHERE person = ANY(holders) AND at >= since
           UNION SELECT given_at FROM insights_credit_lots WHERE person = ANY(holders) AND given_at >= since
           UNION SELECT edge FROM (VALUES (OLD.starts_at), (OLD.ends_at), (NEW.starts_at), (NEW.ends_at)) e (edge)
             WHERE edge IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE OR REPLACE FUNCTION figure_fees_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT s.payer FROM insights_subscriptions s
           JOIN changed ON changed.subscription = s.id;
         INSERT INTO figure_day_change (at) SELECT DISTINCT i.failed_at FROM insights_invoices i
           JOIN changed ON changed.subscription = i.local_id WHERE i.failed_at IS NOT NULL
             AND i.created_at > changed.starts_at AND i.stripe_id <> changed.invoice;
         RETURN NULL;
       END $$""",
    """CREATE OR REPLACE FUNCTION figure_renewals_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT payer FROM insights_subscriptions
           WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.subscription ELSE NEW.subscription END;
         IF TG_TABLE_NAME = 'paid_period' THEN
           INSERT INTO figure_day_change (at) SELECT DISTINCT failed_at FROM insights_invoices
             WHERE local_id = NEW.subscription AND failed_at IS NOT NULL;
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER invoice_changes_the_day_it_failed_on
       AFTER INSERT OR DELETE OR UPDATE OF failed_at, status, total, reason, local_id, created_at ON mirrored_invoice
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('failed_at')""",
    "CREATE INDEX membership_begins ON membership (starts_at) INCLUDE (plan)",
    "CREATE INDEX membership_ends ON membership (ends_at) INCLUDE (plan) WHERE ends_at IS NOT NULL",
    "CREATE INDEX subscription_failing ON subscription (status) WHERE status IN ('past_due', 'unpaid')",
    "CREATE INDEX refund_under_way ON refund (status) WHERE status IN ('asked', 'pending')",
    """CREATE INDEX person_erasure_wanted ON person (erasure_wanted_at)
       WHERE erasure_wanted_at IS NOT NULL AND erased_at IS NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
