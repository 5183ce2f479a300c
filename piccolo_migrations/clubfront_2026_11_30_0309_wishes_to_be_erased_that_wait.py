"""What insights reads of wishes to be erased that wait."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000309"
VERSION = "1.38.0"
DESCRIPTION = "Wishes to be erased that wait"

STATEMENTS = (
    """CREATE VIEW insights_erasure_wishes AS SELECT id, erasure_wanted_at FROM person
       WHERE erasure_wanted_at IS NOT NULL AND erased_at IS NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
