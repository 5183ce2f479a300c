"""Until now a pause began the moment it was asked for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-28T21:13:53:000000"
VERSION = "1.38.0"
DESCRIPTION = "Pauses so far began at once"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl("UPDATE pause SET begun_at = from_at WHERE begun_at IS NULL")

    manager.add_raw(run)
    return manager
