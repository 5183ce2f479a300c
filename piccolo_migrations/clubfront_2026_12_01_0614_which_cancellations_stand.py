"""Of cancellations that were taken back before that was kept, only the newest of a subscription can stand."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-12-01T00:00:00:000614"
VERSION = "1.38.0"
DESCRIPTION = "Which cancellations stand"

STATEMENTS = (
    """CREATE OR REPLACE VIEW campaigns_cancellations AS
       SELECT a.person, a.at, a.withdrawn_at, CASE WHEN a.withdrawn_at IS NULL AND EXISTS (
           SELECT FROM cancel_attempt n WHERE n.subscription = a.subscription AND n.at > a.at) THEN a.at
         ELSE coalesce(a.withdrawn_at, s.ended_at, CASE WHEN s.cancel_at IS NULL THEN a.at END) END AS over_at
       FROM cancel_attempt a JOIN subscription s ON s.id = a.subscription""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
