"""A sale that was ended early ended when it was stopped, and before its planned end."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T20:00:00:000221"
VERSION = "1.38.0"
DESCRIPTION = "A sale that was ended early ended when it was stopped"

STATEMENTS = (
    """ALTER TABLE sale_price ADD CONSTRAINT sale_price_was_stopped CHECK (
       (stopped_at IS NULL OR until_at = stopped_at)
       AND (planned_until IS NULL OR planned_until > stopped_at IS TRUE))""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
