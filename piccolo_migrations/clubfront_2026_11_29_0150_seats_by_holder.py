"""Who looks at a page is looked up among the seats of households, too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T15:00:00:000150"
VERSION = "1.38.0"
DESCRIPTION = "Seats are found by who holds them"

STATEMENT = "CREATE INDEX seat_by_holder ON seat (holder) WHERE ended_at IS NULL AND holder IS NOT NULL"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
