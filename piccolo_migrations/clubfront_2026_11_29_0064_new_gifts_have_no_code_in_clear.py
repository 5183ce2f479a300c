"""A new gift has no code in clear unless one is given."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T02:04:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "New gifts have no code in clear"

STATEMENT = "ALTER TABLE gift_membership ALTER COLUMN code SET DEFAULT NULL::character varying"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    return manager
