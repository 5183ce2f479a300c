"""Each audit entry is witnessed, those of former days too; and views of what the invariants compare."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Audit entries are witnessed; views for invariants"

STATEMENTS = (
    """CREATE FUNCTION audit_entry_digest(entry audit_entry) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(concat_ws('|', entry.id, extract(epoch FROM entry.at), entry.actor, entry.what,
      entry.subject, entry.subject_id, entry.before::text, entry.after::text), 'UTF8')) $$""",
    """CREATE FUNCTION audit_entry_witnessed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO audit_witness (id, digest) VALUES (NEW.id, audit_entry_digest(NEW));
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER audit_entry_witnessed AFTER INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_witnessed()""",
    "INSERT INTO audit_witness (id, digest) SELECT e.id, audit_entry_digest(e) FROM audit_entry e",
    """CREATE TRIGGER audit_witness_is_append_only BEFORE UPDATE OR DELETE ON audit_witness
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    "CREATE VIEW insights_audit_entries AS SELECT actor, what, subject, subject_id FROM audit_entry",
    """CREATE OR REPLACE VIEW insights_orders AS
       SELECT id, number, person, name, currency, goods, delivery_list, delivery_saved, delivery_method,
         delivery_benefit, tax_rate, tax_is_included, total, credit, payment_reference, placed_at, paid_at,
         stock_taken_at, cancelled_at, fulfilled_at, flagged_at, email <> '' AS has_email, coupon FROM orders""",
    """CREATE OR REPLACE VIEW insights_refunds AS
       SELECT id, "order" AS order_id, amount, credit, currency, status, at, settled_at, stripe_id, by FROM refund""",
    'CREATE VIEW insights_fulfilments AS SELECT id, "order" AS order_id, at, by FROM fulfilment',
    'CREATE VIEW insights_order_notes AS SELECT id, "order" AS order_id, by FROM order_note',
    """CREATE OR REPLACE VIEW insights_benefit_uses AS
       SELECT person, benefit, order_id, kind, regular, paid, currency, at, reference FROM benefit_use""",
    """CREATE OR REPLACE VIEW insights_paid_periods AS
       SELECT subscription, invoice, starts_at, ends_at, amount, currency, paid_at, plan_version, net_amount,
         net_price, is_partial, id FROM paid_period""",
    """CREATE OR REPLACE VIEW insights_subscriptions AS
       SELECT s.id, s.payer, s.status, s.created_at, s.started_at, s.cancel_at, s.cancel_reason, s.ended_at,
         s.past_due_since, s.plan_version, v.plan, v.price, v.currency, v.interval, v.interval_count,
         s.current_period_end
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version""",
    """CREATE VIEW insights_mirrored_subscriptions AS
       SELECT stripe_id, local_id, status, started_at, current_period_end FROM mirrored_subscription""",
    """CREATE VIEW insights_invoices AS
       SELECT stripe_id, local_id, reason, status, total, amount_paid, period_start, period_end
       FROM mirrored_invoice""",
    """CREATE VIEW insights_requested_refunds AS SELECT key, asked_at FROM requested_refund""",
    """CREATE INDEX mirrored_refund_by_key ON mirrored_refund (key) WHERE key IS NOT NULL""",
    """CREATE INDEX announced_fact_of_order ON announced_fact ((body ->> 'order_id')) WHERE name = 'OrderPaid'""",
    """CREATE INDEX stock_movement_because_of ON stock_movement (because_of) WHERE because_of IS NOT NULL""",
    """CREATE VIEW insights_coupon_uses AS SELECT coupon, order_id, state FROM coupon_use""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
