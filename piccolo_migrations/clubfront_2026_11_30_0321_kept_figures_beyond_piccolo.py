"""How kept figures are found, and what queues whose have changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000321"
VERSION = "1.38.0"
DESCRIPTION = "What queues changes of kept figures"

STATEMENTS = (
    "CREATE INDEX figure_payer_changes ON figure_payer_change (person)",
    "CREATE UNIQUE INDEX figure_movement_places ON figure_movement (person, place)",
    "CREATE INDEX figure_movement_at ON figure_movement (at, person, place)",
    "CREATE INDEX figure_standing_since ON figure_standing (since, person)",
    "CREATE UNIQUE INDEX figure_month_once ON figure_month (month, kind, because)",
    "CREATE UNIQUE INDEX figure_cohort_once ON figure_cohort (cohort, month)",
    "ALTER TABLE figure_state ADD CONSTRAINT figure_state_is_one CHECK (is_only)",
    """CREATE FUNCTION figure_people_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT person FROM changed;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER movement_is_counted AFTER INSERT ON movement REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_people_changed()""",
    """CREATE TRIGGER movement_counts_no_more AFTER DELETE ON movement REFERENCING OLD TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_people_changed()""",
    """CREATE FUNCTION figure_everybody_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         PERFORM pg_advisory_xact_lock(hashtextextended('kept figures', 0));
         DELETE FROM figure_state;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER movement_epoch_begins AFTER INSERT ON movement_epoch
       FOR EACH STATEMENT EXECUTE FUNCTION figure_everybody_changed()""",
    """CREATE FUNCTION figure_payer_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_OP <> 'DELETE' AND NEW.started_at IS NOT NULL THEN
           INSERT INTO figure_payer_change (person) VALUES (NEW.payer);
         END IF;
         IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND OLD.payer <> NEW.payer THEN
           INSERT INTO figure_payer_change (person) VALUES (OLD.payer);
         END IF;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION figure_fees_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT DISTINCT s.payer FROM insights_subscriptions s
           JOIN changed ON changed.subscription = s.id;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER subscription_changes_figures AFTER INSERT OR DELETE OR UPDATE OF payer, started_at ON subscription
       FOR EACH ROW EXECUTE FUNCTION figure_payer_changed()""",
    """CREATE TRIGGER paid_period_is_counted AFTER INSERT ON paid_period REFERENCING NEW TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_fees_changed()""",
    """CREATE TRIGGER paid_period_counts_no_more AFTER DELETE ON paid_period REFERENCING OLD TABLE AS changed
       FOR EACH STATEMENT EXECUTE FUNCTION figure_fees_changed()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
