"""An order whose address was changed has changed, for programs that ask what is new."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "2026-11-29T11:00:00:000163"
VERSION = "1.38.0"
DESCRIPTION = "A changed address is a change"

STATEMENTS = (
    "DROP INDEX orders_by_change",
    """CREATE INDEX orders_by_change ON orders (
       GREATEST(placed_at, paid_at, stock_taken_at, cancelled_at, fulfilled_at, flagged_at, address_changed_at), id)""",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="clubfront", description=DESCRIPTION)

    async def run() -> None:
        for statement in STATEMENTS:
            await engine_finder().run_ddl(statement)

    manager.add_raw(run)
    return manager
