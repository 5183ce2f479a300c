"""How kept renewals are found, and what queues whoever's have changed. The figures are worked out anew by new rules."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T03:00:00:000381"
VERSION = "1.38.0"
DESCRIPTION = "What changes kept renewals"

STATEMENTS = (
    """CREATE INDEX figure_renewal_due ON figure_renewal (at, id)
       INCLUDE (plan, interval, interval_count, is_renewed, person, subscription)""",
    """CREATE FUNCTION figure_renewals_changed() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         INSERT INTO figure_payer_change (person) SELECT payer FROM insights_subscriptions
           WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.subscription ELSE NEW.subscription END;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER paid_period_moves_its_renewal AFTER UPDATE OF ends_at, is_opening ON paid_period
       FOR EACH ROW EXECUTE FUNCTION figure_renewals_changed()""",
    """CREATE TRIGGER pause_moves_renewals AFTER INSERT OR DELETE OR UPDATE OF begun_at, ended_at ON pause
       FOR EACH ROW EXECUTE FUNCTION figure_renewals_changed()""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
