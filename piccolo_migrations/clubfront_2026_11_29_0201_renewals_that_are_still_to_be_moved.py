"""Reports know by how much a renewal is still to be moved. Subscriptions so far keep the renewal they were told of."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000201"
VERSION = "1.38.0"
DESCRIPTION = "Renewals that are still to be moved"

STATEMENTS = (
    "UPDATE subscription SET late_by = 0 WHERE started_at IS NOT NULL",
    """CREATE OR REPLACE VIEW insights_subscriptions AS
       SELECT s.id, s.payer, s.status, s.created_at, s.started_at, s.cancel_at, s.cancel_reason, s.ended_at,
         s.past_due_since, s.plan_version, v.plan, v.price, v.currency, v.interval, v.interval_count,
         s.current_period_end,
         CASE WHEN s.late_moved_at IS NULL AND s.status NOT IN ('cancelled', 'lapsed')
           THEN coalesce(s.late_by, 0) ELSE 0 END AS unmoved
       FROM subscription s JOIN plan_version v ON v.id = s.plan_version""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
