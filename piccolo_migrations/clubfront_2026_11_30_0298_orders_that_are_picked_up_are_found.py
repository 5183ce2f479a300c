"""Orders that are picked up are found among all others."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T02:00:00:000298"
VERSION = "1.38.0"
DESCRIPTION = "Orders that are picked up are found"

STATEMENTS = (
    """CREATE INDEX orders_picked_up ON orders (placed_at DESC, id DESC)
       WHERE fulfilled_at IS NOT NULL AND address->>'is_pickup' = 'true'""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
