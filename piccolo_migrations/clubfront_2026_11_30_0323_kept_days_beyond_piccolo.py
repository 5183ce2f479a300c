"""What queues the days that have changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000323"
VERSION = "1.38.0"
DESCRIPTION = "What queues changed days"

STATEMENTS = (
    """CREATE FUNCTION figure_instant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       DECLARE before timestamptz; now_at timestamptz;
       BEGIN
         IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD) ->> TG_ARGV[0]; END IF;
         IF TG_OP <> 'DELETE' THEN now_at := to_jsonb(NEW) ->> TG_ARGV[0]; END IF;
         INSERT INTO figure_day_change (at) SELECT DISTINCT at FROM (VALUES (before), (now_at)) v (at)
           WHERE at IS NOT NULL;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_lot_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_day_change (at) SELECT given_at FROM insights_credit_lots l WHERE l.id = NEW.lot
           AND EXISTS (SELECT FROM insights_ledger_entries e
             WHERE e.posting = NEW.posting AND e.lot = NEW.lot AND e.amount = NEW.amount
             AND e.account_kind IN ('cashback_given', 'credit_given', 'expired'));
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_holding_changed() RETURNS trigger LANGUAGE plpgsql AS $$
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
         INSERT INTO figure_day_change (at)
           SELECT paid_at FROM insights_orders WHERE person = ANY(holders) AND paid_at >= since
           UNION SELECT at FROM insights_benefit_uses WHERE person = ANY(holders) AND at >= since
           UNION SELECT given_at FROM insights_credit_lots WHERE person = ANY(holders) AND given_at >= since;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER paid_period_changes_its_day AFTER INSERT OR DELETE ON paid_period
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('paid_at')""",
    """CREATE TRIGGER benefit_use_changes_its_day AFTER INSERT ON benefit_use
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('at')""",
    """CREATE TRIGGER membership_changes_days AFTER INSERT OR UPDATE OR DELETE ON membership
       FOR EACH ROW EXECUTE FUNCTION figure_holding_changed()""",
    "CREATE INDEX paid_period_by_payment ON paid_period (paid_at)",
    """CREATE TRIGGER ledger_entry_changes_a_day AFTER INSERT ON ledger_entry
       FOR EACH ROW EXECUTE FUNCTION figure_lot_changed()""",
    "CREATE INDEX ledger_lot_given ON ledger_lot (given_at)",
    "CREATE INDEX ledger_lot_of_person ON ledger_lot (person, given_at)",
    """CREATE TRIGGER orders_change_their_day AFTER INSERT OR DELETE OR UPDATE OF paid_at, total, person ON orders
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('paid_at')""",
    """CREATE TRIGGER refund_changes_its_day AFTER INSERT OR DELETE OR UPDATE OF status, amount, at ON refund
       FOR EACH ROW EXECUTE FUNCTION figure_instant_changed('at')""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
