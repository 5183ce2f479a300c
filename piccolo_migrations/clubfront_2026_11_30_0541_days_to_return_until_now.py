"""Orders placed before keep the days that the shop promised when each was placed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-30T17:00:00:000541"
VERSION = "1.38.0"
DESCRIPTION = "Days to return of the orders until now"

STATEMENTS = (
    """UPDATE orders o SET return_days = coalesce((SELECT s.value::int FROM shop_setting s
       WHERE s.name = 'return_days' AND s.at <= o.placed_at ORDER BY s.at DESC, s.id DESC LIMIT 1), 30)
       WHERE o.return_days IS NULL""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
