"""An order's link is made from its id; those that were handed out before stay good by their digest."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T00:39:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Order links are not stored"

STATEMENT = "UPDATE orders SET token_digest = sha256(convert_to(token, 'UTF8'))"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        await engine_finder().run_ddl(STATEMENT)

    manager.add_raw(run)
    manager.drop_column(
        table_class_name="Order", tablename="orders", column_name="token", db_column_name="token", schema=None
    )
    return manager
