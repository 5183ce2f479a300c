"""Requests to move a renewal back, as a pause ends or is dropped, have a kind of their own: those made before, too."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000388"
VERSION = "1.38.0"
DESCRIPTION = "Pauses that were dropped"

STATEMENT = """UPDATE billing_request SET kind = 'move_back'
WHERE kind = 'move_renewal' AND (key LIKE 'pause:%:return:%' OR key LIKE 'pause:%:left:%')"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
