"""Results of campaigns read which cancellations stood, and which were taken back."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T18:40:00:000585"
VERSION = "1.38.0"
DESCRIPTION = "Who took a cancellation back"

STATEMENTS = (
    """CREATE VIEW campaigns_cancellations AS
       SELECT a.person, a.at, a.withdrawn_at,
         coalesce(a.withdrawn_at, s.ended_at, CASE WHEN s.cancel_at IS NULL THEN a.at END) AS over_at
       FROM cancel_attempt a JOIN subscription s ON s.id = a.subscription""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
